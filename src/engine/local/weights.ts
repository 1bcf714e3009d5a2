import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { setImmediate as nextTick } from 'node:timers/promises';
import type { Llama, LlamaContext, LlamaModel } from 'node-llama-cpp';
import { Refusal } from '../../types.js';
import { checkHeader } from './header.js';
import type { Opening } from './messages.js';
import { checkRoomForWeights, roomForContext, smallestContext } from './room.js';

/**
 * A model in memory with room for one conversation. Where memory allows, `another` makes room for a side question, and `several` for
 * so many texts of `contextSize` tokens that are written side by side.
 */
export type Weights = {
	model: LlamaModel;
	context: LlamaContext;
	device: string;
	/** For the person: why it is not where it could have been. */
	note?: string;
	another(): Promise<LlamaContext | undefined>;
	several(texts: number, contextSize: number): Promise<LlamaContext | undefined>;
};

/** The library, or in tests something that behaves like a machine with another graphics card. */
export type Library = Pick<typeof import('node-llama-cpp'), 'getLlama' | 'LlamaLogLevel'>;

const types = { f16: 'F16', q8_0: 'Q8_0' } as const;

/**
 * On the processor keys take 8 bits. llama.cpp then computes the attention of one token, of a few and of many by one program, and
 * the same for any number of threads; with keys and values of one float type it has three, which round differently
 * (ggml-cpu/ops.cpp, flash_attn_ext), so that guesses and slices could change a token. Reading is 9 % faster, and the likelihood
 * of the right token 1 % (0.5B) or 0.5 % (1.5B) less. A head has to consist of whole blocks for it.
 */
function keyTypeOf({ fileInfo: { architectureMetadata: shape } }: LlamaModel, kvType: Opening['kvType']): 'f16' | 'q8_0' {
	const heads = Number(shape.attention?.head_count ?? 0);
	const length = Number(shape.attention?.key_length ?? Number(shape.embedding_length ?? 0) / heads);
	return length % blockLength === 0 ? 'q8_0' : kvType;
}

/** Numbers in a block of Q8_0 (ggml-common.h, QK8_0). */
const blockLength = 32;

/** Tokens of a side question at the most. */
const sideContext = 4096;

/**
 * Brings the model into memory: on the graphics card when there is one and `gpu` allows it, else on the processor.
 * Throws a `Refusal` that says why it cannot be done.
 */
export async function bringIn(opening: Opening, progress: (fraction: number) => void, given?: Library): Promise<Weights> {
	checkHeader(opening.modelPath);
	const lines: string[] = [];
	const library = given ?? (await import('node-llama-cpp'));
	const maxThreads = Math.max(1, Math.min(opening.threads, availableParallelism()));
	const start = (gpu: 'auto' | false) =>
		library.getLlama({
			gpu,
			build: 'never',
			skipDownload: true,
			progressLogs: false,
			maxThreads,
			logLevel: library.LlamaLogLevel.warn,
			logger: (level, line) => {
				if (level === 'error' || level === 'fatal') lines.push(line.trim());
			},
		});
	const llama = await start(opening.gpu).catch(() => {
		throw new Refusal('The engine has no build for this machine. Run `npm rebuild node-llama-cpp` where qwill is installed.', 41);
	});
	const wanted = { ...opening, threads: maxThreads };
	let reason: string;
	try {
		return await open(llama, wanted, progress);
	} catch (error) {
		await nextTick(); // The native reason arrives a moment after the error.
		if (llama.gpu === false) throw because(error, opening, lines);
		await llama.dispose();
		reason = reasonOf(error, lines);
	}
	lines.length = 0;
	const weights = await open(await start(false), wanted, progress).catch(error => {
		throw because(error, opening, lines);
	});
	const note = `The graphics card could not take the model (${reason}); it runs on the processor.`;
	return { ...weights, note: weights.note === undefined ? note : `${note} ${weights.note}` };
}

async function open(llama: Llama, opening: Opening, progress: (fraction: number) => void): Promise<Weights> {
	const onCpu = llama.gpu === false;
	if (onCpu) checkRoomForWeights(opening.modelPath);
	const model = await llama.loadModel({
		modelPath: opening.modelPath,
		useMmap: opening.useMmap,
		gpuLayers: onCpu ? 0 : { fitContext: { contextSize: opening.contextSize } },
		onLoadProgress: inSteps(progress),
	});
	const contextSize = Math.max(smallestContext, Math.min(opening.contextSize, model.trainContextSize));
	// A graphics card is only busy with large batches, and stops soon all the same.
	const batchSize = Math.min(contextSize, onCpu ? opening.batchSize : Math.max(512, opening.batchSize));
	const values = opening.kvType;
	const keys = onCpu ? keyTypeOf(model, values) : values;
	const roomFor = async (wanted: number, sequences: number): Promise<number> =>
		Math.floor((await roomForContext(model, wanted * sequences, { batchSize, keys, values })) / sequences);
	const contextOf = async (wanted: number, sequences = 1): Promise<LlamaContext> =>
		model.createContext({
			contextSize: onCpu ? await roomFor(wanted, sequences) : wanted,
			batchSize,
			sequences,
			threads: opening.threads,
			// A value in 8 bits can only be read by flash attention.
			flashAttention: values === 'q8_0' ? true : 'auto',
			experimentalKvCacheKeyType: types[keys],
			experimentalKvCacheValueType: types[values],
			failedCreationRemedy: false,
			ignoreMemorySafetyChecks: onCpu,
		});
	const context = await contextOf(contextSize);
	return {
		model,
		context,
		...(context.contextSize < contextSize && { note: shorter(contextSize, context.contextSize) }),
		device: onCpu ? 'CPU' : await cardName(llama),
		// Without the room for it, side questions go where the conversation is, which is then read again.
		another: () => contextOf(Math.min(contextSize, sideContext)).catch(() => undefined),
		several: (texts, tokens) => contextOf(tokens, texts).catch(() => undefined),
	};
}

const shorter = (planned: number, actual: number): string =>
	`Less memory is free than when this was planned: the context has ${actual.toLocaleString('en')} tokens instead of ${planned.toLocaleString('en')}.`;

/** A file of many tensors reports hundreds of times a second; a hundred steps are enough to draw. */
function inSteps(progress: (fraction: number) => void): (fraction: number) => void {
	let last = 0;
	return fraction => {
		if (fraction < 1 && fraction - last < 0.01) return;
		last = fraction;
		progress(fraction);
	};
}

async function cardName(llama: Llama): Promise<string> {
	const [name] = await llama.getGpuDeviceNames();
	return name ?? String(llama.gpu);
}

function because(error: unknown, { modelPath, contextSize }: Opening, lines: readonly string[]): Refusal {
	if (error instanceof Refusal) return error;
	const message = error instanceof Error ? error.message : String(error);
	if (error instanceof Error && error.constructor.name === 'InsufficientMemoryError') {
		return new Refusal(
			`There is not enough memory for ${basename(modelPath)} with ${contextSize} tokens: ${message}. Close other programs, or choose a smaller model.`,
			41,
		);
	}
	return new Refusal(`${basename(modelPath)} cannot be loaded: ${reasonOf(error, lines)}.`, 41);
}

const reasonOf = (error: unknown, lines: readonly string[]): string =>
	(lines[0] ?? (error instanceof Error ? error.message : String(error))).replace(/^.*?error loading model: /, '').replace(/\.$/, '');
