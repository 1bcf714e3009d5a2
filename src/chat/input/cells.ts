/** What is being typed, as a row of cells. A cell is what the cursor steps over: one grapheme, or one folded paste. */

/** `pasted` text is inert: `@`, `/` and `!` in it mean nothing. `label` is shown in the place of a folded paste. */
export type Cell = { text: string; pasted?: true; label?: string };

/** `cursor` is the number of cells before it, 0 to `cells.length`. */
export type Buffer = { cells: readonly Cell[]; cursor: number };

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const words = new Intl.Segmenter(undefined, { granularity: 'word' });

/** The cells of a text that was typed. Line ends of every kind become `\n`. */
export const typed = (text: string): Cell[] => split(text, false);

/** The cells of a text that was pasted, unfolded. */
export const pasted = (text: string): Cell[] => split(text, true);

const split = (text: string, inert: boolean): Cell[] =>
	[...graphemes.segment(text.replace(/\r\n?/g, '\n'))].map(({ segment }) => (inert ? { text: segment, pasted: true } : { text: segment }));

/** All of the text, folded pastes in full. */
export const textOf = (cells: readonly Cell[]): string => cells.map(cell => cell.text).join('');

/** The text as the person sees it: a label for each folded paste. */
export const shownOf = (cells: readonly Cell[]): string => cells.map(cell => cell.label ?? cell.text).join('');

/** What was typed; pasted text is blanked, so that places in it mean nothing but keep their length. */
export const typedOf = (cells: readonly Cell[]): string =>
	cells.map(cell => (cell.pasted ? cell.text.replace(/[^\n]/g, '\0') : cell.text)).join('');

/** The character, when it was typed at `index`; undefined when it was pasted or is not there. */
export const typedAt = (cells: readonly Cell[], index: number): string | undefined =>
	cells[index]?.pasted ? undefined : cells[index]?.text;

/**
 * Puts `insert` in the place of the cells from `start` to `end`; the cursor comes to stand behind it. Cells stay whole
 * graphemes: where the new neighbours join into one, so do their cells.
 */
export function replace(buffer: Buffer, range: { start: number; end: number }, insert: readonly Cell[]): Buffer {
	const { cells } = buffer;
	const behind = range.start + insert.length;
	const joined = [...cells.slice(0, range.start), ...insert, ...cells.slice(range.end)];
	let from = range.start;
	while (from > 0 && !isWall(joined[from - 1]!)) from--;
	let to = behind;
	while (to < joined.length && !isWall(joined[to]!)) to++;
	const run = joined.slice(from, to);
	if (run.every(isPlain)) return { cells: joined, cursor: behind };

	const offset = textOf(joined.slice(from, behind)).length;
	const regrouped = regroup(run);
	let cursor = 0;
	for (let length = 0; length < offset; cursor++) length += regrouped[cursor]!.text.length;
	return { cells: [...joined.slice(0, from), ...regrouped, ...joined.slice(to)], cursor: from + cursor };
}

/** Nothing joins across a line end (UAX #29, GB4 and GB5) or across a folded paste. */
const isWall = (cell: Cell): boolean => cell.label !== undefined || cell.text === '\n';
const isPlain = (cell: Cell): boolean => cell.label !== undefined || (cell.text.length === 1 && cell.text < '\u007f');

function regroup(run: readonly Cell[]): Cell[] {
	const result: Cell[] = [];
	let stretch: Cell[] = [];
	const flush = () => {
		result.push(...segmented(stretch));
		stretch = [];
	};
	for (const cell of run) {
		if (!isWall(cell)) stretch.push(cell);
		else {
			flush();
			result.push(cell);
		}
	}
	flush();
	return result;
}

/** A grapheme is inert only when all of it was pasted. */
function segmented(stretch: readonly Cell[]): Cell[] {
	const inert = stretch.flatMap(cell => Array.from({ length: cell.text.length }, () => cell.pasted === true));
	return [...graphemes.segment(textOf(stretch))].map(({ segment, index }) =>
		inert.slice(index, index + segment.length).every(Boolean) ? { text: segment, pasted: true } : { text: segment },
	);
}

/** Where a movement leads. `space-word` is bounded by white space, `word` by anything that is no letter, digit or `_`. */
export type Motion = 'left' | 'right' | 'word-left' | 'word-right' | 'space-word-left' | 'line-start' | 'line-end' | 'start' | 'end';

/** The place to which `motion` leads from the cursor. */
export function target({ cells, cursor }: Buffer, motion: Motion): number {
	switch (motion) {
		case 'left':
			return Math.max(0, cursor - 1);
		case 'right':
			return Math.min(cells.length, cursor + 1);
		case 'start':
			return 0;
		case 'end':
			return cells.length;
		case 'line-start':
			return back(cells, cursor, cell => cell.text !== '\n');
		case 'line-end':
			return ahead(cells, cursor, cell => cell.text !== '\n');
		case 'space-word-left':
			return back(cells, back(cells, cursor, isSpace), cell => !isSpace(cell));
		case 'word-left':
			return wordLeft(cells, cursor);
		case 'word-right':
			return wordRight(cells, cursor);
		default:
			return motion satisfies never;
	}
}

const isSpace = (cell: Cell): boolean => cell.label === undefined && /^\s/.test(cell.text);
const isWord = (cell: Cell): boolean => cell.label === undefined && /^[\p{L}\p{N}_]/u.test(cell.text);

function back(cells: readonly Cell[], from: number, through: (cell: Cell) => boolean): number {
	let index = from;
	while (index > 0 && through(cells[index - 1]!)) index--;
	return index;
}

function ahead(cells: readonly Cell[], from: number, through: (cell: Cell) => boolean): number {
	let index = from;
	while (index < cells.length && through(cells[index]!)) index++;
	return index;
}

function wordLeft(cells: readonly Cell[], cursor: number): number {
	const end = back(cells, cursor, cell => !isWord(cell) && cell.label === undefined);
	if (cells[end - 1]?.label !== undefined) return end - 1;
	const start = back(cells, end, isWord);
	return wordsWithin(cells, start, end).findLast(index => index < end) ?? start;
}

function wordRight(cells: readonly Cell[], cursor: number): number {
	const start = ahead(cells, cursor, cell => !isWord(cell) && cell.label === undefined);
	if (cells[start]?.label !== undefined) return start + 1;
	const end = ahead(cells, start, isWord);
	return wordsWithin(cells, back(cells, start, isWord), end).find(index => index > start) ?? end;
}

/** Where words begin in a stretch without spaces. Han, kana, Thai and their like are divided by the dictionary of ICU. */
function wordsWithin(cells: readonly Cell[], start: number, end: number): number[] {
	const text = textOf(cells.slice(start, end));
	if (!/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u.test(text)) return [start];
	const begins = new Set([...words.segment(text)].map(({ index }) => index));
	let offset = 0;
	return cells.slice(start, end).flatMap((cell, index) => {
		const isStart = begins.has(offset);
		offset += cell.text.length;
		return isStart ? [start + index] : [];
	});
}
