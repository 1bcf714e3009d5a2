import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { LlamaModel } from 'node-llama-cpp';
import { Refusal } from '../../types.js';

// llama.cpp would let the system run out of memory, which ends the process without a word.

/** The least number of tokens that a context is made for. */
export const smallestContext = 512;
/** What the machine keeps for itself. */
const reserve = 256 * 2 ** 20;

/** How ggml numbers these types (ggml.h, enum ggml_type). */
const kinds = { f16: 1, q8_0: 8 } as const;

/** `keys` and `values` are how the cache keeps them. */
type Shape = { batchSize: number; keys: 'f16' | 'q8_0'; values: 'f16' | 'q8_0' };

/** Throws a `Refusal` when the file at `path` is larger than the free memory. */
export function checkRoomForWeights(path: string): void {
	const { size } = statSync(path);
	const free = process.availableMemory() - reserve;
	if (size > free)
		throw new Refusal(`${basename(path)} takes ${gigabytes(size)} of memory and ${gigabytes(free)} are free. Choose a smaller model.`, 41);
}

/**
 * The number of tokens that a context can have: `contextSize`, or a little less where other programs have taken the memory since
 * it was planned. Throws a `Refusal` when not even half of it fits.
 */
export async function roomForContext(model: LlamaModel, contextSize: number, { batchSize, keys, values }: Shape): Promise<number> {
	const free = process.availableMemory() - reserve;
	// The library's own, also when a second context is made and the one of this object answers nothing.
	const { estimateContextResourceRequirementsV2: library } = Object.getPrototypeOf(model.fileInsights) as typeof model.fileInsights;
	const estimate = async (size: number) => {
		const flashAttention = values === 'q8_0' ? true : 'auto';
		const cache = { kvCacheKeyType: kinds[keys], kvCacheValueType: kinds[values], flashAttention } as const;
		const need = { contextSize: size, batchSize, modelGpuLayers: 0, ...cache };
		return (await library.call(model.fileInsights, need)).cpuRam;
	};
	// Creating the context asks for the estimate again, twice, and the answer has no use on the processor: 0.3 s a start.
	model.fileInsights.estimateContextResourceRequirementsV2 = async () => ({ cpuRam: 0, gpuVram: 0 });
	if (surely(model, contextSize, batchSize) <= free) return contextSize;
	// The need grows evenly with the size, and the library's estimate of a very large one takes minutes.
	const [small, large] = [await estimate(smallestContext), await estimate(2 * smallestContext)];
	const perToken = Math.max(1, (large - small) / smallestContext);
	if (small + (contextSize - smallestContext) * perToken <= free) return contextSize;
	const fitting = smallestContext + Math.floor((free - small) / perToken / 256) * 256;
	if (fitting >= Math.max(smallestContext, contextSize / 2)) return fitting;
	throw new Refusal(
		`A context of ${contextSize} tokens does not fit into memory; ${gigabytes(free)} are free, enough for ${Math.max(0, fitting)} tokens. Close other programs, or choose a smaller model.`,
		41,
	);
}

/** More bytes than any context of this size takes: keys and values of every layer, the logits of a batch, the graph. */
function surely(model: LlamaModel, contextSize: number, batchSize: number): number {
	const keysAndValues = model.fileInsights.totalLayers * model.embeddingVectorSize * 2 * 2 * contextSize;
	const logits = 300_000 * batchSize * 4;
	return keysAndValues + logits + 512 * 2 ** 20;
}

const gigabytes = (bytes: number) => `${(Math.max(0, bytes) / 1e9).toFixed(1)} GB`;
