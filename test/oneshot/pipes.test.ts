import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { linesOf, onlyResult } from './scene.js';

/** Longer than any of these may take; a test that gets here hangs. */
const limit = { timeout: 60_000 };

function start(...words: string[]): ChildProcessWithoutNullStreams {
	const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'program.ts'), ...words]);
	// Whoever closes a pipe early must not make the test fail.
	for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => {});
	return child;
}

async function finish(child: ChildProcessWithoutNullStreams): Promise<{ code: number | null; stdout: string; stderr: string }> {
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
	child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
	const [code] = await once(child, 'close');
	return { code: code as number | null, stdout, stderr };
}

/** Resolves when stdout has shown `text`. */
async function shown(child: ChildProcessWithoutNullStreams, text: string): Promise<string> {
	let all = '';
	for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
		all += String(chunk);
		if (all.includes(text)) return all;
	}
	return all;
}

test('input that is piped and closed is read to its end', limit, async () => {
	const child = start('text', 'echo', 'why?');
	child.stdin.end('some\ninput');
	const { code, stdout } = await finish(child);
	assert.deepEqual([code, stdout], [0, '--- input ---\nsome\ninput\n--- end of input ---|why?\n']);
});

test('a pipe that nobody writes to or closes does not hang a one-shot', limit, async () => {
	const { code, stdout, stderr } = await finish(start('text', 'echo', 'why?'));
	assert.deepEqual([code, stdout], [0, '|why?\n']);
	assert.match(stderr, /going on without it/);
});

test('a reader that goes away ends the run with 0 and in silence', limit, async () => {
	const child = start('stream-json', 'flood', 'q');
	child.stdin.end();
	let stderr = '';
	child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
	await shown(child, '\n');
	child.stdout.destroy();
	const [code] = await once(child, 'close');
	assert.deepEqual([code, stderr], [0, '']);
});

test('a reader that stops reading does not keep SIGTERM from ending the run', limit, async () => {
	const child = start('stream-json', 'flood', 'q');
	child.stdin.end();
	await shown(child, '\n');
	child.stdout.pause();
	child.kill('SIGTERM');
	const [code] = await once(child, 'exit');
	assert.equal(code, 143);
	child.stdout.destroy();
});

for (const [signal, code] of [
	['SIGINT', 130],
	['SIGTERM', 143],
] as const) {
	test(`${signal} to the process: ${code} with one valid result as the last line`, limit, async () => {
		const child = start('stream-json', 'wait', 'q');
		child.stdin.end();
		const first = await shown(child, 'begun');
		child.kill(signal);
		const rest = await finish(child);
		assert.equal(rest.code, code);
		assert.equal(onlyResult(linesOf(first + rest.stdout)).terminal_reason, 'interrupted');
	});
}

test('a disk that is full: 1, and a sentence on stderr', { ...limit, skip: !existsSync('/dev/full') }, async () => {
	const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'program.ts'), 'json', 'echo', 'q'], {
		stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
	});
	let stderr = '';
	child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
	const [code] = await once(child, 'close');
	assert.equal(code, 1);
	assert.match(stderr, /Standard output cannot be written: .*no space left/i);
});

test('stdin from /dev/null and closed stdin are no material', limit, async () => {
	for (const stdin of ['ignore', openSync('/dev/null', 'r')] as const) {
		const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'program.ts'), 'text', 'echo', 'q'], {
			stdio: [stdin, 'pipe', 'inherit'],
		});
		let stdout = '';
		child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
		const [code] = await once(child, 'close');
		assert.deepEqual([code, stdout], [0, '|q\n']);
	}
});
