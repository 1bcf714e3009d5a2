import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, test } from 'node:test';
import { createJournal, type Journal, openJournal } from '../../src/agent/journal.js';
import { openConversation } from '../../src/agent/open.js';
import { type Past, readJournal } from '../../src/agent/past.js';
import { recall } from '../../src/agent/recall.js';
import { dialects } from '../../src/engine/dialects/all.js';
import { usualSilentMs } from '../../src/engine/local/local.js';
import { ahead, approach } from '../../src/jobs/route.js';
import type { AgentEvent, Ending } from '../../src/types.js';
import { openWorkspace } from '../../src/workspace/open.js';
import { tinyEngine } from './engines.js';
import { type Fault, faults, ordersFor } from './faults.js';
import { engineProcesses, holds } from './processes.js';

// Whatever happens to the process that holds the model: one sentence, nothing lost, and the next message works.

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-faults-')));
const { XDG_STATE_HOME } = process.env;
process.env.XDG_STATE_HOME = join(folder, 'state');
after(() => {
	rmSync(folder, { recursive: true, force: true });
	rmSync(ordersFor(process.pid), { force: true });
	if (XDG_STATE_HOME === undefined) delete process.env.XDG_STATE_HOME;
	else process.env.XDG_STATE_HOME = XDG_STATE_HOME;
});

/** When it happens: at this event, counted from 1, or in the middle of a saving. Loading may be over before a sign comes, so it is ordered before. */
const moments = {
	loading: { type: 'loading' },
	'the beginning of reading': { type: 'reading', count: 1 },
	'the middle of reading': { type: 'reading', count: 4 },
	'the first word': { type: 'text', count: 1 },
	'the twentieth word': { type: 'text', count: 20 },
	'the saving of the prefix': { saving: 'saving' },
	'the saving of the prefix, half done': { saving: 'half' },
	'the saving of the conversation, half done': { closing: 'half' },
} as const;
type Moment = keyof typeof moments;

/** A process that says nothing any more looks the same whatever it says nothing about. */
const silent: readonly Fault[] = ['is stopped', 'spins'];
const silentMs = 4000;
/** A process that spins takes a core from those that measure the others: it does so once in reading and once in writing. */
const seldom: Partial<Record<Fault, readonly Moment[]>> = { spins: ['the middle of reading', 'the first word'] };

const table = faults.flatMap(fault => (seldom[fault] ?? (Object.keys(moments) as Moment[])).map(moment => ({ fault, moment })));

/** Left open by a test that failed. */
const left: Open[] = [];

type Open = { conversation: ReturnType<typeof openConversation>; journal: Journal };

async function open(name: string, more: { past?: Past; patience?: number } = {}): Promise<Open> {
	const { past, patience = silentMs } = more;
	const engine = tinyEngine({
		program: join(import.meta.dirname, 'faulty-child.ts'),
		silentMs: patience,
		dialect: dialects.fenced,
		contextSize: 16_384,
		states: { folder: join(folder, 'states', name), model: 'tiny', budget: 1e9, conversations: true },
	});
	const about = { root: folder, model: 'tiny', mode: 'default', warn: assert.fail } as const;
	const journal = past ? openJournal(past.path, { ...about, fork: false }).journal : createJournal(about);
	const conversation = openConversation({
		workspace: await openWorkspace({ root: folder, state: join(folder, 'workspace'), conversation: journal.id }),
		journal,
		engine,
		past: past?.events ?? [],
		messages: past ? recall(past.events).messages : [],
		mode: 'default',
		tools: [],
		seed: 1,
		system: { replace: 'Be brief. '.repeat(12), append: undefined },
		instructions: [],
		limits: { turns: 1, calls: 1, seconds: undefined },
		testCommand: undefined,
		testable: async () => false,
		approve: () => async () => ({ yes: true }),
		approach,
		ahead,
		about: async () => ({ paths: [], facts: [] }),
	});
	left.push({ conversation, journal });
	return { conversation, journal };
}

/** What the engine's process does wrong, and when. */
const order = (fault: Fault, moment: string) => writeFileSync(ordersFor(process.pid), `${fault} at ${moment}`);
const strike = () => {
	const [pid, ...others] = engineProcesses();
	assert.ok(pid !== undefined && others.length === 0, `${[pid, ...others]}`);
	process.kill(pid, 'SIGUSR2');
};

type Told = { ending: Ending; text: string; ms: number };

/** Asks. `at` is told each event and says when the trouble begins; then it takes `ms` to the ending. `stop` at the first word. */
async function ask(
	{ conversation }: Open,
	text: string,
	{ at, stop }: { at?: (event: AgentEvent) => boolean; stop?: true },
): Promise<Told> {
	const stopping = new AbortController();
	const running = conversation.ask({ text, material: 'const a = 1;\n'.repeat(40) }, stopping.signal);
	let since = Number.NaN;
	let said = '';
	for (;;) {
		const step = await running.next();
		if (step.done) return { ending: step.value, text: said, ms: performance.now() - since };
		if (step.value.type === 'text') said += step.value.text;
		if (stop && said !== '') stopping.abort();
		if (at?.(step.value)) since = performance.now();
	}
}

const asked = (events: readonly AgentEvent[]) => events.flatMap(event => (event.type === 'asked' ? [event.text] : []));

const written = (events: readonly AgentEvent[]) => events.map(event => (event.type === 'text' ? event.text : '')).join('');

/** Asks until the trouble of this moment comes, and strikes where the moment is an event. */
function untilTrouble(opened: Open, fault: Fault, moment: Moment): Promise<Told> {
	const when = moments[moment];
	if ('saving' in when) {
		order(fault, when.saving);
		// The prefix is saved when it has been read, which is soon after the first reading.
		let readings = 0;
		return ask(opened, 'Hello', { stop: true, at: event => event.type === 'reading' && ++readings === 1 });
	}
	if (!('type' in when)) assert.fail(moment);
	let seen = 0;
	if (when.type === 'loading') {
		order(fault, 'loading');
		return ask(opened, 'Hello', { at: event => event.type === 'loading' && ++seen === 1 });
	}
	order(fault, 'a sign');
	return ask(opened, 'Hello', {
		at(event) {
			if (event.type !== when.type || ++seen !== when.count) return false;
			strike();
			return true;
		},
	});
}

/** The conversation goes on: the next message is answered. */
async function goesOn(opened: Open, text: string): Promise<void> {
	const next = await ask(opened, text, { stop: true });
	assert.ok(next.text !== '' && next.ending.reason !== 'engine-lost', JSON.stringify(next));
}

const sentence = /^The engine [^\n]*\. The next message starts it again\.$/;

async function inTheMiddle(fault: Fault, moment: Moment, opened: Open): Promise<void> {
	const { ending, ms } = await untilTrouble(opened, fault, moment);
	const limit = silent.includes(fault) ? silentMs * 1.2 + 2000 : 2000;
	// What cannot be saved is no trouble for who talks.
	if (fault === 'fails' && 'saving' in moments[moment]) assert.notEqual(ending.reason, 'engine-lost');
	else {
		assert.equal(ending.reason, 'engine-lost');
		assert.match('detail' in ending ? ending.detail : '', sentence);
		assert.ok(ms < limit, `${ms} ms`);
	}
	await goesOn(opened, 'Again');
	await opened.conversation.close();
}

async function atTheEnd(fault: Fault, opened: Open): Promise<void> {
	await goesOn(opened, 'Hello');
	await goesOn(opened, 'Again');
	order(fault, 'half');
	const started = performance.now();
	await opened.conversation.close();
	assert.ok(performance.now() - started < 2000);
}

describe('the process that holds the model', { skip: process.platform === 'linux' ? false : 'needs /proc' }, () => {
	afterEach(async () => {
		for (const { conversation } of left.splice(0)) await conversation.close();
		rmSync(ordersFor(process.pid), { force: true });
	});

	test('is troubled in more than sixty ways', () => assert.ok(table.length >= 60, String(table.length)));

	for (const { fault, moment } of table)
		test(`${fault} at ${moment}`, async () => {
			const name = `${fault} at ${moment}`;
			const opened = await open(name);
			if ('closing' in moments[moment]) await atTheEnd(fault, opened);
			else await inTheMiddle(fault, moment, opened);
			assert.ok(!existsSync(ordersFor(process.pid)), 'the order was carried out');
			const kept = readJournal(opened.journal.path!);
			assert.deepEqual(asked(kept.events), ['Hello', 'Again']);
			// Every word that was on the screen, and what the model is told of it.
			assert.equal(written(kept.events), written(opened.conversation.events));
			assert.deepEqual(recall(kept.events).messages, recall(opened.conversation.events).messages);
			assert.deepEqual([kept.skipped, kept.torn, recall(kept.events).interrupted], [0, false, false]);
			if ('type' in moments[moment]) return;
			// What a saving left behind harms nobody.
			const later = await open(name, { past: kept });
			await goesOn(later, 'And later');
			await later.conversation.close();
			assert.deepEqual(asked(readJournal(kept.path).events), ['Hello', 'Again', 'And later']);
			assert.ok(await holds(() => engineProcesses().length === 0, 2000));
		});

	test('hangs: with the patience that people have, the sentence comes within 20 seconds', async () => {
		const opened = await open('patience', { patience: usualSilentMs });
		const { ending, ms } = await untilTrouble(opened, 'is stopped', 'the first word');
		assert.equal(ending.reason, 'engine-lost');
		assert.ok(ms < 20_000, `${ms} ms`);
		await goesOn(opened, 'Again');
		await opened.conversation.close();
	});
});
