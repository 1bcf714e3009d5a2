import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setImmediate as nextTick } from 'node:timers/promises';
import { eventRecord, toLine } from '../../src/agent/records.js';
import { fenced } from '../../src/engine/dialects/fenced.js';
import { hermes } from '../../src/engine/dialects/hermes.js';
import { scriptedEngine } from '../../src/engine/scripted.js';
import { grounded } from '../../src/jobs/grounded.js';
import { approach } from '../../src/jobs/route.js';
import type { AgentEvent, Ending, Tier } from '../../src/types.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { run, setting } from './scene.js';

// Nothing is too late here: no clock runs.
mock.timers.enable({ apis: ['setTimeout'] });

/** What is claimed, and the kinds of events around it, when these replies answer a question about broken-sum. */
async function answered(replies: string[], tier: Tier = 'T0', text = 'How does sum.js work?') {
	const engine = scriptedEngine({ replies }, { dialect: tier === 'T0' ? fenced : hermes, tier });
	const { work } = await setting({ fixture: 'broken-sum', engine });
	work.messages.push({ role: 'user', text });
	const { events, ending } = await run(approach({ text, material: '' }, work, new AbortController().signal));
	return { events, ending, claims: events.filter(event => event.type === 'claim') };
}

const around = (events: readonly AgentEvent[]) => events.map(({ type }) => type).filter(type => type !== 'text' && type !== 'reading');

test('behind a plain answer comes what it says of the repository', async () => {
	const reply = 'It loops, see `sum.js:40`.\n\nThe tests are in `sum.test.js`; `npm run tests` runs them.\n';
	const { events, ending, claims } = await answered([reply]);
	assert.deepEqual(claims, [
		{ type: 'claim', kind: 'line', text: 'sum.js:40', ok: false, truth: 'sum.js has 14 lines' },
		{ type: 'claim', kind: 'path', text: 'sum.test.js', ok: true },
		{ type: 'claim', kind: 'command', text: 'npm run tests', ok: false, truth: 'package.json has test, not tests' },
	]);
	assert.deepEqual(around(events), ['turn', 'replied', 'claim', 'claim', 'claim']);
	assert.deepEqual(ending, { reason: 'answered' });
	for (const claim of claims) assert.deepEqual(eventRecord.parse(JSON.parse(toLine(claim))), claim);
});

test('an answer that says nothing of the repository has no claims', async () => {
	assert.deepEqual((await answered(['It adds the numbers, one after the other.'])).claims, []);
	assert.deepEqual((await answered(['`useEffect()` is in `App.jsx`.'], 'T0', 'What is useEffect?')).claims, []);
});

test('a reply with calls is no answer yet; the one after it is', async () => {
	const call = hermes.write({ id: '', tool: 'read_file', args: { file_path: 'sum.js' } });
	const { events, claims } = await answered([`I look into \`total.js\`.\n${call}`, 'It is `add_all()` in `sum.js`.'], 'T1');
	assert.deepEqual(
		claims.map(({ text, ok }) => [text, ok]),
		[['add_all()', false]],
	);
	assert.equal(
		events.findLastIndex(({ type }) => type === 'replied') + 1,
		events.findIndex(({ type }) => type === 'claim'),
	);
});

/** What comes of an answer in a folder whose files are these, once so many milliseconds have gone by, one part after the other. */
async function late(files: Partial<Workspace['files']>, ...parts: readonly (number | (() => void))[]) {
	const { workspace } = (await setting({ fixture: 'broken-sum' })).work.agent;
	const slow = { ...workspace, files: { ...workspace.files, ...files } };
	const reply = { role: 'assistant', text: 'See `sum.js:40`.', calls: [], stop: 'end', raw: '' } as const;
	const usage = { prompt: 0, reused: 0, output: 0, readMs: 0, writeMs: 0 };
	async function* answers(): AsyncGenerator<AgentEvent, Ending> {
		yield { type: 'replied', message: { ...reply, calls: [] }, usage };
		return { reason: 'answered' };
	}
	const running = run(grounded(answers(), { agent: { workspace: slow }, messages: [{ role: 'user', text: 'this project?' }] }));
	for (const part of parts) {
		for (let i = 0; i < 20; i++) await nextTick();
		if (typeof part === 'number') mock.timers.tick(part);
		else part();
	}
	const { events, ending } = await running;
	assert.deepEqual(ending, { reason: 'answered' });
	return around(events);
}

test('what is not found out in time is not said, and the task goes on', async () => {
	assert.deepEqual(await late({ list: () => new Promise<never>(() => {}) }, 300, 700), ['replied']);
});

test('on a slow machine what is begun in time is said all the same', async () => {
	const read = Promise.withResolvers<void>();
	const list = async () => {
		await read.promise;
		return { paths: ['sum.js'], more: false };
	};
	assert.deepEqual(await late({ list }, 300, read.resolve), ['replied', 'claim']);
});

test('a long answer is not read again with each of its lines', { timeout: 30_000 }, async () => {
	const { work } = await setting({ fixture: 'broken-sum' });
	const lines = 60_000;
	async function* long(): AsyncGenerator<AgentEvent, Ending> {
		for (let number = 1; number <= lines; number++) yield { type: 'text', text: `line ${number} of many\n` };
		return { reason: 'answered' };
	}
	const { events } = await run(grounded(long(), work));
	assert.equal(events.length, lines);
});
