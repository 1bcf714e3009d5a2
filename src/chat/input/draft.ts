import { type Buffer, type Cell, type Motion, pasted, replace, target, textOf, typed } from './cells.js';

/** A buffer that can be edited: with its undo steps, its kill ring and what the last edit was. Plain data. */
export type Draft = Buffer & {
	/** The buffers to go back to, newest last. */
	past: readonly Buffer[];
	/** What was killed, newest last. */
	kills: readonly (readonly Cell[])[];
	last: Last;
	/** The column that Up and Down keep to. */
	goal: number | undefined;
};
type Last =
	| { kind: 'other' | 'typing' }
	/** Kills in a row are one entry of the ring. */
	| { kind: 'kill' }
	/** What Alt-Y replaces, and which entry of the ring it was. */
	| { kind: 'yank'; start: number; end: number; entry: number };

const undoSteps = 500;
const ringSize = 30;
/** Above either, a paste is folded (conventions, section 9). */
const foldAbove = { lines: 10, characters: 1000 };

export const emptyDraft: Draft = { cells: [], cursor: 0, past: [], kills: [], last: { kind: 'other' }, goal: undefined };

/** Types `text` at the cursor. Letters typed in a row are undone word by word. */
export function insert(draft: Draft, text: string): Draft {
	const cells = typed(text);
	const joins = draft.last.kind === 'typing' && !(/^\s/.test(text) && !/\s$/.test(draft.cells[draft.cursor - 1]?.text ?? ' '));
	return edited(draft, replace(draft, at(draft.cursor), cells), { last: { kind: 'typing' }, joins });
}

/** Puts a paste at the cursor, folded under `number` when it is long. `folded` says whether it was. */
export function paste(draft: Draft, text: string, number: number): { draft: Draft; folded: boolean } {
	const whole = text.replace(/\r\n?/g, '\n');
	const lines = whole.replace(/\n$/, '').split('\n').length;
	const folded = lines > foldAbove.lines || whole.length > foldAbove.characters;
	const size = lines > 1 ? `+${lines} lines` : `+${whole.length} characters`;
	const cells: Cell[] = folded ? [{ text: whole, pasted: true, label: `[Pasted text #${number} ${size}]` }] : pasted(whole);
	return { draft: edited(draft, replace(draft, at(draft.cursor), cells)), folded };
}

/** Puts `cells` in the place of those from `start` to `end`. */
export const exchange = (draft: Draft, range: { start: number; end: number }, cells: readonly Cell[]): Draft =>
	edited(draft, replace(draft, range, cells));

/** Puts `cells` in the place of the whole draft, the cursor behind them. */
export const rewrite = (draft: Draft, cells: readonly Cell[]): Draft => exchange(draft, { start: 0, end: draft.cells.length }, cells);

/** Moves the cursor. */
export const move = (draft: Draft, motion: Motion): Draft => moveTo(draft, target(draft, motion));

/** Moves the cursor to a cell, keeping `goal` for the next Up or Down. */
export const moveTo = (draft: Draft, cursor: number, goal?: number): Draft => ({ ...draft, cursor, goal, last: { kind: 'other' } });

/** Deletes as far as `motion` leads. */
export function remove(draft: Draft, motion: Motion): Draft {
	const range = reach(draft, motion);
	return range.start === range.end ? draft : edited(draft, replace(draft, range, []));
}

/** Deletes as far as `motion` leads, into the kill ring. At the end (or start) of a line it takes the line end. */
export function kill(draft: Draft, motion: Motion): Draft {
	let range = reach(draft, motion);
	if (range.start === range.end && motion === 'line-end') range = reach(draft, 'right');
	if (range.start === range.end && motion === 'line-start') range = reach(draft, 'left');
	if (range.start === range.end) return draft;
	const killed = draft.cells.slice(range.start, range.end);
	const previous = draft.last.kind === 'kill' ? (draft.kills.at(-1) ?? []) : undefined;
	const forwards = range.start === draft.cursor;
	const entry = previous === undefined ? killed : forwards ? [...previous, ...killed] : [...killed, ...previous];
	const kills = [...(previous === undefined ? draft.kills : draft.kills.slice(0, -1)), entry].slice(-ringSize);
	return { ...edited(draft, replace(draft, range, []), { last: { kind: 'kill' } }), kills };
}

/** Puts what was killed last at the cursor. */
export function yank(draft: Draft): Draft {
	const entry = draft.kills.length - 1;
	return entry < 0 ? draft : yankEntry(draft, at(draft.cursor), entry);
}

/** After a yank: puts the kill before that one in its place. */
export function yankPop(draft: Draft): Draft {
	if (draft.last.kind !== 'yank') return draft;
	const { start, end, entry } = draft.last;
	return yankEntry(draft, { start, end }, (entry + draft.kills.length - 1) % draft.kills.length);
}

function yankEntry(draft: Draft, range: { start: number; end: number }, entry: number): Draft {
	const next = edited(draft, replace(draft, range, draft.kills[entry] ?? []));
	return { ...next, last: { kind: 'yank', start: Math.min(range.start, next.cursor), end: next.cursor, entry } };
}

/** Takes the last edit back. */
export function undo(draft: Draft): Draft {
	const before = draft.past.at(-1);
	return before === undefined ? draft : { ...draft, ...before, past: draft.past.slice(0, -1), last: { kind: 'other' }, goal: undefined };
}

/** An empty draft after this one was sent: the kill ring stays. */
export const afterwards = (draft: Draft): Draft => ({ ...emptyDraft, kills: draft.kills });

/** Whether there is nothing to send. */
export const isBlank = (draft: Buffer): boolean => textOf(draft.cells).trim() === '';

const at = (cursor: number) => ({ start: cursor, end: cursor });

function reach(draft: Draft, motion: Motion): { start: number; end: number } {
	const to = target(draft, motion);
	return { start: Math.min(to, draft.cursor), end: Math.max(to, draft.cursor) };
}

function edited(draft: Draft, next: Buffer, { last = { kind: 'other' }, joins = false }: { last?: Last; joins?: boolean } = {}): Draft {
	const past = joins ? draft.past : [...draft.past, { cells: draft.cells, cursor: draft.cursor }].slice(-undoSteps);
	return { ...draft, ...next, past, last, goal: undefined };
}
