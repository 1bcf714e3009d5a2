import { posix } from 'node:path';
import fuzzysort from 'fuzzysort';
import { say } from '../prompts.js';
import { Refusal } from '../types.js';
import type { Files } from '../workspace/workspace.js';

/** What stands at a path. Refuses, like `files`, what leads outside. */
export async function kindOf(files: Files, path: string): Promise<'file' | 'folder' | 'absent'> {
	const inside = await files.inside(path);
	if (await isFolder(files, inside)) return 'folder';
	return (await files.sight(inside)) === 'absent' ? 'absent' : 'file';
}

/** The path, relative to the root, of a file that is there; else a refusal that names the nearest ones. */
export async function existingFile(files: Files, path: string): Promise<string> {
	const kind = await kindOf(files, path);
	if (kind === 'folder') throw new Refusal(say('tools/paths#folder', { path }));
	if (kind === 'absent') throw new Refusal(await absent(files, path));
	return await files.inside(path);
}

/** The path of a folder that is there, `` for the root; else a refusal. */
export async function existingFolder(files: Files, path: string): Promise<string> {
	const kind = await kindOf(files, path);
	if (kind === 'file') throw new Refusal(say('tools/paths#file', { path }));
	if (kind === 'absent') throw new Refusal(await absent(files, path));
	return rooted(await files.inside(path));
}

/** `.` and `./` are the root, which has no name here. */
export const rooted = (path: string): string => (path === '.' ? '' : path.replace(/^\.\//, '').replace(/\/+$/, ''));

async function absent(files: Files, path: string): Promise<string> {
	const nearest = await nearestPaths(files, path);
	return nearest.length > 0 ? say('tools/paths#nearest', { path, nearest: nearest.join(', ') }) : say('tools/paths#absent', { path });
}

/** Up to three paths that `path` was most likely meant to be: the same name elsewhere first, then names like it. */
async function nearestPaths(files: Files, path: string): Promise<string[]> {
	const { paths } = await files.list({ limit: 20_000 });
	const name = posix.basename(path);
	const namesakes = paths.filter(each => posix.basename(each).toLowerCase() === name.toLowerCase());
	const stem = name.replace(/\.[^.]*$/, '');
	const alike = [name, stem].flatMap(word =>
		word.length > 1 ? fuzzysort.go(word, paths, { limit: 3, threshold: 0.4 }).map(({ target }) => target) : [],
	);
	const turned = paths.filter(each => {
		const known = posix.basename(each).replace(/\.[^.]*$/, '');
		return known.length > 2 && fuzzysort.single(known, stem) !== null;
	});
	return [...new Set([...namesakes, ...alike, ...turned])].slice(0, 3);
}

async function isFolder(files: Files, path: string): Promise<boolean> {
	try {
		await files.entries(path);
		return true;
	} catch (error) {
		if (error instanceof Refusal) return false;
		throw error;
	}
}
