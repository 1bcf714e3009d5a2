import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Work } from '../../src/agent/loop.js';
import { change } from '../../src/jobs/change.js';
import { targetsIn } from '../../src/jobs/targets.js';
import { changed, contents, model, run as runJob, setting, suite, textOf } from './scene.js';

const run = async (work: Work, text = 'Implement double in num.py.') =>
	runJob(
		change({ task: { text, material: '' }, targets: await targetsIn(text, work.agent.workspace) }, work, new AbortController().signal),
	);

const stub = {
	'num.py': 'def double(n):\n    pass\n\n\ndef half(n):\n    pass\n',
	...suite(
		'num',
		'    def test_double(self):\n        self.assertEqual(double(4), 8)\n\n    def test_half(self):\n        self.assertEqual(half(4), 2)\n',
	),
};
const right = 'def double(n):\n    return 2 * n\n\n\ndef half(n):\n    return n // 2\n';
const partly = 'def double(n):\n    return 2 * n\n\n\ndef half(n):\n    pass\n';
const wrong = 'def double(n):\n    return n\n\n\ndef half(n):\n    return n\n';

test('the first text with which all tests pass is written, and only after the yes', async () => {
	let before: Record<string, string> = {};
	const { root, work, asked } = await setting({
		files: stub,
		engine: model({ texts: [wrong, wrong, right] }),
		approve: async ask => {
			if (ask.call.tool === 'write_file') assert.deepEqual(contents(root), before);
			return { yes: true };
		},
	});
	before = contents(root);
	const { ending, events } = await run(work);
	assert.deepEqual(ending, { reason: 'answered' }, textOf(events));
	assert.deepEqual(changed(before, contents(root)), ['num.py']);
	assert.equal(readFileSync(join(root, 'num.py'), 'utf8'), right);
	assert.match(asked.at(-1)?.verified ?? '', /^2 tests pass, 2 that failed before/);
	const tried = events.filter(event => event.type === 'candidate' && event.state === 'proposed');
	assert.equal(tried.length, 2, 'the same text is not tried twice');
});

test('a new file is written the same way', async () => {
	const { 'num.py': _none, ...tests } = stub;
	const { root, work } = await setting({ files: tests, engine: model({ texts: [right] }) });
	const { ending, events } = await run(work, 'Create num.py with double and half.');
	assert.deepEqual(ending, { reason: 'answered' }, textOf(events));
	assert.equal(readFileSync(join(root, 'num.py'), 'utf8'), right);
});

test('when nothing passes, the best is offered, and it is said how far it comes', async () => {
	const { root, work } = await setting({ files: stub, engine: model({ texts: [wrong, partly] }) });
	const { ending, events } = await run(work);
	assert.equal(ending.reason, 'checks-failed');
	assert.match(textOf(events), /written, and not done: 1 of 2 tests pass/);
	assert.equal(readFileSync(join(root, 'num.py'), 'utf8'), partly);
});

test('every way to ask, and to ask for a repair, begins with the same material, which is read once', async () => {
	const asked: string[] = [];
	const scripted = model({ texts: [wrong, partly, wrong, partly] });
	const engine: Work['agent']['engine'] = {
		...scripted,
		reply: (prompt, signal) => {
			asked.push(prompt.messages.map(message => ('text' in message ? message.text : '')).join(''));
			return scripted.reply(prompt, signal);
		},
	};
	const { work } = await setting({ files: { ...stub, 'rules.md': 'LIMIT = 3\n' }, engine });
	await run(work, 'Implement double in num.py, see rules.md.');
	const material = asked.map(text => text.slice(0, text.indexOf('LIMIT = 3')) + text.slice(0, text.indexOf('half(4), 2')));
	assert.ok(asked.length > 3 && material[0]!.length > 100);
	assert.equal(new Set(material.slice(0, 4)).size, 1, asked.slice(0, 4).join('\n======\n'));
	assert.equal(asked.slice(0, 4).filter(text => /A test fails/.test(text)).length, 1, 'one of them is the repair');
});

test('of two texts that each have one function right, the functions that are right are put together', async () => {
	const other = 'def double(n):\n    return n ** 2\n\n\ndef half(n):\n    return n // 2\n';
	const { root, work } = await setting({ files: stub, engine: model({ texts: [partly, other] }) });
	const { ending, events } = await run(work);
	assert.deepEqual(ending, { reason: 'answered' }, textOf(events));
	assert.equal(readFileSync(join(root, 'num.py'), 'utf8'), right);
	const how = events.flatMap(event => (event.type === 'candidate' && event.state === 'verified' ? [event.what] : []));
	assert.deepEqual(how, ['num.py  half as in another text']);
});

test('what a text has nearly right is brought right by program, and only what breaks nothing', async () => {
	const near = 'def double(n):\n    return 2 + n\n\n\ndef half(n):\n    return n // 2\n';
	const { root, work, asked } = await setting({ files: stub, engine: model({ texts: [near] }) });
	const { ending, events } = await run(work);
	assert.deepEqual(ending, { reason: 'answered' }, textOf(events));
	assert.match(readFileSync(join(root, 'num.py'), 'utf8'), /return n \/\/ 2/);
	assert.match(asked.at(-1)?.verified ?? '', /^2 tests pass, 2 that failed before/);
	const numbers = events.flatMap(event => (event.type === 'candidate' && event.state !== 'proposed' ? [event.number] : []));
	assert.equal(new Set(numbers).size, numbers.length, 'each that is tried has a number of its own');
});

test('what breaks more than it mends is never written', async () => {
	const { root, work } = await setting({ files: stub, engine: model({ texts: [wrong, 'def double(n:\n'] }) });
	const before = contents(root);
	const { ending } = await run(work);
	assert.equal(ending.reason, 'checks-failed');
	assert.deepEqual(contents(root), before);
});

test('where loading has used the time up, nothing is written, and that is what is said', async () => {
	const { root, work } = await setting({
		files: stub,
		engine: model({ texts: [right] }),
		seconds: 10,
		started: performance.now() - 60_000,
	});
	const before = contents(root);
	const { ending, events } = await run(work);
	assert.equal(ending.reason, 'checks-failed');
	assert.match(textOf(events), /nothing was changed\. The time for searching was up\.$/);
	assert.deepEqual(contents(root), before);
});
