import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { brief, jsonGrammar, roomy } from '../../../src/engine/grammar/json-grammar.js';
import type { JsonSchema } from '../../../src/engine/grammar/schema.js';
import { Refusal } from '../../../src/types.js';
import { readGbnf } from './gbnf.js';
import { documents } from './schemas.js';

const ajv = new Ajv2020({ strict: false, validateFormats: false, addUsedSchema: false });

test('every value of a schema, as it is usually written, is a text of its grammar', () => {
	fc.assert(
		fc.property(
			documents.chain(({ schema, value }) => value.map(each => ({ schema, value: each }))),
			({ schema, value }) => {
				assert.ok(ajv.validate(schema, value), `the test makes values of its own schemas: ${ajv.errorsText()}`);
				assert.ok(readGbnf(jsonGrammar(schema, roomy)).matches(JSON.stringify(value)));
			},
		),
		{ numRuns: 400, seed: 11 },
	);
});

for (const [name, extent] of [
	['roomy', roomy],
	['brief', brief],
] as const)
	test(`every text of a ${name} grammar is JSON, and a value of its schema`, () => {
		fc.assert(
			fc.property(documents, fc.infiniteStream(fc.nat(2 ** 30)), ({ schema }, numbers) => {
				const pick = (count: number) => numbers.next().value % count;
				const grammar = readGbnf(jsonGrammar(schema, extent));
				for (let i = 0; i < 3; i++) {
					const text = grammar.text(pick, 3);
					assert.ok(ajv.validate(schema, JSON.parse(text)), `${text}: ${ajv.errorsText()}`);
					assert.ok(grammar.matches(text));
				}
			}),
			{ numRuns: 400, seed: 12 },
		);
	});

const person: JsonSchema = { type: 'object', properties: { name: { type: 'string' }, age: { type: 'integer' } }, required: ['name'] };
const cases: readonly (readonly [name: string, schema: JsonSchema, yes: readonly string[], no: readonly string[]])[] = [
	['undeclared properties only where they are invited', person, ['{"name":"x"}', '{"name": "x", "age": 3}'], ['{}', '{"name":"x","b":1}']],
	['properties in their order', person, [], ['{"age":3,"name":"x"}']],
	[
		'no undeclared property with the name of a declared one',
		{ ...person, additionalProperties: { type: 'boolean' } },
		['{"name":"x","names":true}', '{"name":"x","nam":true,"b":false}'],
		['{"name":"x","age":true}', '{"name":"x","b":1}', '{"name":"x","\\u0061ge":true}'],
	],
	['any object', { type: 'object' }, ['{}', '{"a":[1,{"b":null}]}'], ['[]', '{"a":}']],
	['anything', {}, ['1', '"a"', '[[[1]]]', '{"a":{"b":{"c":1}}}'], ['[[[[1]]]]', '']],
	['one blank and no more', person, ['{"name": "x"}'], ['{"name":  "x"}', '{"name":\n"x"}', '{ "name":"x"}', '{"name":"x"} ']],
	[
		'one of two required properties',
		{ ...person, required: [], anyOf: [{ required: ['name'] }, { required: ['age'] }] },
		['{"age":1}', '{"name":"x"}'],
		['{}'],
	],
	[
		'objects that say more about each other',
		{ allOf: [person, { properties: { age: { maximum: 9 }, name: { const: 'x' } } }] },
		['{"name":"x","age":9}'],
		['{"name":"y"}', '{"name":"x","age":10}'],
	],
	[
		'a property that the other object forbids',
		{ allOf: [person, { properties: { name: true }, additionalProperties: false }] },
		['{"name":"x"}'],
		['{"name":"x","age":1}'],
	],
	[
		'what both enums allow',
		{ allOf: [{ enum: ['a', { x: 1, y: 2 }, 3] }, { enum: [{ y: 2, x: 1 }, 3] }] },
		['{"x":1,"y":2}', '3'],
		['"a"'],
	],
	['values of the type only', { type: ['string', 'null'], enum: ['a', null, 3] }, ['"a"', 'null'], ['3']],
	['whole numbers where the other wants any', { allOf: [{ type: 'number' }, { type: 'integer', maximum: 3 }] }, ['3', '-9'], ['2.5', '4']],
	['null where it may be', { type: 'string', nullable: true }, ['"a"', 'null'], ['1']],
	[
		'names by a pattern',
		{ type: 'object', patternProperties: { '^x[0-9]$': { type: 'integer' } } },
		['{"x1":2}', '{}'],
		['{"y":2}', '{"x1":"a"}'],
	],
	[
		'names of a list',
		{ type: 'object', propertyNames: { enum: ['a', 'b'] }, additionalProperties: { type: 'integer' } },
		['{"a":1, "b":2}'],
		['{"c":1}'],
	],
	[
		'as many properties as there must be',
		{ type: 'object', minProperties: 2, maxProperties: 3 },
		['{"a":1,"b":2}'],
		['{"a":1}', '{"a":1,"b":2,"c":3,"d":4}'],
	],
	[
		'items in a list, as older drafts have it',
		{ type: 'array', items: [{ type: 'integer' }], additionalItems: { type: 'boolean' } },
		['[1]', '[1,true]', '[]'],
		['[true]', '[1,2]'],
	],
	['no more items than were told apart', { type: 'array', prefixItems: [{ type: 'integer' }], minItems: 1 }, ['[1]'], ['[1,2]', '[]']],
	['the type that the keywords speak of', { minLength: 2 }, ['"ab"'], ['"a"', '1']],
	['characters, not their halves', { type: 'string', maxLength: 1 }, ['"🦄"', '"\\ud83e\\udd84"', '"\\n"'], ['"ab"', '"\\ud83e"', '"\n"']],
	['a value beyond ASCII in either way', { const: 'né' }, ['"né"', '"n\\u00e9"'], ['"ne"']],
	['whole numbers that are multiples', { type: 'integer', multipleOf: 5, minimum: -5, maximum: 5 }, ['-5', '0', '5'], ['1', '10']],
	['as many places as a multiple has', { type: 'number', multipleOf: 0.01, minimum: 0 }, ['0.25', '3'], ['0.255', '-1']],
];
for (const [name, schema, yes, no] of cases)
	test(`takes ${name}`, () => {
		const grammar = readGbnf(jsonGrammar(schema, roomy));
		for (const text of yes) assert.ok(grammar.matches(text), text);
		for (const text of no) assert.ok(!grammar.matches(text), text);
	});

const loop = { type: 'object', properties: { next: { $ref: '#/$defs/loop' } }, required: ['next'] } as const;
const refused: readonly (readonly [schema: JsonSchema, says: RegExp])[] = [
	[
		{ type: 'object', properties: { a: { type: 'integer', minimum: 3, maximum: 2 } }, required: ['a'] },
		/No value can satisfy the schema: what #\/properties\/a asks/,
	],
	[{ type: 'object', properties: { a: false }, required: ['a'] } as JsonSchema, /No value can satisfy/],
	[{ enum: [] }, /No value/],
	[{ allOf: [{ type: 'string' }, { type: 'null' }] }, /No value/],
	[{ type: 'array', minItems: 3, maxItems: 2 }, /No value/],
	[false, /No value/],
	[{ $defs: { loop }, $ref: '#/$defs/loop' } as JsonSchema, /No value/],
	[{ $ref: 'https://example.org/schema' }, /refers to "https:.*only references within it/],
	[{ $ref: '#/$defs/nowhere' }, /refers to "#\/\$defs\/nowhere", and there is no schema/],
	[{ type: 'array', minItems: 5000 }, /minItems 5000 at # is more than/],
	[{ type: 'string', minLength: 5000 }, /minLength 5000 at # is more than/],
	[{ type: 'object', minProperties: 500 }, /minProperties 500 at # is more than/],
	[{ allOf: Array.from({ length: 7 }, (_, i) => ({ anyOf: [{ minLength: i }, { maxLength: 99 - i }] })) }, /more than 64 ways/],
];
for (const [schema, says] of refused)
	test(`refuses ${JSON.stringify(schema).slice(0, 90)}`, () =>
		assert.throws(
			() => jsonGrammar(schema, roomy),
			(error: unknown) => error instanceof Refusal && error.exitCode === 42 && says.test(error.message),
		));

test('a tree ends, however deep it would like to be, and a brief one sooner', () => {
	const tree = { type: 'array', items: { $ref: '#' } } as JsonSchema;
	const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
	const [far, near] = [readGbnf(jsonGrammar(tree, roomy)), readGbnf(jsonGrammar(tree, brief))];
	assert.deepEqual(
		[2, 6, 9].map(levels => far.matches(deep(levels))),
		[true, true, false],
	);
	assert.deepEqual(
		[2, 6].map(levels => near.matches(deep(levels))),
		[true, false],
	);
});

test('a brief grammar asks for no more than must be, and no less', () => {
	const grammar = readGbnf(jsonGrammar({ type: 'array', items: { type: 'string', minLength: 150 }, minItems: 5 }, brief));
	const list = (items: number, length: number) => JSON.stringify(Array.from({ length: items }, () => 'x'.repeat(length)));
	assert.deepEqual([list(5, 150), list(8, 250), list(9, 150), list(5, 251), list(4, 150), list(5, 149)].map(grammar.matches), [
		true,
		true,
		false,
		false,
		false,
		false,
	]);
});
