import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Work } from '../../src/agent/loop.js';
import { approach } from '../../src/jobs/route.js';
import type { AgentEvent } from '../../src/types.js';
import { changed, contents, model, run as runJob, setting, suite, textOf } from './scene.js';

const run = (work: Work, stop = new AbortController(), watch: (event: AgentEvent) => void = () => {}) =>
	runJob(approach({ text: 'The test fails. Fix it.', material: '' }, work, stop.signal), watch);

describe('a failing test is fixed', () => {
	test('without a word of the model; only that file is changed, and only after the yes', async () => {
		let before: Record<string, string> = {};
		const { root, work, asked } = await setting({
			fixture: 'broken-sum',
			approve: async ask => {
				if (ask.call.tool === 'write_file') assert.deepEqual(contents(root), before, 'nothing is touched before the yes');
				return { yes: true };
			},
		});
		before = contents(root);
		const { events, ending } = await run(work);
		assert.deepEqual(ending, { reason: 'answered' });
		assert.deepEqual(changed(before, contents(root)), ['sum.js']);
		assert.match(readFileSync(join(root, 'sum.js'), 'utf8'), /total \+= number/);
		assert.match(asked.at(-1)?.verified ?? '', /^5 tests pass, 3 that failed before/);
		assert.match(textOf(events), /^Fixed: `sum\.js:5 /);
	});

	test('each candidate is proposed, and then rejected with the reason or verified', async () => {
		const { work } = await setting({ fixture: 'broken-py' });
		const { events } = await run(work);
		const states = new Map<number, string[]>();
		for (const event of events)
			if (event.type === 'candidate') {
				states.set(event.number, [...(states.get(event.number) ?? []), event.state]);
				assert.equal(event.why === undefined, event.state === 'proposed');
			}
		assert.ok(states.size > 0);
		for (const steps of states.values()) assert.match(steps.join(' '), /^proposed (rejected|verified)$/);
	});

	test('by the line that the model fills in, where no program finds it', async () => {
		const { root, work } = await setting({
			files: {
				'words.py': 'def longest(words):\n    return words[0]\n',
				...suite(
					'words',
					'    def test_longest(self):\n        self.assertEqual(longest(["a", "tree", "of"]), "tree")\n        self.assertEqual(longest(["apple", "of"]), "apple")\n        self.assertEqual(longest(["a", "of", "four"]), "four")\n',
				),
			},
			engine: model({ holes: ['return max(words, key=len)'] }),
		});
		const { ending } = await run(work);
		assert.deepEqual(ending, { reason: 'answered' });
		assert.match(readFileSync(join(root, 'words.py'), 'utf8'), /max\(words, key=len\)/);
	});

	test('two faults in two files are mended one after the other, and both changes are shown', async () => {
		const { root, work, asked } = await setting({
			files: {
				'area.py': 'def area(width, height):\n    return width + height\n',
				'grow.py': 'def grow(size):\n    return size - 1\n',
				...suite('area', '    def test_area(self):\n        self.assertEqual(area(3, 4), 12)\n        self.assertEqual(area(5, 1), 5)\n'),
				...suite('grow', '    def test_grow(self):\n        self.assertEqual(grow(3), 4)\n        self.assertEqual(grow(0), 1)\n'),
			},
		});
		const before = contents(root);
		const { ending } = await run(work);
		assert.deepEqual(ending, { reason: 'answered' });
		assert.deepEqual(changed(before, contents(root)), ['area.py', 'grow.py']);
		const writes = asked.filter(ask => ask.call.tool === 'write_file');
		assert.equal(writes.length, 2);
		for (const { verified } of writes)
			assert.match(verified ?? '', /^2 tests pass, 2 that failed before, in a copy of the folder with this change of 2 files/);
	});

	test('the simpler of two changes is taken', async () => {
		const { root, work } = await setting({
			files: {
				'size.py': 'def size(text):\n    return len(text) + 1\n',
				...suite('size', '    def test_size(self):\n        self.assertEqual(size("abc"), 3)\n        self.assertEqual(size(""), 0)\n'),
			},
		});
		await run(work);
		assert.equal(readFileSync(join(root, 'size.py'), 'utf8'), 'def size(text):\n    return len(text)\n');
	});

	test('by a larger model at hand, when the one at work has found nothing', async () => {
		const { root, work } = await setting({
			files: {
				'words.py': 'def longest(words):\n    return words[0]\n',
				...suite(
					'words',
					'    def test_longest(self):\n        self.assertEqual(longest(["a", "tree", "of"]), "tree")\n        self.assertEqual(longest(["apple", "of"]), "apple")\n        self.assertEqual(longest(["a", "of", "four"]), "four")\n',
				),
			},
			larger: model({ holes: ['return max(words, key=len)'] }),
		});
		const { ending, events } = await run(work);
		assert.deepEqual(ending, { reason: 'answered' }, textOf(events));
		assert.match(readFileSync(join(root, 'words.py'), 'utf8'), /max\(words, key=len\)/);
	});
});

describe('nothing is changed', () => {
	test('when the tests pass from the start', async () => {
		const { root, work, asked } = await setting({
			files: { 'one.py': 'def one():\n    return 1\n', ...suite('one', '    def test_one(self):\n        self.assertEqual(one(), 1)\n') },
		});
		const before = contents(root);
		const { ending, events } = await run(work);
		assert.deepEqual(ending, { reason: 'answered' });
		assert.match(textOf(events), /All tests pass/);
		assert.deepEqual(contents(root), before);
		assert.deepEqual(
			asked.map(ask => ask.call.tool),
			['run_tests'],
		);
	});

	test('when the person says no', async () => {
		const { root, work } = await setting({
			fixture: 'broken-sum',
			approve: async ask => (ask.call.tool === 'write_file' ? { yes: false, text: 'no' } : { yes: true }),
		});
		const before = contents(root);
		assert.deepEqual((await run(work)).ending, { reason: 'denied', tool: 'write_file' });
		assert.deepEqual(contents(root), before);
	});

	test('when the tests may not be run', async () => {
		const { root, work } = await setting({ fixture: 'broken-sum', approve: async () => ({ yes: false, text: 'no' }) });
		const before = contents(root);
		assert.deepEqual((await run(work)).ending, { reason: 'denied', tool: 'run_tests' });
		assert.deepEqual(contents(root), before);
	});

	test('when nothing passes: it says so, with how many were tried', async () => {
		const { root, work } = await setting({
			files: {
				'odd.py': 'def odd(n):\n    return "?"\n',
				...suite('odd', '    def test_odd(self):\n        self.assertEqual(odd(3), ["three", 3])\n'),
			},
		});
		const before = contents(root);
		const { ending, events } = await run(work);
		assert.equal(ending.reason, 'checks-failed');
		assert.match(textOf(events), /No change was found that makes the tests pass \(1 test fails; \d+ tried\)/);
		assert.deepEqual(contents(root), before);
	});

	test('when a change only knows the answer', async () => {
		const { root, work } = await setting({
			files: {
				'code.py': 'def code(text):\n    return text\n',
				...suite('code', '    def test_code(self):\n        self.assertEqual(code("abc"), "xyzzy")\n'),
			},
			engine: model({ holes: ['return "xyzzy"'] }),
		});
		const before = contents(root);
		const { ending, events } = await run(work);
		assert.equal(ending.reason, 'checks-failed');
		assert.ok(events.some(event => event.type === 'candidate' && /knows the answers/.test(event.why ?? '')));
		assert.deepEqual(contents(root), before);
	});

	test('when it is stopped in the middle', async () => {
		const { root, work } = await setting({
			files: {
				'odd.py': 'def odd(n):\n    return n + 1\n',
				...suite('odd', '    def test_odd(self):\n        self.assertEqual(odd(3), ["three", 3])\n'),
			},
		});
		const before = contents(root);
		const stop = new AbortController();
		const { ending } = await run(work, stop, event => event.type === 'candidate' && stop.abort());
		assert.deepEqual(ending, { reason: 'interrupted' });
		assert.deepEqual(contents(root), before);
	});
});

describe('tests that misbehave', () => {
	test('that never end are failing tests, and do not use up the time for the search', async () => {
		const { root, work } = await setting({
			files: {
				'count.py': 'def count(n):\n    i = 0\n    while i < n:\n        i -= 1\n    return i\n',
				...suite('count', '    def test_count(self):\n        self.assertEqual(count(3), 3)\n'),
			},
			seconds: 20,
		});
		const { ending, events } = await run(work);
		assert.deepEqual(ending, { reason: 'answered' }, textOf(events));
		assert.match(readFileSync(join(root, 'count.py'), 'utf8'), /i \+= 1/);
	});

	test('with no time to try a change, that is said, and not that no file was found', async () => {
		const { root, work } = await setting({ fixture: 'broken-sum', seconds: 0.001 });
		const before = contents(root);
		const { ending, events } = await run(work);
		assert.equal(ending.reason, 'checks-failed');
		assert.match(textOf(events), /No change could be tried in that time; --max-wall-time gives more of it\./);
		assert.deepEqual(contents(root), before);
	});

	test('that print 30 MB are judged by how they end', async () => {
		const { root, work } = await setting({
			files: {
				'one.py': 'def one():\n    return 2\n',
				...suite(
					'one',
					'    def test_one(self):\n        for _ in range(300):\n            print("x" * 100_000)\n        self.assertEqual(one(), 1)\n',
				),
			},
			seconds: 100,
		});
		const { ending, events } = await run(work);
		assert.deepEqual(ending, { reason: 'answered' }, textOf(events));
		assert.equal(readFileSync(join(root, 'one.py'), 'utf8'), 'def one():\n    return 1\n');
	});

	test('that crash at import are mended like others', async () => {
		const { root, work } = await setting({
			files: {
				'one.py': 'limit = int("x1") if 1 < 2 else 1\n\n\ndef one():\n    return limit\n',
				...suite('one', '    def test_one(self):\n        self.assertEqual(one(), 1)\n'),
			},
		});
		const { ending, events } = await run(work);
		assert.deepEqual(ending, { reason: 'answered' }, textOf(events));
		assert.match(readFileSync(join(root, 'one.py'), 'utf8'), /limit = /);
	});
});
