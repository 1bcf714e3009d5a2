import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Row } from './figures.js';
import { number, table } from './table.js';

const row = (more: Partial<Row>): Row => ({
	id: 'P1',
	what: 'decode',
	unit: 'tokens/s',
	runs: [],
	dropped: 0,
	against: 'llama-bench -n 128',
	...more,
});
const lineOf = (text: string, id: string) => text.split('\n').find(line => line.startsWith(id)) ?? '';

test('a pair shows both sides, the ratio with its range, and whether it is enough', () => {
	const runs = [
		{ ours: 40, reference: 41 },
		{ ours: 36, reference: 40 },
		{ ours: 39, reference: 40 },
	];
	const text = table([row({ runs, goal: { of: 'ratio', better: 'more', reach: 0.9, stretch: 0.97 }, dropped: 1 })]);
	assert.match(lineOf(text, 'P1'), /39 tokens\/s +40 tokens\/s +0\.975 \(0\.900–0\.976, 3\) +≥ 0\.9× \(0\.97×\) +stretch$/);
	assert.match(text, /^P1 decode: reference: llama-bench -n 128; 1 disturbed run dropped\.$/m);
});

test('where the other side is missing it says so, and gives no ratio and no verdict', () => {
	const goal = { of: 'ratio', better: 'more', reach: 0.9 } as const;
	const text = table([row({ runs: [{ ours: 40 }], against: 'no reference on this machine', goal })]);
	assert.match(lineOf(text, 'P1'), /40 tokens\/s +no reference on this machine +– +≥ 0\.9×$/);
});

test('a figure of our own shows its range beside it, a difference the unit', () => {
	const text = table([
		row({ id: 'P4', unit: 's', runs: [{ ours: 1.234 }, { ours: 2 }], goal: { of: 'ours', better: 'less', reach: 3 }, against: '' }),
		row({
			id: 'P9',
			unit: 'MB',
			runs: [{ ours: 750, reference: 600 }],
			goal: { of: 'difference', better: 'less', reach: 200, stretch: 120 },
		}),
	]);
	assert.match(lineOf(text, 'P4'), /1\.62 s \(1\.23–2, 2\) +≤ 3 s +reached$/);
	assert.match(lineOf(text, 'P9'), /750 MB +600 MB +\+150 MB \(once\) +≤ ref \+200 MB \(ref \+120 MB\) +reached$/);
});

test('what was not measured has no number', () => {
	assert.match(lineOf(table([row({})]), 'P1'), /^P1 +decode +– +llama-bench -n 128 +–$/);
	assert.equal(table([]), '');
});

test('numbers have about three figures', () => {
	assert.deepEqual([1234.5, 123.4, 12.34, 1.234, 0.1234, 7].map(number), ['1,235', '123', '12.3', '1.23', '0.123', '7']);
});
