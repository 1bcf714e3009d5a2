import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, test } from 'node:test';
import type { Engine } from '../../src/engine/engine.js';
import { endSpare, startAhead } from '../../src/engine/local/process.js';
import { ask, never, run, textIn, varied } from '../engine/asking.js';
import { tinyEngine } from './engines.js';
import { engineProcesses, holds, isThere } from './processes.js';

const linux = { skip: process.platform === 'linux' ? false : 'needs /proc' };
const prompts = {
	loading: ask('x', { sampling: varied, maxTokens: 3000 }),
	reading: ask('const a = 1;\n'.repeat(800), { maxTokens: 5 }),
	text: ask('x', { sampling: varied, maxTokens: 3000 }),
};
const phases = ['loading', 'reading', 'text'] as const;

describe('the process that holds the model dies', linux, () => {
	for (const phase of phases)
		for (const signal of ['SIGKILL', 'SIGABRT', 'SIGSEGV'] as const)
			test(`${signal} at ${phase}: one failure that names it, the text so far, and a working next reply`, async () => {
				const engine = tinyEngine({ contextSize: 16_384 });
				let killed = false;
				const { events, reply } = await run(engine, prompts[phase], event => {
					if (killed || event.type !== phase) return;
					killed = true;
					for (const pid of engineProcesses()) process.kill(pid, signal);
				});
				assert.ok(killed);
				assert.equal(reply.failure?.reason, 'engine-lost');
				assert.match(JSON.stringify(reply.failure), new RegExp(signal));
				assert.equal(reply.message.stop, 'lost');
				assert.equal(reply.message.text, textIn(events));
				assert.equal(reply.message.text.length > 0, phase === 'text');
				assert.equal((await run(engine, ask('again', { maxTokens: 2 }))).reply.failure, undefined);
				await engine.close();
				assert.deepEqual(engineProcesses(), []);
			});

	test('while it loads on a graphics card: the next start does without the card, and says so', async () => {
		const engine = tinyEngine({ gpu: 'auto', program: join(import.meta.dirname, 'dies-once.ts') });
		assert.equal((await run(engine, prompts.loading)).reply.failure?.reason, 'engine-lost');
		const { events, reply } = await run(engine, ask('again', { maxTokens: 2 }));
		const notes = events.flatMap(event => (event.type === 'note' ? [event.text] : []));
		await engine.close();
		assert.equal(reply.failure, undefined);
		assert.deepEqual(notes, ['The last start failed, so this one does without the graphics card.']);
	});

	test('in idleness: the next reply starts it again', async () => {
		const engine = tinyEngine();
		await engine.measure(ask('x'));
		for (const pid of engineProcesses()) process.kill(pid, 'SIGKILL');
		assert.ok(await holds(() => engineProcesses().length === 0, 2000));
		assert.equal((await run(engine, ask('again', { maxTokens: 2 }))).reply.failure, undefined);
		await engine.close();
	});

	test('a process that hangs while loading is ended, with a sentence', async () => {
		const engine = tinyEngine({ loadTimeoutMs: 700 });
		const running = run(engine, ask('x'));
		assert.ok(await holds(() => engineProcesses().length === 1, 2000));
		for (const pid of engineProcesses()) process.kill(pid, 'SIGSTOP');
		const { reply } = await running;
		assert.equal(reply.failure?.reason, 'engine-lost');
		assert.match(JSON.stringify(reply.failure), /did not load/);
		await engine.close();
		assert.deepEqual(engineProcesses(), []);
	});

	test('a process that does not answer to being stopped is ended, and the text so far is kept', async () => {
		const engine = tinyEngine();
		let stopped = false;
		const { events, reply } = await run(engine, prompts.text, (event, stop) => {
			if (stopped || event.type !== 'text') return;
			stopped = true;
			for (const pid of engineProcesses()) process.kill(pid, 'SIGSTOP');
			stop();
		});
		assert.equal(reply.message.stop, 'aborted');
		assert.equal(reply.failure, undefined);
		assert.ok(textIn(events).length > 0);
		assert.equal((await run(engine, ask('again', { maxTokens: 2 }))).reply.failure, undefined);
		await engine.close();
	});
});

describe('the program dies', linux, () => {
	const begun: { kill(): void }[] = [];
	after(() => {
		for (const program of begun) program.kill();
	});

	async function program(phase: string) {
		const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'orphan.ts'), phase], {
			detached: true,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		begun.push({ kill: () => child.kill('SIGKILL') });
		let errors = '';
		child.stderr.setEncoding('utf8').on('data', text => (errors += text));
		const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
		const [, pid] = String((await lines.next()).value).split(' ');
		assert.ok(Number(pid) > 0, errors);
		return { child, lines, engine: Number(pid) };
	}

	for (const phase of phases)
		test(`killed at ${phase}: its engine process is gone within a second`, async () => {
			const { child, engine } = await program(phase);
			child.kill('SIGKILL');
			assert.ok(await holds(() => !isThere(engine), 1000), `process ${engine} lives on`);
		});

	test('Ctrl-C for the whole terminal group leaves the engine process alone', async () => {
		const { child, lines, engine } = await program('through');
		assert.ok(child.pid);
		process.kill(-child.pid, 'SIGINT');
		process.kill(-child.pid, 'SIGINT');
		assert.match(String((await lines.next()).value), /^ended (length|end) ""$/);
		assert.ok(await holds(() => !isThere(engine), 2000));
	});
});

describe('close ends within two seconds', linux, () => {
	async function closes(engine: Engine): Promise<void> {
		const started = performance.now();
		await engine.close();
		assert.ok(performance.now() - started < 2000);
		assert.deepEqual(engineProcesses(), []);
		assert.equal((await run(engine, ask('too late'))).reply.failure?.reason, 'engine-lost');
	}

	test('before anything was asked', () => closes(tinyEngine()));

	for (const phase of phases)
		test(`at ${phase}, and the reply under way ends as stopped`, async () => {
			const engine = tinyEngine({ contextSize: 16_384 });
			let closing: Promise<void> | undefined;
			const { reply } = await run(engine, prompts[phase], event => {
				if (event.type === phase) closing ??= closes(engine);
			});
			await closing;
			assert.equal(reply.message.stop, 'aborted');
			assert.equal(reply.failure, undefined);
		});

	test('when nobody listens to the reply any more, and when the process does not answer', async () => {
		const engine = tinyEngine();
		const running = engine.reply(prompts.text, never());
		for (let step = await running.next(); !step.done && step.value.type !== 'text'; ) step = await running.next();
		for (const pid of engineProcesses()) process.kill(pid, 'SIGSTOP');
		await closes(engine);
	});

	test('in idleness', async () => {
		const engine = tinyEngine();
		await engine.measure(ask('x'));
		await closes(engine);
	});
});

describe('the process that was started ahead', linux, () => {
	test('takes the first model; there is no second one', async () => {
		startAhead();
		const [ahead] = engineProcesses();
		assert.ok(ahead);
		const engine = tinyEngine();
		assert.equal((await run(engine, ask('x', { maxTokens: 2 }))).reply.failure, undefined);
		assert.deepEqual(engineProcesses(), [ahead]);
		await engine.close();
	});

	test('one that has died meanwhile is replaced', async () => {
		startAhead();
		const [pid] = engineProcesses();
		assert.ok(pid);
		process.kill(pid, 'SIGKILL');
		// Once it is gone from the list of processes, this program has been told of its end; before, it is only no longer running.
		assert.ok(await holds(() => !existsSync(`/proc/${pid}`), 10_000));
		const engine = tinyEngine();
		assert.equal((await run(engine, ask('x', { maxTokens: 2 }))).reply.failure, undefined);
		await engine.close();
	});

	test('one that is not needed is ended', async () => {
		startAhead();
		assert.equal(engineProcesses().length, 1);
		endSpare();
		assert.ok(await holds(() => engineProcesses().length === 0, 10_000));
	});
});
