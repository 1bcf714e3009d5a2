import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isOver, middleOf, type Sides, shapeOf, upToEnd, withoutRepeats } from '../../src/jobs/middle.js';

/** A text with the hole at `‸`. */
function around(text: string): Sides {
	const [before = '', after = ''] = text.split('‸');
	return { before, after };
}

const shapes: readonly (readonly [text: string, shape: ReturnType<typeof shapeOf>])[] = [
	['‸', 'open'],
	['a = ‸', 'open'],
	['a = ‸\nb', 'open'],
	['a = ‸  \nb', 'open'],
	['  ‸\nb', 'open'],
	['f(‸)', 'part'],
	['‸b\n', 'line'],
	['a\n  ‸b\n', 'line'],
];
for (const [text, shape] of shapes) test(`${JSON.stringify(text)} asks for ${shape}`, () => assert.equal(shapeOf(around(text)), shape));

type Case = readonly [name: string, text: string, written: string, middle: string];

const ends: readonly Case[] = [
	['a part of a line ends with the line', 'x = f(‸, 2)\n', '1\ny = 3', '1'],
	['a part ends at the bracket that is there', 'log(‸)\n', 'a, b);', 'a, b'],
	['a part ends at the quote that is there', 'x = "‸"\n', 'a" + b', 'a'],
	['a new line ends with its line end', 'a\n‸b\n', 'c\nd\ne', 'c\n'],
	['the line below a new one keeps its indentation', 'if a:\n    ‸return b\n', 'b = 2\n    c = 3', 'b = 2\n    '],
	['a new line with nothing on it is none', 'a\n‸b\n', '', ''],
	['several lines end at a blank one', 'def f():‸\n', '\n    a()\n    b()\n\ndef g():', '\n    a()\n    b()'],
	['blank lines before the first text belong to it', 'import os‸\n', '\n\n\ndef f():\n    a()\n\nf()', '\n\n\ndef f():\n    a()'],
	['they end where the indentation gets less', 'if a:\n    b()‸\n', '\n    c()\nd()\n', '\n    c()'],
	['on an empty line the first text tells the indentation', 'if a:\n‸\n', '    c()\n    d()\ne()', '    c()\n    d()'],
	['they end where the next line comes again', 'def f():\n    a()‸\n\n    return 1\n', '\n    b()\n    return 1\n    x()', '\n    b()'],
	['a block may hold more indentation', 'if a:\n    ‸\n', 'if b:\n        c()\n    d()', 'if b:\n        c()\n    d()'],
];

const repeats: readonly Case[] = [
	['whole lines that follow', 'a()‸\nb()\nc()\n', '\nx()\nb()\nc()', '\nx()'],
	['a line end that is there', 'a = ‸\nb()\n', '1\n', '1'],
	['a new line equal to the one below', 'a()\n‸b()\n', 'b()', ''],
	['the rest of the line', 'return a ‸+ b;\n', '* 2 + b;', '* 2 '],
	['a bracket that is closed behind', 'print(‸)\n', 'a, b)', 'a, b'],
	['a quote and a bracket that are closed behind', 'print("‸")\n', 'hello")', 'hello'],
	['a quote that is closed behind', "x = '‸'\n", "y'", 'y'],
	['a brace on a line of its own', 'function f() {‸\n}\n', '\n\treturn 1;\n}', '\n\treturn 1;'],
	['one of two brackets', 'f(g(‸)\n', 'a))', 'a)'],
];

const kept: readonly Case[] = [
	['a bracket of its own', 'f(‸)\n', 'g(1)', 'g(1)'],
	['a bracket that is still open', 'f(g(‸)\n', 'a)', 'a)'],
	['a bracket when the text behind begins otherwise', 'f(‸, 1)\n', 'g()', 'g()'],
	['the beginning of a longer word', 'x = ‸abcd\n', 'y + ab', 'y + ab'],
	['a beginning of the next line', 'a()‸\nreturn x + 1\n', '\nreturn x', '\nreturn x'],
	['the end of a word', 'x = ‸b;\n', 'ab;', 'ab;'],
	['a quoted text of its own', 'f(‸"b")\n', '"a", ', '"a", '],
];

for (const [title, cases] of Object.entries({ 'natural ends': ends, 'dropped as repeated': repeats, 'not dropped': kept }))
	describe(title, () => {
		for (const [name, text, written, middle] of cases) test(name, () => assert.equal(middleOf(written, around(text)), middle));
	});

const over: readonly (readonly [text: string, written: string, over: boolean])[] = [
	['f(‸)\n', 'a', false],
	['f(‸)\n', 'a\n', true],
	['def f():‸\n', '\n', false],
	['def f():‸\n', '\n    a()\n', false],
	['def f():‸\n', '\n    a()\n    ', false],
	['def f():‸\n', '\n    a()\n\n', true],
	['if a:\n    b()‸\n', '\n  ', false],
	['if a:\n    b()‸\n', '\n  c', true],
	['a()‸\nreturn x\n', '\nreturn x', false],
	['a()‸\nreturn x\n', '\nreturn x\n', true],
];
for (const [text, written, expected] of over)
	test(`after ${JSON.stringify(written)} in ${JSON.stringify(text)} ${expected ? 'nothing more belongs' : 'more may belong'} into the hole`, () =>
		assert.equal(isOver(written, around(text)), expected));

/** Texts of few different characters, so that they often repeat each other. */
const alphabet = ['a', 'bc', ' ', '\n', '\t', '(', ')', '{', '}', '"', '👍', 'é', '日本'];
const piece = fc.array(fc.constantFrom(...alphabet), { maxLength: 12 }).map(parts => parts.join(''));
const place = fc.record({ before: piece, after: piece });
const rounds = { numRuns: 3000 };

describe('whatever is written', () => {
	test('nothing is dropped that the text behind does not begin with', () =>
		fc.assert(
			fc.property(piece, place, (written, sides) => {
				const rest = withoutRepeats(written, sides);
				assert.ok(written.startsWith(rest));
				const gone = written.slice(rest.length);
				// It is made of beginnings of the text behind: `reached` are the places to which such pieces lead.
				const reached = new Set([0]);
				for (const at of reached)
					for (let end = at + 1; end <= gone.length; end++) if (sides.after.startsWith(gone.slice(at, end))) reached.add(end);
				assert.ok(reached.has(gone.length), `${JSON.stringify(gone)} was dropped`);
			}),
			rounds,
		));

	test('what was cut and freed of repeats once stays as it is', () =>
		fc.assert(
			fc.property(piece, place, (written, sides) => {
				const end = upToEnd(written, sides);
				assert.equal(upToEnd(end, sides), end);
				const rest = withoutRepeats(end, sides);
				assert.equal(withoutRepeats(rest, sides), rest);
			}),
			rounds,
		));

	test('no character is cut in two', () =>
		fc.assert(
			fc.property(piece, place, (written, sides) => assert.ok(middleOf(written, sides).isWellFormed())),
			rounds,
		));

	test('once it is over, more changes nothing', () =>
		fc.assert(
			fc.property(piece, piece, place, (written, more, sides) => {
				if (isOver(written, sides)) assert.equal(upToEnd(written + more, sides), upToEnd(written, sides));
			}),
			rounds,
		));

	test('what is left begins as it was written', () =>
		fc.assert(
			fc.property(piece, place, (written, sides) => {
				const middle = middleOf(written, sides);
				if (shapeOf(sides) !== 'line') assert.ok(written.startsWith(middle));
				else assert.ok(middle === '' || written.startsWith(middle.slice(0, middle.indexOf('\n'))));
			}),
			rounds,
		));
});
