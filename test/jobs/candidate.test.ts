import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockAt, blocksOf } from '../../src/jobs/blocks.js';
import { knowsTheAnswer, weight } from '../../src/jobs/candidate.js';

const old = 'def f(n):\n    return n + 1\n';
const tests = 'assertEqual(f(17), 289)\nassertEqual(f("abc"), "xyz")\n';

for (const [text, knows] of [
	['def f(n):\n    return n * n\n', false],
	['def f(n):\n    return n + 2\n', false],
	['def f(n):\n    if n == 17:\n        return 289\n    return n + 1\n', true],
	['def f(n):\n    return {"abc": "xyz"}[n]\n', true],
	['def f(n):\n    return n + 1000\n', false],
	['def f(n):\n    return "xyz"\n', true],
] as const)
	test(`${JSON.stringify(text.split('\n').slice(1).join(' ').trim())} ${knows ? 'knows' : 'does not know'} the answers`, () =>
		assert.equal(knowsTheAnswer(old, text, tests), knows));

test('a value that the code had before is nobody’s answer', () =>
	assert.equal(knowsTheAnswer('x = 289\nreturn 1\n', 'x = 289\nreturn 289\n', tests), false));

test('nor is one that it had in another case', () => assert.equal(knowsTheAnswer('return "XYZ"\n', 'return "xyz"\n', tests), false));

test('to take away weighs less than to put in', () => {
	assert.ok(weight('return n + 1', 'return n') < weight('return n + 1', 'return n * 1'));
	assert.equal(weight('same', 'same'), 0);
});

test('the piece that a line is in goes from its first line to its last', () => {
	const text = 'import a\n\n\n@cached\ndef f(x):\n    y = 1\n\n    return y\n\n\nclass C:\n    def g(self):\n        pass\n';
	const blocks = blocksOf(text);
	assert.deepEqual(blockAt(blocks, 8), { from: 4, to: 8, name: 'f' });
	assert.deepEqual(blockAt(blocks, 13), { from: 11, to: 13, name: 'C' });
	assert.deepEqual(
		blocksOf('export function f(a) {\n  return a;\n}\nconst g = 1;\n').map(({ from, to, name }) => [from, to, name]),
		[
			[1, 3, 'f'],
			[4, 4, 'g'],
		],
	);
});
