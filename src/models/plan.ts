import type { Machine } from './machine.js';
import type { Weights } from './weights.js';

/** How a model is to be run on this machine, and what to expect of it. */
export type Plan = {
	fits: boolean;
	/** Memory with the planned context, in bytes. */
	needsBytes: number;
	/** Tokens; a multiple of 256. */
	contextSize: number;
	/** Of the values in the cache: `q8_0` takes half the memory, and is chosen where a conversation would be short without it. */
	kvType: 'f16' | 'q8_0';
	threads: number;
	batchSize: number;
	gpuLayers: 'auto';
	useMmap: boolean;
	/** Expected tokens per second on the processor; a graphics card is faster, by how much is not known here. */
	speed: { read: number; write: number };
	/** One sentence for the person. */
	why: string;
};

/** llama.cpp's own buffers and the child process (measured: 0.3 GB). */
const overhead = 300e6;
/** The least context that is worth starting with. */
const smallestContext = 4096;
/** With less than this, a conversation of some files ends too soon. */
const fairContext = 8192;
/** Bytes of a block of 32 numbers as Q8_0 and as F16 (ggml-common.h). */
const q8Share = 34 / 64;
/** The person waits at most this long for a full context to be read. */
const readingSeconds = 180;

/**
 * Plans memory, context and threads. Memory is file + second copy + context × KV + vocabulary × batch × 4 + state + overhead,
 * as measured on x86; the context is what can be read in three minutes, at least 4,096, within memory and the model's own length.
 */
export function planFor(weights: Weights, machine: Machine): Plan {
	const batchSize = machine.gpu && machine.gpu.kind !== 'vulkan' ? 512 : 64;
	// With mmap both the file and the second copy are resident; without it only the copy is. For files that are hardly
	// copied mmap starts faster.
	const copied = machine.arch === 'x64' ? weights.repackedBytes : 0;
	const useMmap = copied < weights.bytes * 0.1;
	const fixed = weights.bytes + (useMmap ? copied : 0) + weights.vocab * batchSize * 4 + weights.stateBytes + overhead;
	const budget = budgetOf(machine);
	const speed = expectedSpeed(weights, machine);
	// On the processor keys take 8 bits in any case.
	const kvBytes = { f16: weights.kvBytesPerToken * (machine.gpu ? 1 : (1 + q8Share) / 2), q8_0: weights.kvBytesPerToken * q8Share };
	const affordableAs = (type: Plan['kvType']) => (budget - fixed) / Math.max(1, kvBytes[type]);
	const kvType = affordableAs('f16') < Math.min(weights.contextLength, fairContext) ? 'q8_0' : 'f16';
	const affordable = affordableAs(kvType);
	const least = Math.min(smallestContext, weights.contextLength);
	const wanted = Math.min(weights.contextLength, Math.max(least, speed.read * readingSeconds));
	const room = affordable < wanted ? Math.max(least, coarse(affordable)) : wanted;
	const contextSize = Math.max(256, Math.floor(room / 256) * 256);
	const fits = affordable >= least;
	const needsBytes = Math.round(fixed + contextSize * kvBytes[kvType]);
	const plan = {
		fits,
		needsBytes,
		contextSize,
		kvType,
		threads: Math.max(1, machine.cores),
		batchSize,
		gpuLayers: 'auto',
		useMmap,
		speed,
	} as const;
	return { ...plan, why: sentence(plan, { affordable, wanted }, budget) };
}

/**
 * In steps of a quarter to an eighth of the size: what a context has read can be kept for contexts of this size only, and the
 * free memory is a little different each time.
 */
function coarse(tokens: number): number {
	const step = Math.max(256, 2 ** (Math.floor(Math.log2(Math.max(1, tokens))) - 2));
	return Math.floor(tokens / step) * step;
}

/** Free memory, less a tenth (at most 1 GB) for the rest of the machine; a card's own memory when that is more. */
function budgetOf(machine: Machine): number {
	const main = machine.memoryAvailable - Math.min(1e9, machine.memoryAvailable * 0.1);
	return Math.max(main, (machine.gpu?.memory ?? 0) * 0.9);
}

/**
 * Measured on two AVX2 cores: 0.5B reads 120–135 and writes 42–48 tokens/s, 1.5B 50 and 20, 7B 12 and 5. So reading is work,
 * 40 billion numbers a second and core, and writing is memory traffic, 6 ms and 42 ms a gigabyte. Cores beyond two add
 * bandwidth up to twice that of two, as two memory channels do. A mixture reads worse than its active part: a batch wakes all experts.
 */
function expectedSpeed(weights: Weights, machine: Machine): { read: number; write: number } {
	const cores = Math.max(1, machine.cores);
	const mixture = weights.activeBytes < weights.bytes * 0.5;
	const traffic = Math.min(2, cores / 2);
	const write = 1000 / ((6 + (42 * weights.activeBytes) / 1e9) / traffic);
	return { read: rounded(((cores * 40e9) / weights.activeParameters) * (mixture ? 0.5 : 1)), write: rounded(write) };
}

const rounded = (rate: number) => (rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate));

function sentence(plan: Omit<Plan, 'why'>, context: { affordable: number; wanted: number }, budget: number): string {
	const { speed } = plan;
	if (!plan.fits) return `needs ${gigabytes(plan.needsBytes)} of memory, ${gigabytes(Math.max(0, budget))} are free`;
	const limit = context.affordable < context.wanted ? 'as memory allows' : 'read in three minutes at the most';
	const halved = plan.kvType === 'q8_0' ? ', its cache in 8 bits to make room' : '';
	return `needs ${gigabytes(plan.needsBytes)}, writes about ${speed.write} and reads ${speed.read} tokens/s; context ${plan.contextSize.toLocaleString('en')} tokens, ${limit}${halved}`;
}

/** `1.1 GB`, `491 MB`: decimal, as hubs and shops count. */
export const gigabytes = (bytes: number): string => (bytes >= 999.5e6 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`);

/** From these speeds on, in tokens a second, work is bearable: people read about as fast, and a fixed prompt of 700 tokens is read in half a minute. */
const comfortable = { write: 8, read: 25 };

/** Whether a model runs well here: a fifth of the memory stays free, and it is fast enough, or a graphics card can hold it. */
export function runsWell(plan: Plan, machine: Machine): boolean {
	const { gpu } = machine;
	const onCard = gpu?.kind === 'metal' || (gpu?.memory ?? 0) * 0.9 >= plan.needsBytes;
	const roomy = plan.needsBytes <= machine.memoryAvailable * 0.8 || (gpu?.memory ?? 0) * 0.9 >= plan.needsBytes;
	const fast = plan.speed.write >= comfortable.write && plan.speed.read >= comfortable.read;
	return plan.fits && roomy && (fast || onCard);
}
