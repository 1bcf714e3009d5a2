import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { hermes } from '../../src/engine/dialects/hermes.js';
import { qwenXml } from '../../src/engine/dialects/qwen-xml.js';
import type { Prompt } from '../../src/engine/engine.js';
import { brief, jsonGrammar, roomy } from '../../src/engine/grammar/json-grammar.js';
import { ask, followedBy, run, textIn, varied } from '../engine/asking.js';
import { documents } from '../engine/grammar/schemas.js';
import { tinyEngine } from './engines.js';

const ajv = new Ajv2020({ strict: false, validateFormats: false, addUsedSchema: false });
const seeded = (seed: number) => ({ sampling: { ...varied, seed }, maxTokens: 400 });

describe('a reply that is held to a grammar, on the tiny random model', () => {
	const engine = tinyEngine();
	after(() => engine.close());

	test('is a text of the grammar, and ends by itself', async () => {
		for (let seed = 1; seed <= 20; seed++) {
			const grammar = jsonGrammar({ enum: ['yes', 'no', 'größe'] }, roomy);
			const { reply, events } = await run(engine, ask('choose', { ...seeded(seed), grammar }));
			assert.ok(['yes', 'no', 'größe'].includes(JSON.parse(reply.message.text)), reply.message.text);
			assert.equal(reply.message.stop, 'end');
			assert.equal(textIn(events), reply.message.text);
		}
	});

	test('is a value of the schema, whatever the schema', async () => {
		let whole = 0;
		await fc.assert(
			fc.asyncProperty(documents, fc.integer({ min: 1, max: 1e6 }), async ({ schema }, seed) => {
				const { reply } = await run(engine, ask('fill it in', { ...seeded(seed), grammar: jsonGrammar(schema, brief) }));
				assert.equal(reply.failure, undefined);
				if (reply.message.stop !== 'end') return;
				whole++;
				assert.ok(ajv.validate(schema, JSON.parse(reply.message.raw)), `${reply.message.raw}: ${ajv.errorsText()}`);
			}),
			{ numRuns: 80, seed: 21, endOnFailure: true },
		);
		assert.ok(whole > 60, `${whole} of 80 came to their end`);
	});

	test('that is cut off is never taken for a whole one', async () => {
		const grammar = jsonGrammar({ type: 'string', minLength: 50 }, roomy);
		const { reply } = await run(engine, ask('a long text', { ...seeded(3), maxTokens: 12, grammar }));
		assert.equal(reply.message.stop, 'length');
		assert.equal(reply.usage.output, 12);
	});

	test('that is stopped says so', async () => {
		const grammar = jsonGrammar({ type: 'string', minLength: 300 }, roomy);
		const { reply } = await run(engine, ask('a long text', { ...seeded(3), grammar }), (event, stop) => {
			if (event.type === 'text') stop();
		});
		assert.equal(reply.message.stop, 'aborted');
	});

	test('is the same for the same seed, and goes on after the words it was begun with', async () => {
		const prompt = ask('a text', { begin: '{"text": ', grammar: jsonGrammar({ type: 'string', maxLength: 30 }, roomy) });
		const texts = [];
		for (const seed of [5, 5, 6]) texts.push((await run(engine, { ...prompt, ...seeded(seed) })).reply.message.raw);
		assert.equal(texts[0], texts[1]);
		assert.notEqual(texts[0], texts[2]);
		assert.match(texts[0]!, /^\{"text": ".*"$/);
	});

	test('may repeat itself as the grammar asks it to', async () => {
		const grammar = jsonGrammar({ type: 'array', items: { const: 'again and again' }, minItems: 12, maxItems: 12 }, roomy);
		const { reply } = await run(engine, ask('repeat', { ...seeded(1), grammar }));
		assert.deepEqual([reply.message.stop, JSON.parse(reply.message.raw).length], ['end', 12]);
	});

	test('is remembered token by token: the next turn reads only what is new', async () => {
		const prompt = ask('a name', { ...seeded(9), grammar: jsonGrammar({ type: 'string', maxLength: 20 }, roomy) });
		const { reply } = await run(engine, prompt);
		const { grammar: _done, ...rest } = followedBy(prompt, reply, 'go on');
		const { usage } = (await run(engine, { ...rest, maxTokens: 2 })).reply;
		assert.ok(usage.reused >= reply.usage.prompt + reply.usage.output - 5, JSON.stringify([reply.usage, usage]));
	});

	test('that is no grammar is a failure in one sentence, and the engine stays usable', async () => {
		for (const grammar of ['root ::= nowhere', 'root ::= (', 'root ::= root "x" | "y"', 'other ::= "x"']) {
			const { reply } = await run(engine, ask('anything', { grammar }));
			assert.deepEqual(reply.failure, { reason: 'engine-lost', detail: 'It cannot read the grammar that its reply was to be held to.' });
			assert.deepEqual([reply.message.raw, reply.message.stop], ['', 'lost']);
		}
		const { reply } = await run(engine, ask('and now?'));
		assert.equal(reply.failure, undefined);
		assert.ok(reply.usage.output > 0);
	});
});

const tools = ['read_file', 'run_tests'].map(name => ({ name, purpose: 'Use it.', schema: { type: 'object', properties: {} } }));

for (const dialect of [hermes, qwenXml])
	describe(`the head of a call, ${dialect.name}, on the tiny random model`, () => {
		const [engine, careful] = [tinyEngine({ dialect }), tinyEngine({ dialect, speculate: false })];
		after(() => Promise.all([engine.close(), careful.close()]));
		const call = /<tool_call>([\s\S]*)/;
		const form = dialect.name === 'hermes' ? /^\n?\{ ?"name": ?"(read_file|run_tests)"/ : /^\n?<function=(read_file|run_tests)>/;

		test('names a tool that there is, and is free after that', async () => {
			const rests = new Set<string>();
			for (let seed = 1; seed <= 10; seed++) {
				const { raw } = (await run(engine, ask('do it', { ...seeded(seed), maxTokens: 60, tools, begin: 'So:\n<tool_call>' }))).reply
					.message;
				const [head = ''] = form.exec(call.exec(raw)?.[1] ?? '') ?? [];
				assert.notEqual(head, '', raw);
				rests.add(raw.slice(raw.indexOf(head) + head.length, raw.indexOf(head) + head.length + 5));
			}
			assert.ok(rests.size > 2, [...rests].join(' '));
		});

		test('is held wherever the model begins a call by itself; without tools it is free', async () => {
			// So warm that every token is as likely as any other: one in some hundreds begins a call.
			const sampling = { ...varied, temperature: 50, topK: 0 };
			const written = async (more: Partial<Prompt>) => {
				const found: string[] = [];
				for (let seed = 1; seed <= 200 && found.length < 4; seed++) {
					const { raw } = (await run(engine, ask('do it', { maxTokens: 200, sampling: { ...sampling, seed }, ...more }))).reply.message;
					const rest = /(?<!`)<tool_call>([\s\S]{30})/.exec(raw)?.[1];
					if (rest !== undefined) found.push(rest);
				}
				return found;
			};
			const [held, free] = [await written({ tools }), await written({})];
			assert.ok(held.length === 4 && held.every(rest => form.test(rest)), JSON.stringify(held));
			assert.ok(free.length === 4 && free.every(rest => !form.test(rest)), JSON.stringify(free));
		});

		test('is the same with guesses and without', async () => {
			for (let seed = 1; seed <= 6; seed++) {
				const prompt = ask('do it do it do it', { ...seeded(seed), tools, begin: '<tool_call>', maxTokens: 120 });
				assert.equal((await run(engine, prompt)).reply.message.raw, (await run(careful, prompt)).reply.message.raw);
			}
		});
	});
