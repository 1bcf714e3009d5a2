import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ephemeralJournal } from '../../src/agent/journal.js';
import { openConversation } from '../../src/agent/open.js';
import { recall } from '../../src/agent/recall.js';
import type { Engine, Prompt } from '../../src/engine/engine.js';
import { scriptedEngine } from '../../src/engine/scripted.js';
import { formOf } from '../../src/jobs/form.js';
import { structured } from '../../src/jobs/structured.js';
import type { AgentEvent, Ending, Stop } from '../../src/types.js';
import { openWorkspace } from '../../src/workspace/open.js';
import { plainDialect } from '../engine/asking.js';

const form = formOf({
	type: 'object',
	properties: { tags: { type: 'array', items: { type: 'string' }, uniqueItems: true } },
	required: ['tags'],
});
const good = '{"tags": ["a","b"]}';

type Said = { text: string; stop?: Stop };

/** A model that says these things in turn, each piece by piece, and stops when it is told to. */
function speaker(replies: readonly Said[]): { engine: Engine; prompts: Prompt[] } {
	const prompts: Prompt[] = [];
	const engine = scriptedEngine({ replies: [] }, { dialect: plainDialect });
	return {
		prompts,
		engine: {
			...engine,
			async *reply(prompt, signal) {
				const { text, stop = 'end' } = replies[prompts.length] ?? assert.fail('a reply too many');
				prompts.push({ ...prompt, messages: [...prompt.messages] });
				let raw = '';
				for (const piece of text.match(/[\s\S]{1,4}/g) ?? []) {
					if (signal.aborted) break;
					raw += piece;
					yield { type: 'text', text: piece };
				}
				const message = { role: 'assistant' as const, text: raw, calls: [], stop: signal.aborted ? ('aborted' as const) : stop, raw };
				return {
					message,
					usage: { prompt: 10, reused: 0, output: 5, readMs: 1, writeMs: 1 },
					...(stop === 'lost' ? { failure: lost } : {}),
				};
			},
		},
	};
}
const lost: Ending = { reason: 'engine-lost', detail: 'It is gone.' };

async function answer(replies: readonly Said[], { turns = 30, signal = new AbortController().signal } = {}) {
	const { engine, prompts } = speaker(replies);
	const root = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-form-')));
	const messages: Prompt['messages'] = [];
	const conversation = openConversation({
		workspace: await openWorkspace({ root, state: join(root, '.state'), conversation: 'c' }),
		journal: ephemeralJournal(),
		past: [],
		messages: messages as Extract<typeof messages, unknown[]>,
		mode: 'default',
		engine,
		tools: [],
		seed: 7,
		system: { replace: undefined, append: undefined },
		instructions: [],
		limits: { turns, calls: 3, seconds: undefined },
		testCommand: undefined,
		testable: async () => false,
		approve: () => async () => ({ yes: true }),
		approach: (_task, work, stop) => structured(form, work, stop),
		ahead: async () => undefined,
		about: async () => ({ paths: [], facts: [] }),
	});
	const events: AgentEvent[] = [];
	const running = conversation.ask({ text: 'Some tags?', material: '' }, signal);
	for (;;) {
		const step = await running.next();
		if (step.done) return { events, prompts, messages, ending: step.value, replies: events.filter(event => event.type === 'replied') };
		events.push(step.value);
	}
}
const notes = (events: readonly AgentEvent[]) => events.flatMap(event => (event.type === 'note' ? [event.text] : []));

test('a valid reply is the answer, on one line, and stays in the conversation as the model wrote it', async () => {
	const { events, prompts, messages, ending, replies } = await answer([{ text: good }]);
	assert.deepEqual(ending, { reason: 'answered' });
	assert.equal(replies[0]?.message.text, '{"tags":["a","b"]}');
	assert.equal(replies[0]?.message.raw, good);
	assert.equal(events.map(event => (event.type === 'text' ? event.text : '')).join(''), replies[0]?.message.text);
	assert.deepEqual(recall(events).messages, messages);
	assert.equal(prompts[0]?.grammar, form.roomy);
	assert.deepEqual(prompts[0]?.tools, []);
	assert.ok(prompts[0]?.messages.at(-1)?.text.includes(form.told));
});

test('a reply that does not keep to the schema is asked for again, at another seed', async () => {
	const { events, prompts, ending, replies } = await answer([{ text: '{"tags": ["a","a"]}' }, { text: good }]);
	assert.deepEqual([ending.reason, replies.length], ['answered', 1]);
	assert.match(notes(events).join(), /does not keep to the schema \(\/tags must NOT have duplicate items/);
	assert.deepEqual(
		prompts.map(prompt => prompt.sampling?.seed),
		[7, 8],
	);
	assert.equal(prompts[1]?.messages.length, prompts[0]?.messages.length);
});

for (const [name, first] of [
	['did not end', { text: '{"tags": ["a",', stop: 'length' }],
	['goes round in circles', { text: `{"tags": [${'"the same long words over and over, again and again and again",'.repeat(9)}` }],
] as const)
	test(`a reply that ${name} is asked for again, shorter`, async () => {
		const { events, prompts, ending, replies } = await answer([first, { text: good }]);
		assert.deepEqual([ending.reason, replies.length], ['answered', 1]);
		assert.match(notes(events).join(), /too long; asking again for a shorter one/);
		assert.deepEqual(
			prompts.map(prompt => prompt.grammar),
			[form.roomy, form.brief],
		);
	});

test('no reply at all when none is valid, or none ends', async () => {
	const bad = { text: 'Sorry, no.' };
	const never = await answer(Array.from({ length: 5 }, () => bad));
	assert.deepEqual(never.ending, { reason: 'stuck', detail: 'no answer kept to the schema (the last one: it is no JSON)' });
	const endless = await answer([
		{ text: '[', stop: 'length' },
		{ text: '[', stop: 'length' },
	]);
	assert.equal(endless.ending.reason, 'stuck');
	for (const { events, replies } of [never, endless]) {
		assert.equal(replies.length, 0);
		assert.ok(events.every(event => event.type !== 'text'));
	}
});

test('the limit of turns holds, and a lost engine is lost', async () => {
	assert.deepEqual((await answer([{ text: '{}' }], { turns: 1 })).ending, { reason: 'turn-limit', limit: 1 });
	assert.deepEqual((await answer([{ text: good, stop: 'lost' }])).ending, lost);
});

test('an answer that was interrupted is none, even when what was written is valid', async () => {
	const { ending, replies } = await answer([{ text: good }], { signal: AbortSignal.abort() });
	assert.deepEqual([ending.reason, replies.length], ['interrupted', 0]);
});
