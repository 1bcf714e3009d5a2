import { exact, display as safe } from '../sanitise.js';
import type { Display } from '../types.js';
import { diffLines, hiddenNotice } from './diff.js';
import { clip } from './text/width.js';
import { type Line, run, wrap, wrapExactly } from './text/wrap.js';

/** How much of a display is drawn: at most `most` lines, head and tail, the rest counted. */
export type Extent = { columns: number; most: number };

/** What a tool has to show, in a few lines. `more` tells the person how to see the rest. */
export function displayLines(display: Display, { columns, most }: Extent, more = 'Ctrl-O shows them'): Line[] {
	switch (display.kind) {
		case 'text':
			return clipped(sourceLines(safe(display.text)), { columns, most }, more);
		case 'terminal':
			return [...terminalLines(display, { columns, most }, more), ...exitLine(display.exitCode)];
		case 'diff':
			return middle(diffLines(display, columns), { columns, most }, more);
		case 'paths':
			return clipped(
				display.paths.map(path => exact(path).text.replace(/\n/g, '<U+000A>')),
				{ columns, most },
				more,
			);
		default:
			return display satisfies never;
	}
}

/** What an output comes to, and then only its end; where that is not known, its head and its end. */
function terminalLines({ output, verdict }: Extract<Display, { kind: 'terminal' }>, { columns, most }: Extent, more: string): Line[] {
	const source = sourceLines(safe(output));
	if (verdict === undefined) return clipped(source, { columns, most }, more);
	const words = middle(wrap([run(safe(verdict))], columns), { columns, most }, more);
	const tail = source.slice(-Math.max(leastTail, most - verdictRoom));
	const hidden = source.length - tail.length;
	return [...words, ...(hidden > 0 ? [leftOut(hidden, columns, more)] : []), ...dimmed(tail, columns).slice(-tail.length)];
}

/** Lines that are left to what an output comes to, and the fewest of its own that are drawn below. */
const verdictRoom = 10;
const leastTail = 3;

/** The whole of what a person is asked to approve: nothing removed, hidden characters written out and counted. */
export function wholeLines(display: Display, columns: number): Line[] {
	switch (display.kind) {
		case 'diff':
			return diffLines(display, columns);
		case 'terminal':
			return exactLines(display.command, columns);
		case 'text':
			return exactLines(display.text, columns);
		case 'paths':
			return exactLines(display.paths.join('\n'), columns);
		default:
			return display satisfies never;
	}
}

export function exactLines(text: string, columns: number): Line[] {
	const shown = exact(text);
	return [...hiddenNotice(shown.hidden, columns), ...wrapExactly([run(shown.text)], columns)];
}

/** Head and tail of lines, and between them a line that says how many were left out. */
export function middle(lines: readonly Line[], { columns, most }: Extent, more: string): Line[] {
	if (lines.length <= most) return [...lines];
	const head = Math.ceil((most - 1) * 0.4);
	const tail = Math.max(0, most - 1 - head);
	return [...lines.slice(0, head), leftOut(lines.length - head - tail, columns, more), ...lines.slice(lines.length - tail)];
}

/** The same for source lines, of which only those drawn are wrapped: an output may have a million. */
function clipped(source: readonly string[], { columns, most }: Extent, more: string): Line[] {
	if (source.length <= most) return middle(dimmed(source, columns), { columns, most }, more);
	const head = Math.ceil((most - 1) * 0.4);
	const tail = Math.max(0, most - 1 - head);
	return [
		...dimmed(source.slice(0, head), columns).slice(0, head),
		leftOut(source.length - head - tail, columns, more),
		...dimmed(source.slice(source.length - tail), columns).slice(-tail),
	];
}

function leftOut(count: number, columns: number, more: string): Line {
	const words = `… ${count.toLocaleString('en-US')} more ${count === 1 ? 'line' : 'lines'}`;
	return [run(clip(more === '' ? words : `${words} (${more})`, columns), { dim: true, italic: true })];
}
const dimmed = (lines: readonly string[], columns: number): Line[] => lines.flatMap(line => wrap([run(line, { dim: true })], columns));
const sourceLines = (text: string): string[] => (text.trim() === '' ? [] : text.replace(/\n+$/, '').split('\n'));
const exitLine = (code: number | null): Line[] =>
	code === 0 ? [] : [[run(code === null ? 'ended by a signal' : `exit code ${code}`, { colour: 'red' })]];
