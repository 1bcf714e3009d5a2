import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { Conversation } from '../../src/agent/conversation.js';
import { createJournal, type NewJournal, openJournal } from '../../src/agent/journal.js';
import { listJournals } from '../../src/agent/journals.js';
import { pursue } from '../../src/agent/loop.js';
import { openConversation } from '../../src/agent/open.js';
import { readJournal } from '../../src/agent/past.js';
import { recall } from '../../src/agent/recall.js';
import { atRest, reduce, start } from '../../src/chat/state.js';
import { hermes } from '../../src/engine/dialects/hermes.js';
import type { Prompt } from '../../src/engine/engine.js';
import { scriptedEngine } from '../../src/engine/scripted.js';
import { allTools } from '../../src/tools/all.js';
import type { AgentEvent, Message } from '../../src/types.js';
import { openWorkspace } from '../../src/workspace/open.js';

let folder: string;
beforeEach(() => {
	folder = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-rewind-')));
	process.env.XDG_STATE_HOME = join(folder, 'state');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const about = (): NewJournal => ({ root: folder, model: 'scripted', mode: 'yolo', warn: assert.fail });
const write = (content: string) => hermes.write({ id: '', tool: 'write_file', args: { file_path: 'a.txt', content } });

type World = { conversation: Conversation; messages: Message[]; path: string; prompts: Prompt[]; began: (number | undefined)[] };

/** A conversation on disk; with `path`, one that was begun earlier. */
async function open(replies: string[], path?: string, instructions: { path: string; text: string }[] = []): Promise<World> {
	const opened = path === undefined ? undefined : openJournal(path, about());
	const journal = opened?.journal ?? createJournal(about());
	const past = opened?.past.events ?? [];
	const messages = recall(past).messages;
	const engine = scriptedEngine({ replies }, { dialect: hermes, tier: 'T1' });
	const began: World['began'] = [];
	const conversation = openConversation({
		workspace: await openWorkspace({ root: folder, state: join(folder, 'state'), conversation: journal.id }),
		engine,
		journal,
		past,
		messages,
		tools: allTools,
		mode: 'yolo',
		seed: 1,
		system: { replace: 'sys', append: undefined },
		limits: { turns: 5, calls: 20, seconds: undefined },
		testCommand: undefined,
		testable: async () => false,
		approve: () => async () => ({ yes: true }),
		instructions,
		ahead: async () => undefined,
		about: async () => ({ paths: [], facts: [] }),
		approach(_task, work, signal) {
			began.push(work.agent.limits.started);
			return pursue(work, signal);
		},
	});
	assert.ok(journal.path);
	return { conversation, messages, path: journal.path, prompts: engine.prompts, began };
}

async function ask({ conversation }: World, ...texts: string[]): Promise<void> {
	for (const text of texts)
		for await (const event of conversation.ask({ text, material: '' }, new AbortController().signal)) assert.ok(event);
}
const screenOf = (events: readonly AgentEvent[]) => atRest(events.reduce(reduce, start)).past;
const textsOf = (events: readonly AgentEvent[]) => events.flatMap(event => (event.type === 'asked' ? [event.text] : []));

describe('going back to before a message', () => {
	test('the model and the screen forget it and all after it, and so does what is opened again', async () => {
		const world = await open(['One.', 'Two.', 'Three.', 'Other.']);
		await ask(world, 'first', 'second', 'third');
		world.conversation.rewind(1);
		assert.deepEqual(textsOf(world.conversation.events), ['first']);
		assert.deepEqual(
			world.messages.map(message => message.text),
			['first', 'One.'],
		);
		assert.deepEqual(screenOf(readJournal(world.path).events), screenOf(world.conversation.events));
		assert.deepEqual(recall(readJournal(world.path).events).messages, world.messages);
		await ask(world, 'another');
		assert.deepEqual(
			world.prompts.at(-1)?.messages.map(message => message.text),
			['first', 'One.', 'another'],
		);
		await world.conversation.close();
		const again = await open([], world.path);
		assert.deepEqual(screenOf(again.conversation.events), screenOf(world.conversation.events));
		assert.deepEqual(again.messages, world.messages);
		await again.conversation.close();
	});

	test('the file is only ever added to, and lists count what is left', async () => {
		const world = await open(['One.', 'Two.', 'Again.']);
		await ask(world, 'first', 'second');
		const before = readFileSync(world.path, 'utf8');
		world.conversation.rewind(1);
		assert.ok(readFileSync(world.path, 'utf8').startsWith(before));
		assert.deepEqual(
			listJournals(folder).map(({ title, turns }) => ({ title, turns })),
			[{ title: 'first', turns: 1 }],
		);
		world.conversation.rewind(0);
		await ask(world, 'anew');
		assert.deepEqual(
			listJournals(folder).map(({ title, turns }) => ({ title, turns })),
			[{ title: 'anew', turns: 1 }],
		);
		assert.deepEqual(textsOf(readJournal(world.path).events), ['anew']);
	});

	test('to before a shortening, the whole is known again', async () => {
		const world = await open(['One.', 'Two.', 'Three.', 'Four.', 'Five.']);
		await ask(world, 'first '.repeat(400), 'second '.repeat(400), 'third '.repeat(400), 'fourth '.repeat(400));
		for await (const _ of world.conversation.compact('', new AbortController().signal));
		assert.ok(world.messages[0]?.text.includes('One.'), 'it was shortened');
		await ask(world, 'fifth');
		world.conversation.rewind(2);
		assert.deepEqual(
			world.messages.map(message => message.text.slice(0, 6).trim()),
			['first', 'One.', 'second', 'Two.'],
		);
	});

	test('to before the first message, the model is still told what it was told at its head, and so when opened again', async () => {
		const world = await open(['One.', 'Other.'], undefined, [{ path: 'AGENTS.md', text: 'Use tabs.' }]);
		await ask(world, 'first');
		world.conversation.rewind(0);
		await ask(world, 'other');
		assert.match(world.prompts.at(-1)?.instructions ?? '', /Use tabs\./);
		await world.conversation.close();
		const again = await open(['Again.'], world.path);
		await ask(again, 'again');
		assert.equal(again.prompts[0]?.instructions, world.prompts[0]?.instructions);
		await again.conversation.close();
	});

	test('files are taken back to before the message by its mark, as far as it is kept', async () => {
		writeFileSync(join(folder, 'a.txt'), 'zero\n');
		const read = hermes.write({ id: '', tool: 'read_file', args: { file_path: 'a.txt' } });
		const world = await open([read, write('one\n'), 'Done.', 'Yes.', write('two\n'), 'Done.', write('three\n'), 'Done.']);
		await ask(world, 'one', 'well?', 'two', 'three');
		const marks = world.conversation.events.flatMap(event => (event.type === 'asked' ? [event.mark] : []));
		assert.equal(new Set(marks).size, 4);
		await world.conversation.workspace.files.undo(marks[1]);
		assert.equal(readFileSync(join(folder, 'a.txt'), 'utf8'), 'one\n');
		await world.conversation.close();
		const again = await open([], world.path);
		const [first] = again.conversation.events.flatMap(event => (event.type === 'asked' ? [event.mark] : []));
		await again.conversation.workspace.files.undo(first);
		assert.equal(readFileSync(join(folder, 'a.txt'), 'utf8'), 'zero\n');
		await again.conversation.close();
	});
});

describe('branching', () => {
	test('a copy up to a message goes on alone, and the old one stays as it was', async () => {
		const world = await open(['One.', 'Two.', 'Three.']);
		await ask(world, 'first', 'second', 'third');
		const before = readFileSync(world.path, 'utf8');
		const { journal, past } = openJournal(world.path, { ...about(), fork: true, upTo: 2 });
		assert.deepEqual(textsOf(past.events), ['first', 'second']);
		journal.append({ type: 'asked', text: 'other', material: '' });
		journal.close();
		assert.deepEqual(textsOf(readJournal(journal.path ?? '').events), ['first', 'second', 'other']);
		assert.equal(readJournal(journal.path ?? '').head.parent, world.conversation.id);
		assert.equal(readFileSync(world.path, 'utf8'), before);
		assert.equal(listJournals(folder).find(({ id }) => id === journal.id)?.turns, 3);
	});

	test('a copy of what was rewound holds only what is left', async () => {
		const world = await open(['One.', 'Two.', 'Other.']);
		await ask(world, 'first', 'second');
		world.conversation.rewind(1);
		await ask(world, 'other');
		const { journal, past } = openJournal(world.path, { ...about(), fork: true });
		journal.close();
		assert.deepEqual(textsOf(past.events), ['first', 'other']);
		assert.deepEqual(screenOf(readJournal(journal.path ?? '').events), screenOf(world.conversation.events));
	});
});

test('a task that is stopped says that something is kept only where something was written', async () => {
	const { conversation, path } = await open(['One two three four.', 'One two three four.']);
	const stoppedAt = async (type: AgentEvent['type']) => {
		const stop = new AbortController();
		let ending: unknown;
		for await (const event of conversation.ask({ text: 'go', material: '' }, stop.signal)) {
			if (event.type === type) stop.abort();
			if (event.type === 'done') ending = event.ending;
		}
		return ending;
	};
	assert.deepEqual(await stoppedAt('turn'), { reason: 'interrupted' });
	assert.deepEqual(await stoppedAt('text'), { reason: 'interrupted', kept: true });
	assert.deepEqual(readJournal(path).events.at(-1), {
		type: 'done',
		ending: { reason: 'interrupted', kept: true },
	});
});

test('the time of each task begins when it is asked', async () => {
	const world = await open(['One.', 'Two.']);
	const before = performance.now();
	await ask(world, 'first', 'second');
	const [first = 0, second = 0] = world.began;
	assert.ok(before <= first && first < second && second <= performance.now());
});
