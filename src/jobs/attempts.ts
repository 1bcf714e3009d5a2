import type { Work } from '../agent/loop.js';
import { withImports } from '../checks/syntax/unbound.js';
import type { AgentEvent } from '../types.js';
import { asking, type Drafting, draft, type Order, turnOf } from './draft.js';
import { withoutExamples } from './examples.js';
import { pulled } from './pull.js';

/** Texts that are tried behind the first that is verified, where one is not enough. */
const further = 7;

/** How many times as long as one alone several texts take that are written together, and some more. */
const severalTake = 3;

/** What became of a text that was tried, and the words for it. */
export type Verdict = { verified: boolean; why: string };

/**
 * `most` texts are tried. `repair` may name one that came close, with what is wrong with it, to be mended in this round (from 1).
 * `together` is how many texts of one way to ask are written at once; once it is `closing`, no more of them are begun, and where they
 * would not be there `until` (as of `performance.now()`), each is written alone. `enough` says of each verified text whether it ends the
 * search; one that was written again is asked about again.
 */
export type Attempts = {
	callId: string;
	order: Order;
	tests: string;
	most: number;
	together?: number;
	repair?: (round: number) => Drafting['repair'];
	enough?: (text: string) => Promise<boolean>;
	closing?: () => boolean;
	until?: number;
};

/**
 * Drafts whole texts for one file and has each that is new judged, until one is verified, and enough, which is returned, or `signal` fires.
 * A first text that changes nothing is left, for once, where the task pulls away from it most.
 * `tried` counts the different texts; none means that the model writes no such texts.
 */
export async function* attempts(
	{ callId, order, tests, most, together, repair = () => undefined, enough = async () => true, ...bounds }: Attempts,
	judge: (text: string) => Promise<Verdict>,
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, { text: string | undefined; tried: number }> {
	const judged = new Map<string, Verdict & { text: string }>();
	const { path, text: before } = order.target;
	let elsewhere: string | undefined;
	let helped = 0;
	let last = most;
	let alone = 0;
	for (let round = 1; round <= last && !signal.aborted; round++) {
		if (turnOf(round, together).begins && bounds.closing?.()) break;
		const close = repair(round);
		const begin = close ? undefined : elsewhere;
		if (begin !== undefined) {
			elsewhere = undefined;
			helped++;
		}
		// Where it is begun by us, the model's own first try is taken up.
		const turn = begin === undefined ? round - helped : 1;
		const started = performance.now();
		const hurried = bounds.until !== undefined && bounds.until - started < severalTake * alone;
		const drafted = yield* draft({ order, tests, round: turn, repair: close, begin, together, hurried }, work, signal);
		if (round <= 2) alone = performance.now() - started;
		if (drafted === undefined) continue;
		const whole = await withoutExamples(path, { before, after: drafted, asked: order.task.text });
		const { text, missing } = await withImports(path, { before, after: whole });
		let known = judged.get(text.trim());
		if (known === undefined) {
			const about = { type: 'candidate', callId, number: judged.size + 1, what: `${path}  ${close ? 'repaired' : 'written'}` } as const;
			yield { ...about, state: 'proposed' };
			const copied = text.trim() === before?.trim();
			const hopeless = copied ? 'nothing changes' : missing[0] && `${missing[0].name} is not defined`;
			known = { text, ...(hopeless === undefined ? await judge(text) : { verified: false, why: hopeless }) };
			judged.set(text.trim(), known);
			yield { ...about, state: known.verified ? 'verified' : 'rejected', why: known.why };
			if (copied) elsewhere = await pulled(asking({ order, tests }, 'create'), work, signal);
		}
		if (!known.verified) continue;
		if (await enough(known.text)) return { text: known.text, tried: judged.size };
		if (last === most) last = round + further;
	}
	return { text: undefined, tried: judged.size };
}
