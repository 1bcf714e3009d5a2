import type { ControlledEvaluateInputItem, Token } from 'node-llama-cpp';
import type { Others, TokenScore } from '../engine.js';
import type { Lane } from './lane.js';

const alternatives = 3;
/** Tokens that are judged in one step, so that it can be stopped within a third of a second. */
const slice = 24;

type Scored = { before: readonly Token[]; text: readonly Token[]; others: Others };

/**
 * How likely the model finds each token of `text` after `before`, in one reading. What follows `before` in the cache is
 * `text` afterwards. Ends early, with the tokens so far, when `signal` fires.
 */
export async function score(lane: Lane, { before, text, others }: Scored, signal: AbortSignal): Promise<TokenScore[]> {
	const { model } = lane.sequence;
	const scores: TokenScore[] = [];
	await lane.read([...before], () => {}, signal);
	// Each token is judged by what the model expected at the one before it.
	const asked = [...before.slice(-1), ...text];
	for (let from = 0; from < text.length && !signal.aborted; from += slice) {
		const targets = text.slice(from, from + slice);
		const items = targets.map((target, i): ControlledEvaluateInputItem => {
			// For the likeliest ones all of the vocabulary is sorted: 12 ms a token, beside 8 for all the rest (0.5B).
			const filter = { tokens: [target], ...(others === 'three' ? { includeTop: alternatives + 1 } : { includeSelected: true }) };
			return [asked[from + i]!, { generateNext: { token: true, totalLogitWeight: true, logits: { filter }, options: { temperature: 0 } } }];
		});
		const results = await lane.sequence.controlledEvaluate(items);
		results.forEach((result, i) => {
			const { logits, token: likeliest, totalLogitWeight = 1 } = result?.next ?? {};
			const [target, top] = [targets[i]!, logits?.get(likeliest ?? (0 as Token))];
			if (!logits || top === undefined) return;
			const logprob = (id: Token) => (logits.get(id) ?? Number.NEGATIVE_INFINITY) - top - Math.log(totalLogitWeight);
			const say = (id: Token) => model.detokenize([id], true, [asked[from + i]!]);
			const instead = [...logits.keys()].filter(id => id !== target).map(id => ({ text: say(id), logprob: logprob(id) }));
			instead.sort((a, b) => b.logprob - a.logprob);
			scores.push({ text: say(target), logprob: logprob(target), instead: instead.slice(0, alternatives) });
		});
	}
	return scores;
}
