import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Engine } from '../../src/engine/engine.js';
import { change } from '../../src/jobs/change.js';
import { targetsIn } from '../../src/jobs/targets.js';
import { noBox } from '../workspace/sandbox/boxes.js';
import { model, run, setting, suite, textOf } from './scene.js';

const before = 'def f(n):\n    return n\n';
const text = (expression: string) => before.replace('return n', `return ${expression}`);
const calls = 'f(1)\nprint(f(2))\nassert f(-3) == 4  # not (right\nf(0)\nx = f(10) + 1\nf(f(5))\n';

async function changed(texts: readonly string[], { words = 'In num.py, f counts from one.', files = {} } = {}) {
	const { work, root, asked } = await setting({ files: { 'num.py': before, ...files }, engine: model({ texts }) });
	const targets = await targetsIn(words, work.agent.workspace);
	const { events, ending } = await run(change({ task: { text: words, material: '' }, targets }, work, new AbortController().signal));
	const verified = asked.findLast(({ call }) => call.tool === 'write_file')?.verified;
	return { after: readFileSync(join(root, 'num.py'), 'utf8'), verified, events, ending };
}

describe('of texts that nothing else tells apart, what most of them do is taken', { skip: noBox }, () => {
	test('however they write it; the person reads how many agree', async () => {
		const { after, verified, events } = await changed([
			text('n + 2'),
			calls,
			text('n + 1'),
			text('n * 3'),
			text('1 + n'),
			text('-(-n - 1)'),
		]);
		assert.equal(after, text('n + 1'), textOf(events));
		assert.equal(verified, '2 of 4 texts that were written for it do the same in 6 calls');
		assert.match(textOf(events), /2 of 4 texts/);
	});

	test('the same text once more is one more that agrees, and two in agreement are enough', async () => {
		const { after, verified } = await changed([text('n + 1'), calls, text('n + 1'), text('n + 1'), text('n * 3')]);
		assert.equal(after, text('n + 1'));
		assert.match(verified ?? '', /^2 of 2 /);
	});

	test('what does the same as before has hardly done what was asked', async () => {
		const same = [text('n + 0'), calls, text('n - 0'), text('n + 1'), text('0 + n'), text('1 + n')];
		assert.equal((await changed(same)).after, text('n + 1'));
	});

	test('where the model writes no calls, or none that comes to a value, the first text counts', async () => {
		for (const none of ['nothing\n', 'f("a")\nf(None)\n']) {
			const { after, verified } = await changed([text('n + 2'), none, none, none, text('n + 1'), text('n + 1')]);
			assert.equal(after, text('n + 2'));
			assert.equal(verified, undefined);
		}
	});

	test('a text that was verified is not lost when time is up while it is compared', async () => {
		const engine = model({ texts: [text('n + 1')] });
		// The calls come only when it is too late for them.
		const slow: Engine = {
			...engine,
			async *reply(prompt, signal) {
				if (prompt.begin?.startsWith('calls.py') && !signal.aborted)
					await new Promise(resolve => signal.addEventListener('abort', resolve));
				return yield* prompt.begin?.startsWith('calls.py') ? model({ texts: [calls] }).reply(prompt, signal) : engine.reply(prompt, signal);
			},
		};
		const { work, root } = await setting({ files: { 'num.py': before }, engine: slow, seconds: 2 });
		const targets = await targetsIn('In num.py, f counts from one.', work.agent.workspace);
		const task = { text: 'In num.py, f counts from one.', material: '' };
		const { ending } = await run(change({ task, targets }, work, new AbortController().signal));
		assert.deepEqual(ending, { reason: 'answered' });
		assert.equal(readFileSync(join(root, 'num.py'), 'utf8'), text('n + 1'));
	});

	test('of those with which all tests pass, too', async () => {
		const files = suite('num', '    def test_f(self):\n        self.assertEqual(f(2), 4)\n');
		const texts = [text('n * 2'), calls, text('n + 2'), text('n'), text('2 + n'), text('n - -2')];
		const { after, verified, ending } = await changed(texts, { files });
		assert.deepEqual(ending, { reason: 'answered' });
		assert.equal(after, text('n + 2'));
		assert.equal(
			verified,
			'1 test passes, 1 that failed before, in a copy of the folder with this change; 2 of 3 texts that were written for it do the same in 6 calls',
		);
	});
});
