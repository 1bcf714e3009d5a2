import { decisive, type Goal, type Row, type Spread, spread, verdictOn } from './figures.js';

/** The one table: ours, the reference beside it, what the pairs come to, and whether that is enough. Notes stand below. */
export function table(rows: readonly Row[]): string {
	if (rows.length === 0) return '';
	const head = ['id', 'what', 'ours', 'reference', 'ours to reference (low–high, pairs)', 'reach', ''];
	const lines = [head, ...rows.map(cells)];
	const widths = head.map((_, column) => Math.max(...lines.map(line => line[column]!.length)));
	const drawn = lines.map(line =>
		line
			.map((cell, column) => cell.padEnd(widths[column]!))
			.join('  ')
			.trimEnd(),
	);
	const rule = widths.map(width => '-'.repeat(width)).join('  ');
	return `${[drawn[0], rule, ...drawn.slice(1), ...notes(rows)].join('\n')}\n`;
}

function cells(row: Row): string[] {
	const { id, what, unit, runs, against, goal } = row;
	const ours = spread(runs.map(run => run.ours));
	const reference = spread(runs.flatMap(run => run.reference ?? []));
	const alone = goal?.of === 'ours';
	return [
		id,
		what,
		ours ? `${number(ours.median)} ${unit}${alone ? ` ${range(ours)}` : ''}` : '–',
		reference ? `${number(reference.median)} ${unit}` : against,
		alone ? '' : told(decisive(row), goal, unit),
		goal ? limits(goal, unit) : '',
		verdictOn(row) ?? '',
	];
}

function told(found: Spread | undefined, goal: Goal | undefined, unit: string): string {
	if (!found) return '–';
	return goal?.of === 'difference' ? `${signed(found.median)} ${unit} ${range(found)}` : `${found.median.toFixed(3)} ${range(found)}`;
}

const range = ({ low, high, count }: Spread): string => (count > 1 ? `(${number(low)}–${number(high)}, ${count})` : '(once)');

function limits({ of, better, reach, stretch }: Goal, unit: string): string {
	const sign = better === 'more' ? '≥' : '≤';
	const shown = (value: number) =>
		of === 'ratio' ? `${value}×` : of === 'difference' ? `ref ${signed(value)} ${unit}` : `${value} ${unit}`;
	return `${sign} ${shown(reach)}${stretch === undefined ? '' : ` (${shown(stretch)})`}`;
}

const signed = (value: number) => `${value < 0 ? '−' : '+'}${number(Math.abs(value))}`;

/** Three figures: more than that no machine gives twice. */
export function number(value: number): string {
	const size = Math.abs(value);
	if (size >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString('en-US');
	return size >= 10 ? value.toFixed(1) : value.toFixed(size >= 1 ? 2 : 3);
}

function notes(rows: readonly Row[]): string[] {
	const told = rows.flatMap(({ id, what, note, against, runs, dropped }) => {
		const beside = runs.some(run => run.reference !== undefined) ? [`reference: ${against}`] : [];
		const thrown = dropped > 0 ? [`${dropped} disturbed ${dropped === 1 ? 'run' : 'runs'} dropped`] : [];
		const all = [...beside, ...(note === undefined ? [] : [note]), ...thrown];
		return all.length > 0 ? [`${id} ${what}: ${all.join('; ')}.`] : [];
	});
	return told.length > 0 ? ['', ...told] : [];
}
