import { closeSync, fstatSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { places } from '../places.js';
import { echoed } from '../sanitise.js';
import { Refusal } from '../types.js';
import { codeOf } from '../workspace/trouble.js';
import { isLocked } from './lock.js';
import { notOurs, record } from './past.js';
import { eventRecord, headRecord, type Summary, summaryRecord } from './records.js';

/** One conversation in a list. `title` is its name, else the first words of the person; `turns` counts the person's messages. */
export type JournalSummary = {
	id: string;
	title: string;
	name: string | undefined;
	turns: number;
	modified: Date;
	branch: string | undefined;
	model: string;
	path: string;
};

/** The conversations of one project folder (its real path), newest first. Reads only the beginning and the end of each. */
export function listJournals(root: string): JournalSummary[] {
	return filesIn(places.project(root))
		.flatMap(summaryOf)
		.sort((a, b) => b.modified.getTime() - a.modified.getTime());
}

/** The conversation with this id, beginning of an id, or name. Throws `Refusal` 42 that names the candidates. */
export function findJournal(root: string, wanted: string): JournalSummary {
	const all = listJournals(root);
	const exact = all.find(one => one.id === wanted);
	if (exact) return exact;
	const lower = wanted.toLowerCase();
	const typed = `"${echoed(wanted)}"`;
	const found = all.filter(one => one.id.startsWith(lower) || one.name?.toLowerCase() === lower);
	if (found.length === 1) return found[0]!;
	const named = (list: readonly JournalSummary[]): string =>
		list
			.slice(0, 5)
			.map(one => `${one.id.slice(0, 8)} (${echoed(one.title)})`)
			.join(', ');
	if (found.length > 1) throw new Refusal(`${typed} fits ${found.length} conversations: ${named(found)}. Give more of the id.`, 42);
	const unreadable = filesIn(places.project(root)).find(path => basename(path, '.jsonl') === wanted);
	if (unreadable) throw new Refusal(notOurs(unreadable), 42);
	if (all.length === 0) throw new Refusal(`No conversation ${typed}: this folder has none yet. Start one with: qwill`, 42);
	throw new Refusal(`No conversation ${typed} in this folder. The newest: ${named(all)}.`, 42);
}

/** Removes the conversations of all folders that were last written more than `days` days ago and are not open; gives their paths. */
export function removeOldJournals(days: number): string[] {
	const limit = Date.now() - days * 24 * 60 * 60 * 1000;
	const old = foldersIn(join(places.state(), 'projects'))
		.flatMap(filesIn)
		.filter(path => modifiedOf(path) < limit && !isLocked(path));
	for (const path of old) rmSync(path, { force: true });
	return old;
}

/** Removes one conversation for good. Throws `Refusal` 42 while a program has it open. */
export function removeJournal(path: string): void {
	if (isLocked(path)) throw new Refusal(`${basename(path, '.jsonl')} is open in another qwill; end that one first.`, 42);
	rmSync(path, { force: true });
}

const headBytes = 16 * 1024;
const tailBytes = 64 * 1024;

function summaryOf(path: string): JournalSummary[] {
	const fd = openOrNot(path);
	if (fd === undefined) return [];
	try {
		const stat = fstatSync(fd);
		const lines = readSome(fd, 0, Math.min(stat.size, headBytes)).split('\n');
		const head = record(headRecord, lines[0] ?? '');
		if (!head) return [];
		const tail = stat.size > headBytes ? readSome(fd, Math.max(0, stat.size - tailBytes), tailBytes).split('\n') : lines;
		const summary = lastSummary(tail) ?? lastSummary(lines) ?? { type: 'summary', title: firstWords(lines), turns: 0 };
		return [
			{
				id: head.id,
				title: summary.name ?? (summary.title || '(nothing asked yet)'),
				name: summary.name,
				turns: summary.turns,
				modified: stat.mtime,
				branch: head.branch,
				model: head.model,
				path,
			},
		];
	} finally {
		closeSync(fd);
	}
}

function lastSummary(lines: readonly string[]): Summary | undefined {
	for (const line of lines.toReversed()) {
		const summary = line.startsWith('{"type":"summary"') ? record(summaryRecord, line) : undefined;
		if (summary) return summary;
	}
	return undefined;
}

function firstWords(lines: readonly string[]): string {
	for (const line of lines) {
		const event = line.startsWith('{"type":"asked"') ? record(eventRecord, line) : undefined;
		if (event?.type === 'asked') return event.text.replace(/\s+/g, ' ').trim().slice(0, 80);
	}
	return '';
}

function readSome(fd: number, position: number, length: number): string {
	const bytes = Buffer.alloc(length);
	return bytes.toString('utf8', 0, readSync(fd, bytes, 0, length, position));
}

/** Undefined when the file went away since the folder was read, or may not be read: a list shows what it can. */
function openOrNot(path: string): number | undefined {
	try {
		return openSync(path, 'r');
	} catch {
		return undefined;
	}
}

const modifiedOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;

/** Regular files named like a conversation; an absent folder has none. */
function filesIn(folder: string): string[] {
	return entriesIn(folder)
		.filter(entry => entry.isFile() && entry.name.endsWith('.jsonl'))
		.map(entry => join(folder, entry.name));
}

const foldersIn = (folder: string): string[] =>
	entriesIn(folder)
		.filter(entry => entry.isDirectory())
		.map(entry => join(folder, entry.name));

function entriesIn(folder: string) {
	try {
		return readdirSync(folder, { withFileTypes: true });
	} catch (error) {
		const code = codeOf(error);
		if (code === 'ENOENT') return [];
		throw new Refusal(`${folder} cannot be read (${code ?? String(error)}). Mend that, or let XDG_STATE_HOME name another folder.`, 42);
	}
}
