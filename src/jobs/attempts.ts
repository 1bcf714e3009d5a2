import type { Work } from '../agent/loop.js';
import { withImports } from '../checks/syntax/unbound.js';
import type { AgentEvent } from '../types.js';
import { type Drafting, draft, type Order } from './draft.js';

/** What became of a text that was tried, and the words for it. */
export type Verdict = { verified: boolean; why: string };

/** `most` texts are tried. `repair` may name one that came close, with what is wrong with it, to be mended in this round (from 1). */
export type Attempts = {
	callId: string;
	order: Order;
	tests: string;
	most: number;
	repair?: (round: number) => Drafting['repair'];
};

/**
 * Drafts whole texts for one file and has each that is new judged, until one is verified, which is returned, or `signal` fires.
 * `tried` counts the different texts; none means that the model writes no such texts.
 */
export async function* attempts(
	{ callId, order, tests, most, repair = () => undefined }: Attempts,
	judge: (text: string) => Promise<Verdict>,
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, { text: string | undefined; tried: number }> {
	const seen = new Set<string>();
	for (let round = 1; round <= most && !signal.aborted; round++) {
		const close = repair(round);
		const drafted = yield* draft({ order, tests, round, repair: close }, work, signal);
		if (drafted === undefined) continue;
		const { path, text: before } = order.target;
		const { text, missing } = await withImports(path, { before, after: drafted });
		if (seen.has(text.trim())) continue;
		seen.add(text.trim());
		const what = `${path}  ${close ? 'repaired' : 'written'}`;
		const about = { type: 'candidate', callId, number: round, what } as const;
		yield { ...about, state: 'proposed' };
		const hopeless = text.trim() === before?.trim() ? 'nothing changes' : missing[0] && `${missing[0].name} is not defined`;
		const { verified, why } = hopeless === undefined ? await judge(text) : { verified: false, why: hopeless };
		yield { ...about, state: verified ? 'verified' : 'rejected', why };
		if (verified) return { text, tried: seen.size };
	}
	return { text: undefined, tried: seen.size };
}
