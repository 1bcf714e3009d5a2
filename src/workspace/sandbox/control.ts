/**
 * Names in the work tree that other programs start something from. What is there is shown to be read only. What is not gets an
 * empty folder while commands run, for a box can only cover what exists; it goes with the last command that used it, and what a
 * program that died left goes with the next one.
 */
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { places } from '../../places.js';
import { Refusal } from '../../types.js';
import { isAlive, ownName } from '../alive.js';
import { shown } from '../names.js';
import { codeOf } from '../trouble.js';

const names = ['.qwill', '.mcp.json', '.vscode', '.idea', '.husky'];

/** Where these names would be in `root`. */
export const controlsIn = (root: string): string[] => names.map(name => join(root, name));

/** A folder that we made: by its inode it is known again. */
type Made = { path: string; inode: string };
const record = z.array(z.object({ path: z.string(), inode: z.string() }));

const users = new Map<string, number>();
const made = new Map<string, Made>();

/** The paths to cover while a command runs in these folders; `release` when it has ended. Refuses links at these names: they cannot be covered. */
export function coverControls(...folders: string[]): { paths: string[]; release(): void } {
	sweepOnce();
	const paths = folders.flatMap(controlsIn);
	const taken: string[] = [];
	const release = () => {
		for (const path of taken.splice(0)) leave(path);
		keepRecord();
	};
	try {
		for (const path of paths) {
			if (!made.has(path)) refuseLink(path);
			if (take(path)) taken.push(path);
		}
		keepRecord();
	} catch (error) {
		release();
		throw error;
	}
	return { paths: paths.filter(path => lstatSync(path, { throwIfNoEntry: false })), release };
}

function refuseLink(path: string): void {
	if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
		throw new Refusal(`${shown(path)} is a link, which the sandbox cannot protect; nothing was run. Put a folder or file in its place.`);
}

/** Whether `path` is one of ours, which this command now uses too. A folder that cannot be made needs no cover: nobody can make it. */
function take(path: string): boolean {
	if (!made.has(path)) {
		try {
			mkdirSync(path, { mode: 0o755 });
		} catch (error) {
			if (codeOf(error) === 'EEXIST') return adopted(path);
			if (codeOf(error) === undefined) throw error;
			return false;
		}
		made.set(path, { path, inode: inodeOf(path) ?? '' });
	}
	users.set(path, (users.get(path) ?? 0) + 1);
	return true;
}

/** What another of our programs made and still uses becomes ours too: whoever leaves last removes it. */
function adopted(path: string): boolean {
	const inode = inodeOf(path);
	if (inode === undefined || !others().some(one => one.path === path && one.inode === inode)) return false;
	made.set(path, { path, inode });
	users.set(path, 1);
	return true;
}

function leave(path: string): void {
	const left = (users.get(path) ?? 1) - 1;
	users.set(path, left);
	const ours = made.get(path);
	if (left > 0 || !ours) return;
	users.delete(path);
	made.delete(path);
	if (!others().some(one => one.path === path && one.inode === ours.inode)) remove(ours);
}

/** Only an empty folder, and only the one that was made. */
function remove({ path, inode }: Made): void {
	if (inodeOf(path) !== inode) return;
	try {
		rmdirSync(path);
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
	}
}

function inodeOf(path: string): string | undefined {
	const entry = lstatSync(path, { throwIfNoEntry: false, bigint: true });
	return entry?.isDirectory() ? `${entry.dev}:${entry.ino}` : undefined;
}

const folder = () => join(places.cache(), 'covers');

/** What this program made, where others find it. */
function keepRecord(): void {
	const path = join(folder(), ownName());
	if (made.size === 0) {
		rmSync(path, { force: true });
		return;
	}
	mkdirSync(folder(), { recursive: true, mode: 0o700 });
	writeFileSync(path, JSON.stringify([...made.values()]), { mode: 0o600 });
}

/** What other living programs of ours made. */
const others = (): Made[] => recorded(name => name !== ownName() && isAlive(name));

let swept = false;
function sweepOnce(): void {
	if (swept) return;
	swept = true;
	for (const one of recorded(name => !isAlive(name), { thenRemove: true })) remove(one);
}

function recorded(wanted: (name: string) => boolean, { thenRemove = false } = {}): Made[] {
	return listed()
		.filter(wanted)
		.flatMap(name => {
			const path = join(folder(), name);
			const read = record.safeParse(parsed(path));
			if (thenRemove) rmSync(path, { force: true });
			return read.success ? read.data : [];
		});
}

function listed(): string[] {
	try {
		return readdirSync(folder());
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		return [];
	}
}

function parsed(path: string): unknown {
	try {
		return JSON.parse(readFileSync(path, 'utf8'));
	} catch {
		return undefined; // It was being written, or is gone: it names nothing.
	}
}
