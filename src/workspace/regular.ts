/** Reading regular files, and nothing else that has a name in a folder. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync, realpathSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../types.js';
import type { Root, Spot } from './inside.js';
import { shown } from './names.js';
import { codeOf } from './trouble.js';

/** Files beyond this are not read as a whole. */
export const mostBytes = 10_000_000;

/** The bytes of a regular file as they are now, its permission bits, and under how many names it is known. */
export type Regular = { bytes: Buffer; mode: number; links: number; uid: number; gid: number };

/** How often a file is opened anew that another program puts in its place just then, as editors do when they save. */
const mostAttempts = 10;

/**
 * The file at `spot`; undefined when nothing is there. Refuses folders, and at once (never waiting for another program)
 * pipes, sockets and devices; refuses files beyond `mostBytes`.
 */
export function readRegular(root: Root, spot: Spot): Regular | undefined {
	for (let attempt = 1; attempt <= mostAttempts; attempt++) {
		const found = readOnce(root, spot);
		if (found !== 'replaced') return found;
	}
	throw new Refusal(`${shown(spot.path)} was replaced while it was opened; try again.`);
}

function readOnce(root: Root, spot: Spot): Regular | undefined | 'replaced' {
	const entry = lstatSync(spot.at(), { throwIfNoEntry: false });
	if (!entry) return undefined;
	refuseOthers(entry, spot.path);
	const fd = openSync(spot.at(), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
	try {
		const stat = fstatSync(fd);
		refuseOthers(stat, spot.path);
		const moved = !root.byDescriptor && realpathSync(spot.at()) !== join(root.path, spot.path);
		if (moved || stat.ino !== entry.ino || stat.dev !== entry.dev) return 'replaced';
		if (stat.size > mostBytes) throw tooBig(spot.path, stat.size);
		const bytes = readAtMost(fd, stat.size, mostBytes);
		if (!bytes) throw tooBig(spot.path, mostBytes + 1);
		return { bytes, mode: stat.mode & 0o7777, links: stat.nlink, uid: stat.uid, gid: stat.gid };
	} finally {
		closeSync(fd);
	}
}

/** `readRegular`, with a sentence when nothing is there; it names a file whose name differs only in case or in Unicode form. */
export function readExisting(root: Root, spot: Spot): Regular {
	const found = readRegular(root, spot);
	if (found) return found;
	const wanted = alike(spot.path.split('/').at(-1) ?? '');
	const near = spot.missing.length > 0 ? undefined : readdirSync(spot.folder()).find(name => alike(name) === wanted);
	throw new Refusal(`${shown(spot.path)} does not exist.${near === undefined ? '' : ` There is ${shown(near)} in the same folder.`}`);
}

const alike = (name: string) => name.normalize('NFC').toLowerCase();

/** Reads to the end, or gives undefined when there is more than `most`. Files of /proc say size 0, and a file may grow. */
function readAtMost(fd: number, expected: number, most: number): Buffer | undefined {
	let bytes = Buffer.allocUnsafe(expected + 1);
	let filled = 0;
	for (;;) {
		if (filled === bytes.length) bytes = Buffer.concat([bytes], Math.min(bytes.length * 2 + 65_536, most + 1));
		const count = readSome(fd, bytes, filled);
		if (count === 0) return bytes.subarray(0, filled);
		filled += count;
		if (filled > most) return undefined;
	}
}

function readSome(fd: number, bytes: Buffer, from: number): number {
	try {
		return readSync(fd, bytes, from, bytes.length - from, null);
	} catch (error) {
		if (codeOf(error) === 'EAGAIN') return 0;
		throw error;
	}
}

function refuseOthers(stat: Stats, path: string): void {
	if (stat.isFile()) return;
	if (stat.isDirectory()) throw new Refusal(`${shown(path)} is a folder, not a file.`);
	const kind = stat.isFIFO() ? 'a pipe' : stat.isSocket() ? 'a socket' : stat.isSymbolicLink() ? 'a link' : 'a device';
	throw new Refusal(`${shown(path)} is not a regular file but ${kind}; it is not opened.`);
}

function tooBig(path: string, size: number): Refusal {
	const how = size > mostBytes + 1 ? `it has ${size.toLocaleString('en')} bytes` : 'it keeps growing';
	return new Refusal(`${shown(path)} is too big to read as a whole: ${how}, and the limit is ${mostBytes.toLocaleString('en')}.`);
}
