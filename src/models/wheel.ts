import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInflateRaw } from 'node:zlib';
import { Refusal } from '../types.js';

// The ZIP file format (PKWARE APPNOTE 6.3.10), as far as wheels of less than 4 GB need it: sections 4.3.7, 4.3.12 and 4.3.16.
const endRecord = 0x06054b50;
const centralEntry = 0x02014b50;
const localEntry = 0x04034b50;
const longestComment = 65_535;

type Member = { offset: number; packed: number; size: number; method: number };

/**
 * The bytes of one member of a wheel, in pieces; never more than the archive announces. The archive is read and nothing of it
 * is run. Throws `Refusal` (41) when it is no such archive.
 */
export async function* wheelMember(path: string, name: string): AsyncGenerator<Buffer> {
	const member = await findMember(path, name);
	if (member.packed === 0) return;
	const raw = createReadStream(path, { start: member.offset, end: member.offset + member.packed - 1, highWaterMark: 2 ** 18 });
	let unpacked = raw as NodeJS.ReadableStream;
	if (member.method === 8) {
		const inflate = createInflateRaw({ chunkSize: 2 ** 18 });
		raw.on('error', error => inflate.destroy(error));
		unpacked = raw.pipe(inflate);
	}
	let given = 0;
	try {
		for await (const piece of unpacked as AsyncIterable<Buffer>) {
			given += piece.length;
			if (given > member.size) throw damaged(path, 'a member is longer than announced');
			yield piece;
		}
	} finally {
		raw.destroy();
	}
	if (given !== member.size) throw damaged(path, 'a member is shorter than announced');
}

async function findMember(path: string, name: string): Promise<Member> {
	const file = await open(path, 'r');
	const at = async (position: number, length: number) => {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
		if (bytesRead < length) throw damaged(path, 'it is cut off');
		return buffer;
	};
	try {
		const { size } = await file.stat();
		const tail = await at(Math.max(0, size - longestComment - 22), Math.min(size, longestComment + 22));
		const end = lastRecord(tail);
		if (end < 0) throw damaged(path, 'it is no archive');
		const length = tail.readUInt32LE(end + 12);
		if (length > 64 * 2 ** 20) throw damaged(path, 'its list of members is far too long');
		const entry = entryNamed(await at(tail.readUInt32LE(end + 16), length), name);
		if (!entry) throw damaged(path, `it has no ${name}`);
		const local = await at(entry.offset, 30);
		if (local.readUInt32LE(0) !== localEntry) throw damaged(path, 'a member does not begin where it should');
		const offset = entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
		if (entry.method !== 0 && entry.method !== 8) throw damaged(path, `a member is packed in the unknown way ${entry.method}`);
		if (offset + entry.packed > size) throw damaged(path, 'a member reaches beyond its end');
		return { ...entry, offset };
	} finally {
		await file.close();
	}
}

function lastRecord(tail: Buffer): number {
	for (let at = tail.length - 22; at >= 0; at--) if (tail.readUInt32LE(at) === endRecord) return at;
	return -1;
}

function entryNamed(list: Buffer, name: string): Member | undefined {
	for (let at = 0; at + 46 <= list.length && list.readUInt32LE(at) === centralEntry; ) {
		const nameLength = list.readUInt16LE(at + 28);
		if (list.toString('utf8', at + 46, at + 46 + nameLength) === name) {
			return {
				method: list.readUInt16LE(at + 10),
				packed: list.readUInt32LE(at + 20),
				size: list.readUInt32LE(at + 24),
				offset: list.readUInt32LE(at + 42),
			};
		}
		at += 46 + nameLength + list.readUInt16LE(at + 30) + list.readUInt16LE(at + 32);
	}
	return undefined;
}

const damaged = (path: string, why: string) =>
	new Refusal(`The downloaded package ${path} cannot be read: ${why}. Delete it and try again.`, 41);
