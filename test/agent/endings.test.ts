import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endingSentence } from '../../src/agent/endings.js';
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
	test(`${ending.reason} ends with a sentence, not with its name`, () => {
		const sentence = endingSentence(ending);
		assert.match(sentence, /^[A-Z].*\.$/s);
		assert.ok(!sentence.includes(ending.reason) || !ending.reason.includes('-'));
		assert.doesNotMatch(sentence, /\.\.|undefined/);
	});
}
test('one turn is not "1 turns"', () => assert.match(endingSentence({ reason: 'turn-limit', limit: 1 }), /after 1 turn,/));
