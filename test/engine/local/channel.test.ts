import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { serialize } from 'node:v8';
import fc from 'fast-check';
import { channelOn } from '../../../src/engine/local/channel.js';
import { isSaid } from '../../../src/engine/local/said.js';

function listening() {
	const stream = new PassThrough();
	const heard: unknown[] = [];
	let garbage = 0;
	channelOn(stream, { hear: message => heard.push(message), garbage: () => garbage++ });
	return {
		/** What is heard when these bytes come, each piece on its own. */
		async given(...pieces: Buffer[]) {
			for (const piece of pieces) stream.write(piece);
			await new Promise(resolve => setImmediate(resolve));
			return { heard, garbage };
		},
	};
}

const framed = (bytes: Buffer): Buffer => {
	const head = Buffer.alloc(4);
	head.writeUInt32BE(bytes.length);
	return Buffer.concat([head, bytes]);
};

test('messages come over whole and in order, however their bytes are split', async () => {
	const messages = fc.array(
		fc.record({ text: fc.string({ unit: 'binary' }), list: fc.array(fc.double({ noNaN: true })) }, { noNullPrototype: true }),
		{
			maxLength: 5,
		},
	);
	await fc.assert(
		fc.asyncProperty(messages, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), async (sent, sizes) => {
			const wire = new PassThrough();
			const send = channelOn(wire, { hear: () => {}, garbage: () => {} });
			const bytes: Buffer[] = [];
			wire.removeAllListeners('data').on('data', chunk => bytes.push(chunk));
			for (const message of sent) send(message);
			await new Promise(resolve => setImmediate(resolve));
			const all = Buffer.concat(bytes);
			const pieces: Buffer[] = [];
			for (let at = 0, i = 0; at < all.length; i++) {
				const size = sizes[i % sizes.length]!;
				pieces.push(all.subarray(at, at + size));
				at += size;
			}
			assert.deepEqual(await listening().given(...pieces), { heard: sent, garbage: 0 });
		}),
		{ numRuns: 200, seed: 5 },
	);
});

test('bytes that are no message are told once, throw nothing, and nothing after them is heard', async () => {
	const good = framed(serialize({ type: 'alive' }));
	for (const [name, bytes] of Object.entries({
		'a length beyond all messages': Buffer.alloc(100, 0xff),
		'a line of text': Buffer.from('llama_context: n_batch = 128\n'),
		'a message of nothing': Buffer.alloc(8),
		'a message of other bytes': framed(Buffer.alloc(50, 0xff)),
		'half a message with a length that fits': framed(serialize({ type: 'text', text: 'hello' }).subarray(0, 9)),
	}))
		assert.deepEqual(await listening().given(good, bytes, good), { heard: [{ type: 'alive' }], garbage: 1 }, name);
});

test('what the process says is taken for true only when it has all its parts', () => {
	for (const message of [{ type: 'alive' }, { type: 'text', text: '' }, { type: 'done', result: { kind: 'measured', tokens: 3 } }])
		assert.ok(isSaid(message), JSON.stringify(message));
	for (const message of [
		undefined,
		null,
		'text',
		[],
		{ type: 'nonsense' },
		{ type: 'toString' },
		{ type: 'text' },
		{ type: 'text', text: 5 },
		{ type: 'loading', fraction: 'half' },
		{ type: 'done' },
		{ type: 'done', result: null },
		{ type: 'done', result: { kind: 'constructor' } },
		{ type: 'done', result: { kind: 'written', stop: 'end' } },
	])
		assert.ok(!isSaid(message), JSON.stringify(message));
});
