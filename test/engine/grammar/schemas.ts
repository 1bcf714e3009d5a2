import fc from 'fast-check';
import type { JsonSchema, Keywords } from '../../../src/engine/grammar/schema.js';

/** A schema and values of it, each as our grammar would write it: declared properties in order, the usual way to write numbers. */
export type Kind = { schema: Keywords; value: fc.Arbitrary<unknown> };

const word = fc.constantFrom<string>(
	'name',
	'age',
	'city',
	'é',
	'größe',
	'名前',
	'a b',
	'x-1',
	'quo"te',
	'back\\slash',
	'n',
	'na',
	'names',
	'',
);
const scalar = fc.oneof(word, fc.integer({ min: -20, max: 20 }), fc.boolean(), fc.constant(null));
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).map(each => each.toWellFormed());
const characters = (value: string): number => [...value].length;

const patterns: readonly (readonly [pattern: string, values: readonly string[]])[] = [
	['^[A-Z]{2,3}-\\d+$', ['AB-1', 'XYZ-0042']],
	['^(red|green|light (blue|grey))$', ['red', 'light grey']],
	['^https?://', ['http://', 'https://é.de/x']],
	['\\.com$', ['.com', 'exämple.com']],
	['[0-9]', ['7', 'a7b']],
	['^[^\\s,"]*$', ['', 'abc', 'é']],
	['^\\w+(?:\\.\\w+)*@\\w+\\.[a-z]{2,}$', ['a.b@c.de']],
	['^a|b$', ['ax', 'xb']],
	['^["\\\\]?x{3}$', ['"xxx', '\\xxx', 'xxx']],
];
const formatted: readonly (readonly [format: string, values: readonly string[]])[] = [
	['date', ['2024-02-29', '1999-12-31', '2000-02-29']],
	['time', ['23:59:59Z', '00:00:00.5+01:30']],
	['date-time', ['2024-02-29T12:00:00Z']],
	['uuid', ['123e4567-e89b-42d3-a456-426614174000']],
	['email', ['ann.lee@example.co.uk']],
	['ipv4', ['192.168.0.255']],
];

const texts: fc.Arbitrary<Kind> = fc.record({ min: fc.option(fc.nat(4)), room: fc.option(fc.nat(6)) }).map(({ min, room }) => {
	const length = { min: min ?? 0, max: room === null ? undefined : (min ?? 0) + room };
	const schema: Keywords = {
		type: 'string',
		...(min === null ? {} : { minLength: min }),
		...(length.max === undefined ? {} : { maxLength: length.max }),
	};
	const fits = (each: string) => characters(each) >= length.min && characters(each) <= (length.max ?? 99);
	return {
		schema,
		value: text
			.map(each => [...each, ...'abcdefgh'].slice(0, Math.min(length.max ?? 99, Math.max(length.min, characters(each)))).join(''))
			.filter(fits),
	};
});
const pickOf = (all: typeof patterns, keyword: 'pattern' | 'format'): fc.Arbitrary<Kind> =>
	fc.constantFrom(...all).map(([rule, values]) => ({ schema: { type: 'string', [keyword]: rule }, value: fc.constantFrom(...values) }));

const wholes: fc.Arbitrary<Kind> = fc
	.record({
		from: fc.option(fc.integer({ min: -3000, max: 3000 })),
		room: fc.option(fc.oneof(fc.nat(9), fc.nat(100_000))),
		strict: fc.boolean(),
	})
	.map(({ from, room, strict }) => {
		const to = room === null ? undefined : (from ?? 0) + room;
		const low = from === null ? {} : strict ? { exclusiveMinimum: from - 1 } : { minimum: from };
		const high = to === undefined ? {} : strict ? { exclusiveMaximum: to + 1 } : { maximum: to };
		return {
			schema: { type: 'integer', ...low, ...high },
			value: fc.integer({ min: from ?? -(10 ** 14), max: to ?? 10 ** 14 }).filter(value => value <= (to ?? value)),
		};
	});
const multiples: fc.Arbitrary<Kind> = fc
	.record({ of: fc.integer({ min: 2, max: 30 }), from: fc.integer({ min: -9, max: 9 }), count: fc.nat(20) })
	.map(({ of, from, count }) => ({
		schema: { type: 'integer', multipleOf: of, minimum: from * of - 1, exclusiveMaximum: (from + count) * of + 1 },
		value: fc.integer({ min: from, max: from + count }).map(value => value * of + 0),
	}));
const numbers: fc.Arbitrary<Kind> = fc
	.record({
		from: fc.option(fc.integer({ min: -2500, max: 2500 })),
		room: fc.option(fc.oneof(fc.nat(30), fc.nat(90_000))),
		scale: fc.constantFrom(1, 10, 100, 1000),
		strict: fc.boolean(),
	})
	.map(({ from, room, scale, strict }) => {
		const to = room === null ? undefined : (from ?? 0) + room + 2;
		const low = from === null ? {} : { [strict ? 'exclusiveMinimum' : 'minimum']: from / scale };
		const high = to === undefined ? {} : { [strict ? 'exclusiveMaximum' : 'maximum']: to / scale };
		const inside = fc.integer({ min: (from ?? (to ?? 0) - 5000) + 1, max: (to ?? (from ?? 0) + 5000) - 1 }).map(value => value / scale + 0);
		return { schema: { type: 'number', ...low, ...high }, value: inside };
	});
const some: fc.Arbitrary<Kind> = fc
	.array(scalar, { minLength: 1, maxLength: 5 })
	.map(values => ({ schema: { enum: values }, value: fc.constantFrom(...values) }));
const simple: fc.Arbitrary<Kind> = fc.oneof(
	texts,
	pickOf(patterns, 'pattern'),
	pickOf(formatted, 'format'),
	wholes,
	multiples,
	numbers,
	some,
	fc.constant({ schema: { type: 'boolean' }, value: fc.boolean() }),
	fc.constant({ schema: { type: 'null' }, value: fc.constant(null) }),
	fc.constant({ schema: { type: ['string', 'null'] }, value: fc.option(text) }),
	scalar.map(value => ({ schema: { const: value }, value: fc.constant(value) })),
	fc.constant({ schema: {}, value: fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })) }),
);

const listOf = (inside: fc.Arbitrary<Kind>): fc.Arbitrary<Kind> =>
	fc.record({ inside, min: fc.nat(2), room: fc.option(fc.nat(3)) }).map(({ inside, min, room }) => ({
		schema: {
			type: 'array',
			items: inside.schema,
			...(min > 0 ? { minItems: min } : {}),
			...(room === null ? {} : { maxItems: min + room }),
		},
		value: fc.array(inside.value, { minLength: min, maxLength: min + (room ?? 3) }),
	}));

const tupleOf = (inside: fc.Arbitrary<Kind>): fc.Arbitrary<Kind> =>
	fc
		.record({ first: fc.array(inside, { minLength: 1, maxLength: 3 }), rest: fc.option(inside), fewest: fc.nat(1) })
		.map(({ first, rest, fewest }) => ({
			schema: {
				type: 'array',
				prefixItems: first.map(each => each.schema),
				minItems: Math.max(0, first.length - fewest),
				...(rest ? { items: rest.schema } : { items: false }),
			},
			value: fc
				.tuple(fc.tuple(...first.map(each => each.value)), fc.array(rest?.value ?? fc.nat(), { maxLength: rest ? 2 : 0 }), fc.nat(fewest))
				.map(([head, tail, less]) => (less > 0 && tail.length === 0 ? head.slice(0, -less) : [...head, ...tail])),
		}));

const objectOf = (inside: fc.Arbitrary<Kind>): fc.Arbitrary<Kind> =>
	fc
		.record({
			properties: fc.uniqueArray(fc.tuple(word, inside, fc.boolean()), { maxLength: 5, selector: ([name]) => name }),
			others: fc.option(inside),
			closed: fc.boolean(),
		})
		.map(({ properties, others, closed }) => {
			const extra = others ? { additionalProperties: others.schema } : closed ? { additionalProperties: false } : {};
			const schema: Keywords = {
				type: 'object',
				properties: Object.fromEntries(properties.map(([name, kind]) => [name, kind.schema])),
				required: properties.filter(([, , needed]) => needed).map(([name]) => name),
				...extra,
			};
			const entries = properties.map(([name, kind, needed]) =>
				fc.tuple(fc.constant(name), kind.value, needed ? fc.constant(true) : fc.boolean()),
			);
			const free = fc.constantFrom<string>('extra', 'nam', 'agent').filter(name => !properties.some(([known]) => known === name));
			const more = others ? fc.uniqueArray(fc.tuple(free, others.value), { maxLength: 2, selector: ([name]) => name }) : fc.constant([]);
			const value = fc
				.tuple(fc.tuple(...entries), more)
				.map(([declared, undeclared]) =>
					Object.fromEntries([...declared.filter(([, , there]) => there).map(([name, each]) => [name, each]), ...undeclared]),
				);
			return { schema, value };
		});

const counted: fc.Arbitrary<Kind> = fc.record({ least: fc.nat(2), room: fc.nat(2) }).map(({ least, room }) => {
	const names = ['a', 'b', 'c', 'd'];
	return {
		schema: {
			type: 'object',
			properties: Object.fromEntries(names.map(name => [name, { type: 'integer' }])),
			minProperties: least,
			maxProperties: least + room,
		},
		value: fc
			.subarray(names, { minLength: least, maxLength: Math.min(4, least + room) })
			.map(chosen => Object.fromEntries(chosen.map((name, i) => [name, i]))),
	};
});

/** One of several; their types differ, so that `oneOf` is no riddle. */
const choiceOf = (inside: fc.Arbitrary<Kind>): fc.Arbitrary<Kind> =>
	fc
		.record({ list: listOf(inside), object: objectOf(inside), whole: wholes, keyword: fc.constantFrom('anyOf', 'oneOf') })
		.map(({ list, object, whole, keyword }) => {
			const kinds = [list, object, whole];
			return { schema: { [keyword]: kinds.map(kind => kind.schema) }, value: fc.oneof(...kinds.map(kind => kind.value)) };
		});

/** Two objects at once: what one declares the other does not speak of. */
const bothOf = (inside: fc.Arbitrary<Kind>): fc.Arbitrary<Kind> =>
	fc.record({ one: inside, other: inside }).map(({ one, other }) => {
		const part = (name: string, schema: JsonSchema): Keywords => ({ type: 'object', properties: { [name]: schema }, required: [name] });
		return {
			schema: { allOf: [part('one', one.schema), part('other', other.schema)] },
			value: fc.record({ one: one.value, other: other.value }, { noNullPrototype: true }),
		};
	});

const tree = {
	type: 'object',
	properties: { label: { type: 'string' }, children: { type: 'array', items: { $ref: '#/$defs/tree' } } },
	required: ['label'],
};
const trees = fc.letrec<{ tree: unknown }>(tie => ({
	tree: fc.record({ label: text, children: fc.array(tie('tree'), { maxLength: 2 }) }, { requiredKeys: ['label'], noNullPrototype: true }),
}));
const depthOf = (value: unknown): number =>
	typeof value === 'object' && value !== null && 'children' in value ? 1 + Math.max(0, ...(value.children as unknown[]).map(depthOf)) : 0;

/** Schemas of all kinds, nested so deep. */
export const kinds = (depth: number): fc.Arbitrary<Kind> => {
	if (depth === 0) return simple;
	const inside = kinds(depth - 1);
	return fc.oneof(simple, listOf(inside), tupleOf(inside), objectOf(inside), counted, choiceOf(inside), bothOf(inside));
};

/** Whole documents, some with references, also to themselves. */
export const documents: fc.Arbitrary<Kind> = fc.oneof(
	{ weight: 6, arbitrary: objectOf(kinds(1)) },
	{ weight: 3, arbitrary: kinds(2) },
	{
		weight: 1,
		arbitrary: fc.record({ named: kinds(1) }).map(({ named }) => ({
			schema: {
				$defs: { tree, 'na/med': named.schema },
				type: 'object',
				properties: { root: { $ref: '#/$defs/tree' }, again: { $ref: '#/$defs/na~1med' } },
				required: ['root', 'again'],
			} as Keywords,
			value: fc.record({ root: trees.tree.filter(each => depthOf(each) < 5), again: named.value }, { noNullPrototype: true }),
		})),
	},
);
