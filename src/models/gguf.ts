import { basename } from 'node:path';
import { echoed } from '../sanitise.js';
import { Refusal } from '../types.js';
import { Absurd, type Bytes, CutShort, openBytes } from './gguf-bytes.js';
import { type Metadata, readMetadata } from './gguf-metadata.js';
import { readTensors, type Tensors } from './gguf-tensors.js';

/**
 * What a GGUF file says about itself, and what its table of tensors adds up to. Families are told apart by these facts and
 * never by a name: the official 0.5B Instruct file calls itself "…AWQ".
 */
export type GgufHeader = {
	path: string;
	/** The size of the file. */
	bytes: number;
	architecture: string;
	name: string | undefined;
	fileType: number | undefined;
	layers: number;
	heads: number;
	/** One number for each layer. */
	kvHeads: number[];
	keyLength: number;
	valueLength: number;
	embeddingLength: number;
	/** Tokens the model was trained for. */
	contextLength: number;
	vocabSize: number;
	/** In a hybrid every so many layers one keeps a KV cache; 1 when all do. */
	attentionInterval: number;
	/** Experts of a mixture, and how many of them work on one token; 0 and 0 for others. */
	experts: number;
	expertsUsed: number;
	/** Bytes of state of the recurrent layers of a hybrid, F32, one sequence. */
	stateBytes: number;
	/** The Jinja template, when it is no longer than 64 kB. */
	chatTemplate: string | undefined;
	hasFimTokens: boolean;
	hasToolCallToken: boolean;
	tensors: Tensors;
};

/**
 * Reads the header of a model file, trusting no length in it: at most 10,000 entries, 100,000 tensors, texts of 64 MB, and
 * everything inside the file. (llama.cpp aborts the whole process on some damaged headers, so it must not be the first to look.)
 * Throws `Refusal` (41) with one sentence that says what is wrong with the file.
 */
export function readHeader(path: string): GgufHeader {
	const refuse = (why: string) => new Refusal(`${echoed(basename(path))} is not usable: ${why}`, 41);
	let bytes: Bytes;
	try {
		bytes = openBytes(path);
	} catch (error) {
		if (error instanceof Absurd) throw refuse(`${error.message}.`);
		const code = error instanceof Error && 'code' in error ? String(error.code) : '';
		throw refuse(
			code === 'ENOENT'
				? `there is no file ${path}; \`qwill models list\` shows what there is.`
				: `it cannot be opened (${code || String(error)}).`,
		);
	}
	try {
		return parse(path, bytes);
	} catch (error) {
		if (error instanceof CutShort) throw refuse('it is cut off inside its header. Delete it and fetch it again.');
		if (error instanceof Absurd) throw refuse(`it is damaged: ${error.message}. Delete it and fetch it again.`);
		if (error instanceof Refusal) throw refuse(error.message);
		throw error;
	} finally {
		bytes.close();
	}
}

function parse(path: string, bytes: Bytes): GgufHeader {
	if (bytes.size === 0) throw new Refusal('it is empty. Delete it and fetch it again.');
	if (bytes.size < 4 || bytes.u32() !== 0x46554747)
		throw new Refusal('it is not a GGUF file. Give a .gguf file, or an id of `qwill models list`.');
	const version = bytes.u32();
	if (version === 1) throw new Refusal('it is a GGUF of the old version 1, which the engine no longer reads. Fetch a newer file.');
	if (version !== 2 && version !== 3)
		throw new Refusal(`it is a GGUF of version ${version}, which the engine does not read. Fetch one of version 3.`);
	const tensorCount = bytes.u64();
	const metadata = readMetadata(bytes, bytes.u64());
	const facts = describe(metadata);
	const tensors = readTensors(bytes, tensorCount, numberOf(metadata, 'general.alignment') ?? 32);
	return { path, bytes: bytes.size, ...facts, tensors };
}

type Facts = Omit<GgufHeader, 'path' | 'bytes' | 'tensors'>;

function describe(metadata: Metadata): Facts {
	const text = (key: string) => {
		const value = metadata.values.get(key);
		return typeof value === 'string' ? value : undefined;
	};
	const architecture = text('general.architecture') ?? '';
	if (!/^[\w.-]{1,64}$/.test(architecture)) throw new Absurd('it does not name its architecture');
	const type = text('general.type') ?? 'model';
	if (type !== 'model' || architecture === 'clip')
		throw new Refusal(`it holds no language model (${type} of ${architecture}). Give the file of the model itself.`);
	const within = counts(metadata, architecture);
	const layers = within('block_count', 4096);
	const heads = within('attention.head_count', 65_536);
	const embeddingLength = within('embedding_length', 1_000_000);
	const keyLength = within('attention.key_length', 65_536, Math.max(1, Math.floor(embeddingLength / heads)));
	return {
		architecture,
		name: text('general.name')?.slice(0, 200),
		fileType: numberOf(metadata, 'general.file_type'),
		layers,
		heads,
		kvHeads: kvHeads(metadata, architecture, { layers, heads }),
		keyLength,
		valueLength: within('attention.value_length', 65_536, keyLength),
		embeddingLength,
		contextLength: within('context_length', 100_000_000),
		vocabSize: metadata.lengths.get('tokenizer.ggml.tokens') ?? numberOf(metadata, `${architecture}.vocab_size`) ?? 0,
		attentionInterval: within('full_attention_interval', 4096, 1),
		experts: numberOf(metadata, `${architecture}.expert_count`) ?? 0,
		expertsUsed: numberOf(metadata, `${architecture}.expert_used_count`) ?? 0,
		stateBytes: stateBytes(metadata, architecture, layers),
		chatTemplate: text('tokenizer.chat_template'),
		hasFimTokens: metadata.special.has('<|fim_prefix|>') || metadata.special.has('<fim_prefix>'),
		hasToolCallToken: metadata.special.has('<tool_call>'),
	};
}

/** Asks for a whole number from 1 to `most` under the architecture's own prefix. */
const counts =
	(metadata: Metadata, architecture: string) =>
	(key: string, most: number, otherwise?: number): number => {
		const raw = metadata.values.get(`${architecture}.${key}`);
		const value = Array.isArray(raw) ? Math.max(...raw) : raw;
		if (value === undefined && otherwise !== undefined) return otherwise;
		if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value;
		throw new Absurd(value === undefined ? `it does not say its ${key}` : `it claims a ${key} of ${value}`);
	};

function kvHeads(metadata: Metadata, architecture: string, shape: { layers: number; heads: number }): number[] {
	const raw = metadata.values.get(`${architecture}.attention.head_count_kv`) ?? shape.heads;
	const list = Array.isArray(raw) ? raw : new Array<number>(shape.layers).fill(Number(raw));
	const sound = list.every(count => Number.isInteger(count) && count >= 0 && count <= 65_536) && list.some(count => count > 0);
	if (!sound || list.length !== shape.layers) throw new Absurd(`it claims an attention.head_count_kv of ${String(raw).slice(0, 40)}`);
	return list;
}

/** The convolution and the state matrix of each recurrent layer (llama.cpp, `llama_hparams::n_embd_r` and `n_embd_s`), at 4 bytes. */
function stateBytes(metadata: Metadata, architecture: string, layers: number): number {
	const of = (key: string) => numberOf(metadata, `${architecture}.ssm.${key}`) ?? 0;
	const recurrent = layers - Math.floor(layers / (numberOf(metadata, `${architecture}.full_attention_interval`) || 1));
	const convolution = Math.max(0, of('conv_kernel') - 1) * (of('inner_size') + 2 * of('group_count') * of('state_size'));
	const bytes = recurrent * (convolution + of('state_size') * of('inner_size')) * 4;
	return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : 0;
}

function numberOf(metadata: Metadata, key: string): number | undefined {
	const value = metadata.values.get(key);
	return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}
