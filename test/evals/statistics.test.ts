import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shuffled } from './random.js';
import { mcnemar, quantile, wilson } from './statistics.js';

const near = (given: number, wanted: number) => assert.ok(Math.abs(given - wanted) < 5e-4, `${given} is not about ${wanted}`);

test('the interval of a share is that of Wilson, also at the ends', () => {
	const cases = [
		[8, 10, 0.4902, 0.9433],
		[0, 10, 0, 0.2775],
		[10, 10, 0.7225, 1],
		[50, 100, 0.4038, 0.5962],
	] as const;
	for (const [right, n, from, to] of cases) {
		const [low, high] = wilson(right, n);
		near(low, from);
		near(high, to);
	}
	assert.deepEqual(wilson(0, 0), [0, 1]);
});

test('flips are weighed by the exact test of McNemar', () => {
	near(mcnemar(0, 0), 1);
	near(mcnemar(3, 3), 1);
	near(mcnemar(0, 5), 0.0625);
	near(mcnemar(9, 1), 0.0215);
	assert.equal(mcnemar(2, 11), mcnemar(11, 2));
});

test('a quantile is a value that there is', () => {
	assert.equal(quantile([4, 1, 3, 2], 0.5), 2);
	assert.equal(quantile([5, 1, 2, 3, 4, 6, 7, 8, 9, 10], 0.9), 9);
	assert.equal(quantile([7], 0.9), 7);
	assert.equal(quantile([], 0.5), undefined);
});

test('an order is the same for the same seed, and holds everything once', () => {
	const values = Array.from({ length: 30 }, (_none, index) => index);
	assert.deepEqual(shuffled(values, 7), shuffled(values, 7));
	assert.notDeepEqual(shuffled(values, 7), shuffled(values, 8));
	assert.notDeepEqual(shuffled(values, 7), values);
	assert.deepEqual(
		shuffled(values, 7).sort((a, b) => a - b),
		values,
	);
});
