import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `bits`: matrices in 8 bits a number (Q8_0) instead of as they are. `special` are the tokens after the 256 bytes and the merges; `context` is the length the model claims to be made for. */
export type TinyOptions = {
	seed?: number;
	bits?: 8;
	context?: number;
	special?: readonly SpecialToken[];
	template?: string;
	architecture?: string;
};
export type SpecialToken = [text: string, type: 'control' | 'user-defined'];

export const qwenTokens: readonly SpecialToken[] = [
	['<|endoftext|>', 'control'],
	['<|im_start|>', 'control'],
	['<|im_end|>', 'control'],
	['<tool_call>', 'user-defined'],
	['</tool_call>', 'user-defined'],
	['<|fim_prefix|>', 'control'],
	['<|fim_middle|>', 'control'],
	['<|fim_suffix|>', 'control'],
	['<|fim_pad|>', 'control'],
];

const chatMl =
	"{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}" +
	"{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

/**
 * The path of a whole model of 0.4 MB with random weights: a qwen2, or a mamba, which is recurrent. What it writes is noise; all
 * else is as with a real one.
 */
export function tinyModel(options: TinyOptions = {}): string {
	const folder = join(tmpdir(), 'qwill-tiny-models');
	const path = join(folder, `${createHash('sha256').update(JSON.stringify(options)).digest('hex').slice(0, 12)}-v1.gguf`);
	if (existsSync(path)) return path;
	mkdirSync(folder, { recursive: true });
	const temporary = `${path}.${process.pid}`;
	writeFileSync(temporary, tinyBytes(options));
	renameSync(temporary, path);
	return path;
}

const shape = { embedding: 64, layers: 2, heads: 4, keyHeads: 2, forward: 128 };
const recurrent = { kernel: 4, inner: 128, state: 16, rank: 4 };

/** The file's bytes (format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md). */
export function tinyBytes(options: TinyOptions = {}): Buffer {
	const vocabulary = bytesVocabulary(options.special ?? qwenTokens);
	const entries = metadata(options, vocabulary);
	const tensors = options.architecture === 'mamba' ? recurrentTensors(vocabulary.tokens.length) : tensorList(vocabulary.tokens.length);
	let offset = 0;
	const infos = tensors.map(({ name, size }) => {
		const small = options.bits === 8 && size.length > 1;
		const info = Buffer.concat([text(name), u32(size.length), ...size.map(u64), u32(small ? 8 : 0), u64(offset)]);
		offset += Math.ceil((small ? (count(size) / 32) * 34 : count(size) * 4) / 32) * 32;
		return info;
	});
	const head = Buffer.concat([Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(entries.length), ...entries, ...infos]);
	const random = normal(options.seed ?? 1);
	return Buffer.concat([padded(head), ...tensors.map(tensor => padded(weights(tensor, random, options)))]);
}

type Vocabulary = { tokens: string[]; types: number[]; merges: string[] };

/** Byte-level BPE as GPT-2 writes it: every byte has a printable stand-in. */
function bytesVocabulary(special: readonly SpecialToken[]): Vocabulary {
	const printable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte < 173) || byte > 173;
	let next = 256;
	const tokens = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : next++));
	const pairs: [string, string][] = [
		['Ġ', 'Ġ'],
		['ĠĠ', 'ĠĠ'],
		['t', 'h'],
		['i', 'n'],
		['e', 'r'],
		['Ġ', 'a'],
	];
	tokens.push(...pairs.map(pair => pair.join('')));
	const types = tokens.map(() => 1);
	for (const [literal, type] of special) {
		tokens.push(literal);
		types.push(type === 'control' ? 3 : 4);
	}
	return { tokens, types, merges: pairs.map(pair => pair.join(' ')) };
}

function metadata({ architecture = 'qwen2', context = 32_768, template }: TinyOptions, vocabulary: Vocabulary): Buffer[] {
	const id = (...tokens: string[]) => Math.max(0, ...tokens.map(token => vocabulary.tokens.indexOf(token)));
	const numbers = {
		block_count: shape.layers,
		context_length: context,
		embedding_length: shape.embedding,
		...(architecture === 'mamba'
			? {
					'ssm.conv_kernel': recurrent.kernel,
					'ssm.inner_size': recurrent.inner,
					'ssm.state_size': recurrent.state,
					'ssm.time_step_rank': recurrent.rank,
				}
			: { feed_forward_length: shape.forward, 'attention.head_count': shape.heads, 'attention.head_count_kv': shape.keyHeads }),
	};
	const string = (key: string, value: string) => Buffer.concat([text(key), u32(8), text(value)]);
	const number = (key: string, value: number) => Buffer.concat([text(key), u32(4), u32(value)]);
	const fraction = (key: string, value: number) => Buffer.concat([text(key), u32(6), f32(value)]);
	const list = (key: string, type: number, items: Buffer[]) => Buffer.concat([text(key), u32(9), u32(type), u64(items.length), ...items]);
	return [
		string('general.architecture', architecture),
		string('general.name', 'Tiny random'),
		string('general.type', 'model'),
		number('general.file_type', 0),
		...Object.entries(numbers).map(([key, value]) => number(`${architecture}.${key}`, value)),
		fraction(`${architecture}.rope.freq_base`, 1e6),
		fraction(`${architecture}.attention.layer_norm_rms_epsilon`, 1e-6),
		string('tokenizer.ggml.model', 'gpt2'),
		string('tokenizer.ggml.pre', 'qwen2'),
		list('tokenizer.ggml.tokens', 8, vocabulary.tokens.map(text)),
		list('tokenizer.ggml.token_type', 5, vocabulary.types.map(u32)),
		list('tokenizer.ggml.merges', 8, vocabulary.merges.map(text)),
		number('tokenizer.ggml.eos_token_id', id('<|im_end|>', '<|end|>')),
		number('tokenizer.ggml.padding_token_id', id('<|endoftext|>')),
		number('tokenizer.ggml.bos_token_id', id('<|endoftext|>')),
		Buffer.concat([text('tokenizer.ggml.add_bos_token'), u32(7), Buffer.from([0])]),
		string('tokenizer.chat_template', template ?? chatMl),
	];
}

type Tensor = { name: string; size: number[] };

function tensorList(words: number): Tensor[] {
	const { embedding, forward } = shape;
	const keys = (embedding / shape.heads) * shape.keyHeads;
	const layer = (index: number): Tensor[] => {
		const of = (name: string, ...size: number[]) => ({ name: `blk.${index}.${name}`, size });
		return [
			of('attn_norm.weight', embedding),
			of('attn_q.weight', embedding, embedding),
			of('attn_q.bias', embedding),
			of('attn_k.weight', embedding, keys),
			of('attn_k.bias', keys),
			of('attn_v.weight', embedding, keys),
			of('attn_v.bias', keys),
			of('attn_output.weight', embedding, embedding),
			of('ffn_norm.weight', embedding),
			of('ffn_gate.weight', embedding, forward),
			of('ffn_up.weight', embedding, forward),
			of('ffn_down.weight', forward, embedding),
		];
	};
	const layers = Array.from({ length: shape.layers }, (_, index) => layer(index)).flat();
	return [{ name: 'token_embd.weight', size: [embedding, words] }, ...layers, { name: 'output_norm.weight', size: [embedding] }];
}

function recurrentTensors(words: number): Tensor[] {
	const { embedding } = shape;
	const { kernel, inner, state, rank } = recurrent;
	const layer = (index: number): Tensor[] => {
		const of = (name: string, ...size: number[]) => ({ name: `blk.${index}.${name}`, size });
		return [
			of('attn_norm.weight', embedding),
			of('ssm_in.weight', embedding, 2 * inner),
			of('ssm_conv1d.weight', kernel, inner),
			of('ssm_conv1d.bias', inner),
			of('ssm_x.weight', inner, rank + 2 * state),
			of('ssm_dt.weight', rank, inner),
			of('ssm_dt.bias', inner),
			of('ssm_a', state, inner),
			of('ssm_d', inner),
			of('ssm_out.weight', inner, embedding),
		];
	};
	const layers = Array.from({ length: shape.layers }, (_, index) => layer(index)).flat();
	return [{ name: 'token_embd.weight', size: [embedding, words] }, ...layers, { name: 'output_norm.weight', size: [embedding] }];
}

function weights({ name, size }: Tensor, random: () => number, { bits }: TinyOptions): Buffer {
	const scale = name.includes('bias') ? 0.02 : name.includes('embd') ? 1 : 2 / Math.sqrt(size[0] ?? 1);
	// A state that does not fade would grow without end.
	const value = () => (name.includes('norm') ? 1 : name.endsWith('ssm_a') ? -0.5 - Math.abs(random()) : random() * scale);
	const values = Float32Array.from({ length: count(size) }, value);
	return bits === 8 && size.length > 1 ? inBlocks(values) : Buffer.from(values.buffer);
}

/** Q8_0: blocks of 32 whole numbers with one factor, here a power of two, as F16 before them. */
function inBlocks(values: Float32Array): Buffer {
	const blocks = Array.from({ length: values.length / 32 }, (_, index) => {
		const block = values.subarray(index * 32, index * 32 + 32);
		const exponent = Math.ceil(Math.log2(Math.max(1e-4, ...block.map(Math.abs)) / 127));
		const bytes = Buffer.alloc(34);
		bytes.writeUInt16LE((exponent + 15) << 10);
		for (const [i, value] of block.entries()) bytes.writeInt8(Math.max(-127, Math.min(127, Math.round(value / 2 ** exponent))), 2 + i);
		return bytes;
	});
	return Buffer.concat(blocks);
}

/** Normally distributed numbers (Box and Muller) from a seeded generator (mulberry32). */
function normal(seed: number): () => number {
	let state = seed >>> 0;
	const uniform = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
	return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

const count = (size: readonly number[]) => size.reduce((product, side) => product * side, 1);
const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((32 - (bytes.length % 32)) % 32)]);
function u32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value);
	return bytes;
}
function u64(value: number): Buffer {
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64LE(BigInt(value));
	return bytes;
}
function f32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeFloatLE(value);
	return bytes;
}
function text(value: string): Buffer {
	const bytes = Buffer.from(value);
	return Buffer.concat([u64(bytes.length), bytes]);
}
