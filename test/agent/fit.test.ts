import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fit, foldResults, replyTokens, summarise } from '../../src/agent/fit.js';
import type { Engine, Prompt } from '../../src/engine/engine.js';
import type { AgentEvent, Message } from '../../src/types.js';

const measured = (contextSize: number): Engine => ({
	model: { name: 'ruler', tier: 'T0', contextSize, device: 'none' },
	measure: async (prompt: Prompt) => prompt.messages.reduce((sum, message) => sum + Math.ceil(message.text.length / 4) + 4, 10),
	// biome-ignore lint/correctness/useYield: never asked
	async *reply() {
		throw new Error('not asked');
	},
	// biome-ignore lint/correctness/useYield: never asked
	async *warm() {
		return undefined;
	},
	score: async () => undefined,
	fill: async () => undefined,
	close: async () => {},
});

async function run(messages: Message[], contextSize: number) {
	const events: AgentEvent[] = [];
	const fitting = fit({ system: '', messages, tools: [] }, messages, measured(contextSize));
	for (;;) {
		const step = await fitting.next();
		if (step.done) return { events, result: step.value };
		events.push(step.value);
	}
}

const user = (text: string): Message => ({ role: 'user', text });
const reply = (text: string): Message => ({ role: 'assistant', text, calls: [], stop: 'end', raw: text });
const result = (text: string): Message => ({ role: 'tool', callId: 'c', tool: 'read_file', ok: true, text });

test('a prompt that fits is left alone and told how many tokens are left for the reply', async () => {
	const { events, result } = await run([user('hello')], 2048);
	assert.deepEqual(events, []);
	assert.ok('maxTokens' in result && result.maxTokens! > 1900);
});

test('old results become a line each before anything else is touched', async () => {
	const messages = [user('task'), reply('reading'), result('x'.repeat(8000)), reply('a'), user('b'), reply('c'), user('d')];
	const { events } = await run(messages, 2048);
	const [event] = events;
	assert.equal(event?.type, 'compacted');
	assert.ok(event?.type === 'compacted' && event.after < event.before);
	assert.equal(messages.length, 7);
	assert.match(messages[2]!.text, /rest left out/);
	assert.equal(messages[0]!.text, 'task');
});

test('a long talk becomes a summary that keeps its last messages word for word', async () => {
	const talk = Array.from({ length: 60 }, (_, n) =>
		n % 2 ? reply(`answer ${n} ${'y'.repeat(300)}`) : user(`question ${n} ${'x'.repeat(300)}`),
	);
	const last = structuredClone(talk.slice(-4));
	const { events, result } = await run(talk, 4096);
	assert.equal(events.length, 1);
	assert.ok('messages' in result);
	assert.deepEqual(talk.slice(-last.length), last);
	assert.match(talk[0]!.text, /question 0/);
});

test('a talk of long messages goes on as well: no more of the last ones stay word for word than there is room for', async () => {
	const talk = [
		user(`one ${'x'.repeat(1500)}`),
		reply('y'.repeat(1500)),
		user(`two ${'x'.repeat(3000)}`),
		reply('z'.repeat(1500)),
		user('three'),
	];
	const { events, result } = await run(talk, 2048);
	assert.ok('messages' in result, JSON.stringify(result));
	assert.equal(events.length, 1);
	assert.equal(talk.at(-1)!.text, 'three');
	assert.match(talk[0]!.text, /one x+/);
});

test('what cannot fit is said with its size, and nothing is lost', async () => {
	const messages = [user('z'.repeat(40_000))];
	const { result } = await run(messages, 2048);
	assert.equal('reason' in result && result.reason, 'context-full');
	assert.equal(messages[0]!.text.length, 40_000);
});

test('a summary never ends between a call and its result', () => {
	const call = { id: 'c', tool: 'read_file', args: {} };
	const messages: Message[] = [
		user('a'),
		reply('b'),
		user('c'),
		{ role: 'assistant', text: '', calls: [call], stop: 'calls', raw: '' },
		result('r'),
		reply('d'),
		user('e'),
	];
	const roles = summarise(messages).map(message => message.role);
	assert.ok(!roles.includes('tool') || roles.indexOf('tool') > roles.indexOf('assistant', 2));
	assert.equal(foldResults(messages).length, messages.length);
});

test('the reply always has room, in the smallest context and the largest', () => {
	for (const size of [256, 512, 2048, 8192, 32_768, 262_144]) {
		assert.ok(replyTokens(size) >= Math.min(256, size / 2), `${size}`);
		assert.ok(replyTokens(size) <= Math.max(4096, size / 2), `${size}`);
	}
});
