import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rankLines } from '../../src/jobs/lines.js';

const python = [
	'def is_palindrome(text):',
	'    return text == text[::-1]',
	'',
	'def make_palindrome(text):',
	'    start = 0',
	'    while not is_palindrome(text):',
	'        start += 1',
	'    return text + text[:start][::-1]',
];
const said = { mentioned: '', testText: 'make_palindrome("xyz") is_palindrome("aba")' };

test('where the tests do not end, loops come first, their heads before what stands in them', () => {
	assert.deepEqual(rankLines(python.join('\n'), [], { ...said, endless: true }).slice(0, 2), [6, 7]);
	assert.notEqual(rankLines(python.join('\n'), [], said)[0], 6);
});

test('a loop over what is there already cannot run for ever; one with a condition can, in any form', () => {
	const text = [
		'function f(xs) {',
		'  for (const x of xs) {',
		'    g(x / 2);',
		'  }',
		'  for (let i = 0; i < 9; i--) {',
		'    g(i);',
		'  }',
		'}',
	];
	assert.deepEqual(rankLines(text.join('\n'), [], { mentioned: '', testText: 'f([1])', endless: true }).slice(0, 2), [5, 6]);
});

test('lines of a comment of several lines are not tried, whatever they look like', () => {
	const text = ['/* Halves:', '- half = n / 2', '  return half(n) */', 'function half(n) {', '  return n * 2; // */', '}'];
	assert.deepEqual(rankLines(text.join('\n'), [], { mentioned: '', testText: 'half(2)' }), [5, 4]);
});
