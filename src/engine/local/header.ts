import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { Refusal } from '../../types.js';

// The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. The native loader trusts some of these numbers
// and ends the whole process over them, so they are looked at first. Every limit is far above that of any published model.
const limits = { keys: 10_000, tensors: 100_000, text: 64 * 2 ** 20, dimensions: 4, blocks: 2_000, heads: 4_096, width: 2 ** 20 };
const valueBytes = [1, 1, 2, 2, 4, 4, 4, 1, undefined, undefined, 8, 8, 8];
const UINT32 = 4;
const STRING = 8;
const ARRAY = 9;

/** Reads a GGUF file's header with bounds. Throws a `Refusal` that says what is wrong with the file. */
export function checkHeader(path: string): void {
	const name = basename(path);
	const file = openFile(path, name);
	try {
		walk(cursor(file, name), name);
	} finally {
		closeSync(file);
	}
}

function openFile(path: string, name: string): number {
	try {
		return openSync(path, 'r');
	} catch (error) {
		const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
		throw new Refusal(missing ? `There is no model file at ${path}.` : `${name} cannot be opened; check its permissions.`, 41);
	}
}

function walk(at: Cursor, name: string): void {
	if (at.text(4) !== 'GGUF') throw new Refusal(`${name} is not a GGUF model file.`, 41);
	const version = at.number(4);
	if (version !== 2 && version !== 3) throw damaged(name, `GGUF version ${version}; 2 and 3 are known`);
	const tensors = at.count(limits.tensors, 'tensors');
	const keys = at.count(limits.keys, 'metadata entries');
	for (let i = 0; i < keys; i++) entry(at, name);
	for (let i = 0; i < tensors; i++) tensor(at, name);
}

function entry(at: Cursor, name: string): void {
	const key = at.text(at.count(65_535, 'characters in a name'));
	const type = at.number(4);
	const limit = limitOf(key);
	if (type === UINT32 && limit) {
		const value = at.number(4);
		if (value < 1 || value > limit) throw damaged(name, `"${key}" is ${value}`);
	} else if (type === STRING) at.skip(at.count(limits.text, 'characters in a text'));
	else if (type === ARRAY) array(at, name);
	else at.skip(sizeOf(type, name));
}

function limitOf(key: string): number | undefined {
	if (key.endsWith('.block_count')) return limits.blocks;
	if (key.endsWith('.attention.head_count') || key.endsWith('.attention.head_count_kv')) return limits.heads;
	if (key.endsWith('.embedding_length')) return limits.width;
	return undefined;
}

function array(at: Cursor, name: string): void {
	const type = at.number(4);
	const count = at.number(8);
	if (count > at.left()) throw cutOff(name);
	if (type === STRING) {
		for (let i = 0; i < count; i++) at.skip(at.count(limits.text, 'characters in a text'));
		return;
	}
	at.skip(sizeOf(type, name) * count);
}

function sizeOf(type: number, name: string): number {
	const bytes = valueBytes[type];
	if (bytes === undefined) throw damaged(name, `a value has the unknown type ${type}`);
	return bytes;
}

function tensor(at: Cursor, name: string): void {
	at.skip(at.count(65_535, 'characters in a name'));
	const dimensions = at.number(4);
	if (dimensions < 1 || dimensions > limits.dimensions) throw damaged(name, `a tensor has ${dimensions} dimensions`);
	for (let i = 0; i < dimensions; i++) at.count(2 ** 40, 'elements in a tensor');
	at.skip(12);
}

type Cursor = {
	text(bytes: number): string;
	/** An unsigned number of 4 or 8 bytes. */
	number(bytes: 4 | 8): number;
	/** A number of 8 bytes that says how many follow: refused when more than `limit`. */
	count(limit: number, what: string): number;
	skip(bytes: number): void;
	/** Bytes from here to the end of the file. */
	left(): number;
};

/** Goes through an open file once, a megabyte at a time. */
function cursor(file: number, name: string): Cursor {
	const size = fstatSync(file).size;
	let buffer = Buffer.alloc(0);
	let start = 0;
	let position = 0;
	const need = (bytes: number): number => {
		if (position + bytes > size) throw cutOff(name);
		if (position < start || position + bytes > start + buffer.length) {
			buffer = Buffer.alloc(Math.min(size - position, Math.max(bytes, 2 ** 20)));
			start = position;
			buffer = buffer.subarray(0, readSync(file, buffer, 0, buffer.length, position));
			if (buffer.length < bytes) throw damaged(name, 'it changed while it was read');
		}
		position += bytes;
		return position - bytes - start;
	};
	const number = (bytes: 4 | 8): number => {
		const at = need(bytes);
		return bytes === 4 ? buffer.readUInt32LE(at) : Number(buffer.readBigUInt64LE(at));
	};
	return {
		text(bytes) {
			const at = need(bytes);
			return buffer.toString('latin1', at, at + bytes);
		},
		number,
		count(limit, what) {
			const value = number(8);
			if (value > limit) throw damaged(name, `${value} ${what}`);
			return value;
		},
		skip(bytes) {
			if (position + bytes > size) throw cutOff(name);
			position += bytes;
		},
		left: () => size - position,
	};
}

const cutOff = (name: string) => new Refusal(`${name} is cut off: its header goes on beyond its end. Fetch it again.`, 41);
const damaged = (name: string, what: string) => new Refusal(`${name} is damaged (${what}). Fetch it again.`, 41);
