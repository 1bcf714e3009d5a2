import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ephemeralJournal } from '../../src/agent/journal.js';
import { openConversation } from '../../src/agent/open.js';
import { lateEngine } from '../../src/engine/late.js';
import { needsNoModel } from '../../src/jobs/named.js';
import { about, ahead, approach } from '../../src/jobs/route.js';
import { allTools } from '../../src/tools/all.js';
import { type AgentEvent, Refusal } from '../../src/types.js';
import { openWorkspace } from '../../src/workspace/open.js';
import { shell } from '../workspace/world.js';
import { textOf } from './scene.js';

/** What happens where this is asked in a repository with one change, and there is no model. */
async function askedWithout(text: string) {
	const root = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-no-model-')));
	writeFileSync(join(root, 'money.py'), 'def total(prices):\n    return sum(prices)\n');
	shell(root, 'git init -q -b main . && git add -A && git -c user.name=a -c user.email=a@b commit -q -m first');
	writeFileSync(join(root, 'money.py'), 'def total(prices):\n    return sum(price)\n');
	writeFileSync(join(root, 'AGENTS.md'), 'Be short.\n');
	const conversation = openConversation({
		workspace: await openWorkspace({ root, state: join(root, '..', 'state'), conversation: 'c' }),
		journal: ephemeralJournal(),
		past: [],
		messages: [],
		mode: 'default',
		// biome-ignore lint/correctness/useYield: there is nothing to tell
		engine: lateEngine(async function* () {
			throw new Refusal('There is no model here.', 41);
		}),
		tools: allTools,
		seed: 1,
		system: { replace: undefined, append: undefined },
		instructions: [{ path: 'AGENTS.md', text: 'Be short.\n' }],
		limits: { turns: 3, calls: 3, seconds: undefined },
		testCommand: undefined,
		testable: async () => false,
		approve: () => async () => ({ yes: true }),
		approach,
		ahead,
		about,
		needsNoModel,
	});
	const events: AgentEvent[] = [];
	for await (const event of conversation.ask({ text, material: '' }, new AbortController().signal)) events.push(event);
	const of = <Type extends AgentEvent['type']>(type: Type) =>
		events.filter((event): event is Extract<AgentEvent, { type: Type }> => event.type === type);
	return {
		said: textOf(events),
		notes: of('note').map(note => note.text),
		remarks: of('remark').map(({ path, line, certainty }) => `${path}:${line} ${certainty}`),
		ending: of('done')[0]?.ending,
		writers: of('writer').length,
	};
}

test('without a model a review says what programs have verified, and that the opinions are left out', async () => {
	const { remarks, notes, said, ending, writers } = await askedWithout('/review');
	assert.deepEqual(remarks, ['money.py:2 verified']);
	assert.deepEqual(notes, ['The opinions are left out. There is no model here.']);
	assert.match(said, /1 verified remark, no opinions \(.*no model gave an opinion\)\.$/);
	assert.deepEqual(ending, { reason: 'remarked', verified: 1 });
	assert.equal(writers, 0, 'nobody has written anything');
});

test('without a model explain says what the program knows, and that the rest is left out', async () => {
	const { notes, said, ending } = await askedWithout('/explain money.py:total');
	assert.match(said, /^`total` is a function in `money\.py`, lines 1 to 2\./);
	assert.deepEqual(notes, ['What it does is left out: that is for a model to say. There is no model here.']);
	assert.deepEqual(ending, { reason: 'answered' });
});

test('without a model what needs one is not begun', async () => {
	for (const text of ['/docs money.py', 'What does money.py do?'])
		assert.deepEqual((await askedWithout(text)).ending, { reason: 'no-model', detail: 'There is no model here.' });
});
