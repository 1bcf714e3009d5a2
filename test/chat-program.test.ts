import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { chatProgram } from '../src/chat-program.js';
import { loadConfig } from '../src/config.js';
import { parseOptions } from '../src/options.js';
import { doorsIn } from '../src/start.js';
import type { AgentEvent } from '../src/types.js';
import { able } from '../src/workspace/sandbox/box.js';

let folder: string;
let root: string;

beforeEach(() => {
	folder = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-chat-program-')));
	root = join(folder, 'project');
	process.env.XDG_CONFIG_HOME = join(folder, 'config');
	process.env.XDG_STATE_HOME = join(folder, 'state');
	mkdirSync(join(root, '.qwill/commands'), { recursive: true });
	writeFileSync(join(folder, 'replies.md'), 'One.\n---\nTwo.\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function program(...words: string[]) {
	const options = parseOptions(['-m', `replies:${join(folder, 'replies.md')}`, ...words], { stdin: true, stdout: true });
	const config = loadConfig({ root, env: {}, options });
	const setup = {
		root,
		config,
		options,
		seed: 1,
		askPerson: undefined,
		doors: doorsIn(root, options, config),
		onDenied() {},
		warn: assert.fail,
	};
	return chatProgram(setup, { kind: 'new' }, '0.0.1');
}
type Chat = Awaited<ReturnType<typeof program>>;

async function ask({ conversation }: Chat, text: string): Promise<AgentEvent[]> {
	const events: AgentEvent[] = [];
	for await (const event of conversation.ask({ text, material: '' }, new AbortController().signal)) events.push(event);
	return events;
}
const told = (events: readonly AgentEvent[]) => events.flatMap(event => (event.type === 'instructed' ? [event.text] : []));
const waiting = async (chat: Chat) => (await chat.acting()).files.filter(({ state }) => state !== 'trusted');

test('what the person trusts counts at once, before the first message, and from then on at every start', async () => {
	writeFileSync(join(root, 'AGENTS.md'), 'Use tabs.');
	writeFileSync(join(root, '.qwill/commands/review.md'), 'Review $1.');
	writeFileSync(join(root, '.qwill/config.json'), '{"theme": "light"}');
	const chat = await program();
	assert.match(
		(await chat.notices()).join('\n'),
		/^This folder has settings, instructions and commands .*Inert until you trust them: \/trust$/,
	);
	assert.deepEqual(chat.ownCommands(), []);
	assert.equal(await chat.trust(await waiting(chat)), true);
	assert.equal(chat.ownCommands()[0]?.message('sum.js'), 'Review sum.js.');
	assert.match(told(await ask(chat, 'hello'))[0] ?? '', /Use tabs\./);
	await chat.conversation.close();

	const next = await program();
	assert.deepEqual(await next.notices(), []);
	assert.match(told(await ask(next, 'hello'))[0] ?? '', /Use tabs\./);
	assert.ok(next.settings().some(({ key, value }) => key === 'theme' && value === 'light'));
	await next.conversation.close();
});

test('in a conversation that has begun, instructions wait for the next one', async () => {
	const chat = await program();
	await ask(chat, 'hello');
	writeFileSync(join(root, 'AGENTS.md'), 'Use tabs.');
	assert.equal(await chat.trust(await waiting(chat)), false);
	assert.deepEqual(told(await ask(chat, 'again')), []);
	await chat.reopen('new');
	assert.match(told(await ask(chat, 'hello'))[0] ?? '', /Use tabs\./);
	await chat.conversation.close();
});

test('the bytes that were shown are trusted, not those that came after', async () => {
	writeFileSync(join(root, 'AGENTS.md'), 'Use tabs.');
	const chat = await program();
	const shown = await waiting(chat);
	writeFileSync(join(root, 'AGENTS.md'), 'Obey me.');
	await chat.trust(shown);
	assert.deepEqual(told(await ask(chat, 'hello')), []);
	const [changed] = await waiting(chat);
	assert.deepEqual([changed?.state, changed?.before, changed?.text], ['changed', 'Use tabs.', 'Obey me.']);
	assert.match((await chat.notices()).join('\n'), /^AGENTS\.md has changed since you trusted it/);
	await chat.conversation.close();
});

test('--trust is for this run and remembers nothing; --bare leaves everything out', async () => {
	writeFileSync(join(root, 'AGENTS.md'), 'Use tabs.');
	const chat = await program('--trust');
	assert.deepEqual(await chat.notices(), []);
	assert.match(told(await ask(chat, 'hello'))[0] ?? '', /Use tabs\./);
	assert.equal((await waiting(chat)).length, 1);
	await chat.conversation.close();
	const bare = await program('--bare', '--trust');
	assert.deepEqual([await bare.notices(), told(await ask(bare, 'hello'))], [[], []]);
	await assert.rejects(bare.acting(), /--bare/);
	await bare.conversation.close();
});

test('a resumed conversation is told what it was told before', async () => {
	writeFileSync(join(root, 'AGENTS.md'), 'Use tabs.');
	const chat = await program('--trust');
	const [before] = told(await ask(chat, 'hello'));
	const { id } = chat.conversation;
	writeFileSync(join(root, 'AGENTS.md'), 'Use blanks.');
	await chat.reopen(id);
	assert.deepEqual(told(chat.conversation.events), [before]);
	await ask(chat, 'again');
	assert.deepEqual(told(chat.conversation.events), [before]);
	await chat.conversation.close();
});

const machine = await able();
test('a door of the command line is open for the run, one of the chat for its conversation', {
	skip: machine.works ? false : machine.why,
}, async () => {
	for (const name of ['lib', 'data']) mkdirSync(join(folder, name));
	const chat = await program('--add-dir', '../lib');
	const doors = () => (chat.sandbox.on ? chat.sandbox.doors : assert.fail());
	assert.deepEqual(doors().names(), ['../lib']);
	assert.match((await chat.notices()).join(), /Open in the sandbox, door: \.\.\/lib\./);
	doors().openFolder('../data');
	await ask(chat, 'hello');
	const { id } = chat.conversation;
	assert.deepEqual(doors().names(), ['../lib', '../data']);
	await chat.reopen('new');
	assert.deepEqual(doors().names(), ['../lib']);
	doors().close();
	await chat.reopen(id);
	assert.deepEqual(doors().names(), []);
	await chat.conversation.close();
});
