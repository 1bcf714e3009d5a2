/** Which git, and which repository: found by ourselves, so that neither is chosen by the repository. */
import { accessSync, constants, lstatSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { Refusal } from '../types.js';
import { realOr } from './gone.js';
import { below, shown, split } from './names.js';
import { codeOf } from './trouble.js';

/** `dir` is git's own folder, `top` the work tree, both real paths. */
export type Repository = { dir: string; top: string };

/** The first git on the PATH that is not inside `root`; undefined when there is none. */
export function findGit(root: string): string | undefined {
	return pathOutside(root)
		.map(folder => join(folder, 'git'))
		.find(isProgram);
}

/** The absolute folders of the PATH that are not inside `root`; all of them where that is the whole machine. */
export const pathOutside = (root: string): string[] =>
	(process.env.PATH ?? '').split(delimiter).filter(folder => isAbsolute(folder) && (root === '/' || !below(root, split(realOr(folder)))));

/**
 * The repository that `root` is in; undefined when it is in none. A `.git` file of a linked work tree or of a submodule is
 * followed only to a folder that points back; another one, and a link, is refused.
 */
export function findRepository(root: string): Repository | undefined {
	for (let top = root; ; top = dirname(top)) {
		const path = join(top, '.git');
		const entry = lstatSync(path, { throwIfNoEntry: false });
		if (entry?.isDirectory()) return { dir: path, top };
		if (entry?.isFile()) return { dir: pointedTo(path, top), top };
		if (entry) throw new Refusal(`${shown(path)} is not a folder but a link or something else; qwill does not use git here.`);
		if (dirname(top) === top) return undefined;
	}
}

/** See gitrepository-layout(5): `gitdir:` in a .git file, and `gitdir` in the folder that it names. */
function pointedTo(path: string, top: string): string {
	const target = /^gitdir: ([^\n\0]+)\n?$/.exec(readFileSync(path, 'utf8').slice(0, 5000))?.[1];
	const dir = target && realOr(resolve(top, target));
	if (dir && (pointsBack(dir, path) || dir.includes('/.git/modules/'))) return dir;
	const why = target ? `points to ${shown(target)}, which does not point back` : 'is a file that names no repository';
	throw new Refusal(`${shown(path)} ${why}; qwill does not use git here.`);
}

function pointsBack(dir: string, path: string): boolean {
	try {
		return realOr(resolve(dir, readFileSync(join(dir, 'gitdir'), 'utf8').trimEnd())) === realOr(path);
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		return false;
	}
}

function isProgram(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return statSync(path).isFile();
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		return false;
	}
}
