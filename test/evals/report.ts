import type { Share } from './judge.js';
import type { Result } from './log.js';
import { mcnemar, quantile, wilson } from './statistics.js';

/** One arm on one suite. Shares are from 0 to 1; `void` items could not be judged and are in none of the counts. */
export type Row = {
	suite: string;
	model: string;
	arm: string;
	seed: number;
	limit: number;
	n: number;
	void: number;
	right: number;
	interval: [from: number, to: number];
	broken: number;
	/** Parts of all items together that were right, of how many, where a suite counts such. */
	shares: Record<string, Share>;
	seconds: { median: number; p90: number };
	tokens: { read: number; written: number };
	/** Beside the plain answer on the same items: those that only this arm did, those that only that did, and how likely by chance. */
	beside?: { arm: string; n: number; won: string[]; lost: string[]; p: number };
};

/** The arm that others are compared with. */
const base = 'bare';

/** What the results come to: a row for each suite, model, arm, seed and limit, in the order in which they were met. */
export function rowsOf(results: readonly Result[]): Row[] {
	const groups = Map.groupBy(results, ({ suite, model, arm, seed, limit }) => JSON.stringify([suite, model, arm, seed, limit]));
	return [...groups.values()].map(group => {
		const { suite, model, arm, seed, limit } = group[0]!;
		const judged = group.filter(result => !result.void);
		const right = judged.filter(result => result.right).length;
		const seconds = judged.map(result => result.seconds);
		const plain = results.filter(one => one.suite === suite && one.model === model && one.arm === base && one.seed === seed && !one.void);
		const beside = arm === base || plain.length === 0 ? undefined : compared(judged, plain);
		return {
			suite,
			model,
			arm,
			seed,
			limit,
			n: judged.length,
			void: group.length - judged.length,
			right,
			interval: wilson(right, judged.length),
			broken: judged.filter(result => result.broken).length,
			shares: summed(judged),
			seconds: { median: quantile(seconds, 0.5) ?? 0, p90: quantile(seconds, 0.9) ?? 0 },
			tokens: { read: mean(judged.map(result => result.read)), written: mean(judged.map(result => result.written)) },
			...(beside && { beside }),
		};
	});
}

function summed(results: readonly Result[]): Record<string, Share> {
	const all: Record<string, Share> = {};
	for (const { shares = {} } of results)
		for (const [name, [part, whole]] of Object.entries(shares)) {
			const [parts, wholes] = all[name] ?? [0, 0];
			all[name] = [parts + part, wholes + whole];
		}
	return all;
}

function compared(ours: readonly Result[], theirs: readonly Result[]): NonNullable<Row['beside']> {
	const other = new Map(theirs.map(result => [result.item, result.right]));
	const both = ours.filter(({ item }) => other.has(item));
	const won = both.filter(({ item, right }) => right && !other.get(item)).map(({ item }) => item);
	const lost = both.filter(({ item, right }) => !right && other.get(item)).map(({ item }) => item);
	return { arm: base, n: both.length, won, lost, p: mcnemar(won.length, lost.length) };
}

const mean = (values: readonly number[]): number =>
	values.length === 0 ? 0 : Math.round(values.reduce((sum, value) => sum + value, 0) / values.length);

const headings = [
	'suite',
	'model',
	'arm',
	'right of n',
	'95 %',
	'broken',
	'parts',
	'median s',
	'p90 s',
	'tokens read/written',
	`only it : only ${base} (p)`,
];

/** The rows as a table of markdown, columns aligned. */
export function tableOf(rows: readonly Row[]): string {
	const cells = [headings, ...rows.map(cellsOf)];
	const widths = headings.map((_heading, column) => Math.max(...cells.map(row => row[column]!.length)));
	const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |\n`;
	const [head = [], ...body] = cells;
	return `${line(head)}${line(widths.map(width => '-'.repeat(width)))}${body.map(line).join('')}`;
}

function cellsOf(row: Row): string[] {
	const share = (value: number) => Math.round(value * 100);
	const voids = row.void > 0 ? ` (+${row.void} void)` : '';
	return [
		row.suite,
		row.model,
		row.arm,
		`${row.right} of ${row.n}${voids}`,
		row.n === 0 ? '' : `${share(row.interval[0])}–${share(row.interval[1])}`,
		String(row.broken),
		Object.entries(row.shares)
			.map(([name, [part, whole]]) => `${name} ${part} of ${whole}`)
			.join(', '),
		row.seconds.median.toFixed(1),
		row.seconds.p90.toFixed(1),
		`${row.tokens.read}/${row.tokens.written}`,
		row.beside ? `${row.beside.won.length} : ${row.beside.lost.length} (${row.beside.p.toFixed(3)})` : '',
	];
}
