import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { tokensOf } from '../../../src/checks/mutants/lexer.js';
import { mutantsOf, scopeOf } from '../../../src/checks/mutants/mutants.js';

/** What `line` can become, standing among `others`. */
const mutated = (path: string, line: string, others: readonly string[] = []) =>
	mutantsOf(line, scopeOf(path, [line, ...others], 0)).map(mutant => mutant.line);

describe('a line is written a little differently', () => {
	const table: [what: string, path: string, line: string, wanted: string | undefined, others?: string[]][] = [
		['another comparison', 'a.py', '    if low < high:', '    if low <= high:'],
		['another sign in between', 'a.js', '  return a - b;', '  return a + b;'],
		['another assignment', 'a.py', 'depth += 1', 'depth -= 1'],
		['a strict comparison', 'a.js', 'if (a === b) {', 'if (a !== b) {'],
		['another number', 'a.py', 'for i in range(2, n):', 'for i in range(1, n):'],
		['another word', 'a.py', 'if a and b:', 'if a or b:'],
		['every such word', 'a.py', 'if a and b and c:', 'if a or b or c:'],
		['another function of its kind', 'a.py', 'return max(xs)', 'return min(xs)'],
		['another method of its kind', 'a.js', 'return s.toUpperCase();', 'return s.toLowerCase();'],
		['one more', 'a.py', 'return xs[:n]', 'return xs[:n + 1]'],
		['one less', 'a.js', 'for (let i = 0; i < xs.length; i++) {', 'for (let i = 0; i < xs.length - 1; i++) {'],
		['an operand less on the right', 'a.py', 'return n % 10 + 1', 'return n % 10'],
		['an operand less on the left', 'a.js', 'return total * count;', 'return count;'],
		['operands the other way round', 'a.py', 'return a - b', 'return b - a'],
		['members the other way round', 'a.py', 'return x in y', 'return y in x'],
		['arguments the other way round', 'a.js', 'return f(a, b);', 'return f(b, a);'],
		['an argument less', 'a.py', 'return round(x, 2)', 'return round(x)'],
		['a call less', 'a.py', 'return abs(x)', 'return x'],
		['a method less', 'a.js', 'return s.trim();', 'return s;'],
		['a not less', 'a.py', 'return not found', 'return found'],
		['a not more', 'a.js', 'return found;', 'return !found;'],
		['a condition turned', 'a.py', 'while a < b:', 'while not (a < b):'],
		['another name of the scope', 'a.py', 'total += item', 'total += price', ['price = item * 2']],
		['another call of the scope', 'a.py', 'return s / mean', 'return s / len(xs)', ['n = len(xs)']],
		['a text with a letter less', 'a.py', 'vowels = "aeiouy"', 'vowels = "aeiou"'],
		['a text with a capital', 'a.py', 'return "done"', 'return "Done"'],
		['all texts of the line in another case', 'a.js', "return ok ? 'ja' : 'nein';", "return ok ? 'Ja' : 'Nein';"],
		['further in', 'a.py', '    return True', '        return True'],
		['further out', 'a.py', '        return True', '    return True'],
		['gone', 'a.js', '  total = 0;', undefined],
	];
	for (const [what, path, line, wanted, others] of table)
		test(`${what}: ${line.trim()}`, () => assert.ok(mutated(path, line, others).includes(wanted), mutated(path, line, others).join('\n')));
});

describe('what is left alone', () => {
	for (const line of ['}', '    ', '', ');', '])'])
		test(`${JSON.stringify(line)} has no mutants`, () => assert.deepEqual(mutated('a.js', line), []));

	test('the beginning of a function is not removed, nor one of the signs that a language does not have written', () => {
		assert.ok(!mutated('a.py', 'def f(x):').includes(undefined));
		assert.ok(!mutated('a.js', 'return a / b;').some(line => line?.includes('//')));
		assert.ok(!mutated('a.py', 'x = a & b').some(line => line?.includes('&&')));
	});

	test('what stands in a text or a comment is no code', () => {
		assert.ok(mutated('a.py', 'x = 1  # a < b').every(line => line === undefined || line.endsWith('# a < b')));
		assert.ok(mutated('a.js', 'x = y; // a < b').every(line => line === undefined || line.endsWith('// a < b')));
	});
});

test('whatever the line, its tokens are the line, and no mutant is the line or comes twice', () => {
	fc.assert(
		fc.property(fc.string({ maxLength: 60, unit: 'grapheme' }), fc.boolean(), (text, hash) => {
			const line = text.replaceAll('\n', ' ');
			const tokens = tokensOf(line, hash).map(token => token.text);
			assert.equal(tokens.join(''), line);
			const mutants = mutated(hash ? 'a.py' : 'a.js', line).map(mutant => mutant?.trimEnd() ?? '');
			assert.ok(!mutants.includes(line.trimEnd()));
			assert.equal(new Set(mutants).size, mutants.length);
		}),
		{ seed: 7, numRuns: 500 },
	);
});
