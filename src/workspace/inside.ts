/**
 * From the text of a path to an entry inside the root, whatever links, names or timing. Each folder on the way is opened
 * by its own name only, without following a link, through the descriptor of the one before (`/proc/self/fd/N/name`), so
 * that a link swapped in meanwhile leads nowhere. Where there is no /proc, by path; readers then compare afterwards.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, constants, existsSync, lstatSync, mkdirSync, openSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../types.js';
import { below, components, outside, shown, split } from './names.js';
import { codeOf, refusalFor } from './trouble.js';

/** A root by its real path. `byDescriptor` is whether the walk can go through /proc/self/fd. */
export type Root = { path: string; byDescriptor: boolean };

/** An entry inside the root, there or not yet; its folder is held open until `close`. */
export type Spot = {
	/** Relative to the root, links resolved; `.` for the root. */
	path: string;
	/** Relative paths of the folders still missing on the way, outermost first. */
	missing: string[];
	/** The path to hand to the file system for the entry, or for another name beside it. Nothing is there while folders are missing. */
	at(name?: string): string;
	/** The path to hand to the file system for the folder itself. */
	folder(): string;
	/** Makes the missing folders. */
	makeFolders(): void;
	close(): void;
};

/** The root at `path`, an existing folder. */
export function rootAt(path: string): Root {
	try {
		return { path: realpathSync(path), byDescriptor: existsSync('/proc/self/fd') };
	} catch (error) {
		throw refusalFor(error, { doing: 'opening the folder', path });
	}
}

/** Runs `work` on the entry that `input` names, and closes it. Refuses what leads outside, through links too. */
export async function withSpot<T>(root: Root, input: string, work: (spot: Spot) => Promise<T> | T): Promise<T> {
	let spot: Spot | undefined;
	try {
		spot = locate(root, input);
		return await work(spot);
	} catch (error) {
		throw refusalFor(error, { doing: 'opening', path: input });
	} finally {
		spot?.close();
	}
}

type Step = { name: string; fd: number };
const folderFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** As many links as Linux follows in one path (path_resolution(7)). */
const mostLinks = 40;

function locate(root: Root, input: string): Spot {
	const queue = components(root.path, input);
	const trail: Step[] = [{ name: '', fd: openSync(root.path, folderFlags) }];
	const missing: string[] = [];
	let name = '.';
	let links = 0;
	try {
		for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
			if (part === '..') {
				if (trail.length === 1) throw outside(input);
				closeSync(trail.pop()!.fd);
				continue;
			}
			const here = place(root, trail, part);
			const kind = kindOf(here);
			if (kind === 'link') {
				if (++links > mostLinks) throw new Refusal(`${shown(input)} goes through too many links (more than ${mostLinks}).`);
				follow(root, { here, input, trail, queue });
				continue;
			}
			if (kind === 'nothing') {
				if (queue.includes('..')) {
					queue.splice(0, queue.length, ...collapse([part, ...queue]));
					continue;
				}
				missing.push(part, ...queue.splice(0));
				name = missing.pop()!;
				continue;
			}
			if (queue.length === 0) {
				name = part;
				continue;
			}
			if (kind === 'other')
				throw new Refusal(`${shown([...names(trail), part].join('/'))} is not a folder, so ${shown(input)} cannot exist.`);
			trail.push({ name: part, fd: openSync(here, folderFlags) });
		}
	} catch (error) {
		for (const step of trail) closeSync(step.fd);
		throw error;
	}
	return spotAt(root, { trail, missing, name });
}

/** Puts the components of a link's target before those still to go. */
function follow(root: Root, { here, input, trail, queue }: { here: string; input: string; trail: Step[]; queue: string[] }): void {
	const target = readlinkSync(here);
	if (!target.startsWith('/')) {
		queue.unshift(...split(target));
		return;
	}
	const inner = below(root.path, split(target)) ?? below(root.path, split(realpathOr(target)));
	if (!inner) throw new Refusal(`${shown(input)} is a link that leads outside the workspace; only files inside this folder can be used.`);
	for (const step of trail.splice(1)) closeSync(step.fd);
	queue.unshift(...inner);
}

function spotAt(root: Root, { trail, missing, name }: { trail: Step[]; missing: string[]; name: string }): Spot {
	const known = names(trail);
	const made = () => trail.length - 1 - known.length === missing.length;
	const path = [...known, ...missing, name].filter(part => part !== '.').join('/') || '.';
	return {
		path,
		missing: missing.map((_part, index) => [...known, ...missing.slice(0, index + 1)].join('/')),
		at: (beside = name) => place(root, trail, made() ? beside : absent),
		folder: () => place(root, trail, '.'),
		makeFolders() {
			for (const part of missing.slice(trail.length - 1 - known.length)) {
				const here = place(root, trail, part);
				try {
					mkdirSync(here);
				} catch (error) {
					if (codeOf(error) !== 'EEXIST') throw error;
				}
				trail.push({ name: part, fd: openSync(here, folderFlags) });
			}
		},
		close: () => {
			for (const step of trail.splice(0)) closeSync(step.fd);
		},
	};
}

/**
 * Below a missing folder there is nothing, also when a link gets that folder's name in the next instant; so the file
 * system is asked for a name that nobody has.
 */
const absent = `.qwill-absent-${randomBytes(8).toString('hex')}`;

const names = (trail: readonly Step[]): string[] => trail.slice(1).map(step => step.name);

/** Where `part` of the innermost folder of `trail` is for the file system. */
function place(root: Root, trail: readonly Step[], part: string): string {
	const last = trail.at(-1);
	if (!last) throw new Error('a spot was used after it was closed');
	return root.byDescriptor ? `/proc/self/fd/${last.fd}/${part}` : join(root.path, ...names(trail), part);
}

function kindOf(here: string): 'link' | 'folder' | 'other' | 'nothing' {
	const entry = lstatSync(here, { throwIfNoEntry: false });
	if (!entry) return 'nothing';
	if (entry.isSymbolicLink()) return 'link';
	return entry.isDirectory() ? 'folder' : 'other';
}

/** Takes `x/..` out, where `x` does not exist and so cannot be a link. */
function collapse(parts: readonly string[]): string[] {
	const kept: string[] = [];
	for (const part of parts) {
		if (part === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
		else kept.push(part);
	}
	return kept;
}

function realpathOr(target: string): string {
	try {
		return realpathSync(target);
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		return target;
	}
}
