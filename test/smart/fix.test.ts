import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { places } from '../../src/places.js';

const checkout = join(import.meta.dirname, '..', '..');
const qwill = join(checkout, 'bin', 'qwill.js');
const models = {
	'qwen2.5-coder-0.5b': 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf',
	'qwen2.5-coder-1.5b': 'qwen2.5-coder-1.5b-instruct-q4_k_m.gguf',
};
/** Without a weight the suite for it is left out; `.ci/run` fetches the small one first. */
const installed = Object.entries(models).filter(([, file]) => existsSync(join(places.models(), file)));
const seeds = [1, 2, 3, 4, 5];

test('there is a real model to test with', () => assert.ok(installed.length > 0, `run: qwill models pull ${Object.keys(models)[0]}`));

function contents(folder: string): Record<string, string> {
	return Object.fromEntries(
		readdirSync(folder, { recursive: true, withFileTypes: true })
			.filter(entry => entry.isFile())
			.map(entry => join(entry.parentPath, entry.name))
			.map(path => [path.slice(folder.length + 1), readFileSync(path, 'base64')]),
	);
}

const fixtures = [
	{ name: 'broken-sum', file: 'sum.js', check: ['npm', ['test', '--silent']] },
	{ name: 'broken-py', file: 'words.py', check: ['python3', ['-m', 'unittest', '-q']] },
] as const;

for (const [model] of installed)
	for (const fixture of fixtures)
		for (const seed of fixture.name === 'broken-sum' ? seeds : seeds.slice(0, 2))
			test(`${model} makes the failing test of ${fixture.name} pass, seed ${seed}, and undo takes it back`, () => {
				const folder = mkdtempSync(join(tmpdir(), 'qwill-smart-'));
				const state = mkdtempSync(join(tmpdir(), 'qwill-smart-state-'));
				cpSync(join(checkout, 'test', 'fixtures', fixture.name), folder, { recursive: true });
				const before = contents(folder);
				const env = { ...process.env, XDG_STATE_HOME: state };
				const run = (args: string[]) => spawnSync(process.execPath, [qwill, ...args], { cwd: folder, env, encoding: 'utf8', input: '' });

				const fixed = run(['-p', 'The test fails. Fix it.', '-m', model, '--seed', String(seed), '--approval-mode', 'yolo']);
				assert.equal(fixed.status, 0, `${fixed.stdout}\n${fixed.stderr}`);
				execFileSync(fixture.check[0], [...fixture.check[1]], {
					cwd: folder,
					env: { ...env, PYTHONDONTWRITEBYTECODE: '1' },
					stdio: 'pipe',
				});
				const after = contents(folder);
				assert.deepEqual(Object.keys(after).sort(), Object.keys(before).sort());
				assert.deepEqual(
					Object.keys(after).filter(path => after[path] !== before[path]),
					[fixture.file],
				);

				const undone = run(['undo']);
				assert.equal(undone.status, 0, undone.stderr);
				assert.deepEqual(contents(folder), before);
			});

test('a plain question is answered with working code', () => {
	const folder = mkdtempSync(join(tmpdir(), 'qwill-smart-'));
	const [model] = installed[0]!;
	const { status, stdout, stderr } = spawnSync(
		process.execPath,
		[qwill, '-p', 'Write a Python function is_prime(n). Only code.', '-m', model, '--seed', '1', '--ephemeral'],
		{ cwd: folder, encoding: 'utf8', input: '' },
	);
	assert.equal(status, 0, stderr);
	const code = /```(?:python)?\n([\s\S]*?)```/.exec(stdout)?.[1] ?? stdout;
	const primes = 'print([n for n in range(30) if is_prime(n)])';
	assert.equal(execFileSync('python3', ['-c', `${code}\n${primes}`], { encoding: 'utf8' }).trim(), '[2, 3, 5, 7, 11, 13, 17, 19, 23, 29]');
});

test('a named file that is to be changed is changed, and nothing else', () => {
	const folder = mkdtempSync(join(tmpdir(), 'qwill-smart-'));
	const state = mkdtempSync(join(tmpdir(), 'qwill-smart-state-'));
	const [model] = installed[0]!;
	const { status, stderr } = spawnSync(
		process.execPath,
		[qwill, '-p', 'Create hello.py that prints "hello".', '-m', model, '--seed', '1', '-y'],
		{ cwd: folder, env: { ...process.env, XDG_STATE_HOME: state }, encoding: 'utf8', input: '' },
	);
	assert.equal(status, 0, stderr);
	assert.deepEqual(Object.keys(contents(folder)), ['hello.py']);
	assert.match(execFileSync('python3', ['hello.py'], { cwd: folder, encoding: 'utf8' }), /hello/i);
});
