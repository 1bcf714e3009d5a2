import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paceOf } from '../../../src/engine/local/pace.js';

/** The changes of the number of threads in `count` tokens; `time` is what a token takes with so many threads. */
function changes(full: number, count: number, time: (token: number, threads: number) => number): number[] {
	const seen: number[] = [];
	let threads = full;
	const pace = paceOf(full, now => {
		threads = now;
		seen.push(now);
	});
	for (let token = 0; token < count; token++) pace.took(time(token, threads));
	return seen;
}

test('a thread is given up while every token takes ten times as long, and taken back when that is over', () => {
	assert.deepEqual(
		changes(4, 60, (token, threads) => (token >= 20 && token < 40 && threads === 4 ? 300 : 30)),
		[3, 4],
	);
});

test('one slow token changes nothing', () => {
	assert.deepEqual(
		changes(4, 100, token => (token === 50 ? 900 : 30)),
		[],
	);
});

test('a thread is taken back at once when giving it up does not help: a longer text is slower, too', () => {
	const longer = (token: number, threads: number) => (token < 20 ? 20 : 100 * (4 / threads));
	assert.deepEqual(changes(4, 500, longer), [3, 4]);
});

test('a machine that stays busy is asked less and less often', () => {
	const seen = changes(2, 1000, (token, threads) => (token >= 20 && threads === 2 ? 300 : 40));
	assert.ok(seen.length > 4 && seen.length < 16, String(seen.length));
});

test('the last thread is never given up', () => {
	assert.deepEqual(
		changes(1, 200, token => (token < 20 ? 30 : 300)),
		[],
	);
});
