import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import type { Engine, Prompt, Sampling } from '../../src/engine/engine.js';
import { greedy, samplingFor } from '../../src/engine/sampling.js';
import { ask, followedBy, never, run, varied } from '../engine/asking.js';
import { realEngine, realModel, tinyEngine } from './engines.js';

// Guesses, saved states and reading ahead save time. None of them may ever change a token.

const folder = mkdtempSync(join(tmpdir(), 'qwill-same-'));
const engines: Engine[] = [];
const opened = (engine: Engine): Engine => {
	engines.push(engine);
	return engine;
};
after(async () => {
	await Promise.all(engines.map(engine => engine.close()));
	rmSync(folder, { recursive: true, force: true });
});
const states = { folder, model: 'tiny', budget: 1e9, conversations: true };

const words = fc.array(fc.constantFrom('const', 'sum', '=', 'a + b;', 'return', 'if (x)', '{', '}', 'и', '加', '\n'), {
	minLength: 1,
	maxLength: 30,
});
const conversation = fc.record({
	texts: fc.array(
		words.map(list => list.join(' ')),
		{ minLength: 1, maxLength: 3 },
	),
	seed: fc.integer({ min: 1, max: 1_000_000 }),
	sampling: fc.constantFrom<Sampling>(greedy, varied, samplingFor('qwen2.5', 1)),
	length: fc.integer({ min: 1, max: 60 }),
});
type Conversation = typeof conversation extends fc.Arbitrary<infer C> ? C : never;

/** What the model answers, message by message. `before` is done before each. */
async function answers(
	engine: Engine,
	{ texts, seed, sampling, length }: Conversation,
	before = async (_prompt: Prompt) => {},
): Promise<string[]> {
	const more = { sampling: { ...sampling, seed }, maxTokens: length };
	let prompt = ask(texts[0]!, more);
	const raws: string[] = [];
	for (const [i] of texts.entries()) {
		await before(prompt);
		const { reply } = await run(engine, prompt);
		raws.push(reply.message.raw);
		prompt = followedBy(prompt, reply, texts[i + 1] ?? '');
	}
	return raws;
}

/** Reads what has been typed so far, more and more of it, and something else in between. */
const readAhead = (engine: Engine) => async (prompt: Prompt) => {
	const last = prompt.messages.at(-1)!;
	if (last.role !== 'user') return;
	const typed = [last.text.slice(0, 5), `${last.text.slice(0, 3)}xyz`, last.text.slice(0, -2)];
	for (const text of typed) {
		for await (const _ of engine.warm({ ...prompt, messages: [...prompt.messages.slice(0, -1), { role: 'user', text }] }, never()));
	}
};

describe('the tokens are the same', () => {
	it('on the tiny model with guesses, with reading ahead and from saved states, in 200 conversations', async () => {
		const [plain, guessing] = [opened(tinyEngine({ speculate: false })), opened(tinyEngine())];
		let saving = opened(tinyEngine({ states }));
		let count = 0;
		await fc.assert(
			fc.asyncProperty(conversation, async made => {
				const expected = await answers(plain, made);
				assert.deepEqual(await answers(guessing, made, readAhead(guessing)), expected);
				// Now and then a fresh process, which finds what those before it have left.
				if (count++ % 25 === 24) {
					await saving.close();
					saving = opened(tinyEngine({ states }));
				}
				assert.deepEqual(await answers(saving, made), expected);
			}),
			{ numRuns: 200, seed: 7, endOnFailure: true },
		);
	});

	it('on the real model, in 10 conversations', { skip: realModel() === undefined && 'the 0.5B is not here' }, async () => {
		const plain = opened(realEngine(realModel()!, { speculate: false }));
		const guessing = opened(realEngine(realModel()!, { states: { ...states, model: 'real' } }));
		await fc.assert(
			fc.asyncProperty(conversation, async made => {
				const expected = await answers(plain, made);
				assert.deepEqual(await answers(guessing, made, readAhead(guessing)), expected);
			}),
			{ numRuns: 10, seed: 7, endOnFailure: true },
		);
	});
});
