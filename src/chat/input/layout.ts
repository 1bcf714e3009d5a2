import { exactLine } from '../../sanitise.js';
import { clip, width } from '../text/width.js';
import type { Buffer, Cell } from './cells.js';

/** One row on the screen: the cells from `start` to `end`. A line end belongs to no row. */
export type Row = { start: number; end: number; text: string };
/** Columns and rows, from 0. */
export type Place = { row: number; x: number };

const tabWidth = 4;

/**
 * The rows that `cells` take when `columns` are there, broken between words where there is room for that.
 * There is always at least one row; a row may be as wide as `columns`, so the cursor behind it needs one column more.
 */
export function rowsOf(cells: readonly Cell[], columns: number): Row[] {
	const rows: Row[] = [];
	let start = 0;
	let used = 0;
	let wordStart = 0;
	const close = (end: number) => {
		rows.push({
			start,
			end,
			text: cells
				.slice(start, end)
				.map(cell => look(cell, columns).text)
				.join(''),
		});
		start = end;
		used = 0;
	};
	for (let index = 0; index < cells.length; index++) {
		const cell = cells[index]!;
		if (cell.text === '\n' && cell.label === undefined) {
			close(index);
			start = wordStart = index + 1;
			continue;
		}
		const wide = look(cell, columns).width;
		if (used + wide > columns) {
			close(wordStart > start ? wordStart : index);
			for (let moved = start; moved < index; moved++) used += look(cells[moved]!, columns).width;
			if (used + wide > columns && index > start) close(index);
		}
		used += wide;
		if (/^\s/.test(cell.text) || cell.label !== undefined || wide > 1) wordStart = index + 1;
	}
	close(cells.length);
	return rows;
}

/** Where the cursor stands. Between two rows of one line it stands at the start of the second. */
export function placeOf({ cells, cursor }: Buffer, rows: readonly Row[], columns: number): Place {
	const row = rows.findLastIndex(({ start }) => start <= cursor);
	return { row, x: widthBetween(cells, rows[row]!.start, cursor, columns) };
}

/** The cursor nearest to a place; it stays in that row. */
export function cursorAt(cells: readonly Cell[], rows: readonly Row[], place: Place, columns: number): number {
	const row = rows[place.row]!;
	// Behind the last cell of a row that goes on, the cursor would stand in the next row.
	const last = rows[place.row + 1]?.start === row.end ? Math.max(row.start, row.end - 1) : row.end;
	let used = 0;
	for (let index = row.start; index < last; index++) {
		const wide = look(cells[index]!, columns).width;
		if (used + wide / 2 > place.x) return index;
		used += wide;
	}
	return last;
}

/** The rows around the cursor that fit into `height`, and the number of the first. */
export function visibleRows(rows: readonly Row[], cursorRow: number, height: number): { first: number; rows: readonly Row[] } {
	const first = Math.max(0, Math.min(cursorRow - Math.floor(height / 2), rows.length - height));
	return { first, rows: rows.slice(first, first + height) };
}

function widthBetween(cells: readonly Cell[], start: number, end: number, columns: number): number {
	let total = 0;
	for (let index = start; index < end; index++) total += look(cells[index]!, columns).width;
	return total;
}

/** How a cell is drawn, and in how many columns. What would move the cursor or turn the text round is written out. */
function look(cell: Cell, columns: number): { text: string; width: number } {
	const { text } = cell;
	if (cell.label === undefined && text.length === 1 && text >= ' ' && text <= '~') return { text, width: 1 };
	if (text === '\t') return { text: ' '.repeat(tabWidth), width: tabWidth };
	const safe = exactLine(cell.label ?? text);
	const standing = width(safe) > 0 ? safe : `◌${safe}`;
	const shown = clip(standing, columns);
	return { text: shown, width: width(shown) };
}
