import { paint, type Style } from './colour.js';
import { graphemes, width } from './width.js';

/** A piece of text in one style. Text is safe for the terminal before it becomes a run; it may hold line ends. */
export type Run = { text: string; style: Style };
export type Line = readonly Run[];

/**
 * Breaks runs into lines of at most `columns`: at spaces where there are any, inside a word only where the word alone is
 * too long. Tabs become spaces up to the next multiple of 4. Joined again with a space where they were broken, the lines
 * are the text.
 */
export function wrap(runs: readonly Run[], columns: number): Line[] {
	return breakUp(runs, Math.max(1, columns), true);
}

/** The same for text in which every space counts: lines are broken exactly at the edge. */
export function wrapExactly(runs: readonly Run[], columns: number): Line[] {
	return breakUp(runs, Math.max(1, columns), false);
}

export const run = (text: string, style: Style = {}): Run => ({ text, style });
/** The line as it is written to the terminal. */
export const painted = (line: Line): string => line.map(({ text, style }) => paint(text, style)).join('');
export const textOf = (line: Line): string => line.map(one => one.text).join('');
export const lineWidth = (line: Line): number => line.reduce((sum, one) => sum + width(one.text), 0);

/** Lines with `first` before the first and blanks of the same width before the others. */
export function hang(first: Run, lines: readonly Line[]): Line[] {
	const blank = run(' '.repeat(width(first.text)));
	return lines.map((line, index) => (index === 0 ? [first, ...line] : line.length > 0 ? [blank, ...line] : line));
}

type Cell = { text: string; style: Style; width: number };

function breakUp(runs: readonly Run[], columns: number, atSpaces: boolean): Line[] {
	const lines: Line[] = [];
	let cells: Cell[] = [];
	let used = 0;
	const put = () => {
		lines.push(merge(cells));
		cells = [];
		used = 0;
	};
	const overflow = (next: Cell) => {
		const space = atSpaces ? cells.findLastIndex(cell => cell.text === ' ') : -1;
		if (next.text === ' ' && atSpaces) return put();
		if (space < 0 || cells.slice(0, space).every(cell => cell.text === ' ')) return put();
		const rest = cells.slice(space + 1);
		cells = cells.slice(0, space);
		put();
		cells = rest;
		used = rest.reduce((sum, cell) => sum + cell.width, 0);
	};
	for (const { text, style } of runs) {
		for (const one of graphemes(text)) {
			if (one === '\n' || one === '\r\n') {
				put();
				continue;
			}
			const spaces = one === '\t' ? 4 - (used % 4) : 0;
			for (const cell of spaces > 0 ? Array.from({ length: spaces }, () => ' ') : [one]) {
				const next = { text: cell, style, width: width(cell) };
				if (used + next.width > columns && used > 0) {
					overflow(next);
					if (cell === ' ' && atSpaces) continue;
				}
				cells.push(next);
				used += next.width;
			}
		}
	}
	put();
	return lines;
}

function merge(cells: readonly Cell[]): Line {
	const line: Run[] = [];
	for (const { text, style } of cells) {
		const last = line.at(-1);
		if (last && last.style === style) line[line.length - 1] = { text: last.text + text, style };
		else line.push({ text, style });
	}
	return line;
}
