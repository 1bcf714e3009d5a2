import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endingSentence, withTraces } from '../../src/agent/endings.js';
import { flags } from '../../src/flags.js';
import type { AgentEvent, Ending } from '../../src/types.js';

const endings: Ending[] = [
	{ reason: 'answered' },
	{ reason: 'interrupted' },
	{ reason: 'interrupted', kept: true },
	{ reason: 'denied', tool: 'edit' },
	{ reason: 'turn-limit', limit: 1 },
	{ reason: 'call-limit', limit: 40 },
	{ reason: 'time-limit', seconds: 90 },
	{ reason: 'context-full', needed: 9000, available: 8192 },
	{ reason: 'stuck', detail: 'the same call three times' },
	{ reason: 'checks-failed', detail: '2 of 12 tests fail.' },
	{ reason: 'checks-failed', detail: '2 of 12 tests fail.', changed: true },
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

const result = (ok: boolean): AgentEvent => ({
	type: 'result',
	callId: '1',
	outcome: { ok, text: '', show: { kind: 'diff', path: 'a.js', before: '', after: 'x' } },
});
const replied = (text: string): AgentEvent => ({
	type: 'replied',
	message: { role: 'assistant', text, calls: [], stop: 'aborted', raw: text },
	usage: { prompt: 0, reused: 0, output: 0, readMs: 0, writeMs: 0 },
});

for (const place of ['chat', 'script'] as const) {
	test(`a ${place} hears that what was written is kept only where something was`, () => {
		const said = (...events: AgentEvent[]) => endingSentence(withTraces({ reason: 'interrupted' }, events), place);
		for (const events of [[], [replied('')], [result(false)]]) assert.doesNotMatch(said(...events), /kept/);
		for (const events of [[replied('One')], [result(true), replied('')]]) assert.match(said(...events), /What was written is kept\./);
	});

	test(`a ${place} is told to take changes back only where some were made`, () => {
		const failed: Ending = { reason: 'checks-failed', detail: 'Nothing was found' };
		const said = (...events: AgentEvent[]) => endingSentence(withTraces(failed, events), place);
		for (const events of [[], [replied('One')], [result(false)]]) assert.equal(said(...events), 'Not done. Nothing was found.');
		assert.match(said(result(true)), /the checks still fail\. Nothing was found\. .*undo takes the changes back\./);
	});
}
