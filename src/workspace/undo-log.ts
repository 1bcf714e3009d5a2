/** What was done to the files of one folder, by every conversation, in the order it was done: one JSON record a line. */
import { closeSync, constants, fdatasyncSync, fstatSync, fsyncSync, mkdirSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { jsonIn } from '../json.js';
import { codeOf, refusalFor } from './trouble.js';
import { writerRecord } from './writer.js';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const state = z.object({ hash, mode: z.int().min(0).max(0o7777) }).nullable();
const step = z.object({ path: z.string(), from: state, to: state });
const common = { group: z.string(), conversation: z.string() };
const temp = z.string().regex(/^\.qwill-[0-9a-f]+\.tmp$/);

const record = z.discriminatedUnion('type', [
	/** A message of the person begins. */
	z.object({ type: z.literal('mark'), ...common, label: z.string(), time: z.string() }),
	/** A file is about to be changed, with words of a model where there is a `writer`. */
	z.object({
		type: z.literal('change'),
		...common,
		path: z.string(),
		before: state,
		after: hash,
		folders: z.array(z.string()),
		temp,
		writer: writerRecord.exactOptional(),
	}),
	/** A group is about to be taken back, or put back. */
	z.object({ type: z.literal('undo'), ...common, steps: z.array(step), temp }),
	z.object({ type: z.literal('redo'), ...common, steps: z.array(step), temp }),
	/** It has been. */
	z.object({ type: z.literal('undone'), ...common, steps: z.array(step) }),
	z.object({ type: z.literal('redone'), ...common }),
]);
export type UndoRecord = z.infer<typeof record>;
/** A file's content and permission bits; null is absence. */
export type State = z.infer<typeof state>;
export type Step = z.infer<typeof step>;
export type LoggedChange = Extract<UndoRecord, { type: 'change' }>;

/** The changes that are taken back together. `undone` is what taking them back did. Numbers are places in the log. */
export type Group = {
	id: string;
	conversation: string;
	changes: LoggedChange[];
	lastChange: number;
	undone?: { at: number; steps: Step[] } | undefined;
};

/** Appends a record, on disk when it returns. Ends a line that a dead program left unfinished. */
export function append(path: string, entry: UndoRecord): void {
	try {
		mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
		const fd = openSync(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600);
		try {
			const isNew = fstatSync(fd).size === 0;
			const line = Buffer.from(`${torn(fd) ? '\n' : ''}${JSON.stringify(entry)}\n`);
			if (writeSync(fd, line) !== line.length) throw Object.assign(new Error('short write'), { code: 'ENOSPC' });
			fdatasyncSync(fd);
			if (isNew) syncNames(dirname(path));
		} finally {
			closeSync(fd);
		}
	} catch (error) {
		throw refusalFor(error, { doing: 'keeping undo data in', path, intact: 'no file was changed' });
	}
}

/** Every readable record. Lines that are torn or not ours are passed over: they were never acted upon. */
export function readLog(path: string): UndoRecord[] {
	return contentOf(path)
		.split('\n')
		.flatMap(line => {
			const parsed = line === '' ? undefined : record.safeParse(jsonIn(line));
			return parsed?.success ? [parsed.data] : [];
		});
}

/** The records as groups, the one changed last at the end. A group that was taken back and then changed again is a new one. */
export function groupsOf(records: readonly UndoRecord[]): Group[] {
	const groups: Group[] = [];
	const latest = (id: string) => groups.findLast(group => group.id === id);
	for (const [at, entry] of records.entries()) {
		const { group: id, conversation } = entry;
		const group = latest(id);
		switch (entry.type) {
			case 'mark':
			case 'undo':
			case 'redo':
				break;
			case 'change':
				if (group && !group.undone) {
					group.changes.push(entry);
					group.lastChange = at;
				} else groups.push({ id, conversation, changes: [entry], lastChange: at });
				break;
			case 'undone':
				if (group) group.undone = { at, steps: entry.steps };
				break;
			case 'redone':
				if (group) group.undone = undefined;
				break;
			default:
				entry satisfies never;
		}
	}
	return groups.sort((a, b) => a.lastChange - b.lastChange);
}

/** Makes the name of a new file last, where the system keeps that promise of folders. */
function syncNames(folder: string): void {
	const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
	try {
		fsyncSync(fd);
	} catch (error) {
		if (!['EINVAL', 'ENOTSUP', 'EISDIR'].includes(codeOf(error) ?? '')) throw error;
	} finally {
		closeSync(fd);
	}
}

function torn(fd: number): boolean {
	const { size } = fstatSync(fd);
	const last = Buffer.alloc(1);
	return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
}

function contentOf(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return '';
		throw refusalFor(error, { doing: 'reading undo data from', path });
	}
}
