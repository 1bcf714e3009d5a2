import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Expr, either, literal, rules } from '../../../src/engine/grammar/gbnf.js';
import { anyNumber, wholeNumbers } from '../../../src/engine/grammar/numbers.js';
import { patternOf } from '../../../src/engine/grammar/pattern.js';
import { formats, textIn } from '../../../src/engine/grammar/texts.js';
import { readGbnf } from './gbnf.js';

const read = (expr: Expr | undefined) => readGbnf(rules().text(expr ?? 'nothing'));
const bounds = fc.record({
	from: fc.oneof(fc.constant(Number.NEGATIVE_INFINITY), fc.integer({ min: -1200, max: 1200 })),
	to: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: -1200, max: 1200 })),
	strictFrom: fc.boolean(),
	strictTo: fc.boolean(),
});
type Range = typeof bounds extends fc.Arbitrary<infer R> ? R : never;
const within = (value: number, { from, to, strictFrom, strictTo }: Range) =>
	(strictFrom ? value > from : value >= from) && (strictTo ? value < to : value <= to);

test('whole numbers: exactly those of the range, each written in one way', () => {
	fc.assert(
		fc.property(bounds, fc.array(fc.integer({ min: -1300, max: 1300 }), { minLength: 20, maxLength: 40 }), (range, values) => {
			const expr = wholeNumbers(range);
			const near = [range.from, range.to].filter(Number.isFinite).flatMap(bound => [bound - 1, bound, bound + 1]);
			for (const value of [...values, ...near]) {
				assert.equal(expr !== undefined && read(expr).matches(String(value)), within(value, range), `${value} in ${JSON.stringify(range)}`);
				if (expr !== undefined) assert.ok(!read(expr).matches(`0${value}`) && !read(expr).matches(`-0${value}`));
			}
		}),
		{ numRuns: 150, seed: 1 },
	);
});

test('numbers: exactly those of the range, to six places', () => {
	fc.assert(
		fc.property(
			bounds,
			fc.constantFrom(1, 10, 1000),
			fc.array(fc.integer({ min: -130_000, max: 130_000 }), { minLength: 20 }),
			(whole, scale, values) => {
				const range = { ...whole, from: whole.from / scale, to: whole.to / scale };
				const expr = anyNumber(range);
				const near = [range.from, range.to]
					.filter(Number.isFinite)
					.flatMap(bound => [bound - 1, bound - 0.001, bound, bound + 0.001, bound + 1]);
				for (const value of [...values.map(each => each / (100 * scale)), ...near.map(each => Math.round(each * 1000) / 1000)])
					assert.equal(
						expr !== undefined && read(expr).matches(String(value)),
						within(value, range),
						`${value} in ${JSON.stringify(range)}`,
					);
			},
		),
		{ numRuns: 150, seed: 2 },
	);
});

test('numbers whose bounds are no plain digits may be any, and those beyond what can be read exactly are left out', () => {
	assert.ok(read(anyNumber({ from: 1e-9, to: 1, strictFrom: false, strictTo: false })).matches('7e3'));
	const whole = read(wholeNumbers({ from: -9007199254740991, to: 9007199254740991, strictFrom: false, strictTo: false }));
	assert.ok(whole.matches('999999999999999') && !whole.matches('9007199254740993'));
});

const patterns = [
	'^a{2,3}$',
	'b+c',
	'^(?:x|y*z)$',
	'[^a-y]{2}$',
	'^\\d{4}-\\w+',
	'^[\\w-]+\\.\\S?$',
	'^\\$?[0-9]+(?:\\.[0-9]{2})?$',
	'^$',
	'^["\\\\]$',
	'^(?<year>\\d\\d)\\/',
];
test('every text of a pattern is matched by it', () => {
	fc.assert(
		fc.property(fc.constantFrom(...patterns), fc.infiniteStream(fc.nat(2 ** 30)), (pattern, numbers) => {
			const book = rules();
			const root = textIn(book, { min: 0, max: Number.POSITIVE_INFINITY, pattern, cut: Number.POSITIVE_INFINITY });
			const text: unknown = JSON.parse(readGbnf(book.text(root!)).text(count => numbers.next().value % count, 4));
			assert.match(String(text), new RegExp(pattern, 'u'));
		}),
		{ numRuns: 400, seed: 3 },
	);
});

test('a pattern of one kind of character has the length that is asked for beside it', () => {
	const book = rules();
	const root = textIn(book, { min: 3, max: 4, pattern: '^[a-z]+$', cut: Number.POSITIVE_INFINITY });
	const grammar = readGbnf(book.text(root!));
	assert.deepEqual(
		['ab', 'abc', 'abcd', 'abcde', 'AB1'].map(text => grammar.matches(`"${text}"`)),
		[false, true, true, false, false],
	);
});

for (const pattern of [
	'(?=a)b',
	'(?<!a)b',
	'a\\b',
	'(a)\\1',
	'^(a*)*$',
	'[é]',
	'é',
	'\\p{L}',
	'a(^b)',
	'a{3,2}',
	'(a',
	'a)',
	'[a',
	'*a',
	'\\n',
	'[\\d-z]',
])
	test(`leaves ${pattern} to the check`, () => assert.equal(patternOf(pattern), undefined));

const valid: Record<string, (text: string) => boolean> = {
	date: text => new Date(`${text}T00:00:00Z`).toISOString().startsWith(text),
	time: text => !Number.isNaN(Date.parse(`2000-01-01T${text}`)),
	'date-time': text => !Number.isNaN(Date.parse(text)),
	uuid: text => /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(text),
	email: text => /^[^@\s.][^@\s]*@[a-z0-9.-]+\.[a-z]+$/.test(text) && !text.includes('..'),
	ipv4: text => text.split('.').every(byte => String(Number(byte)) === byte && Number(byte) < 256),
	uri: text => URL.canParse(text),
};
test('every text of a format is of that format', () => {
	assert.deepEqual(Object.keys(valid).sort(), Object.keys(formats).sort());
	fc.assert(
		fc.property(fc.constantFrom(...Object.keys(formats)), fc.infiniteStream(fc.nat(2 ** 30)), (format, numbers) => {
			const text = read(formats[format]).text(count => numbers.next().value % count, 5);
			assert.ok(valid[format]!(text), `${format} ${text}`);
		}),
		{ numRuns: 700, seed: 4 },
	);
});

test('a literal is matched character by character, whatever it is made of', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), text => {
			const whole = text.toWellFormed();
			const grammar = read(either([literal(whole), literal(`${whole}]`)]));
			assert.ok(grammar.matches(whole) && grammar.matches(`${whole}]`) && !grammar.matches(`${whole}-`));
		}),
		{ numRuns: 300, seed: 5 },
	);
});
