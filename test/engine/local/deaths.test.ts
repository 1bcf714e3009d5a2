import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeDeath } from '../../../src/engine/local/deaths.js';

test('a signal is named with what it means, also when a shell in between made a number of it', () => {
	const lastLine = undefined;
	for (const [code, signal, words] of [
		[null, 'SIGKILL', 'memory'],
		[137, null, 'memory'],
		[134, null, 'SIGABRT'],
		[null, 'SIGBUS', 'model file'],
		[139, null, 'driver'],
	] as const)
		assert.match(describeDeath({ code, signal, lastLine }), new RegExp(words));
});

test('an exit code comes with the last line, without anything that a terminal would act upon', () => {
	const sentence = describeDeath({ code: 9, signal: null, lastLine: '\x1b[31mno \x07way\x1b]0;title\x07' });
	assert.match(sentence, /code 9 \(no way\)/);
});
