import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tailOf } from '../../src/engine/tail.js';

/** What is given out of `pieces`, and whether a stop was reached. */
function through(stops: readonly string[], pieces: readonly string[], begun = ''): { text: string; stopped: boolean } {
	const tail = tailOf(stops, begun);
	let text = '';
	for (const piece of pieces) {
		const seen = tail.add(piece);
		text += seen.text;
		if (seen.stopped) return { text, stopped: true };
	}
	return { text: text + tail.rest(), stopped: false };
}

test('a stop is found however the text is cut into pieces, and nothing of it is given out', () => {
	const letters = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 40 });
	const stops = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n'), minLength: 1, maxLength: 4 }), { maxLength: 3 });
	fc.assert(
		fc.property(letters, stops, fc.array(fc.nat(5)), (text, ends, cuts) => {
			const pieces: string[] = [];
			let rest = text;
			for (const cut of cuts) {
				pieces.push(rest.slice(0, cut));
				rest = rest.slice(cut);
			}
			const at = Math.min(...ends.map(end => text.indexOf(end)).filter(found => found >= 0));
			const first = text.split('').findIndex((_, i) => ends.some(end => text.slice(0, i + 1).endsWith(end)));
			const seen = through(ends, [...pieces, rest]);
			assert.equal(seen.stopped, Number.isFinite(at));
			if (!seen.stopped) assert.equal(seen.text, text);
			else assert.ok(text.startsWith(seen.text) && seen.text.length <= first && ends.every(end => !seen.text.includes(end)));
		}),
		{ seed: 1, numRuns: 500 },
	);
});

test('text that could begin a stop is held back until it is known', () => {
	const tail = tailOf(['\n```'], '');
	assert.deepEqual(tail.add('x\n'), { text: 'x', stopped: false });
	assert.deepEqual(tail.add('``'), { text: '', stopped: false });
	assert.deepEqual(tail.add('y'), { text: '\n``y', stopped: false });
	assert.deepEqual(tail.add('\n```'), { text: '', stopped: true });
});

test('a stop may begin in the words the reply was begun with', () => {
	assert.deepEqual(through(['\n```'], ['``', '`'], '```js\n'), { text: '', stopped: true });
});

test('the same eighty characters three times in a row are a loop, twice are none', () => {
	const line = Array.from({ length: 80 }, (_, i) => String.fromCharCode(97 + ((i * i) % 26))).join('');
	const tail = tailOf([], '');
	tail.add(`Intro. ${line}${line}`);
	assert.equal(tail.repeats(), false);
	tail.add(line);
	assert.equal(tail.repeats(), true);
});

test('a short loop is found as well', () => {
	const tail = tailOf([], '');
	for (let i = 0; i < 60; i++) tail.add('abc');
	assert.equal(tail.repeats(), true);
});
