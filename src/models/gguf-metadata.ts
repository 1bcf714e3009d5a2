import { Absurd, type Bytes } from './gguf-bytes.js';

/** What a file says about itself. Long texts and most lists are skipped; a list of numbers is kept up to 1,024 of them. */
export type Metadata = {
	values: Map<string, string | number | boolean | number[]>;
	/** Lengths of the lists, the skipped ones too. */
	lengths: Map<string, number>;
	/** Tokens of fill-in-the-middle and of calls that the vocabulary holds. */
	special: Set<string>;
};

const maxKeys = 10_000;
const maxItems = 16_000_000;
const keptText = 64 * 1024;
const vocabulary = 'tokenizer.ggml.tokens';
const wanted = new Set(['<|fim_prefix|>', '<fim_prefix>', '<tool_call>', '<|im_start|>']);

/** GGUF value types (ggml's docs/gguf.md, `gguf_metadata_value_type`). */
const kind = { u8: 0, i8: 1, u16: 2, i16: 3, u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9, u64: 10, i64: 11, f64: 12 };
const width: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };

/** Reads `count` key–value pairs. Throws `Absurd` and `CutShort`. */
export function readMetadata(bytes: Bytes, count: number): Metadata {
	if (count > maxKeys) throw new Absurd(`it claims ${count} entries in its header`);
	const metadata: Metadata = { values: new Map(), lengths: new Map(), special: new Set() };
	for (let i = 0; i < count; i++) {
		const key = bytes.string(65_535);
		if (key === undefined) throw new Absurd('a name in its header is far too long');
		const type = bytes.u32();
		if (type === kind.array) readList(bytes, key, metadata);
		else keep(metadata, key, readValue(bytes, type));
	}
	return metadata;
}

function readList(bytes: Bytes, key: string, metadata: Metadata): void {
	const type = bytes.u32();
	const count = bytes.u64();
	if (count > maxItems) throw new Absurd(`it claims a list of ${count} items`);
	metadata.lengths.set(key, count);
	if (type === kind.string) {
		for (let i = 0; i < count; i++) {
			const text = bytes.string(key === vocabulary ? 16 : 0);
			if (text !== undefined && wanted.has(text)) metadata.special.add(text);
		}
		return;
	}
	const size = width[type];
	if (size === undefined) throw new Absurd(`it holds a list of the unknown kind ${type}`);
	if (count > 1024) bytes.skip(count * size);
	else
		metadata.values.set(
			key,
			Array.from({ length: count }, () => Number(readValue(bytes, type))),
		);
}

function readValue(bytes: Bytes, type: number): string | number | boolean | undefined {
	switch (type) {
		case kind.u8:
		case kind.i8:
			return bytes.u8();
		case kind.bool:
			return bytes.u8() !== 0;
		case kind.u16:
		case kind.i16:
			return bytes.u8() + 256 * bytes.u8();
		case kind.u32:
			return bytes.u32();
		case kind.i32:
			return bytes.i32();
		case kind.f32:
			return bytes.f32();
		case kind.f64:
			return bytes.f64();
		case kind.u64:
		case kind.i64:
			return bytes.u64();
		case kind.string:
			return bytes.string(keptText);
		default:
			throw new Absurd(`it holds a value of the unknown kind ${type}`);
	}
}

function keep(metadata: Metadata, key: string, value: string | number | boolean | undefined): void {
	if (value !== undefined) metadata.values.set(key, value);
}
