/** What a boxed command may take, and that nothing of it outlives it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { limited, usualLimits, watchOver } from '../../../src/workspace/sandbox/limits.js';
import { boxed, noBubblewrap, place } from './boxes.js';

/** How many living processes have `word` in their command line. */
const alive = (word: string): number => readdirSync('/proc').filter(name => /^\d+$/.test(name) && commandLine(name).includes(word)).length;

function commandLine(pid: string): string {
	try {
		return Number(pid) === process.pid ? '' : readFileSync(`/proc/${pid}/cmdline`, 'utf8');
	} catch {
		return '';
	}
}

async function until(condition: () => boolean, milliseconds: number): Promise<boolean> {
	const end = Date.now() + milliseconds;
	while (!condition()) {
		if (Date.now() > end) return false;
		await new Promise(resolve => setTimeout(resolve, 20));
	}
	return true;
}

/** Double fork, own session, deaf to signals, without the environment: only the namespace knows it. */
const daemon = (word: string) =>
	`python3 -c "
import os, signal, time
for s in (1, 2, 15): signal.signal(s, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork(): os._exit(0)
    for fd in range(3): os.close(fd)
    os.execve('/bin/bash', ['bash', '-c', 'while :; do sleep 1; done # ${word}'], {})
os._exit(0)
"`;

describe('in a box', { skip: noBubblewrap }, () => {
	test('when a command has ended, its daemons have too', async () => {
		const { root } = place();
		const word = `box${randomBytes(4).toString('hex')}`;
		const ran = await boxed(root, `${daemon(word)}; (setsid sleep 1000 # ${word}\n) & echo started`);
		assert.deepEqual([ran.exitCode, ran.output], [0, 'started\n']);
		assert.equal(alive(word), 0);
	});

	test('stopped and timed out, it ends with all that it started', async () => {
		const { root } = place();
		for (const [options, flag] of [
			[() => ({ timeoutMs: 1500 }), 'timedOut'],
			[() => ({ signal: AbortSignal.timeout(1500) }), 'aborted'],
		] as const) {
			const word = `box${randomBytes(4).toString('hex')}`;
			const running = boxed(root, `trap '' TERM INT HUP; ${daemon(word)}; while :; do sleep 1; done # ${word}`, options());
			assert.ok(await until(() => alive(word) > 3, 10_000));
			const ran = await running;
			assert.deepEqual([ran[flag], ran.exitCode, ran.signal], [true, null, 'SIGKILL']);
			assert.equal(alive(word), 0);
		}
	});

	test('it ends when qwill is killed', async () => {
		const { root } = place();
		const word = `box${randomBytes(4).toString('hex')}`;
		const module = JSON.stringify(join(import.meta.dirname, 'boxes.ts'));
		const script = `const { boxed } = await import(${module}); await boxed(${JSON.stringify(root)}, ${JSON.stringify(`${daemon(word)}; while :; do sleep 1; done # ${word}`)});`;
		const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: 'ignore' });
		// Not before the box stands and its daemon is out: until then the words are those of who starts it.
		assert.ok(await until(() => alive(`bash\0-c\0while :; do sleep 1; done # ${word}`) > 0, 20_000));
		child.kill('SIGKILL');
		await once(child, 'exit');
		assert.ok(await until(() => alive(`done # ${word}`) === 0, 10_000));
	});

	test('a flood of processes is stopped, and the command says so or goes on', async () => {
		const { root } = place();
		const word = `box${randomBytes(4).toString('hex')}`;
		let most = 0;
		const timer = setInterval(() => {
			most = Math.max(most, alive(word));
		}, 50);
		const ran = await boxed(root, `for i in $(seq 2000); do bash -c 'sleep 100; : ${word}' & done 2>/dev/null; echo all`, {
			timeoutMs: 15_000,
		});
		clearInterval(timer);
		const { processes } = usualLimits();
		if (process.getuid?.() !== 0) assert.ok(most <= processes + 2, String(most));
		else
			assert.match(
				ran.output,
				new RegExp(`\\[It had more than ${processes} processes, the most that the sandbox allows, and was stopped\\.\\]`),
			);
		assert.equal(alive(word), 0);
	});

	test('a file grows to its limit, and the sentence says so', async () => {
		const { root } = place();
		const ran = await boxed(root, 'truncate -s 5G f');
		assert.deepEqual([ran.exitCode, ran.signal], [null, 'SIGXFSZ']);
		assert.match(ran.output, /\[A file grew to 4 GiB, the most that the sandbox allows; its program was stopped\.\]/);
		assert.ok(!existsSync(join(root, 'f')) || statSync(join(root, 'f')).size < 5 * 2 ** 30);
	});

	test('a program that ends by a signal leaves no core, and the signal is told', async () => {
		const { root } = place();
		const ran = await boxed(root, 'ulimit -c; kill -SEGV $$');
		assert.deepEqual([ran.output, ran.exitCode, ran.signal], ['0\n', null, 'SIGSEGV']);
		assert.deepEqual(readdirSync(root), []);
	});
});

test('a tree that takes more memory than it may is told about, once; one within its limits never', async () => {
	const eats =
		"const a = Buffer.alloc(200e6, 1); require('child_process').spawn('sleep', ['100']); setInterval(() => a.at(0), 1000); console.log('full')";
	const child = spawn(process.execPath, ['-e', eats], { stdio: ['ignore', 'pipe', 'ignore'] });
	await once(child.stdout, 'data');
	const heard = (memory: number) =>
		new Promise<string[]>(resolve => {
			const said: string[] = [];
			const watching = watchOver(
				() => child.pid,
				{ file: 1, processes: 10, memory },
				sentence => said.push(sentence),
			);
			setTimeout(() => {
				watching.end();
				resolve(said);
			}, 1000);
		});
	try {
		assert.deepEqual(await heard(100e6), ['It used more than 0.1 GB of memory, the most that the sandbox allows, and was stopped.']);
		assert.deepEqual(await heard(8e9), []);
	} finally {
		child.kill('SIGKILL');
	}
});

test('the limits are set by words that any shell reads', () => {
	assert.match(limited({ file: 4096, processes: 9, memory: 1 }), /^ulimit -c 0; ulimit -f 4; ulimit -u 9 2>\/dev\/null; .*; exec "\$@"$/);
});
