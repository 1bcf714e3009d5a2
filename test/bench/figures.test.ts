import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decisive, each, type Goal, percentile, type Run, spread, verdictOn } from './figures.js';

const atLeast = (reach: number, stretch?: number): Goal => ({
	of: 'ratio',
	better: 'more',
	reach,
	...(stretch === undefined ? {} : { stretch }),
});
const pairs = (...numbers: [number, number][]): Run[] => numbers.map(([ours, reference]) => ({ ours, reference }));

test('the median of an even number of values lies between the middle two, whatever their order', () => {
	assert.deepEqual(spread([9, 1, 3, 5]), { median: 4, low: 1, high: 9, count: 4 });
	assert.deepEqual(spread([10, 9, 100]), { median: 10, low: 9, high: 100, count: 3 });
	assert.equal(spread([]), undefined);
});

test('the ratio is that of each pair, not that of the medians', () => {
	// A machine that became four times slower in between: the medians would give 1.
	const runs = pairs([9, 10], [36, 40], [40, 10]);
	assert.equal(decisive({ runs })!.median, 0.9);
});

test('a difference is taken pair by pair, and ours alone needs no reference', () => {
	const runs = pairs([700, 600], [650, 600], [900, 600]);
	assert.equal(decisive({ runs, goal: { of: 'difference', better: 'less', reach: 200 } })!.median, 100);
	assert.equal(decisive({ runs: [{ ours: 3 }], goal: { of: 'ours', better: 'less', reach: 4 } })!.median, 3);
});

test('without a reference there is no ratio and no verdict', () => {
	const row = { runs: [{ ours: 5 }], goal: atLeast(0.9) };
	assert.equal(decisive(row), undefined);
	assert.equal(verdictOn(row), undefined);
});

test('a verdict is by the median: missed, reached, or the stretch', () => {
	assert.equal(verdictOn({ runs: pairs([89, 100]), goal: atLeast(0.9, 0.97) }), 'missed');
	assert.equal(verdictOn({ runs: pairs([90, 100]), goal: atLeast(0.9, 0.97) }), 'reached');
	assert.equal(verdictOn({ runs: pairs([97, 100], [50, 100], [99, 100]), goal: atLeast(0.9, 0.97) }), 'stretch');
	assert.equal(verdictOn({ runs: [{ ours: 4 }], goal: { of: 'ours', better: 'less', reach: 3 } }), 'missed');
	assert.equal(verdictOn({ runs: pairs([1, 2]) }), undefined, 'nothing was to be reached');
});

test('a percentile is one of the values', () => {
	const values = Array.from({ length: 20 }, (_, index) => 20 - index);
	assert.equal(percentile(values, 0.95), 19);
	assert.equal(percentile(values, 1), 20);
	assert.equal(percentile([7], 0.95), 7);
	assert.throws(() => percentile([], 0.95));
});

test('of runs that give several numbers, one is picked on both sides', () => {
	assert.deepEqual(
		each([{ ours: { a: 1 }, reference: { a: 2 } }, { ours: { a: 3 } }], one => one.a),
		[{ ours: 1, reference: 2 }, { ours: 3 }],
	);
});
