import type { ControlledEvaluateInputItem, LlamaContextSequence, SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { Sampling } from '../engine.js';
import type { Drafter } from './drafts.js';

/** What tokens are drawn with. */
export type Draw = {
	sampling: Sampling;
	/** The tokens that the repeat penalty counts at the end of `written`, the tokens since the prompt. */
	punished(written: readonly Token[]): Token[];
	drafter: Drafter | undefined;
};

/** Where writing is. The last token of the text is not in the cache yet. */
export type Place = { last: Token; written: readonly Token[]; room: number };

/**
 * The next tokens of a text, at least one: more when guesses of the drafter were right. Each place of the conversation has
 * its own seed, so that the same tokens come with guesses and without.
 */
export async function step(sequence: LlamaContextSequence, { last, written, room }: Place, draw: Draw): Promise<Token[]> {
	const draft = draw.drafter?.draft(room) ?? [];
	const base = sequence.nextTokenIndex;
	const started = performance.now();
	const wanted = [last, ...draft].map((id, i): ControlledEvaluateInputItem => {
		const options = samplerOptions(draw, base + i, [...written, ...draft.slice(0, i)]);
		return [id, { generateNext: { token: true, options } }];
	});
	const results = await sequence.controlledEvaluate(wanted);
	const taken: Token[] = [];
	for (const result of results) {
		const id = result?.next.token;
		if (id === undefined || id === null) break;
		taken.push(id);
		if (id !== draft[taken.length - 1]) break;
	}
	if (taken.length === 0) throw new Error('no token came of a step');
	const kept = base + taken.length;
	if (kept < sequence.nextTokenIndex) await sequence.eraseContextTokenRanges([{ start: kept, end: sequence.nextTokenIndex }]);
	draw.drafter?.wrote(taken, draft.length, performance.now() - started);
	return taken;
}

/** The sampler of one token that follows `written` and stands at `position` of the sequence. */
export function samplerOptions(
	{ sampling, punished }: Draw,
	position: number,
	written: readonly Token[],
): Pick<SequenceEvaluateOptions, 'temperature' | 'topP' | 'topK' | 'minP' | 'seed' | 'repeatPenalty'> {
	const { temperature, topP, topK, minP, repeatPenalty: penalty, seed } = sampling;
	const values = { temperature, topP, topK, minP, seed: mix(seed, position) };
	if (penalty === 1) return values;
	const punishTokens = punished(written);
	return {
		...values,
		repeatPenalty: { punishTokens, maxPunishTokens: punishTokens.length, penalty, frequencyPenalty: 0, presencePenalty: 0 },
	};
}

/** MurmurHash3's finalizer over both numbers: a seed for each place in the conversation. */
function mix(seed: number, position: number): number {
	let h = (seed ^ Math.imul(position + 1, 0x9e3779b1)) | 0;
	h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
	h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
	return (h ^ (h >>> 16)) >>> 0;
}
