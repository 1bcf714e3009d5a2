import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Token } from 'node-llama-cpp';
import { bestLength, drafterFor } from '../../src/engine/local/drafts.js';

const ids = (...numbers: number[]) => numbers as Token[];
const file = Array.from({ length: 40 }, (_, i) => i + 100);
const all = () => true;

/** Writes `text` token by token as the model would, and counts the steps. */
function write(drafter: ReturnType<typeof drafterFor>, text: readonly number[], price = (batch: number) => batch): number {
	let steps = 0;
	for (let at = 0; at < text.length; steps++) {
		const draft = drafter.draft(text.length - at - 1);
		let right = 0;
		while (right < draft.length && draft[right] === text[at + right]) right++;
		drafter.wrote(text.slice(at, at + right + 1) as Token[], draft.length, price(draft.length + 1));
		at += right + 1;
	}
	return steps;
}

describe('guesses', () => {
	it('follow the place where the same tokens stood before', () => {
		const drafter = drafterFor(ids(...file, 7, 8, 9), all);
		drafter.wrote(ids(...file.slice(0, 12)), 0, 10);
		for (const id of file.slice(12, 26)) {
			drafter.draft(15);
			drafter.wrote(ids(id), 0, 10);
		}
		assert.deepEqual(drafter.draft(15).slice(0, 3), file.slice(26, 29));
		assert.deepEqual(drafter.draft(2), file.slice(26, 28));
	});

	it('cost next to nothing where nothing repeats', () => {
		const fresh = Array.from({ length: 300 }, (_, i) => 1000 + ((i * 7919) % 4001));
		assert.equal(write(drafterFor(ids(...file), all), fresh), 300);
	});

	it('make the copy of a file much shorter work', () => {
		const long = Array.from({ length: 400 }, (_, i) => 1000 + ((i * 7919) % 4001));
		const cheap = (batch: number) => 10 + batch;
		const steps = write(drafterFor(ids(...long, 1, 2), all), long, cheap);
		assert.ok(steps < 80, `${steps} steps`);
	});

	it('end before a token that must not be guessed', () => {
		const drafter = drafterFor(ids(...file, 5), id => id !== 130);
		drafter.wrote(ids(...file.slice(0, 12)), 0, 10);
		for (const id of file.slice(12, 28)) {
			drafter.draft(15);
			drafter.wrote(ids(id), 0, 10);
		}
		assert.deepEqual(drafter.draft(15), [128, 129]);
	});

	it('stop where they lose time', () => {
		// Every other token is another than the last time.
		const text = Array.from({ length: 400 }, (_, i) => (i % 6 === 5 ? 5000 + i : i % 6));
		const drafter = drafterFor(ids(...text.slice(0, 120)), all);
		const dear = (batch: number) => 10 * batch;
		assert.equal(write(drafter, text.slice(120), dear), 280);
	});
});

describe('the length of a guess', () => {
	const price = (batch: number) => ({ 4: 2.1, 8: 3.4, 16: 6 })[batch] ?? batch;
	it('is nothing when guesses are mostly wrong', () => assert.equal(bestLength(0.4, price), 0));
	it('grows with the rate of right ones', () => {
		const lengths = [0.7, 0.9, 0.99].map(hit => bestLength(hit, price));
		assert.deepEqual(
			lengths,
			[...lengths].sort((a, b) => a - b),
		);
		assert.equal(bestLength(1, price), 15);
	});
	it('is nothing when a larger step takes as long as so many small ones', () =>
		assert.equal(
			bestLength(1, batch => batch),
			0,
		));
});
