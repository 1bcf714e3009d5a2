import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findTestCommand, runTests, type TestReport, type TestRun } from '../../src/checks/tests.js';
import { verdictOf } from '../../src/checks/verdict.js';
import type { Workbench } from '../../src/tools/tool.js';
import { openBench } from '../tools/bench.js';

async function ran({ workspace, signal }: Workbench, more: Partial<TestRun> = {}): Promise<{ report: TestReport; lines: string }> {
	const command = await findTestCommand(workspace);
	assert.ok(command);
	const running = runTests(workspace, command, { timeoutMs: 60_000, signal, ...more });
	let lines = '';
	for (;;) {
		const step = await running.next();
		if (step.done) return { report: step.value, lines };
		lines += step.value;
	}
}

const suite = 'import unittest\n\nclass A(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(1, 1)\n';

describe('tests are run for real', () => {
	test('node, red: the first failure with its place', async context => {
		const { report, lines } = await ran(await openBench(context, { fixture: 'broken-sum' }));
		assert.deepEqual(
			{ passed: report.passed, failed: report.failed, ran: report.ran, exitCode: report.exitCode },
			{ passed: 2, failed: 3, ran: true, exitCode: 1 },
		);
		assert.deepEqual({ file: report.failures[0]?.file, line: report.failures[0]?.line }, { file: 'sum.test.js', line: 6 });
		assert.match(report.firstFailure, /^the sum of several numbers\nAssertionError/);
		assert.match(lines, /failing tests/);
		assert.equal(report.command, 'node --test');
	});

	test('unittest, red: the first failure with its place', async context => {
		const { report } = await ran(await openBench(context, { fixture: 'broken-py' }));
		assert.deepEqual({ passed: report.passed, failed: report.failed }, { passed: 3, failed: 2 });
		assert.deepEqual({ file: report.failures[0]?.file, line: report.failures[0]?.line }, { file: 'test_words.py', line: 14 });
	});

	test('unittest in every place where it has to be asked for in another way', async context => {
		const files = {
			'lib/__init__.py': '',
			'lib/one.py': 'value = 1\n',
			'test_root.py': suite,
			'late_test.py': suite,
			'tests/test_sub.py': `from lib.one import value\n${suite}`,
			'pkg/__init__.py': '',
			'pkg/test_in.py': `from . import __name__ as name\n${suite}`,
		};
		const { report } = await ran(await openBench(context, { files }));
		assert.deepEqual(
			{ passed: report.passed, failed: report.failed, exitCode: report.exitCode },
			{ passed: 4, failed: 0, exitCode: 0 },
			report.output,
		);
	});

	test('one red run among several makes the whole red', async context => {
		const { report } = await ran(await openBench(context, { files: { 'a_test.py': suite.replace('1, 1', '1, 2'), 'test_b.py': suite } }));
		assert.deepEqual(
			{ passed: report.passed, failed: report.failed, exitCode: report.exitCode },
			{ passed: 1, failed: 1, exitCode: 1 },
			report.output,
		);
	});

	test('unittest can be asked for one file, and for one name', async context => {
		const bench = await openBench(context, { fixture: 'broken-py' });
		assert.equal((await ran(bench, { target: 'test_words.py' })).report.failed, 2);
		const { report } = await ran(bench, { target: 'test_no_words' });
		assert.deepEqual({ passed: report.passed, failed: report.failed }, { passed: 1, failed: 0 });
	});

	test('a test script, in a folder below the root', async context => {
		const { report } = await ran(await openBench(context, { files: { 'app/test.sh': 'pwd; echo broken >&2; exit 3\n' } }));
		assert.deepEqual({ exitCode: report.exitCode, ran: report.ran, passed: report.passed }, { exitCode: 3, ran: true, passed: undefined });
		assert.match(report.firstFailure, /app\nbroken|broken/);
	});

	test('nothing is left in the folder by a run', async context => {
		const bench = await openBench(context, { fixture: 'broken-py' });
		await ran(bench);
		assert.deepEqual(await bench.workspace.files.entries('.'), ['README.md', 'test_words.py', 'words.py']);
	});

	test('a run that takes too long is stopped and says so', async context => {
		const { report } = await ran(await openBench(context, { files: { 'test.sh': 'echo begun; sleep 60\n' } }), { timeoutMs: 300 });
		assert.deepEqual({ timedOut: report.timedOut, exitCode: report.exitCode }, { timedOut: true, exitCode: null });
		assert.match(report.firstFailure, /begun/);
	});

	test('a run stops when it is told to', async context => {
		const stop = new AbortController();
		const bench = await openBench(context, { files: { 'test.sh': 'echo begun; sleep 60\n' } });
		const command = await findTestCommand(bench.workspace);
		const running = runTests(bench.workspace, command!, { timeoutMs: 60_000, signal: stop.signal });
		assert.deepEqual(await running.next(), { done: false, value: 'begun\n' });
		stop.abort();
		const end = await running.next();
		assert.ok(end.done && end.value.exitCode === null && !end.value.timedOut);
	});
});

describe('what a person is told of a run', () => {
	const report: TestReport = {
		command: 'npm test',
		ran: true,
		passed: 2,
		failed: 1,
		failures: [{ name: 'adds', message: '3 !== 4', file: 'sum.test.js', line: 6 }],
		firstFailure: 'adds\n3 !== 4',
		exitCode: 1,
		timedOut: false,
		milliseconds: 1230,
		output: '',
	};
	const cases: [string, Partial<TestReport>, string][] = [
		['red', {}, '2 passed, 1 failed (1.2 s).\nadds (sum.test.js:6)\n3 !== 4'],
		['red, without a place', { failures: [{ name: 'adds', message: '' }] }, '2 passed, 1 failed (1.2 s).\nadds'],
		[
			'red, without a report',
			{ passed: undefined, failed: undefined, failures: [], firstFailure: 'boom' },
			'The tests fail (1.2 s).\nboom',
		],
		['not run', { ran: false, exitCode: 127, failures: [], firstFailure: 'npm: not found' }, 'The tests did not run.\nnpm: not found'],
		['too long', { timedOut: true, failures: [], firstFailure: 'waiting' }, 'The tests were stopped after 1.2 s.\nwaiting'],
		['green', { failed: 0, failures: [], firstFailure: '', exitCode: 0 }, '2 passed (1.2 s).'],
		[
			'green, without a report',
			{ passed: undefined, failed: undefined, failures: [], firstFailure: '', exitCode: 0 },
			'The tests pass (1.2 s).',
		],
		['empty', { passed: 0, failed: 0, failures: [], firstFailure: '', exitCode: 0 }, 'No test ran (1.2 s).'],
	];
	for (const [name, change, words] of cases) test(name, () => assert.equal(verdictOf({ ...report, ...change }), words));
});
