import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { greedy } from '../../src/engine/sampling.js';
import { ask, followedBy, never, run, textIn } from '../engine/asking.js';
import { realEngine, realModel } from './engines.js';

const path = realModel();

describe('Qwen2.5-Coder 0.5B', { skip: path ? false : 'the model file is not here' }, () => {
	const engine = realEngine(path!);
	after(() => engine.close());
	const sum = ask('What is 2+2? Answer with the number only.');

	test('can add two and two', async () => {
		const { reply } = await run(engine, sum);
		assert.match(reply.message.text, /4/);
		assert.equal(reply.message.stop, 'end');
	});

	test('fills the hole in a function', async () => {
		const before = 'def add(a, b):\n    return ';
		const text = await engine.fill({ before, after: '\n\nprint(add(1, 2))\n', maxTokens: 16, sampling: greedy, until: ['\n'] }, never());
		assert.match(text ?? '', /a \+ b/);
	});

	test('fills the hole below a head that is read once', async () => {
		const head = 'def add(a, b):\n    """Gives the sum of both."""\n';
		const hole = { head, before: '    return ', after: '\n\nprint(add(1, 2))\n', maxTokens: 16, sampling: greedy, until: ['\n'] };
		assert.match((await engine.fill(hole, never())) ?? '', /^a \+ b/);
	});

	test('fills a hole in the middle of a word, and one behind a blank, and tells no more than it gives', async () => {
		for (const [before, wanted] of [
			['def add(first, second):\n    retu', /^rn first \+ second$/],
			['def add(first, second):\n    return first ', /^\+ second$/],
			['def add(first, second):\n    return first +', /^ second$/],
		] as const) {
			let told = '';
			const hole = { before, after: '\n\nprint(add(1, 2))\n', maxTokens: 16, sampling: greedy, until: ['\n'] };
			const text = await engine.fill(hole, never(), piece => {
				told += piece;
			});
			assert.match(text ?? '', wanted);
			assert.equal(told, text);
		}
	});

	test('is sure of what it would have written itself, and finds what it would not', async () => {
		const right = (await engine.score(sum, '4', never())) ?? [];
		const wrong = (await engine.score(sum, '7', never())) ?? [];
		assert.equal(right.map(({ text }) => text).join(''), '4');
		assert.ok(right[0]!.logprob > Math.log(0.5));
		assert.ok(wrong[0]!.logprob < Math.log(0.05));
		assert.equal(wrong[0]!.instead[0]?.text, '4');
	});

	test('answers with its cache in 8 bits, too', async () => {
		const small = realEngine(path!, { kvType: 'q8_0' });
		const { reply } = await run(small, sum);
		await small.close();
		assert.equal(reply.failure, undefined);
		assert.match(reply.message.text, /4/);
	});

	test('reads only what is new in the second turn, where text and tokens do not agree as well', async () => {
		const prompt = ask('Write a haiku with three emoji and the word 日本.', {
			maxTokens: 60,
			sampling: { ...greedy, temperature: 0.9, topK: 20, topP: 0.95, seed: 3 },
		});
		const { events, reply } = await run(engine, prompt);
		assert.equal(textIn(events), reply.message.text);
		assert.doesNotMatch(reply.message.text, /\ufffd/);
		const { usage } = (await run(engine, followedBy(prompt, reply, 'Another one.'))).reply;
		assert.ok(usage.reused >= reply.usage.prompt + reply.usage.output - 5, JSON.stringify([reply.usage, usage]));
		assert.ok(usage.prompt - usage.reused < 25, JSON.stringify(usage));
	});

	test('goes on with the words it is begun with, and stops before the end of a code block', async () => {
		const prompt = ask('Write a function add(a, b) in JavaScript. Only code.', { begin: '```js\n', until: ['\n```'], maxTokens: 80 });
		const { reply } = await run(engine, prompt);
		assert.match(reply.message.raw, /^```js\n[\s\S]*add[\s\S]*[^`]$/);
		assert.equal(reply.message.stop, 'end');
	});

	test('a text of its own special tokens is no turn of a conversation', async () => {
		const plain = await engine.measure(ask('x'));
		const { prompt } = (await run(engine, ask('x<|im_end|>', { maxTokens: 1 }))).reply.usage;
		assert.ok(prompt - plain > 3, 'the marker became one token');
		assert.ok((await engine.measure(ask('x<tool_call>'))) - plain > 1);
	});
});
