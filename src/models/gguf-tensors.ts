import { Refusal } from '../types.js';
import { Absurd, type Bytes } from './gguf-bytes.js';
import { isRepacked, tensorBytes } from './gguf-types.js';

/** What the table of tensors adds up to. Sizes in bytes. */
export type Tensors = {
	count: number;
	/** Numbers in all of them: the model's size. */
	parameters: number;
	bytes: number;
	/** In tensors that x86 processors keep a second copy of. */
	repacked: number;
	/** The token table. Only one row of it is read for a token, unless it serves as the output matrix too. */
	embedding: number;
	hasOutput: boolean;
	/** In the experts of a mixture, of which only some work on one token. */
	expertBytes: number;
	expertParameters: number;
};

const maxTensors = 100_000;
/** 2^44 numbers: a hundred times the largest model there is. */
const maxNumbers = 2 ** 44;

/**
 * Reads the table of `count` tensors and checks that all of their data lies inside the file.
 * Throws `Absurd`, `CutShort`, and a `Refusal` that says at how many per cent a file is cut off.
 */
export function readTensors(bytes: Bytes, count: number, alignment: number): Tensors {
	if (count === 0) throw new Refusal('it holds a vocabulary or settings, but no weights. Give the file of the model itself.');
	if (count > maxTensors) throw new Absurd(`it claims ${count} tensors`);
	if (alignment < 1 || alignment > 2 ** 20 || !Number.isInteger(Math.log2(alignment)))
		throw new Absurd(`it claims an alignment of ${alignment}`);
	const sum: Tensors = { count, parameters: 0, bytes: 0, repacked: 0, embedding: 0, hasOutput: false, expertBytes: 0, expertParameters: 0 };
	let end = 0;
	for (let i = 0; i < count; i++) end = Math.max(end, readTensor(bytes, sum));
	const needed = Math.ceil(bytes.at / alignment) * alignment + end;
	if (needed > 2 ** 50) throw new Absurd(`its tensors would end at byte ${needed}`);
	if (needed > bytes.size) {
		throw new Refusal(`it is cut off at ${Math.floor((bytes.size / needed) * 100)} %. Delete it and fetch it again.`);
	}
	return sum;
}

/** Adds one tensor to `sum` and tells where its data ends, counted from the beginning of all data. */
function readTensor(bytes: Bytes, sum: Tensors): number {
	const name = bytes.string(1024);
	if (name === undefined) throw new Absurd('the name of a tensor is far too long');
	const dimensions = bytes.u32();
	if (dimensions > 8) throw new Absurd(`a tensor claims ${dimensions} dimensions`);
	let numbers = 1;
	for (let i = 0; i < dimensions; i++) numbers *= bytes.u64();
	if (numbers > maxNumbers) throw new Absurd(`the tensor ${JSON.stringify(name.slice(0, 40))} claims ${numbers} numbers`);
	const type = bytes.u32();
	const offset = bytes.u64();
	// A type newer than our table has an unknown size; the engine will have the last word on it.
	const size = tensorBytes(type, numbers) ?? 0;
	sum.parameters += numbers;
	sum.bytes += size;
	if (isRepacked(type)) sum.repacked += size;
	if (name === 'token_embd.weight') sum.embedding = size;
	if (name === 'output.weight') sum.hasOutput = true;
	if (/_exps\./.test(name)) {
		sum.expertBytes += size;
		sum.expertParameters += numbers;
	}
	return offset + size;
}
