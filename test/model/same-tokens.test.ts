import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import type { ControlledEvaluateInputItem } from 'node-llama-cpp';
import type { Engine, Prompt, Sampling } from '../../src/engine/engine.js';
import { laneOn } from '../../src/engine/local/lane.js';
import type { LocalOptions } from '../../src/engine/local/local.js';
import { bringIn } from '../../src/engine/local/weights.js';
import { greedy, samplingFor } from '../../src/engine/sampling.js';

import { ask, followedBy, never, run, varied } from '../engine/asking.js';
import { realEngine, realModel, tinyEngine } from './engines.js';
import { tinyModel } from './tiny.js';

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

const realOpening = {
	contextSize: 4096,
	threads: 2,
	batchSize: 1024,
	useMmap: false,
	gpu: false,
	speculate: false,
	kvType: 'f16',
} as const;

/** Long enough to be kept on disk. */
const system = 'You are brief, and you never guess what you do not know. '.repeat(3);

/** What the model answers, message by message. `before` is done before each, and says which engine is asked. */
async function answers(
	{ texts, seed, sampling, length }: Conversation,
	before: (prompt: Prompt, index: number) => Promise<Engine>,
): Promise<{ raws: string[]; reused: number[] }> {
	const more = { system, sampling: { ...sampling, seed }, maxTokens: length };
	let prompt = ask(texts[0]!, more);
	const raws: string[] = [];
	const reused: number[] = [];
	for (const [i] of texts.entries()) {
		const { reply } = await run(await before(prompt, i), prompt);
		raws.push(reply.message.raw);
		reused.push(reply.usage.reused);
		prompt = followedBy(prompt, reply, texts[i + 1] ?? '');
	}
	return { raws, reused };
}

/** An engine with saved states, which now and then is closed: a fresh process goes on with what those before it have left. */
function restarting(open: () => Engine) {
	let engine = open();
	return {
		/** Before the message `index` of the conversation `count`: a new process comes before every message in turn. */
		async at(count: number, index: number, every: number): Promise<boolean> {
			if (count % every !== index) return false;
			await engine.close();
			engine = opened(open());
			return true;
		},
		engine: () => engine,
	};
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

/** Asks `runs` conversations: plainly, and with all that saves time. Gives how much each fresh process did not have to read. */
async function compare(open: (more: Partial<LocalOptions>) => Engine, runs: number, every: number): Promise<number[]> {
	const plain = opened(open({ speculate: false }));
	// The real model takes its time: there the engine with saved states reads ahead and guesses as well.
	const guessing = runs > 10 ? opened(open({})) : undefined;
	const saving = restarting(() => open({ states: { ...states, model: `${states.model} ${runs}` } }));
	opened(saving.engine());
	const found: number[] = [];
	let count = 0;
	await fc.assert(
		fc.asyncProperty(conversation, async made => {
			const expected = await answers(made, async () => plain);
			if (guessing) {
				const ahead = await answers(made, async prompt => {
					await readAhead(guessing)(prompt);
					return guessing;
				});
				assert.deepEqual(ahead.raws, expected.raws);
			}
			const fresh: number[] = [];
			const again = await answers(made, async (prompt, index) => {
				if (await saving.at(count, index, every)) fresh.push(index);
				else if (count % 2) await readAhead(saving.engine())(prompt);
				return saving.engine();
			});
			assert.deepEqual(again.raws, expected.raws);
			found.push(...fresh.map(index => again.reused[index]!));
			count++;
		}),
		{ numRuns: runs, seed: 7, endOnFailure: true },
	);
	return found;
}

const needsReal = { skip: realModel() === undefined && 'the 0.5B is not here' };

describe('the tokens are the same', () => {
	it('on the tiny model with guesses, with reading ahead and from saved states, in 200 conversations', async () => {
		// In 8 bits, where guesses are as long as they may ever be.
		const modelPath = tinyModel({ bits: 8 });
		const found = await compare(more => tinyEngine({ modelPath, ...more }), 200, 20);
		assert.ok(found.length >= 10 && found.every((reused, i) => i === 0 || reused > 20), found.join());
	});

	it('on the tiny model as it is, which is not guessed for', async () => {
		await compare(tinyEngine, 40, 20);
	});

	it('on the real model, in 10 conversations', needsReal, async () => {
		const found = await compare(more => realEngine(realModel()!, more), 10, 4);
		assert.ok(found.length >= 3 && found.every((reused, i) => i === 0 || reused > 20), found.join());
	});

	// Where keys and values are of one float type, llama.cpp shares the attention of a single token among its threads behind 512
	// tokens, and computes that of 64 and more in tiles: each rounds differently, which changes what comes at near ties.
	it('on the real model behind many tokens, however many are computed at once and by however many threads', needsReal, async () => {
		const { model, context } = await bringIn({ ...realOpening, modelPath: realModel()! }, () => {});
		const ids = model.tokenize(readFileSync(import.meta.filename, 'utf8')).slice(0, 768);
		const { sequence } = laneOn(context);
		await sequence.evaluateWithoutGeneratingNewTokens(ids.slice(0, -12));
		const base = sequence.nextTokenIndex;
		const likely = async (atOnce: number, threads: number): Promise<string[]> => {
			model.llama.maxThreads = threads;
			const found: string[] = [];
			for (let i = base; i < ids.length; i += atOnce) {
				const wanted = ids.slice(i, i + atOnce).map((id): ControlledEvaluateInputItem => [id, { generateNext: { probabilities: true } }]);
				for (const result of await sequence.controlledEvaluate(wanted)) {
					found.push([...(result?.next.probabilities ?? [])].slice(0, 3).join(' '));
				}
			}
			await sequence.eraseContextTokenRanges([{ start: base, end: sequence.nextTokenIndex }]);
			return found;
		};
		const one = await likely(1, 2);
		assert.equal(new Set(one).size, 12);
		for (const [atOnce, threads] of [
			[1, 1],
			[2, 2],
			[3, 2],
			[3, 1],
		] as const)
			assert.deepEqual(await likely(atOnce, threads), one);
		await context.dispose();
	});
});
