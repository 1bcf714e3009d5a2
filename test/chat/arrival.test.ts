import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { Conversation } from '../../src/agent/conversation.js';
import type { Absent } from '../../src/chat/program.js';
import { fetchModel, pathOf } from '../../src/models/fetch.js';
import type { FetchEvent } from '../../src/models/progress.js';
import { Refusal } from '../../src/types.js';
import { entryFor, startHub } from '../models/fake-hub.js';
import { world } from '../models/fetching.js';
import { freshHome } from '../models/place.js';
import { answers, fakeProgram, type Script } from './fake-program.js';
import { openScreen } from './screen.js';

const home = freshHome();
const bigger: Absent = { absent: 'coder-7b', name: 'Coder 7B', bytes: 4.7e9, licence: 'Apache-2.0' };
const half: FetchEvent = { type: 'progress', done: 2.35e9, total: 4.7e9, rate: 12.1e6, eta: 194, source: 'hub' };

/** A chat in which `coder-7b` is not here: its fetch goes as far as the events that are pushed, and ends with `end`. */
function scene(t: TestContext, { script = answers('Hello there.') }: { script?: Script } = {}) {
	const used: string[] = [];
	const here = new Set<string>();
	const stopped: string[] = [];
	const events: FetchEvent[] = [];
	let wake = Promise.withResolvers<void>();
	let outcome: 'arrived' | Refusal | undefined;
	const fake = fakeProgram({
		script,
		async useModel(id) {
			if (id === 'nonsense') throw new Refusal('There is no model "nonsense".', 41);
			if (id !== 'fake' && !here.has(id)) return { ...bigger, absent: id };
			used.push(id);
			return {
				...fake.program.conversation,
				engine: { model: { name: id, tier: 'T1', contextSize: 8192, device: 'CPU' } },
			} as Conversation;
		},
		async *fetchModel(id, signal) {
			signal.addEventListener('abort', () => {
				stopped.push(id);
				wake.resolve();
			});
			for (;;) {
				yield* events.splice(0);
				if (signal.aborted) throw new Refusal(`Fetching ${id} was stopped.`, 41);
				if (outcome instanceof Refusal) throw outcome;
				if (outcome) return void here.add(id);
				await wake.promise;
				wake = Promise.withResolvers<void>();
			}
		},
	});
	Object.assign(fake.program, {
		models: async () => [{ id: 'fake', installed: true, bytes: 5e8, why: '', current: true }],
	});
	const screen = openScreen(fake, { columns: 100, now: () => 1000 });
	t.after(() => screen.close());
	const send = (text: string) => screen.type(text, '\r');
	return {
		...screen,
		fake,
		used,
		stopped,
		send,
		push(event: FetchEvent) {
			events.push(event);
			wake.resolve();
		},
		end(how: 'arrived' | Refusal) {
			outcome = how;
			wake.resolve();
		},
	};
}

test('a model that is not here is fetched behind, and the conversation goes on, and then with it', async t => {
	const chat = scene(t);
	await chat.until(/>/);
	chat.send('/model coder-7b');
	await chat.until(/· Fetching Coder 7B \(4\.7 GB, Apache-2\.0\)\. The conversation goes on meanwhile/);
	assert.deepEqual(chat.used, []);
	chat.push(half);
	await chat.until(/fake-1b .* coder-7b 50 %, 12\.1 MB\/s, 4 min left$/m);
	chat.send('hi');
	await chat.until(/Hello there\.[\s\S]*Done/);
	assert.deepEqual(chat.used, []);
	chat.end('arrived');
	const text = await chat.until(/is being changed to coder-7b/);
	assert.match(text, /· Coder 7B is here\.\n· The model is being changed to coder-7b\./);
	assert.deepEqual(chat.used, ['coder-7b']);
	assert.doesNotMatch(text, /MB\/s/);
	await chat.until(/coder-7b · /);
});

test('a model that arrives while an answer is written waits for its end, and for what was typed ahead', async t => {
	const answering = Promise.withResolvers<void>();
	const chat = scene(t, {
		async *script(task, signal, ask) {
			if (task.text === 'first') await answering.promise;
			return yield* answers(`Answer to ${task.text}.`)(task, signal, ask);
		},
	});
	await chat.until(/>/);
	chat.send('/model coder-7b');
	await chat.until(/Fetching Coder 7B/);
	chat.send('first');
	await chat.until(/Esc stops/);
	chat.send('second');
	await chat.until(/\+ second/);
	chat.end('arrived');
	await chat.until(/Coder 7B is here/);
	assert.deepEqual(chat.used, []);
	answering.resolve();
	const text = await chat.until(/is being changed to/);
	assert.match(text, /Answer to second\.[\s\S]*is being changed to coder-7b/);
});

test('Esc stops the answer and not the fetch', async t => {
	const chat = scene(t, {
		async *script({ text, material }, signal) {
			yield { type: 'asked', text, material };
			await new Promise(resolve => signal.addEventListener('abort', resolve));
			yield { type: 'done', ending: { reason: 'interrupted' } };
			return { reason: 'interrupted' };
		},
	});
	await chat.until(/>/);
	chat.send('/model coder-7b');
	await chat.until(/Fetching Coder 7B/);
	chat.send('hi');
	await chat.until(/Esc stops/);
	chat.type('\x1b');
	await chat.until(/Stopped\. Say how to go on/);
	assert.deepEqual(chat.stopped, []);
	chat.end('arrived');
	await chat.until(/is being changed to coder-7b/);
});

test('a fetch that fails is one line, and the conversation stays as it is', async t => {
	const chat = scene(t);
	await chat.until(/>/);
	chat.send('/model coder-7b');
	await chat.until(/Fetching/);
	chat.push({ type: 'note', text: 'Not from the model hub: no answer.' });
	chat.end(new Refusal('Coder 7B could not be fetched: no network.', 41));
	const text = await chat.until(/could not be fetched/);
	assert.match(text, /· Not from the model hub: no answer\.\n· Coder 7B could not be fetched: no network\./);
	chat.send('hi');
	await chat.until(/Done/);
	assert.deepEqual(chat.used, []);
	assert.doesNotMatch(chat.text(), /coder-7b fetching|fetching coder-7b/);
});

test('taking the model in use stops a fetch; what has arrived is kept', async t => {
	const chat = scene(t);
	await chat.until(/>/);
	chat.send('/model coder-7b');
	await chat.until(/Fetching Coder 7B/);
	chat.send('/model coder-7b');
	await chat.until(/coder-7b is on its way already/);
	chat.send('/model fake');
	await chat.until(/Coder 7B is no longer being fetched\. What has arrived is kept: \/model coder-7b goes on from there\./);
	assert.deepEqual([chat.stopped, chat.used], [['coder-7b'], []]);
	chat.send('/model fake');
	await chat.until(/fake-1b is in use already/);
});

test('another model takes the place of the one on its way', async t => {
	const chat = scene(t);
	await chat.until(/>/);
	chat.send('/model coder-7b');
	await chat.until(/Fetching Coder 7B/);
	chat.send('/model coder-3b');
	await chat.until(/Coder 7B is no longer being fetched[\s\S]*Fetching Coder 7B/);
	assert.deepEqual(chat.stopped, ['coder-7b']);
	chat.end('arrived');
	await chat.until(/is being changed to coder-3b/);
	assert.deepEqual(chat.used, ['coder-3b']);
});

test('a model that does not exist changes nothing', async t => {
	const chat = scene(t);
	await chat.until(/>/);
	chat.send('/model nonsense');
	await chat.until(/There is no model "nonsense"/);
	assert.deepEqual(chat.used, []);
});

test('leaving stops the fetch, says how to go on with it, and waits until it has let go', async t => {
	const hub = await startHub(Buffer.alloc(300_000, 7));
	hub.cutAfter = 100_000;
	const entry = entryFor(hub.data);
	const fake = fakeProgram({
		useModel: async () => ({ ...bigger, absent: entry.id }),
		fetchModel: (_id, signal) => fetchModel(entry, { signal, world }),
	});
	const screen = openScreen(fake, { now: () => 1000 });
	t.after(() => screen.close());
	await screen.until(/>/);
	screen.type('/model tiny', '\r');
	await screen.until(/tiny 33 %/);
	screen.type('/quit', '\r');
	assert.equal(await screen.session.closed, 0);
	await screen.session.close();
	await screen.until(/Coder 7B is no longer being fetched\. What has arrived is kept: \/model tiny\s+goes on from there\./);
	assert.ok(!existsSync(pathOf(entry)));
	assert.deepEqual(
		readdirSync(home.path('cache/qwill/models')).filter(name => name.endsWith('.lock')),
		[],
	);
	hub.cutAfter = Number.POSITIVE_INFINITY;
	const again = fetchModel(entry, { signal: new AbortController().signal, world });
	for (let step = await again.next(); !step.done; step = await again.next());
	assert.ok(existsSync(pathOf(entry)));
	assert.match(hub.stored.at(-1)?.headers.range ?? '', /^bytes=[1-9]/);
});
