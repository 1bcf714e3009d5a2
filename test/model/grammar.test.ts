import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { brief, choiceGrammar, jsonGrammar, roomy } from '../../src/engine/grammar/json-grammar.js';
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
			const { reply, events } = await run(engine, ask('choose', { ...seeded(seed), grammar: choiceGrammar(['yes', 'no', 'maybe so']) }));
			assert.ok(['yes', 'no', 'maybe so'].includes(reply.message.text), reply.message.text);
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
