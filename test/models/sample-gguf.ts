/** Makes small GGUF files in memory, sound or damaged on purpose. */

export type Value = { u32: number } | { text: string } | { texts: string[] } | { u32s: number[] } | { bool: boolean };
export type Tensor = { name: string; dims: number[]; type: number; offset?: number; bytes: number };
export type Sample = {
	magic?: string;
	version?: number;
	keys?: Record<string, Value | undefined>;
	tensors?: Tensor[];
	tensorCount?: number;
	keyCount?: number;
};

const u32 = (value: number) => {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value >>> 0);
	return bytes;
};
const u64 = (value: number | bigint) => {
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64LE(BigInt(value));
	return bytes;
};
const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

function valueBytes(value: Value): Buffer {
	if ('u32' in value) return Buffer.concat([u32(4), u32(value.u32)]);
	if ('bool' in value) return Buffer.concat([u32(7), Buffer.from([value.bool ? 1 : 0])]);
	if ('text' in value) return Buffer.concat([u32(8), text(value.text)]);
	if ('texts' in value) return Buffer.concat([u32(9), u32(8), u64(value.texts.length), ...value.texts.map(text)]);
	return Buffer.concat([u32(9), u32(4), u64(value.u32s.length), ...value.u32s.map(u32)]);
}

export const chatml = "{% for m in messages %}<|im_start|>{{ m.role }}{% endfor %}<tool_call>{{ 'x' }}</tool_call>";

/** What a sound little qwen2 file says. */
export const soundKeys: Record<string, Value> = {
	'general.architecture': { text: 'qwen2' },
	'general.name': { text: 'Tiny' },
	'general.file_type': { u32: 0 },
	'qwen2.block_count': { u32: 2 },
	'qwen2.context_length': { u32: 32_768 },
	'qwen2.embedding_length': { u32: 64 },
	'qwen2.attention.head_count': { u32: 4 },
	'qwen2.attention.head_count_kv': { u32: 2 },
	'tokenizer.ggml.tokens': { texts: ['a', 'b', '<tool_call>', '<|fim_prefix|>'] },
	'tokenizer.chat_template': { text: chatml },
};

export const soundTensors: Tensor[] = [
	{ name: 'token_embd.weight', dims: [64, 4], type: 0, bytes: 1024 },
	{ name: 'blk.0.ffn_up.weight', dims: [64, 32], type: 8, bytes: 2176 },
	{ name: 'output.weight', dims: [64, 4], type: 0, bytes: 1024 },
];

export function gguf(sample: Sample = {}): Buffer {
	const keys = Object.entries({ ...soundKeys, ...sample.keys }).filter((pair): pair is [string, Value] => pair[1] !== undefined);
	const tensors = sample.tensors ?? soundTensors;
	let offset = 0;
	const table = tensors.map(tensor => {
		const at = tensor.offset ?? offset;
		offset += Math.ceil(tensor.bytes / 32) * 32;
		return Buffer.concat([text(tensor.name), u32(tensor.dims.length), ...tensor.dims.map(u64), u32(tensor.type), u64(at)]);
	});
	const head = Buffer.concat([
		Buffer.from(sample.magic ?? 'GGUF'),
		u32(sample.version ?? 3),
		u64(sample.tensorCount ?? tensors.length),
		u64(sample.keyCount ?? keys.length),
		...keys.flatMap(([key, value]) => [text(key), valueBytes(value)]),
		...table,
	]);
	return Buffer.concat([head, Buffer.alloc((32 - (head.length % 32)) % 32), Buffer.alloc(offset)]);
}

/** A header that describes a model of this many numbers: only usable where nobody checks that its data is there. */
export const sized = (parameters: number, more: Sample = {}): Sample => ({
	...more,
	tensors: [{ name: 'blk.0.ffn_up.weight', dims: [parameters], type: 99, bytes: 0 }],
});
