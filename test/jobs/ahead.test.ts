import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ephemeralJournal } from '../../src/agent/journal.js';
import { openConversation } from '../../src/agent/open.js';
import { dialects } from '../../src/engine/dialects/all.js';
import type { Prompt } from '../../src/engine/engine.js';
import { scriptedEngine } from '../../src/engine/scripted.js';
import { about, ahead, approach } from '../../src/jobs/route.js';
import { allTools } from '../../src/tools/all.js';
import type { Tier } from '../../src/types.js';
import { openWorkspace } from '../../src/workspace/open.js';

const never = () => new AbortController().signal;

/** A conversation in a small folder, and every prompt that was read before it was sent. */
async function open(tier: Tier, loaded = Promise.resolve()) {
	const root = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-ahead-')));
	writeFileSync(join(root, 'a.js'), 'export const a = 1;\n');
	const engine = scriptedEngine({ replies: ['It is one.', ...Array<string>(20).fill('Yes.')] }, { dialect: dialects.fenced, tier });
	const warmed: Prompt[] = [];
	const reading: AbortSignal[] = [];
	const conversation = openConversation({
		workspace: await openWorkspace({ root, state: join(root, '.state'), conversation: 'c' }),
		journal: ephemeralJournal(),
		past: [],
		messages: [],
		mode: 'default',
		engine: {
			...engine,
			// biome-ignore lint/correctness/useYield: nothing to load
			async *warm(prompt, signal) {
				if (prompt) reading.push(signal);
				if (prompt) warmed.push(structuredClone(prompt));
				else await loaded;
				return undefined;
			},
		},
		tools: allTools,
		seed: 1,
		system: { replace: undefined, append: undefined },
		instructions: [],
		limits: { turns: 3, calls: 3, seconds: undefined },
		testCommand: undefined,
		testable: async () => false,
		approve: () => async () => ({ yes: true }),
		approach,
		ahead,
		about,
	});
	return { conversation, warmed, reading, asked: engine.prompts };
}

for (const tier of ['T0', 'T1', 'T2'] as const)
	test(`${tier}: what is read ahead is what is asked then`, async () => {
		const { conversation, warmed, asked } = await open(tier);
		for (const text of ['What is a in @a.js?', 'Is that so?']) {
			const task = { text, material: '', files: text.includes('@') ? ['a.js'] : [] };
			await conversation.readAhead(task, never());
			for await (const _ of conversation.ask(task, never()));
		}
		assert.equal(warmed.length, 2);
		for (const [i, prompt] of warmed.entries()) {
			const { system, messages, tools } = asked[i]!;
			assert.deepEqual({ system: prompt.system, messages: prompt.messages, tools: prompt.tools }, { system, messages, tools });
		}
		assert.match(JSON.stringify(warmed[0]), /export const a/);
	});

test('T0: a question about a file is not answered out of thin air: the file goes before it, once, and the person is told', async () => {
	const { conversation, warmed, asked } = await open('T0');
	const notes: string[] = [];
	for (const text of ['What does a.js do?', 'Why is a.js so short?']) {
		await conversation.readAhead({ text, material: '', files: [] }, never());
		for await (const event of conversation.ask({ text, material: '', files: [] }, never()))
			if (event.type === 'note') notes.push(event.text);
	}
	const shown = 'a.js\n```javascript\nexport const a = 1;\n```\n\nWhat does a.js do?';
	assert.deepEqual(
		asked[1]!.messages.filter(({ role }) => role === 'user').map(({ text }) => text),
		[shown, 'Why is a.js so short?'],
	);
	assert.deepEqual(
		warmed.map(({ messages }) => messages),
		asked.map(({ messages }) => messages),
	);
	assert.deepEqual(notes, ['a.js: read with the question.']);
});

test('a model that can read files itself is not shown those that nobody asked to show', async () => {
	const { conversation, asked } = await open('T1');
	for await (const _ of conversation.ask({ text: 'What does a.js do?', material: '', files: [] }, never()));
	assert.equal(asked[0]!.messages[0]!.text, 'What does a.js do?');
});

test('T0: a change is asked for in another way, so nothing is read ahead', async () => {
	const { conversation, warmed } = await open('T0');
	await conversation.readAhead({ text: 'Rename a to b in @a.js', material: '', files: ['a.js'] }, never());
	assert.deepEqual(warmed, []);
});

test('a task asked while the model loads is not read before its turn, where Esc could not stop it', async () => {
	const { promise, resolve } = Promise.withResolvers<void>();
	const { conversation, warmed } = await open('T0', promise);
	const warming = conversation.warm(never()).next();
	const task = conversation.ask({ text: 'What is a?', material: '' }, never());
	await task.next();
	resolve();
	await warming;
	for await (const _ of task);
	assert.deepEqual(warmed, []);
});

test('the past of a conversation that is being read gives way to a task', async () => {
	const { conversation, reading } = await open('T0');
	const warming = conversation.warm(never()).next();
	while (reading.length === 0) await new Promise(setImmediate);
	for await (const _ of conversation.ask({ text: 'What is a?', material: '' }, never()));
	assert.equal(reading[0]?.aborted, true);
	await warming;
});

const long = `${Array.from({ length: 2500 }, (_, i) => `export const a${i} = ${i};`).join('\n')}\n\nexport function total(prices) {\n\treturn prices.length;\n}\n`;

for (const [text, shows] of [
	['/explain @long.js:total', 'function total'],
	['/explain @long.js', 'const a0 '],
	['In @long.js, give total a second parameter `least=0`', 'function total'],
] as const)
	test(`${text}: nobody is told that a long file was cut where only a piece of it is read`, async () => {
		const { conversation, asked } = await open('T0');
		writeFileSync(join(conversation.workspace.root, 'long.js'), long);
		const notes: string[] = [];
		for await (const event of conversation.ask({ text, material: '' }, never())) if (event.type === 'note') notes.push(event.text);
		assert.deepEqual(notes, []);
		const [first] = asked;
		assert.ok(JSON.stringify(first).includes(shows));
		assert.ok(JSON.stringify(first?.messages).length < 10_000, 'it is not shown the file besides');
	});

test('a question about a long file is told that only its beginning was read', async () => {
	const { conversation } = await open('T0');
	writeFileSync(join(conversation.workspace.root, 'long.js'), long);
	const notes: string[] = [];
	for await (const event of conversation.ask({ text: 'What is in @long.js?', material: '' }, never()))
		if (event.type === 'note') notes.push(event.text);
	assert.match(notes.join('\n'), /long\.js is longer than the model can take here: its first \d+ lines were read\./);
});
