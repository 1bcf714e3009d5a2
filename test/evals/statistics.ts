/** What a small count can and cannot say. */

/** The 95 % interval of a share by Wilson's score, from 0 to 1: it holds for few items and for shares near 0 and 1. */
export function wilson(right: number, n: number): [from: number, to: number] {
	if (n === 0) return [0, 1];
	const z = 1.959964;
	const share = right / n;
	const middle = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
	const half = (z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
	return [right === 0 ? 0 : Math.max(0, middle - half), right === n ? 1 : Math.min(1, middle + half)];
}

/**
 * McNemar's exact test, two-sided: how often chance alone would part `won` and `lost` items, those on which two arms differ, at
 * least so unevenly.
 */
export function mcnemar(won: number, lost: number): number {
	const n = won + lost;
	let tail = 0;
	let ways = 1;
	for (let k = 0; k <= Math.min(won, lost); k++) {
		tail += ways * 0.5 ** n;
		ways *= (n - k) / (k + 1);
	}
	return Math.min(1, 2 * tail);
}

/** The value that a share `q` of the values does not exceed, the nearest that there is. Undefined without values. */
export function quantile(values: readonly number[], q: number): number | undefined {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
}
