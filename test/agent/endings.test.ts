import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endingSentence } from '../../src/agent/endings.js';
import { flags } from '../../src/flags.js';
import type { Ending } from '../../src/types.js';

const endings: Ending[] = [
	{ reason: 'answered' },
	{ reason: 'interrupted' },
	{ reason: 'denied', tool: 'edit' },
	{ reason: 'turn-limit', limit: 1 },
	{ reason: 'call-limit', limit: 40 },
	{ reason: 'time-limit', seconds: 90 },
	{ reason: 'context-full', needed: 9000, available: 8192 },
	{ reason: 'stuck', detail: 'the same call three times' },
	{ reason: 'checks-failed', detail: '2 of 12 tests fail.' },
	{ reason: 'engine-lost', detail: 'The process was killed' },
	{ reason: 'no-model', detail: 'Fetch one with: qwill models pull' },
];
for (const ending of endings) {
	for (const place of ['chat', 'script'] as const) {
		test(`${ending.reason} ends a ${place} with a sentence, not with its name`, () => {
			const sentence = endingSentence(ending, place);
			assert.match(sentence, /^[A-Z].*\.$/s);
			assert.ok(!sentence.includes(ending.reason) || !ending.reason.includes('-'));
			assert.doesNotMatch(sentence, /\.\.|undefined/);
		});
	}
	test(`${ending.reason}: a script is told nothing that can only be typed into a chat, a chat no flag`, () => {
		assert.doesNotMatch(endingSentence(ending, 'script'), /(^|\s)\/[a-z]|\b[Ss]ay\b/);
		assert.doesNotMatch(endingSentence(ending, 'chat'), /--/);
	});
}
test('every flag that a script is told of exists', () => {
	const known = Object.fromEntries(flags.map(flag => [flag.name, true]));
	for (const ending of endings)
		for (const [, name = ''] of endingSentence(ending, 'script').matchAll(/--([a-z-]+)/g)) assert.ok(known[name], name);
});
test('one turn is not "1 turns"', () => assert.match(endingSentence({ reason: 'turn-limit', limit: 1 }, 'chat'), /after 1 turn,/));
