import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Engine, Prompt } from '../../src/engine/engine.js';
import type { Message } from '../../src/types.js';
import { ask, never, type Run, readings, run, textIn } from './asking.js';

/** What the suite needs to know of an engine. `open` gives a new one; a scripted one has at least twenty replies of `words` words. */
export type Subject = { open(): Engine; words: number };

/** The promises of `engine/engine.ts`, which hold for every engine. */
export function contract(name: string, subject: Subject): void {
	describe(`every engine keeps its promises: ${name}`, () => {
		let engine: Engine;
		// One conversation: every prompt begins with the whole of the one before.
		const messages: Message[] = [];
		before(() => {
			engine = subject.open();
		});
		after(() => engine.close());

		async function converse(text: string, more: Partial<Prompt> = {}, at?: Parameters<typeof run>[2]): Promise<Run> {
			messages.push({ role: 'user', text });
			const result = await run(engine, ask(text, { ...more, messages: [...messages] }), at);
			messages.push(result.reply.message);
			return result;
		}

		test('reading is first reported before half and rises to the total; all events are plain data', async () => {
			const { events, reply } = await converse('hello');
			const seen = readings(events);
			assert.ok(seen[0] && seen[0].done <= seen[0].total / 2, JSON.stringify(seen[0]));
			assert.equal(seen.at(-1)?.done, seen.at(-1)?.total);
			assert.ok(seen.every((event, i) => i === 0 || event.done >= (seen[i - 1]?.done ?? 0)));
			assert.deepEqual(JSON.parse(JSON.stringify(events)), events);
			assert.deepEqual(JSON.parse(JSON.stringify(reply)), reply);
		});

		test('the text events joined are the text of the message', async () => {
			const { events, reply } = await converse('write something', { maxTokens: 40 });
			assert.equal(textIn(events), reply.message.text);
			assert.ok(reply.message.raw.length > 0);
			assert.equal(reply.failure, undefined);
		});

		test('the reply begins with the words it was begun with', async () => {
			const { events, reply } = await converse('count', { begin: 'One, two' });
			assert.ok(reply.message.raw.startsWith('One, two'));
			assert.equal(textIn(events), reply.message.text);
		});

		test('a reply that is stopped before it starts is empty and no failure', async () => {
			const stopped = engine.reply(ask('no', { messages: [...messages] }), AbortSignal.abort());
			let step = await stopped.next();
			while (!step.done) step = await stopped.next();
			assert.equal(step.value.message.stop, 'aborted');
			assert.equal(step.value.message.raw, '');
			assert.equal(step.value.failure, undefined);
		});

		test('a reply that is stopped while it is written keeps what was written', async () => {
			const { events, reply } = await converse('go on and on', { maxTokens: subject.words }, (event, stop) => {
				if (event.type === 'text') stop();
			});
			assert.equal(reply.message.stop, 'aborted');
			assert.ok(reply.message.text.length > 0);
			assert.equal(textIn(events), reply.message.text);
		});

		test('the next reply after one that was stopped is whole', async () => {
			const { reply } = await converse('hello again', { maxTokens: 4 });
			assert.notEqual(reply.message.stop, 'aborted');
			assert.equal(reply.failure, undefined);
		});

		test('stopping a reply that has ended does nothing', async () => {
			let late = () => {};
			const { reply } = await converse('quick', { maxTokens: 2 }, (_event, stop) => {
				late = stop;
			});
			late();
			late();
			assert.notEqual(reply.message.stop, 'aborted');
			assert.equal((await converse('quick', { maxTokens: 2 })).reply.failure, undefined);
		});

		test('measuring a longer prompt gives a larger number', async () => {
			const short = await engine.measure(ask('short'));
			const long = await engine.measure(ask('much longer than the short one was'));
			assert.ok(Number.isInteger(short) && short > 0 && long > short);
		});

		test('warming ahead gives no failure, also when it is stopped', async () => {
			for (const signal of [never(), AbortSignal.abort()]) {
				const warming = engine.warm(ask('ahead'), signal);
				let step = await warming.next();
				while (!step.done) step = await warming.next();
				assert.equal(step.value, undefined);
			}
		});

		test('filling that is stopped gives nothing', async () => {
			const { sampling } = ask('');
			assert.ok(sampling);
			assert.equal(await engine.fill({ before: 'a', after: 'b', maxTokens: 4, sampling }, AbortSignal.abort()), undefined);
		});

		test('closing twice is allowed', async () => {
			const other = subject.open();
			await other.close();
			await other.close();
		});
	});
}
