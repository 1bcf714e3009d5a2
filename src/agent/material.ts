import { extname } from 'node:path';
import { say } from '../prompts.js';
import { type Message, Refusal } from '../types.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Task } from './loop.js';
import { mentions } from './mentions.js';

/** What goes before the person's words; `notes` are lines for the person about what was cut, `missing` what could not be read. */
export type Material = { text: string; notes: string[]; missing: { path: string; why: string }[] };

/**
 * The files named, as the model is shown them: path, then the text in a fence, in the order named. Together they take at
 * most `tokens`; what is cut is said, to the model and in the notes. One of `pieces` that is too long is left out instead: who
 * works on it shows what is needed of it. The model has then seen these files.
 */
export async function showFiles(
	paths: readonly string[],
	workspace: Workspace,
	{ tokens, pieces = [] }: { tokens: number; pieces?: readonly string[] | undefined },
): Promise<Material> {
	const parts: string[] = [];
	const notes: string[] = [];
	const missing: Material['missing'] = [];
	let left = tokens * 3.5;
	for (const path of paths) {
		try {
			const file = await workspace.files.read(path);
			if (file.text.length > left && pieces.includes(file.path)) continue;
			const shown = file.text.length <= left ? file.text : wholeLines(file.text, left);
			if (shown.length < file.text.length)
				notes.push(`${file.path} is longer than the model can take here: its first ${countLines(shown)} lines were read.`);
			const cut =
				shown.length < file.text.length ? `\n${say('jobs/material#cut', { lines: countLines(shown), all: countLines(file.text) })}` : '';
			parts.push(showFile(file.path, shown) + cut);
			left -= shown.length;
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			const listed = await folderAt(path, workspace);
			if (listed !== '') parts.push(listed);
			else missing.push({ path, why: error.message });
		}
	}
	return { text: parts.join('\n\n'), notes, missing };
}

/**
 * What a task is about besides what it names with `@`: files, and facts that the person is told of as `what`. Of the files that
 * it names, `named` are shown where not all of them are, and of `pieces` only a piece is needed, which the job shows itself.
 */
export type About = {
	paths: readonly string[];
	facts: readonly { what: string; text: string }[];
	named?: readonly string[];
	pieces?: readonly string[];
};
/** What `materialOf` is made with. `tokens` are those that the files named with `@` may take. */
export type Means = { workspace: Workspace; messages: readonly Message[]; tokens: number };

/** Tokens that files may take which the person did not ask to be read: half a minute on a slow machine. */
const unaskedMost = 1500;

/**
 * What goes before the words of a task: what came with it, the files it names with `@`, and what it is `about` besides, as far
 * as the model was not shown it already. The notes tell the person of the latter.
 */
export async function materialOf(task: Task, about: About, { workspace, messages, tokens }: Means): Promise<Material> {
	const named = await showFiles(about.named ?? task.files ?? mentions(task.text), workspace, { tokens, pieces: about.pieces });
	const found = await showFiles(about.paths, workspace, { tokens: Math.min(tokens, unaskedMost) });
	const besides = [{ what: about.paths.join(', '), text: found.text }, ...about.facts].filter(
		({ text }) => !named.text.includes(text) && !messages.some(message => message.role === 'user' && message.text.includes(text)),
	);
	return {
		text: [task.material, named.text, ...besides.map(({ text }) => text)].filter(part => part !== '').join('\n\n'),
		notes: [
			...named.notes,
			...besides.map(({ what }) => `${what}: read with the question.`),
			...(besides[0]?.text === found.text ? found.notes : []),
		],
		missing: named.missing,
	};
}

/** Paths that are told of one folder. */
const mostEntries = 100;

/** What lies in a folder, as the model is told it; empty when it is none, or nothing is in it. */
async function folderAt(path: string, { files }: Workspace): Promise<string> {
	try {
		const entries = await files.entries(path);
		return entries.length === 0 ? '' : say('jobs/material#folder', { path, entries: entries.slice(0, mostEntries).join('\n') });
	} catch (error) {
		if (error instanceof Refusal) return '';
		throw error;
	}
}

/** One file in the form that the model is asked to write files in: its path on a line, then the text in a fence. */
export function showFile(path: string, text: string): string {
	const fence = fenceFor(text);
	return `${path}\n${fence}${language(path)}\n${text}${text.endsWith('\n') || text === '' ? '' : '\n'}${fence}`;
}

/** A run of backticks longer than any in the text. */
export function fenceFor(text: string): string {
	const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length));
	return '`'.repeat(longest + 1);
}

/** The word after a fence for a file of this name. */
export const language = (path: string): string => languages[extname(path)] ?? extname(path).slice(1);

const languages: Record<string, string> = {
	'.py': 'python',
	'.js': 'javascript',
	'.mjs': 'javascript',
	'.cjs': 'javascript',
	'.ts': 'typescript',
	'.rs': 'rust',
	'.md': 'markdown',
	'.sh': 'bash',
	'.rb': 'ruby',
	'.yml': 'yaml',
	'.h': 'c',
	'.cc': 'cpp',
};
const wholeLines = (text: string, most: number) => text.slice(0, Math.max(0, text.lastIndexOf('\n', most) + 1));
const countLines = (text: string) => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

/** The words the model reads for a task: material first, the question last, which suits small models. */
export const userText = ({ text, material }: Task): string => (material ? `${material}\n\n${text}` : text);
