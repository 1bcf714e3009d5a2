import { z } from 'zod';
import { say } from '../prompts.js';
import { Refusal } from '../types.js';
import { isPrivate } from '../workspace/reach.js';
import type { Files } from '../workspace/workspace.js';
import { aliases, looseObject, wholeNumber } from './arguments.js';
import { clip } from './clip.js';
import { kindOf, rooted } from './lookup.js';
import { matchingLines, type Search, searchFor } from './search-lines.js';
import { defineTool } from './tool.js';

const usualLimit = 50;
const mostFiles = 20_000;
const longestLine = 200;

export const grepSearch = defineTool({
	name: 'grep_search',
	risk: 'reads',
	args: looseObject(
		{ pattern: z.string().min(1), path: z.string().optional(), glob: z.string().optional(), limit: wholeNumber.optional() },
		{ ...aliases, pattern: ['query', 'regex', 'search', 'text'], glob: ['include', 'file_pattern'] },
	),
	title: ({ pattern, path, glob }) => `grep ${pattern}${path ? ` in ${path}` : ''}${glob ? ` (${glob})` : ''}`,
	async run({ pattern, path = '', glob, limit = usualLimit }, { workspace, signal, outputTokens }) {
		const { files } = workspace;
		const under = rooted(path);
		if (under !== '' && (await kindOf(files, under)) === 'absent') throw new Refusal(say('tools/paths#absent', { path }));
		const listed = await files.list({ under: under || '.', limit: mostFiles, ...(glob && { pattern: glob }) });
		// A secret is read where it is asked for by its own name, which a person is asked about; a search would come upon it unasked.
		const paths = listed.paths.filter(one => one === under || !isPrivate(one));
		const most = Math.max(1, limit);
		const exact = searchFor(pattern);
		const first = await hits(paths, { files, search: exact, most, signal });
		const ignoring = first.length === 0 && !exact.ignoreCase;
		const found = ignoring ? await hits(paths, { files, search: { ...exact, ignoreCase: true }, most, signal }) : first;
		const notes = [
			...(exact.literal ? [say('tools/grep_search#literal')] : []),
			...(found.length === 0 ? [say('tools/grep_search#none', { pattern, count: paths.length })] : []),
			...(ignoring && found.length > 0 ? [say('tools/grep_search#ignoring-case')] : []),
			...(paths.length < listed.paths.length ? [say('tools/grep_search#private', { count: listed.paths.length - paths.length })] : []),
		];
		const cut = [
			...(found.length > most ? [say('tools/grep_search#more', { limit: most })] : []),
			...(listed.more ? [say('tools/grep_search#many-files', { count: paths.length })] : []),
		];
		return { ok: true, text: clip([...notes, ...found.slice(0, most), ...cut].join('\n'), outputTokens, 'head') };
	},
});

type Looking = { files: Files; search: Search; most: number; signal: AbortSignal };

/** Matching lines as `path:line: text`; one more than `most` when there are more. Files that are no text are passed over. */
async function hits(paths: readonly string[], { files, search, most, signal }: Looking): Promise<string[]> {
	const found: string[] = [];
	for (const path of paths) {
		if (signal.aborted || found.length > most) break;
		const text = await textOf(files, path);
		if (text === undefined) continue;
		const lines = text.split('\n');
		for (const number of matchingLines(text, search)) found.push(`${path}:${number}: ${shortened(lines[number - 1]!)}`);
	}
	return found.slice(0, most + 1);
}

async function textOf(files: Files, path: string): Promise<string | undefined> {
	try {
		const { text, path: real } = await files.peek(path);
		return real !== path && isPrivate(real) ? undefined : text;
	} catch (error) {
		if (error instanceof Refusal) return undefined;
		throw error;
	}
}

const shortened = (line: string): string => (line.length <= longestLine ? line.trim() : `${line.trim().slice(0, longestLine)} …`);
