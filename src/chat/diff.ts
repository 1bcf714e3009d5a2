import { structuredPatch } from 'diff';
import { exact } from '../sanitise.js';
import type { Display } from '../types.js';
import type { Style } from './text/colour.js';
import { hang, type Line, run, wrap, wrapExactly } from './text/wrap.js';

type Diff = Extract<Display, { kind: 'diff' }>;
type Row = { sign: ' ' | '+' | '-' | '⋮'; number: number | undefined; text: string };

/** How many lines a change adds and removes, and the change as numbered rows with three lines around it. */
export function diffRows({ before, after }: Diff): { added: number; removed: number; rows: Row[] } {
	const patch = structuredPatch('', '', before ?? '', after ?? '', '', '', { context: 3, timeout: 1000 });
	const rows = patch ? patch.hunks.flatMap((hunk, index) => hunkRows(hunk, index > 0)) : replaced(before ?? '', after ?? '');
	return { rows, added: rows.filter(row => row.sign === '+').length, removed: rows.filter(row => row.sign === '-').length };
}

/** The rows drawn: number, sign, text. Nothing is left out; hidden characters are written out, and their count said. */
export function diffLines(diff: Diff, columns: number): Line[] {
	const { rows, added, removed } = diffRows(diff);
	const room = String(Math.max(0, ...rows.map(row => row.number ?? 0))).length;
	let hidden = 0;
	const drawn = rows.flatMap(row => {
		const shown = exact(row.text);
		hidden += shown.hidden;
		const style = styles[row.sign];
		const gutter = run(`${String(row.number ?? '').padStart(room)} ${row.sign} `, row.sign === ' ' ? { dim: true } : style);
		return hang(gutter, wrapExactly([run(shown.text, style)], Math.max(8, columns - room - 3)));
	});
	const name = exact(diff.path);
	return [
		...wrap([run(name.text.replace(/\n/g, '<U+000A>'), { bold: true }), run(`  ${summary(diff, added, removed)}`, { dim: true })], columns),
		...hiddenNotice(hidden + name.hidden, columns),
		...drawn,
	];
}

/** Says how many hidden characters are written out, if any. */
export function hiddenNotice(hidden: number, columns: number): Line[] {
	if (hidden === 0) return [];
	const words = `! ${hidden} hidden or look-alike ${hidden === 1 ? 'character is' : 'characters are'} written as <U+…>`;
	return wrap([run(words, { colour: 'yellow' })], columns);
}

function summary({ before, after }: Diff, added: number, removed: number): string {
	const counts = `+${added} −${removed}`;
	if (before === null) return `new file, ${counts}`;
	if (after === null) return `removed, ${counts}`;
	return added + removed > 0 ? counts : 'no change in the text';
}

type Hunk = { oldStart: number; newStart: number; lines: string[] };

function hunkRows(hunk: Hunk, apart: boolean): Row[] {
	let old = hunk.oldStart;
	let now = hunk.newStart;
	const rows: Row[] = apart ? [{ sign: '⋮', number: undefined, text: '' }] : [];
	for (const line of hunk.lines) {
		const text = line.slice(1);
		if (line.startsWith('+')) rows.push({ sign: '+', number: now++, text });
		else if (line.startsWith('-')) rows.push({ sign: '-', number: old++, text });
		else if (line.startsWith('\\')) rows.push({ sign: '⋮', number: undefined, text: 'no line end at the end of the file' });
		else {
			rows.push({ sign: ' ', number: now++, text });
			old++;
		}
	}
	return rows;
}

/** For two texts so different that finding the smallest change would take too long. */
const replaced = (before: string, after: string): Row[] => [...whole(before, '-'), ...whole(after, '+')];
const whole = (text: string, sign: '+' | '-'): Row[] =>
	text
		.replace(/\n$/, '')
		.split('\n')
		.map((line, index) => ({ sign, number: index + 1, text: line }));

const styles: Record<Row['sign'], Style> = { ' ': {}, '+': { colour: 'green' }, '-': { colour: 'red' }, '⋮': { dim: true } };
