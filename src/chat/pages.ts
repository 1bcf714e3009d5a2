import { middle } from './display.js';
import { type Line, run } from './text/wrap.js';

/** What is seen of a text taller than its place: both ends of it, or a page that begins at a line. */
export type View = 'ends' | number;

/** The views around a view: each page overlaps the one before by a line. */
export function pages(length: number, room: number): { after(view: View): View; before(view: View): View } {
	const step = Math.max(1, room - 2);
	const last = Math.max(0, length - (room - 1));
	return {
		after: view => (length <= room ? 'ends' : Math.min(last, view === 'ends' ? 0 : view + step)),
		before: view => (view === 'ends' || view === 0 ? 'ends' : Math.max(0, view - step)),
	};
}

/** At most `rows` lines. What is left out is counted, and the way to see it is said. */
export function windowOf(lines: readonly Line[], view: View, { columns, rows: room }: { columns: number; rows: number }): Line[] {
	if (lines.length <= room) return [...lines];
	if (view === 'ends') return middle(lines, { columns, most: room }, 'PgDn turns pages, Ctrl-O prints all');
	const shown = lines.slice(view, view + room - 1);
	return [
		...shown,
		[run(`lines ${view + 1}–${view + shown.length} of ${lines.length.toLocaleString('en-US')} (PgUp, PgDn)`, { dim: true, italic: true })],
	];
}
