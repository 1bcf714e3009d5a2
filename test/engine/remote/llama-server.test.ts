import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../../src/engine/engine.js';
import { tinyModel } from '../../model/tiny.js';
import { ask, followedBy, run } from '../asking.js';
import { contract } from '../contract.js';
import { engineOn } from './talker.js';

/** The program of llama.cpp, where there is one; it is not part of this project. */
const program = process.env.QWILL_LLAMA_SERVER;

if (!program) test('a real llama-server keeps the promises', { skip: 'QWILL_LLAMA_SERVER names no llama-server' }, () => {});
else {
	const baseUrl = await start(program);
	const open = () => engineOn({ baseUrl, tier: 'T0', pause: () => sleep(200) });
	contract('on a real llama-server, tiny random model', { open, words: 400 });

	test('it says what its model takes, counts exactly what it reads, and reads only what is new', async () => {
		const engine = open();
		const prompt = ask('Count the stars above the sea.', { maxTokens: 8 });
		const tokens = await engine.measure(prompt);
		const first = await run(engine, prompt);
		const second = await run(engine, followedBy(prompt, first.reply, 'And the fish?'));
		assert.equal(engine.model.contextSize, 2048);
		assert.match(engine.model.device, /^llama\.cpp at /);
		assert.equal(first.reply.usage.prompt, tokens);
		assert.ok(second.reply.usage.reused >= tokens, JSON.stringify(second.reply.usage));
		await engine.close();
	});

	test('the same seed writes the same, another one something else', async () => {
		const engine = open();
		const write = async (seed: number) => {
			const sampling = { temperature: 1, topP: 1, topK: 40, minP: 0, repeatPenalty: 1, seed };
			return (await run(engine, ask('Say something.', { sampling }))).reply.message.raw;
		};
		assert.equal(await write(7), await write(7));
		assert.notEqual(await write(7), await write(8));
		await engine.close();
	});

	test('it fills a hole, and a prompt beyond its context is told with the numbers', async () => {
		const engine = open();
		const sampling = { temperature: 1, topP: 1, topK: 40, minP: 0, repeatPenalty: 1, seed: 7 };
		const filled = await engine.fill({ before: 'a = ', after: '\nb = 2\n', maxTokens: 8, sampling }, new AbortController().signal);
		const { reply } = await run(engine, ask('long '.repeat(3000)));
		assert.equal(typeof filled, 'string');
		assert.equal(reply.failure?.reason, 'context-full');
		assert.ok(reply.failure?.reason === 'context-full' && reply.failure.needed > reply.failure.available);
		assert.equal(reply.message.stop, 'lost');
		await engine.close();
	});
}

/** Starts it on a socket of its own, with a model of noise. It ends with the tests. */
async function start(path: string): Promise<string> {
	const folder = mkdtempSync(join(tmpdir(), 'qwill-llama-'));
	const socket = join(folder, 'model.sock');
	const server = spawn(path, ['-m', tinyModel(), '--host', socket, '-c', '2048', '-np', '1', '-t', '1'], { stdio: 'ignore' });
	after(() => {
		server.kill('SIGKILL');
		rmSync(folder, { recursive: true, force: true });
	});
	const baseUrl = `unix:${socket}`;
	const first = engineOn({ baseUrl, pause: () => sleep(500) });
	// It answers that it is loading, or not at all, until it is ready; each opening waits for it a little.
	for (let openings = 0, failure: unknown = 'none yet'; failure && openings < 20; openings++) failure = await opened(first);
	await first.close();
	return baseUrl;
}

async function opened(engine: Engine): Promise<unknown> {
	const warming = engine.warm(undefined, new AbortController().signal);
	for (;;) {
		const step = await warming.next();
		if (step.done) return step.value;
	}
}
