import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TracedTest } from '../../../src/checks/coverage/coverage.js';
import { suspicion } from '../../../src/checks/coverage/suspicion.js';

const ran = (ok: boolean, ...lines: number[]): TracedTest => ({ name: 'x', ok, lines: new Map([['a.py', new Set(lines)]]) });
const scores = (...tests: TracedTest[]) => Object.fromEntries(suspicion({ tests }).get('a.py') ?? []);

describe('how suspicious a line is', () => {
	test('what every failing test ran and no other is certain; what only passing tests ran is not suspicious', () => {
		assert.deepEqual(scores(ran(false, 1, 2), ran(true, 1, 3)), { 1: 1 / Math.sqrt(2), 2: 1, 3: 0 });
	});

	test('by Ochiai: failing tests of the line / √(failing tests · tests of the line)', () => {
		const found = scores(ran(false, 1), ran(false, 1, 2), ran(true, 1), ran(true, 1, 2));
		assert.deepEqual(found, { 1: 2 / Math.sqrt(2 * 4), 2: 1 / Math.sqrt(2 * 2) });
	});

	test('nothing is suspicious where nothing fails', () => assert.deepEqual(scores(ran(true, 1, 2)), { 1: 0, 2: 0 }));
	test('a line counts once for a test, in each file', () => {
		const two = { name: 'x', ok: false, lines: new Map(['a.py', 'b.py'].map(path => [path, new Set([1])])) };
		assert.deepEqual([...suspicion({ tests: [two] }).keys()], ['a.py', 'b.py']);
	});
	test('no tests, no lines', () => assert.equal(suspicion({ tests: [] }).size, 0));
});
