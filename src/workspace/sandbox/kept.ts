/**
 * What compilers keep from one command to the next: the home that a boxed command sees is empty, and Go would compile its whole library
 * anew for each. A project has one folder for the commands in it and another for those in copies of it, so that nothing that was only
 * tried gets into what is built. What a person's own compilers keep is never shown: it could be changed.
 */
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { places, slug } from '../../places.js';
import { realOr } from '../gone.js';
import { codeOf } from '../trouble.js';
import { holds } from './tools.js';

/** A folder of ours that boxed commands may write in, and how their tools are told of it. */
export type Kept = { folder: string; env: Readonly<Record<string, string>> };

const longestMs = 30 * 24 * 60 * 60 * 1000;

/** The folder for commands in `root`, made if need be; `copyOf` is what that is a copy of. Undefined where there can be none. */
export function keptFor(root: string, copyOf?: string): Kept | undefined {
	const all = places.compiled();
	const project = join(all, slug(copyOf ?? root));
	const folder = join(project, copyOf === undefined ? 'own' : 'trials');
	try {
		if (holds(root, realOr(all))) return undefined;
		if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) sweep(all);
		const now = new Date();
		utimesSync(project, now, now);
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		return undefined; // A full or closed disk: all is compiled anew, and nothing else is lost.
	}
	const real = realOr(folder);
	// Go finds what it made by what it was made of. Cargo goes by times: with a folder for several copies it would take one for another.
	return { folder: real, env: { GOCACHE: join(real, 'go') } };
}

/** Projects that nothing was run in for a month. */
function sweep(all: string): void {
	for (const name of readdirSync(all)) {
		const path = join(all, name);
		if (Date.now() - statSync(path).mtimeMs > longestMs) rmSync(path, { recursive: true, force: true });
	}
}
