import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readReport } from '../../src/checks/reports/all.js';
import { reportOf } from '../../src/checks/tests.js';

const paths = [
	'sum.js',
	'sum.test.js',
	'sum.test.ts',
	'sum_test.ts',
	'b.test.js',
	'src/sum.test.js',
	'src/sum.test.ts',
	'test/sum.js',
	'test/a.bats',
	'calc.py',
	'test_calc.py',
	'test_imp.py',
	'tests/test_x.py',
	'src/lib.rs',
	'a.go',
	'a_test.go',
	'src/main/java/app/Sum.java',
	'src/test/java/app/SumTest.java',
	'spec/sum_spec.rb',
	'test/sum_test.rb',
	'tests/SumTest.php',
	'Tests/SumTests.cs',
	'test/sum_test.exs',
];
const finished = (output: string, exitCode: number | null) => ({
	exitCode,
	signal: null,
	timedOut: false,
	aborted: false,
	output,
	milliseconds: 5,
});
const reported = (output: string, exitCode: number | null = 1) =>
	reportOf(finished(output, exitCode), { line: 'x', root: '/srv/app', paths });

/** What is to be read from an output: `samples/*.txt` begin with it, and after a line of dashes comes what was printed. */
type Sample = { output: string; exitCode: number; passed: number | undefined; failed: number | undefined; failures: Expected[] };
/** The message has the words of `says`. */
type Expected = { name: string; file?: string; line?: number; says?: string };

const folder = join(import.meta.dirname, 'samples');
const samples = readdirSync(folder).map(name => ({
	name: name.replace('.txt', ''),
	sample: sampleIn(readFileSync(join(folder, name), 'utf8')),
}));

function sampleIn(text: string): Sample {
	const end = text.indexOf('\n---\n');
	const value = (key: string) => new RegExp(`^${key} (.*)$`, 'm').exec(text.slice(0, end))![1]!;
	const count = (key: string) => (value(key) === '?' ? undefined : Number(value(key)));
	const failures = [...text.slice(0, end).matchAll(/^failure (.*)$/gm)].map(found => JSON.parse(found[1]!) as Expected);
	return { output: text.slice(end + 5), exitCode: Number(value('exit code')), passed: count('passed'), failed: count('failed'), failures };
}

describe('a report is read', () => {
	for (const { name, sample } of samples) test(name, () => check(sample));
});

function check({ output, exitCode, passed, failed, failures }: Sample): void {
	const report = reported(output, exitCode);
	assert.deepEqual({ passed: report.passed, failed: report.failed }, { passed, failed });
	assert.deepEqual(
		report.failures.map(({ name }) => name),
		failures.map(({ name }) => name),
	);
	for (const [index, { file, line, says }] of failures.entries()) {
		const found = report.failures[index]!;
		if (file) assert.equal(found.file, file, found.message);
		if (line) assert.equal(found.line, line, found.message);
		if (says) assert.ok(found.message.includes(says), found.message);
	}
	assert.equal(report.ran, true);
	assert.equal(report.firstFailure === '', exitCode === 0);
	if (failures[0]) assert.ok(report.firstFailure.startsWith(failures[0].name));
	assert.doesNotMatch(report.firstFailure, /node:internal|\/usr\/local|org\.junit|jest-circus|Captured|generatedMessage|rust_begin_unwind/);
	assert.ok(report.firstFailure.split('\n').length <= 32);
}

test('there are samples of more than a dozen kinds', () => assert.ok(samples.length >= 30));

describe('a report', () => {
	test('of an unknown program has its end, without frames of other people', () => {
		const output = `${'noise\n'.repeat(100)}Error: wrong\n    at main (/srv/app/sum.js:3:1)\n    at x (/usr/lib/y.js:1:1)\n`;
		const report = reported(output);
		assert.deepEqual(
			{ ran: report.ran, passed: report.passed, failed: report.failed },
			{ ran: true, passed: undefined, failed: undefined },
		);
		assert.match(report.firstFailure, /Error: wrong\n {4}at main \(sum\.js:3:1\)$/);
		assert.ok(report.firstFailure.split('\n').length <= 30);
	});

	test('knows when it did not come to testing', () => {
		assert.equal(reported('bash: jest: command not found\n', 127).ran, false);
		assert.equal(reported('', null).ran, false);
	});

	test('of a green run has no failure', () => assert.equal(reported('fine\n', 0).firstFailure, ''));

	test('has paths relative to the root, and no colours', () => {
		assert.equal(reported('\u001b[31mfile:///srv/app/sum.js /srv/app/a/b\u001b[0m\n').output, 'sum.js a/b\n');
	});

	test('has ten frames of the project at most, and the lines that belong to others go with them', () => {
		const frames = Array.from(
			{ length: 25 },
			(_frame, index) =>
				`  File "/srv/app/calc.py", line ${index + 1}, in f\n    f()\n  File "/usr/lib/python3/x.py", line 1, in g\n    g()`,
		);
		const output = `======================================================================\nERROR: test_a (test_calc.A.test_a)\n----------------------------------------------------------------------\nTraceback (most recent call last):\n${frames.join('\n')}\nRecursionError: deep\n\n----------------------------------------------------------------------\nRan 1 test in 0.1s\n\nFAILED (errors=1)\n`;
		const { firstFailure } = reported(output);
		assert.equal(firstFailure.match(/File "calc\.py"/g)?.length, 10);
		assert.doesNotMatch(firstFailure, /g\(\)/);
		assert.match(firstFailure, /RecursionError: deep$/);
	});

	test('of a flood is read all the same', () => {
		for (const flood of ['\n', ' ', '\t\n', 'y\n', '=', '\r', 'a (', '1 a, ', 'at (((((', 'ok ', ' > ', '\n   ']) {
			const report = reported(flood.repeat(Math.ceil(1_000_000 / flood.length)));
			assert.ok(report.firstFailure.length < 20_000, JSON.stringify(flood));
		}
	});

	test('is read from whatever a program prints, without a throw and in no time', () => {
		const word = fc.constantFrom(
			'ok 1',
			'not ok',
			'TAP version 13',
			'FAIL',
			' > ',
			'\n',
			'  ',
			'---',
			'...',
			'Tests: 1 failed, 2 total',
			'ℹ tests 1',
			'✖',
			'(',
			'1) ',
			'at x:1',
			'====',
			'____ a ____',
			'--- FAIL: T (0.00s)',
			'error:',
			': ',
		);
		fc.assert(
			fc.property(fc.array(word, { maxLength: 40 }), parts => {
				const report = reported(parts.join(''));
				assert.ok(report.failures.length < 100);
			}),
			{ seed: 9, numRuns: 2000 },
		);
		assert.equal(readReport(`${' '.repeat(200_000)}\n${'a'.repeat(200_000)}\n${'='.repeat(200_000)}`), undefined);
	});
});
