/** Changes at several places of a function: all at once, and one upon the other. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestReport } from '../../src/checks/tests.js';
import { gainOf, openFrontier } from '../../src/jobs/further.js';
import type { Fault } from '../../src/jobs/locate.js';
import { approach } from '../../src/jobs/route.js';
import { throughout } from '../../src/jobs/throughout.js';
import { run, setting, suite } from './scene.js';

const report = (message: string, name = 'test_a'): TestReport => ({
	command: '',
	ran: true,
	passed: 0,
	failed: 1,
	failures: [{ name, message }],
	firstFailure: message,
	exitCode: 1,
	timedOut: false,
	milliseconds: 100,
	output: '',
});
const python = (outer: number, inner: number) =>
	`File "test_a.py", line ${outer}, in test_a\n  File "a.py", line 2, in a\n  File "test_a.py", line ${inner}, in check\nAssertionError`;

describe('a change at every place of a function at once', () => {
	const text = `function vowel(letter, letters) {
  // true || false
  if (letter == 'a' || letter == 'e' ||
    letter == 'o' || letter == 'u') {
    return letters < 'yes'
  }
  return 'no'
}
`;
	const all = throughout([{ suspect: { path: 'a.js', text, lines: [3] }, line: 3 }]);
	const made = (what: RegExp) => all.filter(one => what.test(one.what)).map(one => one.text);

	test('is a sign for the other, of two texts each for the other, or all texts in other letters; comments stay', () => {
		assert.deepEqual(made(/&& for \|\|/), [text.replaceAll('||', '&&').replace('true && false', 'true || false')]);
		assert.deepEqual(made(/'a' and 'o' exchanged/), [text.replace("'a'", '?').replace("'o'", "'a'").replace('?', "'o'")]);
		assert.deepEqual(made(/a capital letter first/), [text.replace(/'(\w)/g, (all: string) => all.toUpperCase())]);
	});

	test('is none where only one line would change: that is tried by itself', () => {
		assert.deepEqual(made(/> for </), []);
		assert.deepEqual(throughout([]), []);
	});
});

describe('how far a failing test comes', () => {
	test('is told by the lines of test files in its stack', () => {
		assert.equal(gainOf(report(python(20, 7)), report(python(20, 5))), 2);
		assert.equal(gainOf(report(python(20, 5)), report(python(20, 7))), 0);
		assert.equal(gainOf(report(python(19, 9)), report(python(20, 5))), 0);
		assert.equal(
			gainOf(report('    at check (a.test.js:9:3)\n    at a.js:1:1'), report('    at check (a.test.js:6:3)\n    at a.js:1:1')),
			3,
		);
		assert.equal(gainOf(report(python(20, 7), 'test_b'), report(python(20, 5))), 0);
		assert.equal(gainOf(report('AssertionError'), report('AssertionError')), 0);
		assert.equal(gainOf({ ...report(python(20, 7)), timedOut: true }, report(python(20, 5))), 0);
	});

	test('decides which change is gone on from, the furthest first; what comes no further than what it stands upon is not', () => {
		const text = 'def a(n):\n    if n > 1:\n        return n + 1\n    return n\n';
		const fault: Fault = { names: ['test_a'], suspects: [{ path: 'a.py', text, lines: [2, 3] }], tests: '' };
		const frontier = openFrontier(fault, report(python(20, 5)));
		const change = (line: string, instead: string) => ({ path: 'a.py', text: text.replace(line, instead), what: instead });
		assert.deepEqual(frontier.next(5), []);
		frontier.heard(change('n > 1', 'n < 1'), report(python(20, 5)));
		assert.deepEqual(frontier.next(5), []);
		frontier.heard(change('n > 1', 'n >= 1'), report(python(20, 6)));
		frontier.heard(change('n + 1', 'n - 1'), report(python(20, 8)));
		const some = frontier.next(200);
		assert.ok(some.length > 10 && some.every(one => one.what.startsWith('n - 1 and ')));
		assert.ok(!some.some(one => one.text === text), 'not back to where it began');
		frontier.heard(some[0]!, report(python(20, 8)));
		assert.ok(frontier.next(200).every(one => one.what.startsWith('n >= 1 and ')));
		assert.deepEqual(frontier.next(5), []);
	});
});

test('two faults of which the first hides the second are mended without a word of the model', async () => {
	const wrong = 'def fee(days, member):\n    total = days + 3\n    if member:\n        total = total - 1\n    return total\n';
	const asserts = [
		[1, false, 3],
		[2, false, 6],
		[5, false, 15],
		[1, true, 2],
		[4, true, 11],
		[6, true, 17],
	].map(([days, member, gives]) => `        self.assertEqual(fee(${days}, ${member ? 'True' : 'False'}), ${gives})\n`);
	const body = `    def test_fee(self):\n${asserts.join('')}`;
	const { root, work } = await setting({
		files: { 'fee.py': wrong.replace('total - 1', 'total * 1'), ...suite('fee', body) },
		seconds: 60,
	});
	const { ending } = await run(approach({ text: 'The test fails. Fix it.', material: '' }, work, new AbortController().signal));
	assert.deepEqual(ending, { reason: 'answered' });
	assert.match(readFileSync(join(root, 'fee.py'), 'utf8'), /total = days \* 3\n[\s\S]*total = total - 1/);
});
