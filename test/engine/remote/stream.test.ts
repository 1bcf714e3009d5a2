import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hermes } from '../../../src/engine/dialects/hermes.js';
import type { Reply } from '../../../src/engine/engine.js';
import { addressOf } from '../../../src/engine/remote/address.js';
import { orderFor } from '../../../src/engine/remote/order.js';
import { readReply } from '../../../src/engine/remote/reply.js';
import { eventsIn } from '../../../src/engine/remote/sse.js';
import type { EngineEvent } from '../../../src/types.js';
import { ask, never, textIn } from '../asking.js';
import { done, event, finish, usage } from './server.js';

/** The bytes of `text` in pieces of any size, empty ones too. */
const pieces = (text: string) =>
	fc.array(fc.nat({ max: Buffer.byteLength(text) })).map(cuts => {
		const bytes = Buffer.from(text);
		const borders = [0, ...cuts.sort((a, b) => a - b), bytes.length];
		return borders.slice(1).map((end, i) => bytes.subarray(borders[i], end));
	});

async function* chunks(bytes: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
	yield* bytes;
}

async function dataIn(bytes: AsyncIterable<Uint8Array>): Promise<string[]> {
	const all: string[] = [];
	for await (const data of eventsIn(bytes)) all.push(data);
	return all;
}

for (const [name, end] of Object.entries({ LF: '\n', 'CR LF': '\r\n', CR: '\r' }))
	test(`events are the same however their bytes are split, with lines ended by ${name}`, async () => {
		const lines = [
			': keep-alive',
			'',
			'event: x',
			'data: {"a": "añ😀"}',
			'id: 7',
			'',
			'data:',
			'data: two',
			'data:  lines',
			'',
			'data: [DONE]',
		];
		await fc.assert(
			fc.asyncProperty(pieces(lines.join(end)), async bytes => {
				assert.deepEqual(await dataIn(chunks(bytes)), ['{"a": "añ😀"}', '\ntwo\n lines', '[DONE]']);
			}),
		);
	});

const read = {
	name: 'read_file',
	purpose: 'reads',
	schema: { type: 'object', properties: { file_path: { type: 'string' }, limit: { type: 'integer' } } },
};

async function replyOf(bytes: readonly Uint8Array[]): Promise<{ events: EngineEvent[]; reply: Reply }> {
	const prompt = ask('go', { tools: [read] });
	const order = orderFor(prompt, { kind: 'vLLM', model: 'm', tier: 'T2', native: true });
	const answer = Object.assign(chunks(bytes), { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
	const access = { address: addressOf('http://localhost:8000'), key: undefined, keyName: 'KEY' };
	const means = { access, order, tools: [read], reader: hermes.reader([read], order.id), total: 10, started: 0 };
	const running = readReply(answer, means, never());
	const events: EngineEvent[] = [];
	for (;;) {
		const step = await running.next();
		if (step.done) return { events, reply: step.value };
		events.push(step.value);
	}
}

test('a reply with words, a character in two events and a call is the same however its bytes are split', async () => {
	const call = (id: string | undefined, name: string | undefined, args: string) =>
		event({ tool_calls: [{ index: 0, ...(id && { id, type: 'function' }), function: { ...(name && { name }), arguments: args } }] });
	const text = [
		event({ role: 'assistant', content: '' }),
		': still here\n\n',
		event({ content: 'Größe: 漢' }),
		event({ content: '字 👩‍👩‍👧' }),
		event({ content: '\n' }),
		call('x1', 'read_file', ''),
		call(undefined, undefined, '{"file_path": "sr'),
		call(undefined, undefined, 'c/ü.ts", "limit": "5"}'),
		finish('tool_calls'),
		usage(30, 10, 9),
		done,
	].join('');
	await fc.assert(
		fc.asyncProperty(pieces(text), async bytes => {
			const { events, reply } = await replyOf(bytes);
			assert.equal(reply.message.text, 'Größe: 漢字 👩‍👩‍👧');
			assert.equal(textIn(events), reply.message.text);
			assert.deepEqual(
				reply.message.calls.map(({ tool, args }) => ({ tool, args })),
				[{ tool: 'read_file', args: { file_path: 'src/ü.ts', limit: 5 } }],
			);
			assert.equal(reply.message.stop, 'calls');
			assert.deepEqual(
				events.filter(one => one.type === 'writing-call').map(one => one.chars),
				[0, 17, 39],
			);
			assert.deepEqual({ ...reply.usage, readMs: 0, writeMs: 0 }, { prompt: 30, reused: 10, output: 9, readMs: 0, writeMs: 0 });
		}),
	);
});

test('a reply that is cut anywhere is lost, says so, and keeps a beginning of the words', async () => {
	const whole = 'One. Zwei. 三。';
	const bytes = Buffer.from([...whole].map(content => event({ content })).join(''));
	await fc.assert(
		fc.asyncProperty(fc.nat({ max: bytes.length }), async cut => {
			const { reply } = await replyOf([bytes.subarray(0, cut)]);
			assert.equal(reply.message.stop, 'lost');
			assert.equal(reply.failure?.reason, 'engine-lost');
			assert.ok(whole.startsWith(reply.message.raw), reply.message.raw);
		}),
	);
});

test('an event without an end is not collected for ever', async () => {
	const endless = async function* (line: string) {
		for (;;) yield Buffer.from(line);
	};
	await assert.rejects(dataIn(endless('a'.repeat(2 ** 20))), /too long/);
	await assert.rejects(dataIn(endless(`data: ${'a'.repeat(2 ** 20)}\n`)), /too long/);
});
