import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { canFork, forkedTests } from '../../src/checks/forked.js';
import { findTestCommand, runTests, type TestCommand, type TestReport } from '../../src/checks/tests.js';
import { returned } from '../../src/returned.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { setting, suite } from '../jobs/scene.js';

const signal = new AbortController().signal;
const files = {
	'size.py': 'import sys\n\n\ndef size(text):\n    return len(text) + 1\n',
	...suite(
		'size',
		'    def test_size(self):\n        self.assertEqual(size("abc"), 3)\n\n    def test_none(self):\n        self.assertEqual(size(""), 0)\n',
	),
};
const sized = (body: string) =>
	new Map([['size.py', `import os\nimport sys\nimport time\n\n\ndef size(text):\n${body.replace(/^/gm, '    ')}\n`]]);

async function opened(more: Record<string, string> = {}) {
	const { root, work } = await setting({ files: { ...files, ...more } });
	const { workspace } = work.agent;
	const command = await findTestCommand(workspace, undefined);
	assert.ok(command);
	return { root, workspace, command };
}

async function told(workspace: Workspace, command: TestCommand, trials: readonly ReadonlyMap<string, string>[], timeoutMs = 20_000) {
	const reports: TestReport[] = [];
	for await (const report of forkedTests(workspace, command, { trials, timeoutMs, signal })) reports.push(report);
	return reports;
}

const shape = ({ ran, passed, failed, exitCode, timedOut, failures, firstFailure }: TestReport) => ({
	ran,
	passed,
	failed,
	exitCode,
	timedOut,
	firstFailure,
	names: failures.map(({ name }) => name).sort(),
});

test('a forked run tells what a run by itself tells, and leaves the files as they were', async () => {
	const { root, workspace, command } = await opened();
	assert.ok(canFork(command));
	const trials = [
		new Map<string, string>(),
		sized('return len(text)'),
		sized('return len(text) if text else 1'),
		sized('raise ValueError(text)'),
		sized('return len(text'),
		sized('sys.exit(3)'),
		sized('return unknown(text)'),
		new Map([...sized('from more import other\nreturn other(text)'), ['more.py', 'other = len\n']]),
	];
	const before = readdirSync(root).sort();
	const forked = await told(workspace, command, trials);
	assert.deepEqual(readdirSync(root).sort(), before);
	assert.equal(readFileSync(join(root, 'size.py'), 'utf8'), files['size.py']);
	assert.equal(forked.length, trials.length);
	for (const [index, trial] of trials.entries()) {
		for (const [path, text] of trial) writeFileSync(join(root, path), text);
		const alone = await returned(runTests(workspace, command, { timeoutMs: 20_000, signal }));
		assert.deepEqual(shape(forked[index]!), shape(alone), `trial ${index}`);
		writeFileSync(join(root, 'size.py'), files['size.py']);
	}
	assert.deepEqual(
		forked.map(({ passed }) => passed),
		[0, 2, 1, 0, 0, 0, 0, 2],
	);
});

test('one that never ends, floods, or ends its own group holds nobody up', async () => {
	const { workspace, command } = await opened();
	const trials = [
		sized('time.sleep(60)'),
		sized('while True:\n    pass'),
		sized('for _ in range(200000):\n    print("x" * 100)\nreturn len(text)'),
		sized('os.kill(0, 9)'),
		sized('if os.fork() == 0:\n    time.sleep(60)\nreturn len(text)'),
		sized('return len(text)'),
	];
	const began = performance.now();
	const reports = await told(workspace, command, trials, 3_000);
	assert.deepEqual(
		reports.map(({ timedOut, exitCode }) => (timedOut ? 'late' : exitCode)),
		['late', 'late', 0, null, 0, 0],
	);
	assert.ok(reports.every(({ output }) => output.length < 300_000));
	assert.ok(performance.now() - began < 50_000);
});

test('line ends stay as a file has them', async () => {
	const { root, workspace, command } = await opened({ 'size.py': files['size.py'].replaceAll('\n', '\r\n') });
	const [report] = await told(workspace, command, [
		new Map([
			[
				'size.py',
				'def size(text):\n    with open("size.py", "rb") as file:\n        return len(text) if b"\\r\\n" in file.read() else 7\n',
			],
		]),
	]);
	assert.equal(report?.passed, 2);
	assert.equal(readFileSync(join(root, 'size.py'), 'utf8'), files['size.py'].replaceAll('\n', '\r\n'));
});

test('a module of the project that is called like one of what runs the tests is no case for it', async () => {
	const { workspace, command } = await opened({ 'difflib.py': 'wrong = True\n' });
	assert.deepEqual(await told(workspace, command, [sized('return len(text)')]), []);
});

test('what is no python test command is not forked', async () => {
	const { workspace } = await opened();
	const shell = await findTestCommand(workspace, 'python3 -m unittest && true');
	assert.equal(canFork(shell!), false);
	assert.deepEqual(await told(workspace, shell!, [sized('return 1')]), []);
	assert.equal(existsSync(join(workspace.root, '.qwill-trials')), false);
});
