import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { clip } from '../../src/workspace/clip.js';
import { openProcesses } from '../../src/workspace/processes.js';
import type { CommandLine, Finished, RunOptions } from '../../src/workspace/workspace.js';
import { put, refusedWith, shell, world } from './world.js';

type Ran = Finished & { streamed: string; pieces: number };

async function run(
	root: string,
	command: CommandLine,
	options: Partial<RunOptions> = {},
	onPiece: (piece: string) => void = () => {},
): Promise<Ran> {
	const running = openProcesses(root).run(command, { timeoutMs: 60_000, signal: new AbortController().signal, ...options });
	let streamed = '';
	for (let pieces = 0; ; pieces++) {
		const step = await running.next();
		if (step.done) return { ...step.value, streamed, pieces };
		if (streamed.length < 50_000_000) streamed += step.value;
		onPiece(step.value);
	}
}

/** How many living processes have `word` in their command line. */
function alive(word: string): number {
	const lines = readdirSync('/proc')
		.filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
		.map(commandLine);
	return lines.filter(line => line.includes(word)).length;
}

function commandLine(pid: string): string {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
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

test('output of both pipes, the exit code and the folder come through', async () => {
	const { root } = world({ 'sub/x': '' });
	const ran = await run(root, { shell: 'echo out; echo err >&2; pwd; exit 3' }, { cwd: 'sub' });
	assert.equal(ran.exitCode, 3);
	assert.deepEqual([ran.timedOut, ran.aborted, ran.signal], [false, false, null]);
	assert.deepEqual(ran.output.split('\n').sort(), ['', `${root}/sub`, 'err', 'out']);
	assert.equal(ran.streamed, ran.output);
	const literal = await run(root, { program: 'printf', args: ['%s', '$HOME *; echo x'] });
	assert.equal(literal.output, '$HOME *; echo x');
});

test('the environment is made from nothing', async () => {
	const { root } = world();
	const planted = {
		SECRET_TOKEN: 'canary',
		NODE_OPTIONS: '--no-warnings',
		BASH_ENV: '/dev/null',
		LD_LIBRARY_PATH: '/x',
		CI: '1',
		GIT_DIR: '/x',
		LC_TIME: 'C',
	};
	Object.assign(process.env, planted);
	try {
		const { output } = await run(root, { shell: 'env' }, { env: { EXTRA: 'yes' } });
		const names = output
			.trimEnd()
			.split('\n')
			.map(line => line.split('=')[0]);
		const allowed = /^(PATH|HOME|LANG|LC_[A-Z]+|TERM|TZ|TMPDIR|PAGER|GIT_PAGER|NO_COLOR|EXTRA|QWILL_RUN|PWD|SHLVL|_)$/;
		assert.deepEqual(
			names.filter(name => !allowed.test(name ?? '')),
			[],
		);
		for (const name of ['EXTRA', 'LC_TIME', 'PAGER', 'NO_COLOR']) assert.ok(names.includes(name), name);
		assert.doesNotMatch(output, /canary/);
	} finally {
		for (const name of Object.keys(planted)) delete process.env[name];
	}
});

test('a program that reads its input gets none, and bash starts no files of the person', async () => {
	const place = world();
	put(place.base, 'home/.bashrc', 'echo BASHRC\n');
	const home = process.env.HOME;
	process.env.HOME = join(place.base, 'home');
	try {
		assert.equal((await run(place.root, { shell: 'cat; test -t 0 || echo none' })).output, 'none\n');
	} finally {
		process.env.HOME = home;
	}
});

test('a missing program, a missing folder and a place outside are refused by name', async () => {
	const { root } = world({ 'plain.txt': 'x' });
	await assert.rejects(run(root, { program: 'no-such-program-here', args: [] }), refusedWith(/^no-such-program-here is not installed/));
	await assert.rejects(run(root, { program: './plain.txt', args: [] }), refusedWith(/^\.\/plain\.txt may not be run/));
	await assert.rejects(run(root, { shell: 'true' }, { cwd: 'nope' }), refusedWith(/nope is not a folder/));
	await assert.rejects(run(root, { shell: 'true' }, { cwd: '..' }), refusedWith(/outside the workspace/));
	await assert.rejects(run(root, { program: 'echo', args: ['a\0b'] }), refusedWith(/NUL/));
	assert.equal((await run(root, { shell: 'no-such-program-here' })).exitCode, 127);
});

test('characters cut between two pieces arrive whole', async () => {
	const { root } = world();
	const script = `const b = Buffer.from('é😀中'); (async () => { for (const x of b) { process.stdout.write(Buffer.of(x)); await new Promise(r => setTimeout(r, 5)); } process.stderr.write(Buffer.of(0xff)); })()`;
	const { output } = await run(root, { program: process.execPath, args: ['-e', script] });
	assert.equal(output, 'é😀中\ufffd');
});

test('a timeout ends it, and says so', async () => {
	const { root } = world();
	const ran = await run(root, { shell: 'echo before; trap "" TERM INT HUP; sleep 100' }, { timeoutMs: 300 });
	assert.deepEqual([ran.timedOut, ran.aborted, ran.exitCode, ran.signal, ran.output], [true, false, null, 'SIGKILL', 'before\n']);
	assert.ok(ran.milliseconds < 5000);
});

test('stopped before it began, nothing runs', async () => {
	const place = world();
	const ran = await run(place.root, { shell: 'touch ran' }, { signal: AbortSignal.abort() });
	assert.deepEqual([ran.aborted, ran.exitCode], [true, null]);
	assert.equal(shell(place.root, 'ls'), '');
});

/** Double fork, own session, deaf to signals, without ties: each process carries `word` in its command line. */
const nasty = (word: string) => `
trap '' TERM INT HUP
python3 - ${word} <<'P' &
import os, signal, sys, time
for s in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(s, signal.SIG_IGN)
for i in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork(): os._exit(0)
        for fd in range(3): os.close(fd)
        while True: time.sleep(1)
while True: time.sleep(1)
P
(setsid bash -c 'trap "" TERM; exec -a ${word}-sid sleep 1000' >/dev/null 2>&1 &)
(nohup bash -c 'exec -a ${word}-hup sleep 1000' >/dev/null 2>&1 &)
bash -c 'exec -a ${word}-kid sleep 1000' &
echo started; wait; while :; do sleep 1; done`;

test('of a nasty tree nothing is left a second after it is stopped', async () => {
	const { root } = world();
	const word = `nasty${randomBytes(4).toString('hex')}`;
	const stop = new AbortController();
	const running = run(root, { shell: nasty(word) }, { signal: stop.signal });
	assert.ok(await until(() => alive(word) >= 7, 10_000), `${alive(word)} started`);
	stop.abort();
	assert.equal((await running).aborted, true);
	assert.ok(await until(() => alive(word) === 0, 10_000), `${alive(word)} left`);
});

test('what a finished command left in the background ends too, and does not hold up its result', async () => {
	const { root } = world();
	const word = `left${randomBytes(4).toString('hex')}`;
	const ran = await run(root, { shell: `(exec -a ${word} sleep 1000) & (setsid bash -c 'exec -a ${word} sleep 1000' &) ; echo done` });
	assert.deepEqual([ran.exitCode, ran.output], [0, 'done\n']);
	assert.ok(ran.milliseconds < 10_000);
	assert.ok(await until(() => alive(word) === 0, 10_000));
});

test('who stops listening ends the program', async () => {
	const { root } = world();
	const word = `quit${randomBytes(4).toString('hex')}`;
	for await (const piece of openProcesses(root).run(
		{ shell: `echo go; exec -a ${word} sleep 1000` },
		{ timeoutMs: 60_000, signal: new AbortController().signal },
	)) {
		assert.equal(piece, 'go\n');
		break;
	}
	assert.ok(await until(() => alive(word) === 0, 10_000));
});

for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT', 'exit'] as const) {
	test(`when the program itself ends (${signal}), so does what it runs`, async () => {
		const { root } = world();
		const word = `host${randomBytes(4).toString('hex')}`;
		const path = JSON.stringify(join(import.meta.dirname, '../../src/workspace/processes.ts'));
		const script = `const { openProcesses } = await import(${path});
			${signal === 'exit' ? "process.on('SIGUSR2', () => process.exit(5));" : ''}
			for await (const piece of openProcesses(${JSON.stringify(root)}).run({ shell: ${JSON.stringify(nasty(word))} }, { timeoutMs: 60_000, signal: new AbortController().signal })) process.stdout.write(piece);`;
		const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		const exited = once(child, 'exit');
		await once(child.stdout, 'data');
		assert.ok(await until(() => alive(`${word}-`) >= 3, 10_000));
		child.kill(signal === 'exit' ? 'SIGUSR2' : signal);
		assert.deepEqual(await exited, signal === 'exit' ? [5, null] : [null, signal]);
		assert.ok(await until(() => alive(word) === 0, 10_000), `${alive(word)} left`);
	});
}

test('a flood neither grows the memory nor ends the stream', async () => {
	const { root } = world();
	let most = 0;
	let count = 0;
	const before = process.memoryUsage().rss;
	const running = openProcesses(root).run({ shell: 'yes 0123456789' }, { timeoutMs: 2000, signal: new AbortController().signal });
	for (;;) {
		const step = await running.next();
		most = Math.max(most, process.memoryUsage().rss - before);
		if (!step.done) {
			count += step.value.length;
			continue;
		}
		assert.equal(step.value.timedOut, true);
		assert.ok(step.value.output.length <= 1_024_100, String(step.value.output.length));
		assert.match(step.value.output, /\n\[… [\d,]+ characters left out …\]\n/);
		break;
	}
	assert.ok(count > 1_900_000 && count < 2_600_000, String(count));
	assert.ok(most < 100_000_000, `${most} bytes more`);
});

test('who reads slowly loses nothing', async () => {
	const { root } = world();
	const ran = await run(root, { shell: 'seq 1 200000; echo end' }, {}, () => {
		const end = performance.now() + 2;
		while (performance.now() < end);
	});
	assert.equal(ran.streamed, `${Array.from({ length: 200_000 }, (_none, index) => `${index + 1}\n`).join('')}end\n`);
});

test('clipped text keeps head and tail to the character and counts what is gone', () => {
	const kept = clip(4, 6);
	for (const piece of ['ab', 'cdef', '', 'ghijklmnop', 'q']) kept.push(piece);
	assert.equal(kept.text(), 'abcd\n[… 7 characters left out …]\nlmnopq');
	const whole = clip(4, 6);
	whole.push('abcdefghij');
	assert.equal(whole.text(), 'abcdefghij');
	const small = clip(0, 3);
	for (let index = 0; index < 10_000; index++) small.push(String(index % 10));
	assert.equal(small.text(), '\n[… 9,997 characters left out …]\n789');
});

test('a command that has ended leaves nothing that keeps the program running', async () => {
	const { root } = world();
	const timers = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length;
	const before = timers();
	await run(root, { shell: 'exec >&- 2>&-; sleep 0.2' }); // Its pipes end before it does.
	await new Promise(setImmediate);
	assert.equal(timers(), before);
});
