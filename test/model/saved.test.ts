import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { LocalOptions } from '../../src/engine/local/local.js';
import { ask, followedBy, never, run, varied } from '../engine/asking.js';
import { tinyEngine } from './engines.js';

const system = 'You answer in as few words as you can, and you never guess what you do not know. '.repeat(4);
const folder = mkdtempSync(join(tmpdir(), 'qwill-states-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const placed = (name: string, more: Partial<NonNullable<LocalOptions['states']>> = {}): Partial<LocalOptions> => ({
	states: { folder: join(folder, name), model: 'tiny', budget: 1e9, conversations: true, ...more },
});
const files = (name: string, ending: string): string[] =>
	readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' })
		.filter(path => path.endsWith(ending))
		.map(path => join(folder, name, path));
const prompt = ask('What is a queue?', { system, sampling: varied });
const notes = (events: { type: string }[]) => events.filter(event => event.type === 'note').length;

describe('what was read', () => {
	it('of the fixed prompt is there for the first message of a fresh process', async () => {
		const first = tinyEngine(placed('prefix', { conversations: false }));
		const before = await run(first, prompt);
		await first.close();
		assert.equal(before.reply.usage.reused, 0);
		assert.equal(files('prefix', '.kv').length, 1);
		const second = tinyEngine(placed('prefix'));
		const again = await run(second, ask('And what is a stack?', { system }));
		const prefix = await second.measure({ system, messages: [], tools: [] });
		await second.close();
		assert.ok(again.reply.usage.reused >= 0.95 * prefix, `${again.reply.usage.reused} of ${prefix} tokens`);
		assert.equal(notes(again.events), 0);
	});

	it('of a conversation is there when it goes on in a fresh process, with the tokens that were written', async () => {
		const first = tinyEngine(placed('conversation'));
		const one = await run(first, prompt);
		const two = await run(first, followedBy(prompt, one.reply, 'And a stack?'));
		await first.close();
		const next = followedBy(followedBy(prompt, one.reply, 'And a stack?'), two.reply, 'Which is older?');
		const second = tinyEngine(placed('conversation'));
		const resumed = await run(second, next);
		await second.close();
		const plain = tinyEngine();
		const { reply: same } = await run(plain, prompt);
		const told = await run(plain, followedBy(prompt, same, 'And a stack?'));
		const whole = await run(plain, followedBy(followedBy(prompt, same, 'And a stack?'), told.reply, 'Which is older?'));
		await plain.close();
		const { reused } = resumed.reply.usage;
		const read = two.reply.usage.prompt + two.reply.usage.output;
		assert.ok(reused >= read - 5, `${reused} of ${read} tokens`);
		assert.equal(resumed.reply.message.raw, whole.reply.message.raw);
	});

	it('is not kept of a conversation that should leave nothing', async () => {
		const engine = tinyEngine(placed('ephemeral', { conversations: false }));
		const one = await run(engine, prompt);
		await engine.close();
		assert.ok(one.reply.usage.output > 0);
		const prefix = statSync(files('ephemeral', '.kv')[0]!).size;
		assert.equal(files('ephemeral', '.kv').length, 1);
		const kept = tinyEngine(placed('kept'));
		await run(kept, prompt);
		await kept.close();
		assert.ok(files('kept', '.kv').some(path => statSync(path).size > prefix));
	});

	for (const [damage, harm] of Object.entries({
		'cut short': (path: string) => truncateSync(path, statSync(path).size - 100),
		'with other bytes': (path: string) => writeFileSync(path, Buffer.alloc(statSync(path).size, 7)),
		empty: (path: string) => writeFileSync(path, ''),
		missing: (path: string) => rmSync(path),
	}))
		it(`${damage} is not loaded, said once, and made anew`, async () => {
			const name = `damaged ${damage}`;
			const first = tinyEngine(placed(name, { conversations: false }));
			const whole = await run(first, prompt);
			await first.close();
			harm(files(name, '.kv')[0]!);
			const second = tinyEngine(placed(name, { conversations: false }));
			const again = await run(second, prompt);
			await second.close();
			assert.equal(again.reply.usage.reused, 0);
			assert.equal(again.reply.message.raw, whole.reply.message.raw);
			assert.equal(notes(again.events), 1);
			const third = tinyEngine(placed(name));
			const healed = await run(third, prompt);
			await third.close();
			assert.ok(healed.reply.usage.reused > 0);
			assert.equal(notes(healed.events), 0);
		});

	it('with a card that nobody can read is passed over', async () => {
		const first = tinyEngine(placed('card', { conversations: false }));
		await run(first, prompt);
		await first.close();
		writeFileSync(files('card', '.json')[0]!, '{"format":1,"ids":[');
		const second = tinyEngine(placed('card'));
		const again = await run(second, prompt);
		await second.close();
		assert.equal(again.reply.usage.reused, 0);
		assert.equal(notes(again.events), 1);
	});

	it('by another model or in another setting is not even looked at', async () => {
		const first = tinyEngine(placed('foreign'));
		await run(first, prompt);
		await first.close();
		for (const options of [placed('foreign', { model: 'other' }), { ...placed('foreign'), contextSize: 2048 }]) {
			const engine = tinyEngine(options);
			const { events, reply } = await run(engine, prompt);
			await engine.close();
			assert.equal(reply.usage.reused, 0);
			assert.equal(notes(events), 0);
		}
	});

	it('takes no more room than its budget: the longest unused goes first', async () => {
		const one = tinyEngine(placed('budget', { conversations: false }));
		await run(one, prompt);
		await one.close();
		const size = statSync(files('budget', '.kv')[0]!).size + statSync(files('budget', '.json')[0]!).size;
		for (const words of ['You are kind. ', 'You are quick. ']) {
			const engine = tinyEngine(placed('budget', { conversations: false, budget: size * 1.5 }));
			await run(engine, ask('Well?', { system: words.repeat(60).slice(0, system.length) }));
			await engine.close();
		}
		const left = files('budget', '').filter(path => statSync(path).isFile());
		assert.ok(left.reduce((sum, path) => sum + statSync(path).size, 0) <= size * 1.5);
		assert.equal(files('budget', '.kv').length, 1);
	});

	it('of the fixed prompt is there for a side question, before which holes were filled, and changes nothing it says', async () => {
		const engine = tinyEngine(placed('side'));
		await run(engine, prompt);
		await engine.fill({ before: 'def add(a, b):\n    ', after: '\n', maxTokens: 4, sampling: varied }, never());
		const side = await run(engine, ask('A title, please.', { system, sampling: varied, aside: true }));
		await engine.close();
		const without = tinyEngine();
		const same = await run(without, ask('A title, please.', { system, sampling: varied, aside: true }));
		await without.close();
		assert.equal(same.reply.usage.reused, 0);
		assert.ok(side.reply.usage.reused > 24);
		assert.equal(side.reply.message.raw, same.reply.message.raw);
	});

	it('stays read while a side question is asked', async () => {
		const engine = tinyEngine();
		const one = await run(engine, prompt);
		await run(engine, ask('A title, please.', { aside: true }));
		await engine.fill({ before: 'def add(a, b):\n    ', after: '\n', maxTokens: 4, sampling: varied }, never());
		const two = await run(engine, followedBy(prompt, one.reply, 'And a stack?'));
		await engine.close();
		assert.ok(two.reply.usage.reused >= one.reply.usage.prompt + one.reply.usage.output - 5);
	});
});
