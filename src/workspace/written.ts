/** Which lines of a text models wrote, by comparing it with every state of its file that is kept. What is not kept is nobody's. */
import { diffArrays } from 'diff';
import type { Writer } from '../types.js';
import { openPreimages } from './preimages.js';
import type { StorePlace } from './store.js';
import { undoFolder } from './store.js';
import { lf } from './text.js';
import { groupsOf, type LoggedChange, readLog, type State, type UndoRecord } from './undo-log.js';

/** Who wrote a line: the model, in which conversation, and when the message came that asked for it. */
export type Author = { writer: Writer; conversation: string; time: string | undefined };
/** Lines of a file, from 1, both ends included. */
export type Lines = [from: number, to: number];

/** Tells of the files of one folder what models wrote in them. */
export type Authors = {
	/** The paths that a model changed, relative to the folder, changes that were taken back left out. */
	paths: readonly string[];
	/** For each line of `text`, a later state of the file: who wrote it. Undefined for what no model wrote, and where it is not known. */
	of(path: string, text: string): (Author | undefined)[];
};

/** Lines that two states may differ in; beyond it they count as different texts. */
const mostDifferent = 4000;

/** What is kept of the folder at `place`. */
export function authorsIn(place: StorePlace): Authors {
	const { log, contents } = undoFolder(place.state);
	const records = readLog(log);
	const changes = inForce(records);
	const times = new Map(records.flatMap(entry => (entry.type === 'mark' ? [[entry.group, entry.time] as const] : [])));
	const preimages = openPreimages(contents);
	const textOf = (hash: string): string | undefined => {
		const bytes = preimages.bytes(hash);
		return bytes && lf(new TextDecoder().decode(bytes));
	};
	return {
		paths: [...new Set(changes.flatMap(({ path, writer }) => (writer ? [path] : [])))],
		of(path, text) {
			const own = changes.filter(change => change.path === path);
			return authorsOf(own, lf(text), textOf).map(
				change => change?.writer && { writer: change.writer, conversation: change.conversation, time: times.get(change.group) },
			);
		},
	};
}

/** The changes that are not taken back, in the order they were made. */
function inForce(records: readonly UndoRecord[]): LoggedChange[] {
	const live = new Set<UndoRecord>(groupsOf(records).flatMap(group => (group.undone ? [] : group.changes)));
	return records.filter(entry => entry.type === 'change').filter(entry => live.has(entry));
}

/** A state of a file, and the change that each of its lines came with. */
type Version = { lines: readonly string[]; origins: readonly (LoggedChange | undefined)[] };

function authorsOf(
	changes: readonly LoggedChange[],
	text: string,
	textOf: (hash: string) => string | undefined,
): readonly (LoggedChange | undefined)[] {
	const stateOf = (state: State) => (state === null ? '' : textOf(state.hash));
	let version: Version | undefined;
	for (const change of changes) {
		version = next(version, stateOf(change.before), undefined);
		version = next(version, textOf(change.after), change.writer && change);
	}
	return next(version, text, undefined)?.origins ?? [];
}

/** The state that follows: lines that are new in it came with `change`, the others keep what they came with. */
function next(from: Version | undefined, text: string | undefined, change: LoggedChange | undefined): Version | undefined {
	if (text === undefined) return undefined;
	const lines = linesOf(text);
	const parts = from && diffArrays([...from.lines], lines, { maxEditLength: mostDifferent });
	// What was there before is not known: then neither is what is new.
	if (!from || !parts) return { lines, origins: lines.map(() => undefined) };
	let at = 0;
	const origins = parts.flatMap(({ added, removed, count }) => {
		if (added) return Array.from({ length: count }, () => change);
		at += count;
		return removed ? [] : from.origins.slice(at - count, at);
	});
	return { lines, origins };
}

/** The lines of a text; an end of a line ends one and begins none. */
export const linesOf = (text: string): string[] =>
	text
		.replace(/\n$/, '')
		.split('\n')
		.slice(0, text === '' ? 0 : undefined);

/** The lines (from 1) of `text` that are not in `before`, where the two can be compared. */
export function newLines(before: string, text: string): Set<number> {
	let line = 0;
	const found = new Set<number>();
	for (const { added, removed, count } of diffArrays(linesOf(before), linesOf(text), { maxEditLength: mostDifferent }) ?? [])
		for (let i = 0; i < count && !removed; i++) {
			line++;
			if (added) found.add(line);
		}
	return found;
}

/** Lines in ascending order as ranges. */
export function rangesOf(lines: readonly number[]): Lines[] {
	const ranges: Lines[] = [];
	for (const line of lines) {
		const last = ranges.at(-1);
		if (last && last[1] === line - 1) last[1] = line;
		else ranges.push([line, line]);
	}
	return ranges;
}
