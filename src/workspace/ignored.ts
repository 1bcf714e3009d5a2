/** What git would ignore (gitignore(5)): the rules of each folder on the way, the nearest first, then .git/info/exclude. */
import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { codeOf } from './trouble.js';

/** `base` is the absolute folder that the rules speak of. The last rules are the nearest. */
export type Rules = readonly { base: string; rules: Ignore }[];

const longestFile = 1_000_000;

/** The rules that hold in `folder` because of the folders above it, up to the top of its repository. */
export function rulesAbove(folder: string): Rules {
	const above: string[] = [];
	for (let at = folder; ; at = dirname(at)) {
		const git = statSync(join(at, '.git'), { throwIfNoEntry: false });
		if (git) {
			const exclude = rulesFrom(join(at, '.git', 'info', 'exclude'), at);
			return above.reduce((rules, between) => withFolder(rules, between), exclude);
		}
		if (dirname(at) === at) return [];
		above.unshift(dirname(at));
	}
}

/** `rules` and those of the .gitignore in `folder` itself; `path` is how the file system is to reach it. */
export const withFolder = (rules: Rules, folder: string, path = folder): Rules => [
	...rules,
	...rulesFrom(join(path, '.gitignore'), folder),
];

/** Whether `path`, absolute, is ignored; the folders above it are taken not to be. */
export function isIgnored(rules: Rules, path: string, isFolder: boolean): boolean {
	for (const { base, rules: here } of rules.toReversed()) {
		const { ignored, unignored } = here.test(`${relative(base, path)}${isFolder ? '/' : ''}`);
		if (ignored || unignored) return ignored;
	}
	return false;
}

function rulesFrom(file: string, base: string): Rules {
	const text = smallFile(file);
	if (text === undefined) return [];
	return [{ base, rules: ignore().add(text.split('\n').filter(isTame).join('\n')) }];
}

/**
 * Rules become regular expressions, and one with many wildcards in one name can take hours on a name made for it. Such
 * rules are left out: what they would hide is listed.
 */
const isTame = (pattern: string): boolean =>
	pattern.length <= 1000 &&
	(pattern.match(/\*\*/g)?.length ?? 0) <= 4 &&
	pattern.split('/').every(part => (part.match(/\*+/g)?.length ?? 0) <= 3);

/** Regular files only, never through a link, never a pipe that would make us wait. */
function smallFile(path: string): string | undefined {
	let fd: number | undefined;
	try {
		fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
		const stat = fstatSync(fd);
		return stat.isFile() && stat.size <= longestFile ? readFileSync(fd, 'utf8') : undefined;
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		return undefined;
	} finally {
		if (fd !== undefined) closeSync(fd);
	}
}
