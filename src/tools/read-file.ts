import { z } from 'zod';
import { say } from '../prompts.js';
import { Refusal } from '../types.js';
import { aliases, looseObject, wholeNumber } from './arguments.js';
import { charactersPerToken } from './clip.js';
import { existingFile } from './lookup.js';
import { numbered } from './numbered.js';
import { defineTool } from './tool.js';

const usualLines = 120;
/** Lines longer than this are cut: nobody reads them, and one of them can fill the context. */
const longestLine = 500;

export const readFile = defineTool({
	name: 'read_file',
	risk: 'reads',
	args: looseObject({ file_path: z.string().min(1), offset: wholeNumber.optional(), limit: wholeNumber.optional() }, aliases),
	title: ({ file_path, offset, limit }) =>
		`read ${file_path}${offset || limit ? `:${Math.max(1, offset ?? 1)}` : ''}${limit ? `+${limit}` : ''}`,
	async run({ file_path, offset, limit }, { workspace, outputTokens }) {
		const path = await existingFile(workspace.files, file_path);
		const { text } = await workspace.files.read(path);
		if (text === '') return { ok: true, text: say('tools/read_file#empty', { path }) };
		const lines = text.replace(/\n$/, '').split('\n');
		const from = Math.max(1, offset ?? 1);
		if (from > lines.length) throw new Refusal(say('tools/read_file#past-end', { path, offset: from, lines: lines.length }));
		const wanted = lines.slice(from - 1, from - 1 + Math.max(1, limit ?? usualLines)).map(shortened);
		const shown = wanted.slice(0, fitting(wanted, outputTokens));
		const to = from - 1 + shown.length;
		const body = numbered(shown, from);
		if (shown.length === lines.length) return { ok: true, text: body };
		const range = { from, to, lines: lines.length };
		const note = to < lines.length ? say('tools/read_file#part', { ...range, next: to + 1 }) : say('tools/read_file#rest', range);
		return { ok: true, text: `${body}\n${note}` };
	},
});

/** How many lines fit, at least one. */
function fitting(lines: readonly string[], tokens: number): number {
	let room = tokens * charactersPerToken;
	const end = lines.findIndex(line => {
		room -= line.length + 7;
		return room < 0;
	});
	return end < 0 ? lines.length : Math.max(1, end);
}

const shortened = (line: string): string =>
	line.length <= longestLine
		? line
		: `${line.slice(0, longestLine)} ${say('tools/read_file#long-line', { characters: line.length - longestLine })}`;
