import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Engine, Prompt } from '../../src/engine/engine.js';
import { ask, followedBy, never, run, varied } from '../engine/asking.js';
import { tinyEngine } from './engines.js';
import { tinyModel } from './tiny.js';

// The state of a recurrent model cannot be cut: it goes back to a checkpoint, and no further than it must.

const folder = mkdtempSync(join(tmpdir(), 'qwill-recurrent-'));
const engines: Engine[] = [];
after(async () => {
	await Promise.all(engines.map(engine => engine.close()));
	rmSync(folder, { recursive: true, force: true });
});

const system = 'You are brief, and you never guess what you do not know. '.repeat(8);
const first = ask('What is a queue?', { system, sampling: varied, maxTokens: 30 });

/** `states` as in the program, where the fixed prompt is read apart. */
function open(): Engine {
	const states = { folder, model: 'mamba', budget: 1e9, conversations: true };
	const engine = tinyEngine({ modelPath: tinyModel({ architecture: 'mamba' }), states });
	engines.push(engine);
	return engine;
}

/** What an engine that has read nothing else answers. */
const answered = async (prompt: Prompt) => (await run(open(), prompt)).reply.message.raw;

async function readAhead(engine: Engine, prompt: Prompt, text: string): Promise<void> {
	const messages = [...prompt.messages.slice(0, -1), { role: 'user' as const, text }];
	for await (const _ of engine.warm({ ...prompt, messages }, never()));
}

describe('a recurrent model', () => {
	test('reads only what is new in the next turn, where the reply did not end in the middle of a character', async () => {
		const engine = open();
		let whole = 0;
		// Noise often ends in half a character, which is taken back: the reply is then read again, and no more.
		for (const seed of [1, 2, 3, 4, 5, 6]) {
			const prompt = { ...first, sampling: { ...varied, seed } };
			const one = (await run(engine, prompt)).reply;
			const two = (await run(engine, followedBy(prompt, one, 'And a stack?'))).reply;
			assert.ok(two.usage.reused >= one.usage.prompt - 1, JSON.stringify([one.usage, two.usage]));
			if (two.usage.reused >= one.usage.prompt + one.usage.output - 1) whole++;
		}
		assert.ok(whole > 0);
	});

	test('goes back to the fixed prompt when the first message is another, and answers as if it had not read it', async () => {
		const engine = open();
		await run(engine, first);
		const other = ask('Why is the sky blue?', { system, sampling: varied, maxTokens: 30 });
		const { reply } = await run(engine, other);
		const prefix = await engine.measure({ system, messages: [], tools: [] });
		assert.ok(reply.usage.reused >= 0.9 * prefix, `${reply.usage.reused} of ${prefix}`);
		assert.equal(reply.message.raw, await answered(other));
	});

	test('takes back what was typed and changed, and reads nothing before it again', async () => {
		const engine = open();
		const one = (await run(engine, first)).reply;
		const prompt = followedBy(first, one, 'And a stack?');
		await readAhead(engine, prompt, 'And a tree, or a');
		await readAhead(engine, prompt, 'And a st');
		const { usage } = (await run(engine, prompt)).reply;
		assert.ok(usage.reused >= one.usage.prompt + one.usage.output - 5, JSON.stringify([one.usage, usage]));
	});
});
