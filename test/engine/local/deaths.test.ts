import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeDeath, saysRanOut } from '../../../src/engine/local/deaths.js';

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

test('a process that got no more memory says so, whatever ended it then', () => {
	const line = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory';
	assert.ok(saysRanOut(line));
	assert.ok(!saysRanOut('llama_context: n_ctx = 512'));
	for (const [code, signal] of [
		[null, 'SIGABRT'],
		[null, 'SIGTRAP'],
		[1, null],
	] as const)
		assert.match(describeDeath({ code, signal, lastLine: 'a stack', ranOut: true }), /^The engine stopped: it got no more memory/);
});
