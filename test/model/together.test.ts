import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Prompt } from '../../src/engine/engine.js';
import { greedy } from '../../src/engine/sampling.js';
import { ask, run } from '../engine/asking.js';
import { realEngine, realModel, tinyEngine } from './engines.js';
import { tinyModel } from './tiny.js';

const warm = (seed: number) => ({ ...greedy, temperature: 0.9, topK: 40, topP: 1, seed });
const seeds = [2, 3, 4, 5];
const prompt = (seed: number, more: Partial<Prompt> = {}): Prompt =>
	ask(`Say something. ${'It may be long. '.repeat(12)}`, { aside: true, sampling: warm(seed), maxTokens: 40, ...more });
const together = (seed: number): Prompt => prompt(seed, { also: seeds.filter(other => other > seed).map(warm) });

describe('several replies to one prompt', () => {
	const engine = tinyEngine({ modelPath: tinyModel({ bits: 8 }) });
	after(() => engine.close());

	test('are those that each would be alone', async () => {
		const alone: string[] = [];
		for (const seed of seeds) alone.push((await run(engine, prompt(seed))).reply.message.raw);
		assert.equal(new Set(alone).size, seeds.length);
		const texts: string[] = [];
		for (const seed of seeds) texts.push((await run(engine, together(seed))).reply.message.raw);
		assert.deepEqual(texts, alone);
	});

	test('are ready when they are asked for, once', async () => {
		await run(engine, together(2));
		const [ready, again] = [(await run(engine, prompt(4))).reply, (await run(engine, prompt(4))).reply];
		assert.equal(ready.usage.writeMs, 0);
		assert.equal(ready.usage.output, again.usage.output);
		assert.ok(again.usage.writeMs > 0);
		assert.equal(ready.message.raw, again.message.raw);
	});

	test('have all what the reply is begun with, and end where it ends', async () => {
		const words = { begin: 'Well: ', until: ['e', 'a', ' '] };
		for (const seed of seeds) {
			const also = seed === 2 ? { also: seeds.slice(1).map(warm) } : {};
			const { message } = (await run(engine, prompt(seed, { ...words, ...also }))).reply;
			assert.match(message.raw, /^Well: [^ea ]*$/);
		}
	});

	test('read what comes next from where they are the same', async () => {
		const { usage } = (await run(engine, prompt(7, { also: [] }))).reply;
		assert.ok(usage.reused > usage.prompt - 8, JSON.stringify(usage));
	});

	test('stop at once, all of them', async () => {
		const long = prompt(2, { maxTokens: 1500, also: seeds.map(seed => warm(seed + 10)) });
		const { message } = (await run(engine, long, (event, stop) => event.type === 'text' && stop())).reply;
		assert.equal(message.stop, 'aborted');
		assert.equal((await run(engine, prompt(12, { maxTokens: 2 }))).reply.usage.output, 2);
	});

	test('are written one after the other where they do not fit', async context => {
		const small = tinyEngine({ modelPath: tinyModel({ bits: 8 }), contextSize: 8192 });
		context.after(() => small.close());
		const long = { maxTokens: 300, also: [warm(3)] };
		const asked = { ...prompt(2, long), messages: [{ role: 'user', text: 'words '.repeat(640) }] } as const;
		const { reply } = await run(small, asked);
		assert.ok(reply.usage.output > 0, JSON.stringify(reply.failure));
		assert.ok((await run(small, { ...asked, sampling: warm(3) })).reply.usage.writeMs > 0);
	});
});

const path = realModel();

test('Qwen2.5-Coder 0.5B: of several texts the one that does not end is broken off', {
	skip: path ? false : 'the model file is not here',
}, async context => {
	const engine = realEngine(path!);
	context.after(() => engine.close());
	const asked = (seed: number, also: number[]) =>
		ask('Name one colour. One word only.', { aside: true, maxTokens: 400, sampling: warm(seed), also: also.map(warm) });
	const first = (await run(engine, asked(1, [2, 3, 4]))).reply;
	const outputs = [first.usage.output];
	for (const seed of [2, 3, 4]) outputs.push((await run(engine, asked(seed, []))).reply.usage.output);
	assert.ok(Math.max(...outputs) <= 70, String(outputs));
});
