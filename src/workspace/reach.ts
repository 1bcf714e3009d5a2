/** What a path written in a command leads to. For deciding whether the command may run, not for opening anything. */
import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../types.js';
import { rootAt, withSpot } from './inside.js';
import { isProtected, split } from './names.js';
import { codeOf } from './trouble.js';

/**
 * `path` is relative to the root, links resolved. `other` is a device, a pipe or a socket. `names` is how many names (hard links) it
 * has on its disk.
 */
export type Reached = { path: string; kind: 'file' | 'folder' | 'nothing' | 'other'; names: number };

/** Entries below a folder that are looked at before it counts as not plain. */
const mostEntries = 5000;
/** Files that a pattern may stand for. */
const mostMatches = 200;

/** Where `path`, seen from the folder `from` inside the root, leads; undefined when that is outside or cannot be told. */
export async function reach(root: string, from: string, path: string): Promise<Reached | undefined> {
	try {
		return await withSpot(rootAt(root), path.startsWith('/') ? path : `${from}/${path}`, spot => {
			const entry = lstatSync(spot.at(), { throwIfNoEntry: false });
			const { path } = spot;
			if (!entry) return { path, kind: 'nothing' as const, names: 0 };
			const kind = entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other';
			return { path, kind, names: entry.nlink };
		});
	} catch (error) {
		if (error instanceof Refusal) return undefined;
		throw error;
	}
}

/**
 * Every path that a shell pattern of `*` and `?` may become, seen from `from`; rather too many than too few. Undefined
 * when they are too many to look at, or lie outside.
 */
export async function matches(root: string, from: string, pattern: string): Promise<string[] | undefined> {
	let found = [pattern.startsWith('/') ? '/' : ''];
	for (const part of split(pattern)) {
		const next: string[] = [];
		for (const folder of found) {
			if (!/[*?]/.test(part)) next.push(join(folder, part));
			else {
				const reached = await reach(root, from, folder || '.');
				if (!reached) return undefined;
				const name = nameLike(part);
				if (reached.kind === 'folder')
					next.push(
						...entriesOf(root, reached.path)
							.filter(entry => name.test(entry.name))
							.map(entry => join(folder, entry.name)),
					);
			}
			if (next.length > mostMatches) return undefined;
		}
		found = next;
	}
	return found;
}

/** Whether nothing below a folder is secret, git's or qwill's own: what a command that reads all of it would read. */
export function isPlainBelow(root: string, folder: string): boolean {
	const waiting = [folder];
	let seen = 0;
	for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
		for (const entry of entriesOf(root, next)) {
			const path = join(next, entry.name);
			if (++seen > mostEntries || isPrivate(path)) return false;
			if (entry.isDirectory()) waiting.push(path);
		}
	}
	return true;
}

/** Whether a path (relative to the root, links resolved) is for nobody but the person: git's data, secrets, qwill's settings. */
export function isPrivate(path: string): boolean {
	const protection = isProtected(path);
	return protection === 'git' || protection === 'secret' || split(path).some(part => /^\.(?:qwill|ssh)$/i.test(part));
}

function entriesOf(root: string, folder: string): Dirent[] {
	try {
		return readdirSync(join(root, folder), { withFileTypes: true });
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		return []; // What cannot be listed cannot be read by a command either.
	}
}

/** A `?` may stand for several characters: what one letter is, is a matter of the locale. Only a written dot matches a leading one. */
const nameLike = (part: string): RegExp =>
	new RegExp(
		`^${part.startsWith('.') ? '' : '(?!\\.)'}${part
			.replace(/[.+^${}()|[\]\\]/g, '\\$&')
			.replace(/\*/g, '[\\s\\S]*')
			.replace(/\?/g, '[\\s\\S]+')}$`,
	);
