import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLog, type Result } from './log.js';
import { rowsOf, tableOf } from './report.js';

const result = (more: Partial<Result>): Result => ({
	suite: 'made-up',
	item: 'a',
	arm: 'qwill',
	model: 'small',
	seed: 1,
	limit: 60,
	seconds: 1,
	right: true,
	broken: false,
	void: false,
	read: 10,
	written: 2,
	why: '',
	revision: 'abc',
	...more,
});
const file = () => join(mkdtempSync(join(tmpdir(), 'qwill-log-')), 'deep', 'results.jsonl');

test('a finished item is known when the results are gone on with, others are not', () => {
	const path = file();
	openLog(path).add(result({}));
	const again = openLog(path);
	assert.equal(again.has(result({})), true);
	for (const other of [{ item: 'b' }, { arm: 'bare' }, { model: 'large' }, { seed: 2 }, { limit: 30 }, { suite: 'other' }])
		assert.equal(again.has(result(other)), false, JSON.stringify(other));
	again.add(result({ item: 'b' }));
	assert.deepEqual(openLog(path).results(), [result({}), result({ item: 'b' })]);
});

test('a line that was cut off counts for nothing, and spoils none after it', () => {
	const path = file();
	openLog(path).add(result({}));
	appendFileSync(path, JSON.stringify(result({ item: 'b' })).slice(0, 30));
	const again = openLog(path);
	assert.equal(again.has(result({ item: 'b' })), false);
	again.add(result({ item: 'b' }));
	assert.equal(openLog(path).results().length, 2);
	assert.match(readFileSync(path, 'utf8'), /\n$/);
});

test('arms are compared on the items that both have done, and items that cannot be judged are in no count', () => {
	const right = { a: true, b: true, c: true, d: false, e: true } as const;
	const bare = { a: false, b: true, c: false, d: true } as const;
	const results = [
		...Object.entries(right).map(([item, good], index) => result({ item, right: good, seconds: index + 1 })),
		...Object.entries(bare).map(([item, good]) => result({ item, right: good, arm: 'bare', broken: !good })),
		result({ item: 'f', right: false, void: true }),
	];
	const [ours, plain] = rowsOf(results);
	assert.equal(ours?.right, 4);
	assert.equal(ours?.n, 5);
	assert.equal(ours?.void, 1);
	assert.deepEqual(ours?.seconds, { median: 3, p90: 5 });
	assert.deepEqual(ours?.beside, { arm: 'bare', n: 4, won: ['a', 'c'], lost: ['d'], p: 1 });
	assert.equal(plain?.beside, undefined);
	assert.equal(plain?.broken, 2);
	const table = tableOf(rowsOf(results)).split('\n');
	assert.equal(table.length, 5);
	assert.match(
		table[2]!,
		/\| made-up \| small \| qwill \| 4 of 5 \(\+1 void\) +\| 38–96 +\| 0 +\| {2,}\| 3\.0 +\| 5\.0 +\| 10\/2 +\| 2 : 1 \(1\.000\) +\|/,
	);
});

test('parts of items are summed by their name, and outlive the file', () => {
	const path = file();
	const log = openLog(path);
	log.add(result({ shares: { marked: [1, 2], true: [0, 3] } }));
	log.add(result({ item: 'b', shares: { marked: [2, 2] } }));
	log.add(result({ item: 'c' }));
	log.add(result({ item: 'd', void: true, shares: { marked: [0, 9] } }));
	const rows = rowsOf(openLog(path).results());
	assert.deepEqual(rows[0]?.shares, { marked: [3, 4], true: [0, 3] });
	assert.match(tableOf(rows), /\| marked 3 of 4, true 0 of 3 +\|/);
});
