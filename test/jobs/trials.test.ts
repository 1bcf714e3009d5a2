import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTestCommand } from '../../src/checks/tests.js';
import { openTrials } from '../../src/jobs/trials.js';
import { noBox } from '../workspace/sandbox/boxes.js';
import { setting, suite } from './scene.js';

const never = new AbortController().signal;
const files: Record<string, string> = {
	'size.py': 'def size(text):\n    return len(text) + 1\n',
	...suite('size', '    def test_size(self):\n        self.assertEqual(size("abc"), 3)\n'),
	'slow.py': '',
	...suite('slow', '    def test_slow(self):\n        import time\n        time.sleep(1.2)\n'),
};

test('where all tests take long, the failing file decides first, and all are run only when it passes', async () => {
	const { work } = await setting({ files });
	const command = await findTestCommand(work.agent.workspace, undefined);
	const trials = await openTrials(work.agent.workspace, command!, never);
	try {
		const before = await trials.baseline(30_000, never);
		assert.deepEqual([before.passed, before.failed], [1, 1]);
		await trials.narrow(before, never);
		const sets = ['len(text) + 2', 'len(text)'].map(made => new Map([['size.py', `def size(text):\n    return ${made}\n`]]));
		const counts: unknown[] = [];
		for await (const { report } of trials.run(sets, 30_000, never)) counts.push([report?.passed, report?.failed]);
		assert.deepEqual(counts, [
			[0, 1],
			[2, 0],
		]);
	} finally {
		await trials.close();
	}
});

test('failures in several files are judged by all tests', async () => {
	const { work } = await setting({
		files: { ...files, ...suite('slow', '    def test_slow(self):\n        import time\n        time.sleep(1.2)\n        self.fail()\n') },
	});
	const command = await findTestCommand(work.agent.workspace, undefined);
	const trials = await openTrials(work.agent.workspace, command!, never);
	try {
		await trials.narrow(await trials.baseline(30_000, never), never);
		const right = new Map([['size.py', 'def size(text):\n    return len(text)\n']]);
		for await (const { report } of trials.run([right], 30_000, never)) assert.deepEqual([report?.passed, report?.failed], [1, 1]);
	} finally {
		await trials.close();
	}
});

test('trials that are forked come in their order, and one that is stopped in the middle leaves nothing in the copy', async () => {
	const only = { 'size.py': files['size.py']!, 'test_size.py': files['test_size.py']! };
	const { work } = await setting({ files: only });
	const command = await findTestCommand(work.agent.workspace, undefined);
	const trials = await openTrials(work.agent.workspace, command!, never);
	const made = (count: number) =>
		Array.from({ length: count }, (_, i) => new Map([['size.py', `def size(text):\n    return len(text) + ${i - 3}\n`]]));
	try {
		const before = await trials.baseline(30_000, never);
		assert.equal(before.failed, 1);
		const found: unknown[] = [];
		for await (const { index, report } of trials.run(made(9), 30_000, never, index => index !== 5)) found.push([index, report?.passed]);
		assert.deepEqual(
			found,
			Array.from({ length: 9 }, (_, i) => [i, i === 5 ? undefined : i === 3 ? 1 : 0]),
		);
		const stop = new AbortController();
		const endless = made(6).map((one, i) => (i > 2 ? new Map([['size.py', 'while True:\n    pass\n']]) : one));
		const left: unknown[] = [];
		for await (const { index, report } of trials.run(endless, 30_000, stop.signal)) {
			left.push(report?.passed);
			if (index === 0) setTimeout(() => stop.abort(), 500);
		}
		assert.deepEqual(left.slice(3), [undefined, undefined, undefined]);
		assert.equal((await trials.workspace.files.peek('size.py')).text, only['size.py']);
	} finally {
		await trials.close();
	}
});

test('in a box, python’s trials are forked from one process that has loaded what runs the tests', { skip: noBox }, async () => {
	const told =
		'import os\n\nwith open(f"/proc/{os.getppid()}/cmdline") as file:\n    raise OSError(f"forked: {\'trial-\' in file.read()}")\n';
	const { work } = await setting({ files: { 'size.py': files['size.py']!, 'test_size.py': files['test_size.py']! } });
	const command = await findTestCommand(work.agent.workspace, undefined);
	const trials = await openTrials(work.agent.workspace, command!, never);
	const ask = async () => {
		const whys: string[] = [];
		const sets = [0, 1, 2, 3].map(() => new Map([['size.py', told]]));
		for await (const { report } of trials.run(sets, 30_000, never))
			whys.push(/forked: (?:True|False)/.exec(report?.output ?? '')?.[0] ?? '');
		return new Set(whys);
	};
	try {
		assert.deepEqual(await ask(), new Set(['forked: False']), 'not before it is known that they say the same there');
		await trials.baseline(30_000, never);
		assert.deepEqual(await ask(), new Set(['forked: True']));
	} finally {
		await trials.close();
	}
});

test('a file of node’s own tests decides without the program that starts a process for each file', async () => {
	const tested = "const { test } = require('node:test');\nconst assert = require('node:assert');\n";
	const { work } = await setting({
		files: {
			'package.json': '{ "scripts": { "test": "node --test" } }\n',
			'size.js': 'module.exports = text => text.length + 1;\n',
			'size.test.js': `${tested}const size = require('./size.js');\n\ntest('size', () => assert.equal(size('abc'), 3));\n`,
			'other.test.js': `${tested}const size = require('./size.js');\n\ntest('other', () => assert.equal(typeof size, 'function'));\n`,
		},
	});
	const command = await findTestCommand(work.agent.workspace, undefined);
	const trials = await openTrials(work.agent.workspace, command!, never);
	const ask = async () => {
		const told: unknown[] = [];
		const bodies = ['{ throw new Error("context " + process.env.NODE_TEST_CONTEXT); }', 'text.length'];
		const sets = bodies.map(body => new Map([['size.js', `module.exports = text => ${body};\n`]]));
		for await (const { report } of trials.run(sets, 30_000, never))
			told.push([/context \w+/.exec(report?.output ?? '')?.[0], report?.passed, report?.failed]);
		return told;
	};
	const passed = [undefined, 2, 0];
	try {
		assert.deepEqual(await ask(), [['context child', 1, 1], passed]);
		await trials.narrow(await trials.baseline(30_000, never), never);
		assert.deepEqual(await ask(), [['context undefined', 0, 1], passed]);
	} finally {
		await trials.close();
	}
});
