import type { Tokens } from 'marked';
import { width } from '../text/width.js';
import { type Line, type Run, run, textOf, wrap } from '../text/wrap.js';
import { inline } from './inline.js';

/** A table in columns where it fits; where it does not, each row as `Header: value` lines. */
export function tableLines(table: Tokens.Table, columns: number): Line[] {
	const rows = [table.header, ...table.rows].map((row, index) =>
		row.map(cell => oneLine(inline(cell.tokens, index === 0 ? { bold: true } : {}))),
	);
	const widths = table.header.map((_cell, index) => Math.max(3, ...rows.map(row => width(textOf(row[index] ?? [])))));
	const total = widths.reduce((sum, one) => sum + one, 0) + 3 * (widths.length - 1);
	return total <= columns ? grid(rows, widths, table.align) : pairs(rows, columns);
}

function grid(rows: Run[][][], widths: number[], align: Tokens.Table['align']): Line[] {
	const lines = rows.map(row =>
		widths.flatMap((cellWidth, index) => [
			...(index > 0 ? [run(' │ ', { dim: true })] : []),
			...pad(row[index] ?? [], cellWidth, align[index] ?? 'left'),
		]),
	);
	const rule = run(widths.map(cellWidth => '─'.repeat(cellWidth)).join('─┼─'), { dim: true });
	return [lines[0]!, [rule], ...lines.slice(1)];
}

function pad(cell: Run[], columns: number, side: 'left' | 'right' | 'center'): Run[] {
	const free = columns - width(textOf(cell));
	const before = side === 'right' ? free : side === 'center' ? Math.floor(free / 2) : 0;
	return [run(' '.repeat(before)), ...cell, run(' '.repeat(free - before))];
}

function pairs(rows: Run[][][], columns: number): Line[] {
	const [header = [], ...values] = rows;
	return values.flatMap((row, index) => [
		...(index > 0 ? [[]] : []),
		...row.flatMap((cell, column) => wrap([...(header[column] ?? []), run(': '), ...cell], columns)),
	]);
}

const oneLine = (runs: Run[]): Run[] => runs.map(part => run(part.text.replace(/\s*\n\s*/g, ' '), part.style));
