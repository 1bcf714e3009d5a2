/** What in a work tree is not for programs in the box: files of secrets, and repositories, which others start programs from. */
import { type Dirent, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { below, isProtected, split } from '../names.js';
import { codeOf } from '../trouble.js';

/** Absolute paths. `repositories` are the `.git` entries, files and folders. */
export type Private = { secrets: string[]; repositories: string[] };

/** Folders that are looked into; what lies in more is not found. */
const mostFolders = 4000;
/** Full of other people's files, and never of the person's secrets. */
const passedOver = new Set(['node_modules', '.venv', 'venv', '__pycache__', 'target', '.tox', '.mypy_cache', '.next', '.cache']);

/** A folder as it was when it was last read; entries cannot come or go without its change time. */
type Read = { changed: number; secrets: string[]; repositories: string[]; folders: string[] };

/** Finds the private entries below `top` (a real path). Each call reads again only the folders that changed. */
export function privateIn(top: string): () => Private {
	const read = new Map<string, Read>();
	return () => {
		const found: Private = { secrets: [], repositories: [] };
		const waiting = [top];
		let count = 0;
		for (let folder = waiting.pop(); folder !== undefined && count < mostFolders; folder = waiting.pop(), count++) {
			const changed = lstatSync(folder, { throwIfNoEntry: false })?.ctimeMs;
			if (changed === undefined) continue;
			let known = read.get(folder);
			if (known?.changed !== changed) {
				known = { changed, ...entriesOf(folder, top) };
				read.set(folder, known);
			}
			found.secrets.push(...known.secrets);
			found.repositories.push(...known.repositories);
			waiting.push(...known.folders);
		}
		return found;
	};
}

function entriesOf(folder: string, top: string): Omit<Read, 'changed'> {
	const found: Omit<Read, 'changed'> = { secrets: [], repositories: [], folders: [] };
	for (const entry of listed(folder)) {
		const path = join(folder, entry.name);
		const protection = isProtected(entry.name);
		if (protection === 'git') found.repositories.push(path);
		// A folder of such a name is an environment of Python's.
		else if (protection === 'secret' && !entry.isDirectory()) found.secrets.push(...targetOf(path, entry, top));
		else if (entry.isDirectory() && !passedOver.has(entry.name)) found.folders.push(path);
	}
	return found;
}

/** The file itself; of a link, what it leads to. That which lies outside is not there in the box. */
function targetOf(path: string, entry: Dirent, top: string): string[] {
	if (!entry.isSymbolicLink()) return [path];
	try {
		const target = realpathSync(path);
		return below(top, split(target)) ? [target] : [];
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		return [];
	}
}

function listed(folder: string): Dirent[] {
	try {
		return readdirSync(folder, { withFileTypes: true });
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		return []; // What cannot be listed cannot be read in the box either.
	}
}
