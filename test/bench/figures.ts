/** What was measured, and what it comes to. Pure: no clock, no machine. */

/** One pair of runs; without a reference on this machine, one run alone. */
export type Run<T = number> = { ours: T; reference?: T };

export type Spread = { median: number; low: number; high: number; count: number };

/** What a figure should reach. `of`: ours / reference of each pair, ours less the reference, or ours alone. */
export type Goal = { of: 'ratio' | 'difference' | 'ours'; better: 'more' | 'less'; reach: number; stretch?: number };

/** One line of the table. */
export type Row = {
	id: string;
	what: string;
	unit: string;
	runs: readonly Run[];
	/** Pairs that were thrown away because other programs were busy meanwhile. */
	dropped: number;
	/** What the reference is, or why there is none. */
	against: string;
	goal?: Goal;
	/** What else one has to know to repeat or believe it. */
	note?: string;
};

/** Median, smallest and largest. Undefined for nothing. */
export function spread(values: readonly number[]): Spread | undefined {
	if (values.length === 0) return undefined;
	const sorted = [...values].sort((a, b) => a - b);
	const middle = (sorted.length - 1) / 2;
	const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
	return { median, low: sorted[0]!, high: sorted.at(-1)!, count: sorted.length };
}

/** The value that this share of all do not exceed (nearest rank). Throws on an empty list: there is no such value. */
export function percentile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
	if (value === undefined) throw new RangeError('no values were measured');
	return value;
}

/** One number of each run, where runs give several. */
export const each = <T>(runs: readonly Run<T>[], pick: (one: T) => number): Run[] =>
	runs.map(({ ours, reference }) => ({ ours: pick(ours), ...(reference === undefined ? {} : { reference: pick(reference) }) }));

/** The spread that decides about the goal, taken pair by pair. Undefined where it needs a reference and there is none. */
export function decisive({ runs, goal }: Pick<Row, 'runs' | 'goal'>): Spread | undefined {
	const of = goal?.of ?? 'ratio';
	if (of === 'ours') return spread(runs.map(run => run.ours));
	const pairs = runs.filter(run => run.reference !== undefined);
	return spread(pairs.map(({ ours, reference }) => (of === 'ratio' ? ours / reference! : ours - reference!)));
}

export type Verdict = 'stretch' | 'reached' | 'missed' | undefined;

/** Whether the median reaches the goal. Undefined where nothing can be said. */
export function verdictOn(row: Pick<Row, 'runs' | 'goal'>): Verdict {
	const found = decisive(row);
	const { goal } = row;
	if (!found || !goal) return undefined;
	const reaches = (limit: number | undefined) =>
		limit !== undefined && (goal.better === 'more' ? found.median >= limit : found.median <= limit);
	if (reaches(goal.stretch)) return 'stretch';
	return reaches(goal.reach) ? 'reached' : 'missed';
}
