/** What a folder is to the box: which may be worked in, what of the machine is shown beside it, and what in it is closed. */
import { accessSync, constants, existsSync, lstatSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { places } from '../../places.js';
import { Refusal } from '../../types.js';
import { findRepository } from '../git-place.js';
import { namesIn, realOr } from '../gone.js';
import { codeOf } from '../trouble.js';
import { holds, type Shown, system, toolFolders } from './tools.js';

/** A work folder as the box needs to know it. All paths are real ones, but those of `Shown.at`. */
export type Place = {
	root: string;
	/** Where the home of the person is; empty in the box. */
	home: string;
	/** Folders to be read: the rest of the repository above the root, programs, git's own folder when it lies elsewhere. */
	shown: Shown[];
	/** The folder that private entries are looked for in: the whole repository, or the root. */
	top: string;
	/** Our own folders inside the root. */
	ours: string[];
	/** A folder of ours that programs may write in too. */
	kept?: string | undefined;
};

/** Folders too wide to be opened to a program for writing; below `closed` ones there is none that is narrow enough. */
const wide =
	/^\/(?:|home|mnt|media|opt|root|run|srv|tmp|var|var\/(?:lib|tmp|cache|log|spool)|usr(?:\/(?:local|share|src))?|Users|Users\/Shared|Volumes|Applications|private(?:\/(?:tmp|var(?:\/(?:db|folders(?:\/[^/]+){0,3}|root|run|tmp))?))?|snap)$/;
const closed = [
	'/etc',
	'/proc',
	'/sys',
	'/dev',
	'/boot',
	'/bin',
	'/sbin',
	'/lib',
	'/lib64',
	'/usr/bin',
	'/usr/sbin',
	'/usr/lib',
	'/usr/lib64',
	'/Library',
	'/System',
	'/private/etc',
];

/** Why no program can be boxed in `root` (a real path); undefined when nothing is against it. */
export function tooWide(root: string): string | undefined {
	const home = homes().find(folder => holds(root, folder));
	if (wide.test(root) || closed.some(folder => holds(folder, root)))
		return `${root} is too wide a folder to open to programs; work in one below it`;
	return home === undefined ? undefined : `${root} holds your home folder; work in a folder below it`;
}

/** The place that `root` is. `links` are folders elsewhere that links in it lead to. */
export function placeOf(root: string, links: readonly string[]): Place {
	const home = homes()[0] ?? '/tmp';
	const repository = repositoryOf(root);
	const top = repository !== undefined && tooWide(repository.top) === undefined ? repository.top : root;
	const elsewhere = repository && !holds(top, repository.dir) ? [commonOf(repository.dir)] : [];
	const asIs = (real: string): Shown => ({ real, at: real });
	return {
		root,
		home,
		top,
		shown: [
			...toolFolders({ path: process.env.PATH ?? '', home, root }),
			...(top === root ? [] : [top]).map(asIs),
			...[...elsewhere, ...links].map(asIs),
		],
		ours: [places.state(), places.cache(), places.config()].filter(folder => folder !== root && holds(root, folder) && existsSync(folder)),
	};
}

/** The home folders of the person, by their real paths: as the environment has it, and as the system has it. */
export function homes(): string[] {
	const said = [process.env.HOME, accountHome()].filter(folder => folder?.startsWith('/')) as string[];
	return said.map(folder => realOr(resolve(folder))).filter(folder => folder !== '/' && !system.some(one => holds(one, folder)));
}

function accountHome(): string | undefined {
	try {
		return userInfo().homedir;
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		return undefined; // A user without a name, as in containers.
	}
}

function repositoryOf(root: string): ReturnType<typeof findRepository> {
	try {
		return findRepository(root);
	} catch (error) {
		if (!(error instanceof Refusal) && codeOf(error) === undefined) throw error;
		return undefined;
	}
}

/** Of a linked work tree, the folder that all of them share; see gitrepository-layout(5). */
function commonOf(dir: string): string {
	const path = join(dir, 'commondir');
	return existsSync(path) ? realOr(resolve(dir, readFileSync(path, 'utf8').trim())) : dir;
}

let guarded: string[] | undefined;

/**
 * Entries of /etc that not everybody may read, but this person may: root all of them, others by a group. What the system keeps
 * closed to them it keeps closed in a box.
 */
export function guardedSettings(): readonly string[] {
	guarded ??= [...closedIn('/etc', 3)].filter(opens);
	return guarded;
}

/** A folder that cannot be listed may still be gone through. */
const opens = (path: string): boolean => [constants.R_OK, constants.X_OK].some(way => may(path, way));

function may(path: string, way: number): boolean {
	try {
		accessSync(path, way);
		return true;
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		return false;
	}
}

function* closedIn(folder: string, depth: number): Generator<string> {
	for (const name of namesIn(folder)) {
		const path = join(folder, name);
		const entry = lstatSync(path, { throwIfNoEntry: false });
		const folderBits = entry?.isDirectory() ? 0o001 : 0;
		if (!entry || entry.isSymbolicLink()) continue;
		if ((entry.mode & (0o004 | folderBits)) !== (0o004 | folderBits)) yield path;
		else if (entry.isDirectory() && depth > 1) yield* closedIn(path, depth - 1);
	}
}
