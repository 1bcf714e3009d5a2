import { toLine } from '../agent/records.js';
import type { Face, Opened } from './face.js';
import { createTally, type Tally } from './result.js';
import { createWire, type Wire } from './stream.js';

/** One JSON object on one line, at the end. With `structured`, the answer is JSON, and data in it. */
export function jsonFace(structured: boolean): Face {
	const tally = createTally(structured);
	let opened: Opened | undefined;
	return {
		begin(now) {
			opened = now;
			return '';
		},
		see(event) {
			tally.see(event);
			return '';
		},
		end: finish => last(tally, finish, opened),
	};
}

/** One JSON object a line, as things happen; the last is the `result`. */
export function streamJsonFace(partial: boolean, structured: boolean): Face {
	const tally = createTally(structured);
	let opened: Opened | undefined;
	let wire: Wire | undefined;
	return {
		begin(now) {
			const { conversation, tools, slashCommands, version } = now;
			opened = now;
			const session = {
				id: conversation.id,
				cwd: conversation.workspace.root,
				model: conversation.engine.model.name,
				mode: conversation.mode,
			};
			wire = createWire({ ...session, tools, slashCommands, version }, partial);
			return toLine(wire.init());
		},
		see(event) {
			tally.see(event);
			return (wire?.lines(event) ?? []).map(toLine).join('');
		},
		end: finish => last(tally, finish, opened),
	};
}

function last(tally: Tally, finish: Parameters<Face['end']>[0], opened: Opened | undefined): string {
	const about = opened && { sessionId: opened.conversation.id, model: opened.conversation.engine.model, seed: opened.seed };
	return toLine(tally.result(finish, about));
}
