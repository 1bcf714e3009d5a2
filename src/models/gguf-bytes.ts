import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** A file read forward in small pieces, within bounds. Reading beyond its end throws `CutShort`. */
export type Bytes = {
	readonly size: number;
	readonly at: number;
	u8(): number;
	u32(): number;
	i32(): number;
	f32(): number;
	/** Throws `Absurd` beyond what a number holds exactly. */
	u64(): number;
	f64(): number;
	/** A length-prefixed string; undefined, and skipped, when it is longer than `keep` bytes. */
	string(keep: number): string | undefined;
	skip(count: number): void;
	close(): void;
};

/** The file ends before what it announces. */
export class CutShort extends Error {}
/** A count or a length that no real model has; the message says which. */
export class Absurd extends Error {}

const chunk = 256 * 1024;
const longest = 64 * 2 ** 20;

/** Opens a regular file for `Bytes`; throws what the file system throws, and `Absurd` for pipes, devices and folders. */
export function openBytes(path: string): Bytes {
	// O_NONBLOCK: opening a named pipe must not wait for a writer.
	const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
	const stats = fstatSync(fd);
	if (!stats.isFile()) {
		closeSync(fd);
		throw new Absurd(`it is ${stats.isDirectory() ? 'a folder' : 'a pipe or a device'} and not a file`);
	}
	const buffer = Buffer.alloc(chunk);
	let start = 0; // of `buffer` in the file
	let held = 0; // bytes in `buffer`
	let at = 0; // in the file

	/** The next `count` bytes (at most a chunk), as an offset into `buffer`. */
	const take = (count: number): number => {
		if (at + count > stats.size) throw new CutShort();
		if (at < start || at + count > start + held) {
			start = at;
			held = readSync(fd, buffer, 0, chunk, start);
			if (held < count) throw new CutShort();
		}
		at += count;
		return at - count - start;
	};
	const skip = (count: number) => {
		if (at + count > stats.size) throw new CutShort();
		at += count;
	};
	const u64 = () => {
		const value = buffer.readBigUInt64LE(take(8));
		if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Absurd(`it claims a length of ${value}`);
		return Number(value);
	};
	return {
		size: stats.size,
		get at() {
			return at;
		},
		u8: () => buffer.readUInt8(take(1)),
		u32: () => buffer.readUInt32LE(take(4)),
		i32: () => buffer.readInt32LE(take(4)),
		f32: () => buffer.readFloatLE(take(4)),
		u64,
		f64: () => buffer.readDoubleLE(take(8)),
		string(keep) {
			const length = u64();
			if (length > longest) throw new Absurd(`it claims a text of ${length} bytes`);
			if (length > keep || length > chunk) {
				skip(length);
				return undefined;
			}
			const from = take(length);
			return buffer.toString('utf8', from, from + length);
		},
		skip,
		close: () => closeSync(fd),
	};
}
