/** A private copy of the work tree, to try candidates in without touching anything of the person's. */

import { randomBytes } from 'node:crypto';
import { constants, existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
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

/**
 * Copies the files of `root` that git would know or could (not the ignored ones) to a folder of ours; dependency folders are
 * linked to, and named in `links`. Links stay links; those that lead outside are left out. `close` removes the copy. Refuses
 * over 500 MB.
 */
export async function scratchCopy(root: string, signal: AbortSignal): Promise<{ root: string; links: string[]; close(): Promise<void> }> {
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
		return { root: to, links, close };
	} catch (error) {
		await close();
		throw error;
	}
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
