import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pythonExamples, scriptExamples } from './examples.js';
import { completed, firstFence } from './extract.js';

test('the code of an answer is its first fence', () => {
	assert.equal(firstFence('Here:\n```python\na = 1\n```\nor\n```\nb = 2\n```\n'), 'a = 1\n');
	assert.equal(firstFence('````md\n```\nx\n```\n````'), '```\nx\n```\n');
	assert.equal(firstFence('~~~\nx\n~~~'), 'x\n');
});

test('a fence that was cut off reaches to the end, and without one all of the answer is code', () => {
	assert.equal(firstFence('```js\nconst a = 1;\nconst b'), 'const a = 1;\nconst b');
	assert.equal(firstFence('a = 1\n'), 'a = 1\n');
});

test('the beginning of a function is not said twice, and what stands before it is kept', () => {
	const head = 'import math\n\ndef half(x):\n    """Half of it."""\n';
	const entry = /^def half\b/m;
	assert.equal(completed({ head, code: '    return x / 2\n', entry }), `${head}    return x / 2\n`);
	assert.equal(completed({ head, code: 'def half(x):\n    return x / 2\n', entry }), 'import math\n\ndef half(x):\n    return x / 2\n');
});

test('the examples of a docstring are found in the forms that people write', () => {
	const text = `
    >>> half(3)  # three
    1.5
    >>> half([1, 2])
    [0.5, 1.0]
    half(4) => 2
    half(true) ➞ False
    * half("a b") == 'a'
    half(x) = 1
    half(9) -> 9 / 2
    half(5) returns (2, None)
    For half of six the output should be 3
    quarter(8) => 2
`;
	assert.deepEqual(pythonExamples(text, 'half'), [
		{ call: 'half(3)', gives: '1.5' },
		{ call: 'half([1, 2])', gives: '[0.5, 1.0]' },
		{ call: 'half(4)', gives: '2' },
		{ call: 'half(true)', gives: 'False' },
		{ call: 'half("a b")', gives: "'a'" },
		{ call: 'half(5)', gives: '(2, None)' },
	]);
});

test('the examples of a comment in JavaScript are found', () => {
	const text = '//Half of it.\n// >>> half(3)\n// 1.5\n// >>> half({})\n// something else\n// >>> half([2])\n// [1]\nfunction half(x){\n';
	assert.deepEqual(scriptExamples(text, 'half'), [
		{ call: 'half(3)', gives: '1.5' },
		{ call: 'half([2])', gives: '[1]' },
	]);
});
