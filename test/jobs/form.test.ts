import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formOf } from '../../src/jobs/form.js';
import { Refusal } from '../../src/types.js';

const person = { type: 'object', properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 0 } }, required: ['name'] };

describe('the form of an answer', () => {
	test('gives the value of a reply as JSON on one line, with a fence or without', () => {
		const form = formOf(person);
		for (const reply of ['{"name": "Ann",  "age":3}', '```json\n{"name": "Ann",\n "age":3}\n```\n', ' {"name":"Ann","age":3}\n'])
			assert.deepEqual(form.read(reply), { json: '{"name":"Ann","age":3}' });
	});

	test('says what is wrong with a reply', () => {
		const form = formOf(person);
		assert.deepEqual(form.read('{"name": "Ann", "age": -1}'), { wrong: '/age must be >= 0' });
		assert.deepEqual(form.read('{}'), { wrong: "the value must have required property 'name'" });
		assert.deepEqual(form.read('{"name": "Ann"'), { wrong: 'it is no JSON' });
		assert.deepEqual(form.read('Here you are: {"name": "Ann"}'), { wrong: 'it is no JSON' });
	});

	test('writes what a terminal would act upon as escapes, which is the same JSON', () => {
		const read = formOf({ type: 'string' }).read('"a\\u001b[2J\u009b2J\u202eb\u{1f984}"');
		assert.deepEqual(read, { json: '"a\\u001b[2J\\u009b2J\\u202eb\u{1f984}"' });
	});

	test('tells the model the schema without the address of its dialect', () => {
		const $schema = 'https://json-schema.org/draft/2020-12/schema';
		assert.equal(formOf({ $schema, ...person }).told, JSON.stringify(person));
		assert.deepEqual(formOf({ $schema, ...person }).notes, []);
	});

	const checked: readonly (readonly [schema: object, yes: string, no: string])[] = [
		[{ type: 'array', items: { type: 'integer' }, uniqueItems: true }, '[1,2]', '[1,1]'],
		[{ type: 'string', not: { const: 'x' } }, '"y"', '"x"'],
		[{ oneOf: [{ type: 'number' }, { type: 'integer', minimum: 5 }] }, '3', '7'],
		[{ type: 'string', pattern: '^(?!a)' }, '"b"', '"a"'],
		[{ type: 'string', pattern: '^a\\-b$' }, '"a-b"', '"a_b"'],
		[{ type: 'number', multipleOf: 0.01 }, '1.1', '1.115'],
		[{ type: 'string', format: 'date' }, '"2024-02-29"', '"2023-02-29"'],
		[{ type: 'string', format: 'date-time' }, '"2024-02-29T10:00:00Z"', '"2024-02-29 at ten"'],
		[{ type: 'object', if: { required: ['a'] }, else: { required: ['b'] } }, '{"b":1}', '{"c":1}'],
		[{ $schema: 'http://json-schema.org/draft-07/schema#', type: 'array', items: [{ type: 'integer' }] }, '[1]', '["a"]'],
		[{ $defs: { a: { type: 'array', items: { $ref: '#/$defs/a' } } }, $ref: '#/$defs/a' }, '[[[]]]', '[[1]]'],
		[{ type: 'string', nullable: true }, 'null', '1'],
	];
	for (const [schema, yes, no] of checked)
		test(`checks ${JSON.stringify(schema)}`, () => {
			const form = formOf(schema);
			assert.deepEqual(form.read(yes), { json: yes });
			assert.ok('wrong' in form.read(no));
		});

	test('notes what counts for nothing', () => {
		const { notes } = formOf({
			type: 'object',
			minimun: 3,
			'x-ui': 1,
			properties: { a: { type: 'string', format: 'textarea' }, b: { type: 'integer', format: 'int32' } },
		});
		assert.equal(notes.length, 2, notes.join('\n'));
		assert.match(notes.join('\n'), /format "textarea".*not checked/);
		assert.match(notes.join('\n'), /"minimun", which is no keyword/);
	});

	const refused: readonly (readonly [schema: unknown, says: RegExp])[] = [
		[{ type: 'strin' }, /#\/type must be equal to one of the allowed values \(array, boolean,/],
		[{ type: 'object', properties: { a: { minimum: '3' } } }, /#\/properties\/a\/minimum must be number/],
		[[person], /that is an object/],
		['person', /that is an object/],
		[null, /no JSON Schema: that is an object such as/],
		[{ type: 'string', pattern: '(' }, /cannot be used: Invalid regular expression/],
		[{ $ref: '#/$defs/none' }, /cannot be used: can't resolve reference/],
		[{ $ref: 'other.json' }, /cannot be used: can't resolve reference other.json/],
		[{ type: 'integer', minimum: 2, maximum: 1 }, /No value can satisfy/],
	];
	for (const [schema, says] of refused)
		test(`refuses ${JSON.stringify(schema)}`, () =>
			assert.throws(
				() => formOf(schema),
				(error: unknown) => error instanceof Refusal && error.exitCode === 42 && says.test(error.message),
			));
});
