import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Engine } from '../../src/engine/engine.js';
import { change } from '../../src/jobs/change.js';
import { targetsIn } from '../../src/jobs/targets.js';
import { noBox } from '../workspace/sandbox/boxes.js';
import { model, run, type Setting, setting, textOf } from './scene.js';

const before = 'def greet(name):\n    print("hello")\n\n\ndef leave():\n    print("bye")\n';
const right = before.replace('"hello"', 'f"hello {name}"');

async function edited(texts: readonly string[], more: Partial<Setting> & { words?: string } = {}) {
	const { words = 'In greet.py, greet by name.' } = more;
	const opened = await setting({ files: { 'greet.py': before }, engine: model({ texts }), ...more });
	const { work, root } = opened;
	const targets = await targetsIn(words, work.agent.workspace);
	const told = await run(change({ task: { text: words, material: '' }, targets }, work, new AbortController().signal));
	return { ...told, ...opened, after: readFileSync(join(root, 'greet.py'), 'utf8') };
}

/** A model that says these texts, and then aborts. */
function abortingAtLast(texts: readonly string[], stop: AbortController): Engine {
	const scripted = model({ texts });
	return {
		...scripted,
		async *reply(prompt, signal) {
			const said = yield* scripted.reply(prompt, signal);
			if (said.message.stop !== 'end') stop.abort();
			return said;
		},
	};
}

test('a text in which nothing changes is no answer: another is asked for', async () => {
	const { after, ending, events } = await edited([before, `${before}\n`, right]);
	assert.equal(after, right);
	assert.deepEqual(ending, { reason: 'answered' }, textOf(events));
	const whys = events.flatMap(event => (event.type === 'candidate' && event.state === 'rejected' ? [event.why] : []));
	assert.deepEqual(whys, ['nothing changes']);
});

test('what does not parse, or loses what nobody asked to lose, is not offered', async () => {
	const { after, asked } = await edited([right.replace('):', ')'), right.slice(0, right.indexOf('\n\n')), right]);
	assert.equal(after, right);
	assert.equal(asked.filter(({ call }) => call.tool === 'write_file').length, 1);
});

test('what only stands beside what is there is no change of it, unless something was asked for', async () => {
	const beside = `${before}\n\ndef greet_by_name(name):\n    print(f"hello {name}")\n`;
	assert.equal((await edited([beside, right])).after, right);
	assert.equal((await edited([beside], { words: 'In greet.py, add greet_by_name.' })).after, beside);
	const longer = before.replace('"bye")', '"bye" if name else "")');
	assert.equal((await edited([longer], { words: 'In greet.py, leave says nothing to nobody.' })).after, longer);
});

test('a parameter that is taken and not used is offered only where nothing better is found', async () => {
	const words = 'In greet.py, take the language that leave speaks as a parameter.';
	const half = before.replace('leave()', 'leave(language)');
	const whole = half.replace('"bye"', '"adieu" if language == "fr" else "bye"');
	assert.equal((await edited([half, whole], { words })).after, whole);
	const { after, events } = await edited([half], { words });
	assert.equal(after, half);
	assert.ok(
		events.some(event => event.type === 'candidate' && event.state === 'rejected' && event.why === 'language is taken and not used'),
	);
});

test('comments are no change, unless they were asked for', async () => {
	const told = before.replace('    print("hello")', '    # Greets.\n    print("hello")');
	assert.equal((await edited([told, right])).after, right);
	assert.equal((await edited([told], { words: 'In greet.py, comment greet.' })).after, told);
});

test('what was asked to go may go', async () => {
	const without = `${before.slice(0, before.indexOf('\n\n'))}\n`;
	assert.equal((await edited([without], { words: 'Remove leave from greet.py.' })).after, without);
	const other = before.replace('def leave', 'def part');
	assert.equal((await edited([other], { words: 'In greet.py, change the function name leave to part.' })).after, other);
});

test('when nothing is a change, that is said, and the task is not done', async () => {
	const { after, ending, events } = await edited([before, before, before, before, before]);
	assert.equal(after, before);
	assert.equal(ending.reason, 'checks-failed');
	assert.match(textOf(events), /nothing was changed/);
});

test('nothing is written without the yes', async () => {
	const { after, ending } = await edited([right], { approve: async () => ({ yes: false, text: 'no' }) });
	assert.equal(after, before);
	assert.equal(ending.reason, 'denied');
});

test('where loading has used the time up, that is what is said, and nothing is written late', async () => {
	const { after, ending } = await edited([right], { seconds: 10, started: performance.now() - 60_000 });
	assert.equal(after, before);
	assert.deepEqual(ending, { reason: 'time-limit', seconds: 10 });
});

test('what was found when the time is up is offered, and that it was up is said', { skip: noBox }, async t => {
	const late = new AbortController();
	t.mock.method(AbortSignal, 'timeout', () => late.signal);
	const engine = abortingAtLast([right], late);
	const { after, ending, events } = await edited([], { engine });
	assert.equal(after, right);
	assert.deepEqual(ending, { reason: 'answered' });
	assert.match(textOf(events), /Changed: `greet\.py`\..* The time for searching was up\.$/);
});

test('what is stopped after a change was found says that it was stopped, and not that it went well', { skip: noBox }, async () => {
	const stop = new AbortController();
	const engine = abortingAtLast([right], stop);
	const { work, root } = await setting({ files: { 'greet.py': before }, engine });
	const words = 'In greet.py, greet by name.';
	const targets = await targetsIn(words, work.agent.workspace);
	const { ending, events } = await run(change({ task: { text: words, material: '' }, targets }, work, stop.signal));
	assert.deepEqual(ending, { reason: 'interrupted' });
	assert.ok(events.some(event => event.type === 'candidate' && event.state === 'verified'));
	assert.deepEqual(
		events.flatMap(event => (event.type === 'result' ? [event.outcome] : [])),
		[{ ok: false, text: 'stopped' }],
	);
	assert.equal(readFileSync(join(root, 'greet.py'), 'utf8'), before);
});
