import type { LlamaContextSequence, Token } from 'node-llama-cpp';

/** How far the reading of a prompt is, in tokens. */
export type Reading = { done: number; total: number; reused: number };

/**
 * Brings all of `ids` but the last into the cache (writing starts by evaluating that one) and gives the number of tokens
 * that were there already. A slice takes about `sliceMs`. Ends between two slices when `signal` fires; what was read stays in the cache.
 */
export type ReadAhead = (
	ids: readonly Token[],
	report: (reading: Reading) => void,
	signal: AbortSignal,
	sliceMs?: number,
) => Promise<number>;

// Nothing interrupts a batch that is being computed, so slices are sized by time: short enough to stop soon, long enough
// to read at full speed.
const usualSliceMs = 300;
const smallestSlice = 16;
// llama.cpp computes four tokens of a batch together and the rest one by one, and rounds differently in the two; and a batch of
// one token goes ways of its own. Slices on borders of four, none of them of one token, make what is read independent of how it
// came in: at once, ahead, or from a saved state.
const border = 4;
// From 64 tokens on, attention on the processor is computed in tiles (ggml-cpu/ops.cpp), which rounds differently, too.
const largestAlike = 60;

export function readerOf(sequence: LlamaContextSequence, batchSize: number): ReadAhead {
	let tokensPerMs = 0.1;
	const largest = sequence.model.llama.gpu === false ? Math.min(batchSize, largestAlike) : batchSize;
	return async (ids, report, signal, sliceMs = usualSliceMs) => {
		const total = ids.length;
		await sequence.adaptStateToTokens(ids.slice(0, -1), false);
		const there = sequence.nextTokenIndex;
		const start = there - (there % border);
		const from = total - 1 - start === 1 ? Math.max(0, start - border) : start;
		if (from < there && there < total - 1 && !sequence.needsCheckpoints) {
			await sequence.eraseContextTokenRanges([{ start: from, end: there }]);
		}
		const reused = sequence.nextTokenIndex;
		report({ done: reused, total, reused });
		while (sequence.nextTokenIndex < total - 1 && !signal.aborted) {
			const from = sequence.nextTokenIndex;
			const size = Math.max(smallestSlice, Math.min(largest, Math.round(tokensPerMs * sliceMs)));
			const whole = from + size - ((from + size) % border);
			const end = total - 1 - whole === 1 ? whole - border : whole;
			const slice = ids.slice(from, Math.min(end, total - 1));
			const started = performance.now();
			await sequence.evaluateWithoutGeneratingNewTokens(slice);
			const rate = slice.length / Math.max(0.01, performance.now() - started);
			if (slice.length >= smallestSlice) tokensPerMs = (tokensPerMs + rate) / 2;
			if (sequence.nextTokenIndex < total - 1) report({ done: sequence.nextTokenIndex, total, reused });
		}
		if (signal.aborted) return reused;
		// Models with a recurrent state cannot be cut back: a checkpoint here saves reading the prompt again.
		if (sequence.needsCheckpoints) await sequence.takeCheckpoint();
		report({ done: total, total, reused });
		return reused;
	};
}
