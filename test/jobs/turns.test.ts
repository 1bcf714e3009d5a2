import assert from 'node:assert/strict';
import { test } from 'node:test';
import { turnOf } from '../../src/jobs/draft.js';

const turns = (rounds: number, together?: number) =>
	Array.from({ length: rounds }, (_, i) => turnOf(i + 1, together)).map(({ way, turn, begins }) => `${way}${turn}${begins ? '' : '+'}`);

test('a file is asked for in two ways in turn, each first for the best guess', () => {
	assert.deepEqual(turns(8), ['11', '01', '02', '12', '13', '03', '04', '14']);
});

test('texts that are written together are of one way to ask', () => {
	assert.deepEqual(turns(11, 4), ['11', '01', '02', '03+', '04+', '05+', '12', '13+', '14+', '15+', '16']);
});

test('no text is asked for twice', () => {
	for (const together of [1, 2, 4, 6]) {
		const all = turns(40, together).map(one => one.replace('+', ''));
		assert.equal(new Set(all).size, all.length);
	}
});
