import { homedir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import ignore from 'ignore';
import { z } from 'zod';
import type { Call } from '../types.js';

const byFile = new Set(['read_file', 'edit', 'write_file']);
const byFolder = new Set(['glob', 'grep_search', 'list_directory']);
const text = z.string().min(1);

const gitReads = z.object({ action: z.enum(['status', 'diff', 'log', 'blame']), path: text });

/** The path that a checked call of a file tool, or of git where it reads, is about; a search without one is about the root. */
export function pathOf({ tool, args }: Call): string | undefined {
	if (tool === 'git') return gitReads.safeParse(args).data?.path;
	if (byFile.has(tool)) return z.object({ file_path: text }).safeParse(args).data?.file_path;
	return byFolder.has(tool) ? (z.object({ path: text }).safeParse(args).data?.path ?? '.') : undefined;
}

/** A gitignore pattern and the folder it is seen from. */
export type PathPattern = { base: string; pattern: string };

/** `//abs` from the file system's root, `~/x` from the home, `/x` from the project; `./x` and bare ones from there too. */
export function pathPattern(spec: string, root: string): PathPattern {
	if (spec.startsWith('//')) return { base: '/', pattern: spec.slice(1) };
	if (spec.startsWith('~/')) return { base: homedir(), pattern: spec.slice(1) };
	return { base: root, pattern: spec.startsWith('./') ? spec.slice(1) : spec };
}

/** Whether the path, absolute or relative to the root, is what the pattern means, or lies below it. */
export function pathMatches({ base, pattern }: PathPattern, path: string, root: string): boolean {
	const below = relative(base, resolve(root, path));
	if (below === '') return /^\/?\*{1,2}(?:\/\*{1,2})?$/.test(pattern);
	return !below.startsWith('..') && ignore({ ignorecase: false }).add(pattern).ignores(below);
}

/** The rule that means exactly this file, seen from the project. */
export const exactPath = (path: string): string =>
	join('/', path)
		.replace(/[\\*?[\]!#]/g, '\\$&')
		.replace(/ $/, '\\ ');
