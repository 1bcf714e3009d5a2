import { exactLine } from '../../sanitise.js';
import { clip, width } from '../text/width.js';
import type { Cell } from './cells.js';
import type { Item } from './completion.js';
import { type Facts, type Input, isShell, openOffer } from './input.js';
import { keyHelp } from './key-help.js';
import { type Place, placeOf, type Row, rowsOf, visibleRows } from './layout.js';
import { cellsOf, found } from './recall.js';

/** What the composer shows: lines that fit the window, top to bottom, and where the cursor is. */
export type Picture = { lines: readonly Line[]; cursor: Place };
/** `mark` stands before the text. `look` is how it is drawn; what it means is in the words and marks too. */
export type Line = { look: 'queued' | 'text' | 'shell' | 'placeholder' | 'choice' | 'chosen' | 'hint'; mark: string; text: string };
/** The window, what waits in the queue, and what the files that are offered would cost in tokens, as far as it is known. */
export type Frame = { columns: number; rows: number; queued: readonly string[]; costs: ReadonlyMap<string, number> };

const markWidth = 2;
/** Lines of the popup, where the window has room for them. */
export const popupRows = 8;
const queuedRows = 3;

/** The columns that a row of text has: the mark stands before it, and the cursor may stand behind it. */
export const textWidth = (columns: number): number => Math.max(1, columns - markWidth - 1);

/** The composer as it is drawn. Takes at most half of the window (three lines where that is less). */
export function pictureOf(input: Input, facts: Facts, frame: Frame): Picture {
	const room = Math.max(3, Math.floor(frame.rows / 2));
	const columns = textWidth(frame.columns);
	const hint = hintFor(input, facts).map(text => ({ look: 'hint' as const, mark: '', text: clip(text, frame.columns - 1) }));
	const shownHint = hint.slice(0, room - 1);
	const popup = popupLines(input, facts, { ...frame, rows: Math.min(popupRows, room - 1 - shownHint.length) });
	const text = textLines(input, facts, columns, room - shownHint.length - popup.length);
	const queued = queuedLines(frame, Math.min(queuedRows, room - shownHint.length - popup.length - text.lines.length));
	const lines = [...queued, ...text.lines, ...popup, ...shownHint];
	if (!input.search) return { lines, cursor: { row: queued.length + text.cursor.row, x: markWidth + text.cursor.x } };
	return { lines, cursor: { row: lines.length - 1, x: width(lines.at(-1)!.text) } };
}

/** The items of a popup that are in sight when `height` lines are there, and the number of the first. */
export function itemsInSight<T>(items: readonly T[], selected: number, height: number): { first: number; items: readonly T[] } {
	const first = Math.max(0, Math.min(selected - Math.floor(height / 2), items.length - height));
	return { first, items: items.slice(first, first + height) };
}

function textLines(input: Input, facts: Facts, columns: number, height: number): { lines: Line[]; cursor: Place } {
	const { cells, cursor } = shownDraft(input, facts);
	const look = isShell(input) ? 'shell' : 'text';
	const mark = input.shell ? '! ' : '> ';
	if (cells.length === 0) return { lines: [emptyLine(input, mark, columns)], cursor: { row: 0, x: 0 } };
	const rows = rowsOf(cells, columns);
	const place = placeOf({ cells, cursor }, rows, columns);
	const view = visibleRows(rows, place.row, Math.max(1, height));
	const markOf = (row: Row, index: number): string => {
		if (index === 0 && view.first > 0) return '↑ ';
		if (index === view.rows.length - 1 && row !== rows.at(-1)) return '↓ ';
		return row === rows[0] ? mark : '  ';
	};
	return {
		lines: view.rows.map((row, index) => ({ look, mark: markOf(row, index), text: row.text })),
		cursor: { row: place.row - view.first, x: place.x },
	};
}

function emptyLine(input: Input, mark: string, columns: number): Line {
	if (input.search) return { look: 'text', mark, text: '' };
	const text = input.shell ? 'a command for the shell; ! goes back' : 'ask, @file, /command, !shell; ? shows the keys';
	return { look: 'placeholder', mark, text: clip(text, columns) };
}

/** While searching, what was found is shown in the place of the draft. */
function shownDraft(input: Input, facts: Facts): { cells: readonly Cell[]; cursor: number } {
	const entry = input.search && found(facts.history, input.search);
	if (!entry) return input.draft;
	const cells = cellsOf(entry);
	return { cells, cursor: cells.length };
}

function popupLines(input: Input, facts: Facts, frame: Frame): Line[] {
	const offer = openOffer(input, facts.names);
	if (!offer || frame.rows < 1) return [];
	const selected = Math.min(input.selected, offer.items.length - 1);
	const sight = itemsInSight(offer.items, selected, frame.rows);
	const names = sight.items.map(item => exactLine(item.label));
	const column = Math.min(Math.max(...names.map(width)), Math.max(8, Math.floor((frame.columns - 4) * 0.6)));
	return sight.items.map((item, index) => {
		const isChosen = sight.first + index === selected;
		const name = clip(names[index]!, column);
		const detail = exactLine(detailOf(item, frame.costs));
		const line = detail === '' ? name : `${name}${' '.repeat(column - width(name))}  ${detail}`;
		return { look: isChosen ? 'chosen' : 'choice', mark: isChosen ? '› ' : '  ', text: clip(line, frame.columns - markWidth - 1) };
	});
}

function detailOf(item: Item, costs: ReadonlyMap<string, number>): string {
	if (item.kind !== 'file') return item.detail;
	const cost = costs.get(item.label);
	return cost === undefined ? '' : `about ${cost.toLocaleString('en')} tokens`;
}

function queuedLines({ queued, columns }: Frame, height: number): Line[] {
	if (queued.length === 0 || height < 1) return [];
	const line = (mark: string, text: string): Line => ({ look: 'queued', mark, text: clip(text, columns - markWidth - 1) });
	if (queued.length > height && height === 1) return [line('+ ', `${queued.length} messages queued; Up takes them back`)];
	const shown = queued.length > height ? queued.slice(0, height - 1) : queued;
	const lines = shown.map(text => line('+ ', exactLine(text.split('\n', 1)[0]!) + (text.includes('\n') ? ' …' : '')));
	return shown.length < queued.length ? [...lines, line('+ ', `${queued.length - shown.length} more queued`)] : lines;
}

const seconds = { interrupt: 'Ctrl-C', 'end-of-input': 'Ctrl-D' } as const;

/** What the keys mean just now, when that is not what they always mean. */
function hintFor(input: Input, facts: Facts): string[] {
	if (input.search) {
		const missing = input.search.query !== '' && !found(facts.history, input.search) ? ' (nothing found)' : '';
		return [`search${missing}: ${exactLine(input.search.query)}`];
	}
	if (input.help) {
		const column = Math.max(...keyHelp.map(({ keys }) => keys.length)) + 2;
		return keyHelp.map(({ keys, does }) => keys.padEnd(column) + does);
	}
	if (input.chord) return ['Ctrl-X: Ctrl-E opens the editor'];
	if (input.armed && facts.now <= input.armed.until) {
		if (input.armed.key !== 'escape') return [`${seconds[input.armed.key]} again quits`];
		return [input.draft.cells.length === 0 ? 'Esc again goes back to an earlier message' : 'Esc again clears; Up brings it back'];
	}
	return input.stash ? ['A draft is put aside: Ctrl-S swaps, sending brings it back'] : [];
}
