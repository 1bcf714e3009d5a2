import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unsettledEnd } from '../../../src/engine/local/resuming.js';

const ends: [text: string, end: string][] = [
	['', ''],
	['return a;\n', ''],
	['\treturn a + ', ' '],
	['  return total', ' total'],
	['\n    ', '    '],
	['call(', '('],
	['list[index', 'index'],
	['x  ==', '  =='],
	['名前', ''],
	['名前 = ', ' '],
];

for (const [text, end] of ends)
	test(`of ${JSON.stringify(text)} the end ${JSON.stringify(end)} may belong to the token that follows`, () =>
		assert.equal(unsettledEnd(text), end));

test('a very long word is not written again', () => {
	assert.ok(unsettledEnd('x'.repeat(10_000)).length <= 160);
});
