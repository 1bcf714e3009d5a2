import type { LlamaContextSequence, SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { Sampling } from '../engine.js';
import { tailOf } from '../tail.js';
import { characters } from './characters.js';
import type { Pace } from './pace.js';
import type { Piece } from './tokens.js';

export type Order = {
	/** The whole prompt; all but its last token are in the cache. */
	ids: readonly Token[];
	begin: string;
	stops: readonly string[];
	maxTokens: number;
	sampling: Sampling;
	/** How long each token takes is told to it. */
	pace: Pace;
	/** Whether this token ends the text, beyond the model's own end tokens. */
	ends(id: Token): boolean;
};

/** `text` joined is what was given to `say`; `pieces` are the tokens behind it, which may go on a little further. */
export type Written = { stop: 'end' | 'length' | 'aborted'; text: string; pieces: Piece[]; output: number };

const penaltyWindow = 256;

/** Writes until the model, a stop, a limit, a loop or `signal` ends it. Stops within one token. */
export async function write(
	sequence: LlamaContextSequence,
	order: Order,
	say: (text: string) => void,
	signal: AbortSignal,
): Promise<Written> {
	const { model } = sequence;
	const tail = tailOf(order.stops, order.begin);
	const chars = characters(model, order.ids);
	const done: Written = { stop: 'length', text: '', pieces: [], output: 0 };
	const give = (text: string) => {
		done.text += text;
		if (text) say(text);
	};
	const end = (stop: Written['stop']): Written => {
		give(tail.rest());
		return { ...done, stop };
	};
	const tokens = sequence.evaluate(order.ids.slice(-1), options(order.sampling, sequence.nextTokenIndex, done));
	try {
		while (done.output < order.maxTokens && sequence.nextTokenIndex < sequence.contextSize - 2) {
			if (signal.aborted) return end('aborted');
			const started = performance.now();
			const { value: id } = await tokens.next();
			order.pace.took(performance.now() - started);
			if (typeof id !== 'number' || model.isEogToken(id) || order.ends(id)) return end('end');
			done.output++;
			const piece = chars.add(id);
			if (!piece) continue;
			done.pieces.push(piece);
			const seen = tail.add(piece.text);
			give(seen.text);
			if (seen.stopped) return { ...done, stop: 'end' };
			if (tail.repeats()) break;
		}
		return end(signal.aborted ? 'aborted' : 'length');
	} finally {
		await tokens.return();
	}
}

function options(sampling: Sampling, position: number, done: Written): SequenceEvaluateOptions {
	const { temperature, topP, topK, minP, repeatPenalty: penalty, seed } = sampling;
	const punishTokens = () => (inCode(done.text) ? [] : done.pieces.slice(-penaltyWindow).flatMap(piece => piece.ids));
	return {
		...{ temperature, topP, topK, minP },
		// One stream of random numbers for each call: without the position, two calls would draw the same ones.
		seed: mix(seed, position),
		...(penalty === 1
			? {}
			: { repeatPenalty: { punishTokens, maxPunishTokens: 2 * penaltyWindow, penalty, frequencyPenalty: 0, presencePenalty: 0 } }),
		yieldEogToken: true,
	};
}

/** Code repeats itself rightly: a penalty there damages it. */
const inCode = (text: string): boolean => (text.match(/^ {0,3}(```|~~~)/gm)?.length ?? 0) % 2 === 1;

/** MurmurHash3's finalizer over both numbers: a seed for each place in the conversation. */
function mix(seed: number, position: number): number {
	let h = (seed ^ Math.imul(position + 1, 0x9e3779b1)) | 0;
	h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
	h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
	return (h ^ (h >>> 16)) >>> 0;
}
