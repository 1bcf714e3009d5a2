import { type Cell, textOf, typed } from './cells.js';

/** A message sent before. `cells` is how it was typed, when that was in this sitting: its folded pastes are kept. */
export type Remembered = { text: string; cells?: readonly Cell[] };

/** A walk through the history: what was typed before it, and the entry shown now. */
export type Walk = { before: readonly Cell[]; index: number };

/** Searching backwards for `query`: the entry found, counted from the newest match. */
export type Search = { query: string; nth: number };

export const cellsOf = (entry: Remembered): readonly Cell[] => entry.cells ?? typed(entry.text);

/**
 * The next older (or newer) entry that begins with what was typed before the walk began. Going newer than the newest
 * ends the walk with what was typed; `undefined` when there is nothing further.
 */
export function walk(
	history: readonly Remembered[],
	from: Walk,
	direction: 'older' | 'newer',
): { walk: Walk | undefined; cells: readonly Cell[] } | undefined {
	const prefix = textOf(from.before);
	const step = direction === 'older' ? -1 : 1;
	const shown = history[from.index]?.text;
	for (let index = from.index + step; index >= 0 && index < history.length; index += step) {
		const entry = history[index]!;
		if (entry.text.startsWith(prefix) && entry.text !== shown) return { walk: { ...from, index }, cells: cellsOf(entry) };
	}
	return direction === 'newer' && from.index < history.length ? { walk: undefined, cells: from.before } : undefined;
}

/** The entry that a search has found. Letter case does not count; entries with the same text count once. */
export function found(history: readonly Remembered[], { query, nth }: Search): Remembered | undefined {
	if (query === '') return undefined;
	const seen = new Set<string>();
	let left = nth;
	for (let index = history.length - 1; index >= 0; index--) {
		const entry = history[index]!;
		if (seen.has(entry.text) || !entry.text.toLowerCase().includes(query.toLowerCase())) continue;
		seen.add(entry.text);
		if (left-- === 0) return entry;
	}
	return undefined;
}
