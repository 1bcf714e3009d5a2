import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Engine, Prompt } from '../../src/engine/engine.js';
import { ask, followedBy, never, plainDialect, run, textIn, varied } from '../engine/asking.js';
import { tinyEngine } from './engines.js';

const long = (lines: number, from = 0) => Array.from({ length: lines }, (_, i) => `const value${from + i} = ${from + i};`).join('\n');

describe('what is in the cache is not read again', () => {
	const engine = tinyEngine({ contextSize: 8192 });
	after(() => engine.close());
	const first = ask(long(20), { sampling: varied, maxTokens: 60 });

	test('the next turn reads only what is new, the written tokens included', async () => {
		const { reply } = await run(engine, first);
		const { usage } = (await run(engine, followedBy(first, reply, 'and now?'))).reply;
		// The last token written has not been through the model yet.
		assert.ok(usage.reused >= reply.usage.prompt + reply.usage.output - 4, JSON.stringify([reply.usage, usage]));
		assert.ok(usage.prompt - usage.reused < 40, JSON.stringify(usage));
	});

	test('the same prompt again reads one token', async () => {
		await run(engine, first);
		const { usage } = (await run(engine, first)).reply;
		assert.equal(usage.prompt - usage.reused, 1);
	});

	test('a change in the middle keeps all before it', async () => {
		const messages = (middle: string): Prompt => ({
			...first,
			messages: [
				{ role: 'user', text: long(20) },
				{ role: 'user', text: middle },
				{ role: 'user', text: 'end' },
			],
		});
		await run(engine, messages('one'));
		const { usage } = (await run(engine, messages('two'))).reply;
		assert.ok(usage.reused > (await engine.measure(ask(long(20)))) - 20);
		assert.ok(usage.prompt - usage.reused < 60, JSON.stringify(usage));
	});

	test('a shorter conversation leaves nothing of the longer one behind', async () => {
		const fresh = tinyEngine();
		const short = ask('const', { sampling: varied, maxTokens: 30 });
		const expected = (await run(fresh, short)).reply.message.raw;
		await fresh.close();
		await run(engine, ask(long(40)));
		assert.equal((await run(engine, short)).reply.message.raw, expected);
	});

	test('what was read ahead is not read again, but for the words that open the reply', async () => {
		const prompt = ask(long(30, 500), { maxTokens: 2 });
		const warming = engine.warm({ ...prompt, messages: [{ role: 'user', text: long(25, 500) }] }, never());
		while (!(await warming.next()).done);
		const ahead = await engine.measure({ ...prompt, messages: [{ role: 'user', text: long(25, 500) }] });
		const { usage } = (await run(engine, prompt)).reply;
		assert.ok(usage.reused >= ahead - 15, JSON.stringify([ahead, usage]));
	});

	test('after a reply cut by `until`, the next turn still reads only what is new', async () => {
		const free = (await run(engine, first)).reply.message.raw;
		const stop = free.slice(Math.floor(free.length / 2)).slice(0, 3);
		assert.notEqual(stop, '');
		const prompt = { ...first, until: [stop] };
		const { reply } = await run(engine, prompt);
		assert.equal(reply.message.stop, 'end');
		assert.equal(reply.message.raw, free.slice(0, free.indexOf(stop)));
		const { usage } = (await run(engine, followedBy(prompt, reply, 'next'))).reply;
		assert.ok(usage.reused >= reply.usage.prompt + reply.usage.output - 8, JSON.stringify([reply.usage, usage]));
	});
});

describe('stopping', () => {
	const engine = tinyEngine({ contextSize: 16_384 });
	after(() => engine.close());

	test('in the middle of reading: what was read is kept', async () => {
		const prompt = ask(long(350));
		const { events, reply } = await run(engine, prompt, (event, stop) => {
			if (event.type === 'reading' && event.done > 0) stop();
		});
		assert.equal(reply.message.stop, 'aborted');
		assert.equal(textIn(events), '');
		assert.equal(reply.failure, undefined);
		const { usage } = (await run(engine, prompt)).reply;
		assert.ok(usage.reused > 0 && usage.reused < usage.prompt - 1, JSON.stringify(usage));
	});

	test('by leaving the generator: the next reply is whole', async () => {
		for await (const event of engine.reply(ask('left', { maxTokens: 2000, sampling: varied }), never())) {
			if (event.type === 'text') break;
		}
		assert.equal((await run(engine, ask('stayed', { maxTokens: 3 }))).reply.failure, undefined);
	});

	test('two replies asked for at once come one after the other, and one that waits can be stopped', async () => {
		const order: string[] = [];
		const told = async (name: string, prompt: Prompt) => {
			const { reply } = await run(engine, prompt, event => order.push(`${name} ${event.type}`));
			return reply;
		};
		const stopping = new AbortController();
		const waiting = engine.reply(ask('c'), stopping.signal);
		const both = [told('a', ask('a', { sampling: varied, maxTokens: 30 })), told('b', ask('b', { sampling: varied }))];
		const third = waiting.next();
		stopping.abort();
		const step = await third;
		assert.equal(step.done && step.value.message.stop, 'aborted');
		assert.ok((await Promise.all(both)).every(reply => reply.failure === undefined));
		const lastOfA = order.findLastIndex(entry => entry.startsWith('a'));
		const firstOfB = order.findIndex(entry => entry.startsWith('b'));
		assert.ok(lastOfA < firstOfB, order.join());
	});
});

describe('limits', () => {
	const engine = tinyEngine({ contextSize: 512 });
	after(() => engine.close());

	test('a prompt longer than the context is refused with both numbers, and nothing is read', async () => {
		const prompt = ask(long(60));
		const { events, reply } = await run(engine, prompt);
		assert.deepEqual(reply.failure, { reason: 'context-full', needed: await engine.measure(prompt), available: 510 });
		assert.deepEqual(
			events.filter(event => event.type === 'reading'),
			[],
		);
	});

	test('a reply that reaches the end of the context stops with `length`', async () => {
		const { reply } = await run(engine, ask(long(19), { sampling: { ...varied, seed: 3 }, maxTokens: 5000 }));
		assert.equal(reply.message.stop, 'length');
		assert.ok(reply.usage.prompt + reply.usage.output <= 512);
		assert.ok(reply.message.raw.length > 0);
	});

	test('maxTokens ends a reply with `length`', async () => {
		const { reply } = await run(engine, ask('x', { sampling: varied, maxTokens: 7 }));
		assert.equal(reply.message.stop, 'length');
		assert.equal(reply.usage.output, 7);
	});

	test('a context longer than the model was made for becomes the longest it was made for', async () => {
		const small = tinyEngine({ contextSize: 2 ** 31 });
		await small.measure(ask('x'));
		assert.equal(small.model.contextSize, 32_768);
		await small.close();
	});
});

describe('tokens', () => {
	const engine = tinyEngine();
	after(() => engine.close());
	const added = async (text: string) => (await engine.measure(ask(text))) - (await engine.measure(ask('')));

	for (const literal of ['<|im_end|>', '<|im_start|>', '<tool_call>', '</tool_call>', '<|fim_prefix|>'])
		test(`${literal} in a message is text`, async () => {
			assert.equal(await added(literal), literal.length);
			assert.equal(await added(`${literal}${literal}`), 2 * literal.length);
		});

	test('a character of four bytes and one of three come back as they went in', async () => {
		const { reply } = await run(engine, ask('x', { begin: '🙂 日本 é', maxTokens: 1 }));
		assert.ok(reply.message.raw.startsWith('🙂 日本 é'));
	});
});

describe('chance', () => {
	let engine: Engine;
	const write = async (seed: number, more: Partial<Prompt> = {}) =>
		(await run(engine, ask('x', { sampling: { ...varied, seed }, maxTokens: 40, ...more }))).reply;

	test('the same seed gives the same reply and another seed another', async () => {
		engine = tinyEngine();
		const reply = await write(7);
		assert.equal((await write(7)).message.raw, reply.message.raw);
		assert.notEqual((await write(8)).message.raw, reply.message.raw);
	});

	test('going on in the middle does not draw the same numbers again', async () => {
		const one = await write(7);
		const prompt = ask('x', { sampling: { ...varied, seed: 7 }, maxTokens: 40 });
		const two = (await run(engine, followedBy(prompt, one, 'x'))).reply;
		assert.notEqual(two.message.raw, one.message.raw);
		await engine.close();
	});
});

describe('holes', () => {
	const hole = { before: 'def add(a, b):\n    return ', after: '\n\nprint(add(1, 2))\n', maxTokens: 20, sampling: varied };

	test('are filled with as many tokens as are allowed, and cut before `until`', async () => {
		const engine = tinyEngine();
		const text = (await engine.fill(hole, never())) ?? '';
		assert.ok(text.length > 8);
		const stop = text.slice(4, 6);
		assert.equal(await engine.fill({ ...hole, until: [stop] }, never()), text.slice(0, text.indexOf(stop)));
		await engine.close();
	});

	test('tell what they give, whatever stands before them', async () => {
		const engine = tinyEngine();
		for (const before of ['', 'x', 'return ', 'call(', '"\\', 'a\t\t']) {
			let told = '';
			const text = await engine.fill({ ...hole, before }, never(), piece => {
				told += piece;
			});
			assert.equal(told, text, JSON.stringify(before));
		}
		await engine.close();
	});

	test('in a text longer than the context are filled from what is around them', async () => {
		const engine = tinyEngine({ contextSize: 512 });
		assert.ok((await engine.fill({ ...hole, before: long(100) }, never()))?.length);
		assert.ok((await engine.fill({ ...hole, after: long(100) }, never()))?.length);
		await engine.close();
	});

	test('are not filled by a model without the tokens for it', async () => {
		const { tinyModel } = await import('./tiny.js');
		const modelPath = tinyModel({
			special: [
				['<|endoftext|>', 'control'],
				['<|im_start|>', 'control'],
				['<|im_end|>', 'control'],
			],
		});
		const engine = tinyEngine({ modelPath, dialect: plainDialect });
		assert.equal(await engine.fill(hole, never()), undefined);
		await engine.close();
	});
});
