import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Conversation } from '../../src/agent/conversation.js';
import type { Instruction } from '../../src/agent/instructions.js';
import { createJournal, ephemeralJournal, openJournal } from '../../src/agent/journal.js';
import { type Opening, openConversation } from '../../src/agent/open.js';
import { recall } from '../../src/agent/recall.js';
import { dialects } from '../../src/engine/dialects/all.js';
import { type ScriptedOptions, scriptedEngine } from '../../src/engine/scripted.js';
import { about, ahead, approach } from '../../src/jobs/route.js';
import { allTools } from '../../src/tools/all.js';
import type { AgentEvent } from '../../src/types.js';
import { openWorkspace } from '../../src/workspace/open.js';

const never = () => new AbortController().signal;
const folder = () => realpathSync(mkdtempSync(join(tmpdir(), 'qwill-instructed-')));
const file = (path: string, text: string): Instruction => ({ path, text });
const numbered = (lines: number, word = 'use tabs') => Array.from({ length: lines }, (_, line) => `${line + 1} ${word}`).join('\n');

async function open(instructions: Instruction[], more: Partial<Opening> & Partial<ScriptedOptions> = {}) {
	const root = folder();
	const { tier = 'T0', contextSize = 8192 } = more;
	const engine = scriptedEngine({ replies: ['One.', 'Two.', 'Three.'] }, { dialect: dialects.fenced, tier, contextSize });
	const conversation = openConversation({
		workspace: await openWorkspace({ root, state: join(root, '.state'), conversation: 'c' }),
		journal: ephemeralJournal(),
		past: [],
		messages: [],
		mode: 'default',
		engine,
		tools: allTools,
		seed: 1,
		system: { replace: 'SYSTEM', append: undefined },
		instructions,
		limits: { turns: 3, calls: 3, seconds: undefined },
		testCommand: undefined,
		testable: async () => false,
		approve: () => async () => ({ yes: true }),
		approach,
		ahead,
		about,
		...more,
	});
	return { conversation, engine, prompts: engine.prompts };
}

async function ask(conversation: Conversation, text: string): Promise<AgentEvent[]> {
	const events: AgentEvent[] = [];
	for await (const event of conversation.ask({ text, material: '' }, never())) events.push(event);
	return events;
}

async function warm(conversation: Conversation): Promise<string[]> {
	const notes: string[] = [];
	for await (const event of conversation.warm(never())) if (event.type === 'note') notes.push(event.text);
	return notes;
}

test('instructions stand in every prompt, the nearest file last, and are the same in each', async () => {
	const { conversation, prompts } = await open([file('../AGENTS.md', 'Use tabs.'), file('AGENTS.md', 'Use blanks.')]);
	assert.match((await warm(conversation)).join('|'), /^Instructions: \.\.\/AGENTS\.md, AGENTS\.md, \d+ tokens\.$/);
	const events = await ask(conversation, 'hello');
	await ask(conversation, 'again');
	const [first, second] = prompts;
	assert.match(first?.instructions ?? '', /^Rules from \.\.\/AGENTS\.md\. .*:\nUse tabs\.\n\nRules from AGENTS\.md\. .*:\nUse blanks\.$/);
	assert.equal(first?.instructions, second?.instructions);
	assert.deepEqual(
		events.filter(event => event.type === 'instructed'),
		[{ type: 'instructed', text: first?.instructions }],
	);
});

test('nothing to tell: the prompt has no instructions, and nothing is kept or said of them', async () => {
	const { conversation, prompts } = await open([]);
	assert.deepEqual(await warm(conversation), []);
	const events = await ask(conversation, 'hello');
	assert.equal(prompts[0]?.instructions, '');
	assert.ok(!events.some(event => event.type === 'instructed' || event.type === 'note'));
});

for (const [tier, contextSize, most] of [
	['T0', 8192, 400],
	['T0', 2048, 256],
	['T1', 8192, 1024],
] as const)
	test(`${tier} with ${contextSize} tokens of context is told at most ${most} tokens of instructions, whole lines, and the person how many`, async () => {
		const { conversation, engine, prompts } = await open([file('AGENTS.md', numbered(2000))], { tier, contextSize });
		const [note = ''] = await warm(conversation);
		await ask(conversation, 'hello');
		const text = prompts[0]?.instructions ?? '';
		const measure = (instructions: string) => engine.measure({ system: 'S', instructions, messages: [], tools: [] });
		const tokens = (await measure(text)) - (await measure(''));
		assert.ok(tokens <= most && tokens > most * 0.75, `${tokens} tokens`);
		const [, lines, told, all] = /^Instructions: AGENTS\.md up to line (\d+), (\d+) of ([\d,]+) tokens; this model/.exec(note) ?? [];
		assert.match(text, new RegExp(`\n${lines} use tabs\n\\(The rest of AGENTS\\.md is left out\\.\\)$`));
		assert.ok(Math.abs(Number(told) - tokens) <= 1);
		assert.ok(Number(all?.replace(',', '')) > 5000);
	});

test('a short file is told whole beside a long one, which is cut', async () => {
	const { conversation, prompts } = await open([file('~/AGENTS.md', 'Answer in German.'), file('AGENTS.md', numbered(500))]);
	assert.match((await warm(conversation))[0] ?? '', /^Instructions: ~\/AGENTS\.md, AGENTS\.md up to line \d+, /);
	await ask(conversation, 'hello');
	assert.match(
		prompts[0]?.instructions ?? '',
		/^Rules from ~\/AGENTS\.md\. .*:\nAnswer in German\.\n\nRules from AGENTS\.md\. .*:\n1 use tabs/,
	);
});

test('a file of one endless line is left out, and the person is told', async () => {
	const { conversation, prompts } = await open([file('AGENTS.md', 'x'.repeat(100_000))]);
	assert.match((await warm(conversation))[0] ?? '', /^Instructions: none, 0 of [\d,]+ tokens/);
	await ask(conversation, 'hello');
	assert.equal(prompts[0]?.instructions, '');
});

test('where nobody saw the model being loaded, only a cut is worth a line', async () => {
	const whole = await open([file('AGENTS.md', 'Use tabs.')]);
	assert.ok(!(await ask(whole.conversation, 'hello')).some(event => event.type === 'note'));
	const cut = await open([file('AGENTS.md', numbered(2000))]);
	assert.equal((await ask(cut.conversation, 'hello')).filter(event => event.type === 'note').length, 1);
});

test('a resumed conversation begins with the same prompt, whatever the files say now', async () => {
	const root = folder();
	process.env.XDG_STATE_HOME = join(root, 'state');
	const about = { root, model: 'm', mode: 'default', warn: assert.fail } as const;
	const journal = createJournal(about);
	const first = await open([file('AGENTS.md', 'Use tabs.')], { journal });
	await ask(first.conversation, 'hello');
	await first.conversation.close();
	const { past, journal: reopened } = openJournal(journal.path!, about);
	const second = await open([file('AGENTS.md', 'Use blanks.')], {
		journal: reopened,
		past: past.events,
		messages: recall(past.events).messages,
	});
	assert.deepEqual(await warm(second.conversation), []);
	await ask(second.conversation, 'again');
	await second.conversation.close();
	assert.equal(second.prompts[0]?.instructions, first.prompts[0]?.instructions);
	assert.match(second.prompts[0]?.instructions ?? '', /Use tabs\./);
	assert.equal(openJournal(journal.path!, about).past.events.filter(event => event.type === 'instructed').length, 1);
});

test('a conversation that began without instructions is resumed without them', async () => {
	const { conversation } = await open([]);
	const past = await ask(conversation, 'hello');
	const resumed = await open([file('AGENTS.md', 'Use tabs.')], { past, messages: recall(past).messages });
	await ask(resumed.conversation, 'again');
	assert.equal(resumed.prompts[0]?.instructions, '');
});

test('other instructions take their place until the first message, and not after', async () => {
	const { conversation, prompts } = await open([file('AGENTS.md', 'Use tabs.')]);
	await warm(conversation);
	assert.equal(conversation.instruct([file('AGENTS.md', 'Use blanks.')]), true);
	assert.match((await warm(conversation)).join('|'), /^Instructions: AGENTS\.md, \d+ tokens\.$/);
	await ask(conversation, 'hello');
	assert.equal(conversation.instruct([file('AGENTS.md', 'Use dots.')]), false);
	await ask(conversation, 'again');
	for (const { instructions } of prompts) assert.match(instructions ?? '', /Use blanks\.$/);
});

test('a conversation taken back to its beginning tells the same, unless it is given something else', async () => {
	const { conversation, prompts } = await open([file('AGENTS.md', 'Use tabs.')]);
	const kept = () => conversation.events.flatMap(event => (event.type === 'instructed' ? [event.text] : []));
	await ask(conversation, 'hello');
	conversation.rewind(0);
	await ask(conversation, 'again');
	assert.deepEqual(kept(), [prompts[0]?.instructions]);
	conversation.rewind(0);
	assert.equal(conversation.instruct([]), true);
	await ask(conversation, 'more');
	assert.deepEqual([prompts[2]?.instructions, kept().at(-1)], ['', '']);
});
