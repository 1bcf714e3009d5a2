import { width } from './chat/text/width.js';
import { projectFolder } from './places.js';
import { type Noted, readNote } from './provenance.js';
import { exactLine } from './sanitise.js';
import { Refusal } from './types.js';
import { openFiles } from './workspace/files.js';
import { openGit } from './workspace/git.js';
import type { Blamed } from './workspace/workspace.js';
import { type Author, authorsIn } from './workspace/written.js';

/** Who wrote one line of a file. `commit` and `author` are null for what is not committed, the rest where no model is known to have written it. */
export type Row = {
	line: number;
	commit: string | null;
	author: string | null;
	model: string | null;
	sha256: string | null;
	seed: number | null;
	conversation: string | null;
	text: string;
};

/**
 * Each line of a file, and who wrote it: as notes of commits say, and, for what is not committed, what is kept of the folder's own
 * changes. `notes` are sentences for the person. Throws `Refusal` 42 for a file that git does not know.
 */
export async function blame(root: string, path: string): Promise<{ rows: Row[]; notes: string[] }> {
	try {
		const state = projectFolder(root);
		const files = await openFiles({ root, state, conversation: '' });
		const file = await files.peek(path);
		const git = openGit(root);
		const lines = await git.lines(path);
		const { noted, notes } = await notesOn(lines, git.notes);
		const own = authorsIn({ root, state }).of(file.path, file.text);
		return { rows: lines.map((line, index) => rowOf(line, index, line.commit ? noted(line) : own[index])), notes };
	} catch (error) {
		throw error instanceof Refusal ? new Refusal(error.message, 42) : error;
	}
}

type Found = Noted | Author | undefined;

function rowOf({ commit, author, text }: Blamed, index: number, found: Found): Row {
	const writer = found && ('writer' in found ? { ...found.writer, seed: found.writer.sampling.seed } : found);
	return {
		line: index + 1,
		commit: commit ?? null,
		author: commit ? author : null,
		model: writer?.model ?? null,
		sha256: writer?.sha256 ?? null,
		seed: writer?.seed ?? null,
		conversation: found?.conversation ?? null,
		text,
	};
}

/** What the notes of the lines' commits say of each. */
async function notesOn(lines: readonly Blamed[], read: (commits: ReadonlySet<string>) => Promise<Map<string, string>>) {
	const found = new Map<string, readonly Noted[]>();
	const notes: string[] = [];
	for (const [commit, text] of await read(new Set(lines.flatMap(({ commit }) => commit ?? [])))) {
		const files = readNote(text);
		if (files) found.set(commit, files);
		else notes.push(`The note on ${commit.slice(0, 8)} is not one of qwill's, or broken; it is passed over.`);
	}
	const noted = ({ commit, name, line }: Blamed): Noted | undefined =>
		found.get(commit ?? '')?.find(file => file.path === name && file.lines.some(([from, to]) => from <= line && line <= to));
	return { noted, notes };
}

/** The rows in columns: commit, who, seed, conversation, line and text, safe for a terminal. */
export function inColumns(rows: readonly Row[]): string {
	const cells = rows.map(({ line, commit, author, model, seed, conversation, text }) => ({
		columns: [commit?.slice(0, 8) ?? 'uncommitted', model ?? author ?? '-', String(seed ?? '-'), conversation?.slice(0, 8) ?? '-'].map(
			exactLine,
		),
		rest: `${String(line).padStart(String(rows.length).length)}  ${exactLine(text)}`.trimEnd(),
	}));
	const widths = [0, 1, 2, 3].map(column => Math.max(0, ...cells.map(({ columns }) => width(columns[column]!))));
	const padded = (cell: string, column: number): string => cell + ' '.repeat(widths[column]! - width(cell));
	return cells.map(({ columns, rest }) => `${columns.map(padded).join('  ')}  ${rest}\n`).join('');
}
