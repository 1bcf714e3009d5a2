import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChatState, reduce, start } from '../../src/chat/state.js';
import { approach } from '../../src/jobs/route.js';
import { run, setting } from '../jobs/scene.js';

test('"the test fails, fix it": a person sees where it looks, what it tries and how that goes, and what has passed', async () => {
	const { work } = await setting({ fixture: 'broken-sum' });
	const words = 'The test fails. Fix it.';
	const states: ChatState[] = [reduce(start, { type: 'asked', text: words, material: '' })];
	await run(approach({ text: words, material: '' }, work, new AbortController().signal), event => {
		states.push(reduce(states.at(-1)!, event));
	});
	const live = states.map(({ live: { call } }) => (call ? `${call.title}\n${call.tail}` : '')).filter(Boolean);
	const seen = (what: RegExp): number => live.findIndex(text => what.test(text));
	const steps = [
		/^run tests\n/,
		/3 tests fail; looking in sum\.js\n/,
		/✗ sum\.js:\d+ {2}\S.* {2}\(.+\)\n/,
		/✓ sum\.js:5 {2}total \+= number; {2}\(5 tests pass\)\n/,
	];
	for (const step of steps) assert.ok(seen(step) >= 0, `${step} in\n${live.at(-1)}`);
	assert.ok(seen(steps[0]!) < seen(steps[1]!) && seen(steps[1]!) < seen(steps[3]!));
	const past = states
		.at(-1)!
		.past.map(entry => (entry.kind === 'call' ? `${entry.ok ? '✔' : '✘'} ${entry.title}` : entry.kind === 'prose' ? entry.text : ''));
	assert.deepEqual(past.slice(1), [
		'✘ run tests',
		'✔ looking for a change that makes the tests pass',
		'✔ write sum.js',
		'Fixed: `sum.js:5  total += number;`. 5 tests pass, 3 that failed before.',
	]);
});
