/** A private copy of the work tree, to try candidates in without touching anything of the person's. */

import { randomBytes } from 'node:crypto';
import {
	constants,
	existsSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	realpathSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { places } from '../places.js';
import { Refusal } from '../types.js';
import { isAlive, ownName } from './alive.js';
import { trackedFiles } from './git.js';
import { rootAt } from './inside.js';
import { below, split } from './names.js';
import { codeOf, sayingWhy } from './trouble.js';
import { walk } from './walk.js';

/** A copy bigger than this costs more time than trying in it saves. */
const mostBytes = 500_000_000;
/** What tests need and builds do not change: linked, not copied, when it lies at the top. */
const dependencies = ['node_modules', '.venv', 'venv', 'vendor'];

/** A private copy. `links` are the real places of the dependency folders that it links to; `close` removes it. */
export type Scratch = {
	root: string;
	links: string[];
	/** Gives these files (path to whole text, `\n` line ends; null: none) another text, in the line ends they have, until it is taken back. */
	put(files: ReadonlyMap<string, string | null>): { takeBack(): void };
	/** Remembers these files as they are, until they are taken back. */
	hold(paths: readonly string[]): { takeBack(): void };
	/** Gives a file these bytes, for good; without them it is removed. Refuses one that is reached through a link. */
	set(path: string, content: { bytes: Buffer; mode: number } | undefined): void;
	close(): Promise<void>;
};

/**
 * Copies the files of `root` that git would know or could (not the ignored ones) to a folder of ours; dependency folders are
 * linked to, and named in `links`. Links stay links; those that lead outside are left out. Refuses over 500 MB.
 */
export async function scratchCopy(root: string, signal: AbortSignal): Promise<Scratch> {
	const from = rootAt(root).path;
	const scratch = join(places.cache(), 'scratch');
	sweep(scratch);
	const paths = await pathsOf(from, signal);
	const to = join(scratch, `${ownName()}-${randomBytes(4).toString('hex')}`);
	const links: string[] = [];
	const close = async () => rmSync(to, { recursive: true, force: true });
	try {
		await sayingWhy({ doing: 'copying files to', path: to }, async () => {
			mkdirSync(to, { recursive: true, mode: 0o700 });
			await copyAll({ from, to, paths }, signal);
			for (const name of dependencies)
				if (existsSync(join(from, name)) && !existsSync(join(to, name))) {
					symlinkSync(join(from, name), join(to, name));
					links.push(realpathSync(join(from, name)));
				}
		});
		return {
			root: to,
			links,
			put: files => put(to, files),
			hold: paths => hold(to, paths),
			set: (path, content) => set(join(to, path), content),
			close,
		};
	} catch (error) {
		await close();
		throw error;
	}
}

/** What was tried may have left links in the copy; none is followed. */
function write(at: string, bytes: string | Buffer | null, mode: number): void {
	if (realpathSync(dirname(at)) !== dirname(at)) throw new Refusal('A change that was tried has moved a folder; the search ends.');
	rmSync(at, { recursive: true, force: true });
	if (bytes !== null) writeFileSync(at, bytes, { flag: 'wx', mode });
}

function set(at: string, content: { bytes: Buffer; mode: number } | undefined): void {
	let above = dirname(at);
	while (!existsSync(above)) above = dirname(above);
	if (realpathSync(above) !== above) throw new Refusal('it is reached through a link');
	if (content) mkdirSync(dirname(at), { recursive: true });
	if (content) write(at, content.bytes, content.mode);
	else rmSync(at, { force: true });
}

/** Without undo and sync: nothing here is anybody's. */
function put(root: string, files: ReadonlyMap<string, string | null>): { takeBack(): void } {
	const held = hold(root, [...files.keys()]);
	for (const [path, text] of files) {
		const at = join(root, path);
		const old = held.before.get(at);
		if (text === null) {
			if (old) write(at, null, old.mode);
			continue;
		}
		mkdirSync(dirname(at), { recursive: true });
		write(at, old?.bytes.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text, old?.mode ?? 0o644);
	}
	return held;
}

type Old = { bytes: Buffer; mode: number };

function hold(root: string, paths: readonly string[]): { before: ReadonlyMap<string, Old | undefined>; takeBack(): void } {
	const before = new Map<string, Old | undefined>();
	for (const path of paths) {
		const at = join(root, path);
		before.set(at, existsSync(at) ? { bytes: readFileSync(at), mode: lstatSync(at).mode & 0o777 } : undefined);
	}
	return {
		before,
		takeBack() {
			for (const [at, old] of before)
				if (old) write(at, old.bytes, old.mode);
				else rmSync(at, { force: true });
		},
	};
}

async function pathsOf(from: string, signal: AbortSignal): Promise<string[]> {
	const paths = new Set<string>();
	for await (const entry of walk(rootAt(from), '.')) {
		signal.throwIfAborted();
		if (entry === 'cut') throw new Refusal('This folder has too many files to be copied for trying; work in a smaller one.');
		paths.add(entry.path);
	}
	// Files that are ignored and yet tracked.
	for (const path of await trackedFiles(from)) paths.add(path);
	const found = [...paths].filter(path => lstatSync(join(from, path), { throwIfNoEntry: false }));
	const bytes = found.reduce((sum, path) => sum + lstatSync(join(from, path)).size, 0);
	if (bytes > mostBytes)
		throw new Refusal(`This folder holds ${Math.round(bytes / 1e6).toLocaleString('en')} MB of files; up to 500 MB are copied for trying.`);
	return found;
}

async function copyAll({ from, to, paths }: { from: string; to: string; paths: readonly string[] }, signal: AbortSignal): Promise<void> {
	const waiting = paths.values();
	const copyNext = async () => {
		for (const path of waiting) {
			signal.throwIfAborted();
			await copyOne(from, to, path);
		}
	};
	await Promise.all(Array.from({ length: 8 }, copyNext));
}

async function copyOne(from: string, to: string, path: string): Promise<void> {
	const source = join(from, path);
	const target = join(to, path);
	const entry = lstatSync(source, { throwIfNoEntry: false });
	if (!entry || !(entry.isFile() || entry.isSymbolicLink())) return;
	mkdirSync(dirname(target), { recursive: true });
	if (entry.isFile()) {
		await copyFile(source, target, constants.COPYFILE_FICLONE);
		return;
	}
	const leadsTo = below(from, split(resolve(dirname(source), readlinkSync(source))));
	if (leadsTo) symlinkSync(relative(dirname(target), join(to, ...leadsTo)) || '.', target);
}

/** Removes what programs that died left. */
function sweep(scratch: string): void {
	try {
		for (const name of readdirSync(scratch)) if (!isAlive(name)) rmSync(join(scratch, name), { recursive: true, force: true });
	} catch (error) {
		if (codeOf(error) !== 'ENOENT') throw error;
	}
}
