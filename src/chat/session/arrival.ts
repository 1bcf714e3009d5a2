import { gigabytes } from '../../models/plan.js';
import { type FetchEvent, shortProgress } from '../../models/progress.js';
import type { Absent } from '../program.js';
import { arrived, guarded, type Stage } from './stage.js';

/** A model on its way here, behind the conversation. `line` says how far it is; undefined once all of it is here. */
export type Arrival = { model: Absent; line: string | undefined; stop: AbortController; over: Promise<void> };

/** Fetches a model while the conversation goes on. `here` is called when it is here. */
export function fetchBehind(stage: Stage, model: Absent, here: () => void): void {
	const stop = new AbortController();
	const arrival: Arrival = { model, stop, line: `fetching ${model.absent}`, over: Promise.resolve() };
	stage.arrival = arrival;
	const size = `${gigabytes(model.bytes)}, ${model.licence}`;
	arrived(stage, {
		type: 'note',
		text: `Fetching ${model.name} (${size}). The conversation goes on meanwhile, and changes to it when it is here. Stop it: /model, and take the one in use.`,
	});
	arrival.over = guarded(stage, async () => {
		try {
			for await (const event of stage.program.fetchModel(model.absent, stop.signal)) if (!stop.signal.aborted) tell(stage, arrival, event);
		} catch (error) {
			if (stop.signal.aborted) return; // The person was told when it was stopped.
			stage.arrival = undefined;
			throw error;
		}
		if (stop.signal.aborted) return;
		arrival.line = undefined;
		arrived(stage, { type: 'note', text: `${model.name} is here.` });
		here();
	});
}

/** Ends a fetch; what has arrived is kept, and the person is told how to go on. False when there was none. */
export function stopFetching(stage: Stage): boolean {
	const { arrival } = stage;
	if (arrival?.line === undefined) return false;
	stage.arrival = undefined;
	arrival.stop.abort();
	stage.leaving = Promise.all([stage.leaving, arrival.over]);
	const { name, absent } = arrival.model;
	arrived(stage, {
		type: 'note',
		text: `${name} is no longer being fetched. What has arrived is kept: /model ${absent} goes on from there.`,
	});
	return true;
}

/** The model that is here and was not changed to yet; only the first who asks gets it. */
export function takeArrived(stage: Stage): Absent | undefined {
	const { arrival } = stage;
	if (!arrival || arrival.line !== undefined) return undefined;
	stage.arrival = undefined;
	return arrival.model;
}

function tell(stage: Stage, arrival: Arrival, event: FetchEvent): void {
	if (event.type === 'note') {
		arrived(stage, event);
		return;
	}
	arrival.line = `${arrival.model.absent} ${shortProgress(event)}`;
	stage.pacer.later();
}
