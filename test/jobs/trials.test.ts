import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTestCommand } from '../../src/checks/tests.js';
import { openTrials } from '../../src/jobs/trials.js';
import { setting, suite } from './scene.js';

const never = new AbortController().signal;
const files = {
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
