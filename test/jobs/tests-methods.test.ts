import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { expressionOf, stepsOf } from '../../src/checks/steps.js';
import { sequencesOf, testedIn } from '../../src/jobs/tests/methods.js';
import { subjectsOf } from '../../src/jobs/tests/subjects.js';
import { tests } from '../../src/jobs/tests/tests.js';
import { noBox } from '../workspace/sandbox/boxes.js';
import { model, run, setting, textOf } from './scene.js';

const python = `class Basket:
    """Holds prices.

    >>> Basket(3).add(2)
    5
    """

    def __init__(self, start, most=9):
        if start < 0:
            raise ValueError(start)
        self.sum = start
        self._most = most

    def add(self, price):
        if self.sum + price > self._most:
            raise OverflowError(price)
        self.sum += price
        return self.sum

    def clear(self):
        self.sum = 0

    @property
    def full(self):
        return self.sum == self._most

    @staticmethod
    def cost(prices):
        return sum(prices) * 2

    def _hidden(self):
        return 1
`;
const script = `export class Stack {
	#items = [];
	push(item) {
		this.#items.push(item);
		return this;
	}
	pop() {
		if (this.#items.length === 0) throw new RangeError('empty');
		return this.#items.pop();
	}
	get size() {
		return this.#items.length;
	}
	async later(n) {
		return n + this.size;
	}
	static of(first, second) {
		return new Stack().push(first).push(second).size;
	}
}
`;

const spot = (path: string, text: string) => ({ path, text, from: 1, to: 1, definition: undefined });

async function tested(place: string, files: Record<string, string>, texts: readonly string[], path: string) {
	const { work, root, asked } = await setting({ files, engine: model({ texts }), seconds: 100 });
	const { events, ending } = await run(tests([place], work, new AbortController().signal));
	const text = existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '';
	return { ending, text, root, verified: asked.at(-1)?.verified ?? '', said: textOf(events) };
}

test('the steps of a call are one expression that gives what the last gives', () => {
	assert.deepEqual(stepsOf('a = B("x; y"); a.add({ n: [1; 2] }); a.n'), ['a = B("x; y")', 'a.add({ n: [1; 2] })', 'a.n']);
	assert.equal(expressionOf('a = B(1); a.n', 'a.py'), '(a := B(1), a.n)[-1]');
	assert.equal(expressionOf('const a = new B(1); a.go(); a.n', 'a.ts'), '(() => { const a = new B(1); a.go(); return a.n; })()');
	assert.equal(expressionOf('f("a; b")', 'a.py'), 'f("a; b")');
});

test('the methods of a class are called as code does that, with what can be done before and looked at behind', async () => {
	const subjects = await subjectsOf(spot('basket.py', python));
	assert.deepEqual(
		subjects.map(({ name, called: { callee, member } }) => [name, callee, member]),
		[
			['Basket', 'Basket', undefined],
			['Basket.add', 'Basket', '.add('],
			['Basket.clear', 'Basket', '.clear('],
			['Basket.full', 'Basket', '.full'],
			['Basket.cost', 'Basket.cost', undefined],
		],
	);
	const [maker, add, clear] = subjects;
	assert.deepEqual(sequencesOf(['Basket(1)'], maker!, true), ['Basket(1).clear()', 'Basket(1).full', 'Basket(1).sum']);
	assert.deepEqual(sequencesOf(['Basket(1).add(2)'], add!, true), [
		'basket = Basket(1); basket.add(2); basket.clear()',
		'basket = Basket(1); basket.add(2); basket.full',
		'basket = Basket(1); basket.add(2); basket.sum',
		'basket = Basket(1); basket.add(2); basket.add(2)',
	]);
	assert.ok(sequencesOf(['Basket(1).clear()'], clear!, true).includes('basket = Basket(1); basket.add(3); basket.clear()'));
	const [push, pop, size, later, of] = await subjectsOf(spot('stack.js', script));
	assert.ok(sequencesOf(['new Stack().pop()'], pop!, false).includes('const stack = new Stack(); stack.push(3); stack.pop()'));
	assert.deepEqual(
		[push, size].map(one => one?.called.member),
		['.push(', '.size'],
	);
	assert.deepEqual([sequencesOf(['new Stack().later(1)'], later!, false), of?.called.callee], [[], 'Stack.of']);
});

test('what tests call already is read from them, in one line or in several', () => {
	const basket = { name: 'Basket.add', start: 0, end: 1, callee: 'Basket', member: '.add(' };
	const text =
		'    def test_a(self):\n        basket = Basket(1)\n        basket.add(2)\n        self.assertEqual(basket.sum, 3)\n        self.assertEqual(Basket(1).add(2), 3)\n        assert Basket(4).sum == 4\n        other()\n        assert basket.add(1) == 4\n';
	assert.deepEqual(testedIn(text, basket), ['basket = Basket(1); basket.add(2); basket.sum', 'Basket(1).add(2)', 'Basket(4).sum']);
	const stack = { name: 'Stack.pop', start: 0, end: 1, callee: 'new Stack', member: '.pop(' };
	const script = '\tconst stack = new Stack();\n\tstack.push(3);\n\tassert.equal(stack.pop(), 3);\n\tassert.equal(new Stack().size, 0);\n';
	assert.deepEqual(testedIn(script, stack), ['const stack = new Stack(); stack.push(3); stack.pop()', 'new Stack().size']);
	assert.deepEqual(testedIn('assert total([1]) == 1\ntotal([2])\n', { name: 'total', start: 0, end: 1 }), ['total([1])']);
});

test('private methods, and those of classes that have no objects of their own, are left out', async () => {
	const code =
		'export class A {\n\tprivate a() {}\n\tprotected static b() {}\n\t#c() {}\n\tset d(x) {}\n\te(): number { return 1; }\n}\nexport abstract class B {\n\tf() {}\n}\nclass C {\n\tg() {}\n}\n';
	assert.deepEqual(
		(await subjectsOf(spot('a.ts', code))).map(({ name }) => name),
		['A.e'],
	);
	const bases = 'class A(ABC):\n    def f(self):\n        return 1\n\n\nclass B:\n    def g(self):\n        return 1\n';
	assert.deepEqual(
		(await subjectsOf(spot('a.py', bases))).map(({ name }) => name),
		['B.g'],
	);
});

describe('tests for methods', { skip: noBox }, () => {
	test('in Python: what a method leaves behind is looked at, and an error of the constructor is told', async () => {
		const { ending, text, verified } = await tested('basket.py:Basket', { 'basket.py': python }, [], 'test_basket.py');
		assert.deepEqual(ending, { reason: 'answered' });
		assert.match(verified, /mutation score 0 → (?:[6-9]\d|100) %/);
		assert.match(text, /^import unittest\n\nfrom basket import Basket\n/);
		assert.match(text, /with self\.assertRaises\(ValueError\):\n {12}Basket\(-\d/);
		const again = await tested('basket.py:Basket', { 'basket.py': python, 'test_basket.py': text }, [], 'test_basket.py');
		const [, before = ''] = /mutation score (\d+) →/.exec(again.verified) ?? [];
		assert.ok(again.text === text || Number(before) >= 60, again.verified);
		assert.match(text, / {8}basket = Basket\(\d+\)\n {8}basket\.\w+\(.*\)\n {8}self\.assert\w+\(basket\.\w+/);
	});

	test('in JavaScript: a stack is filled before it is emptied, and a fault that is put in is found', async () => {
		const { text, verified, root } = await tested('stack.mjs', { 'stack.mjs': script }, [], 'stack.test.mjs');
		assert.match(verified, /mutation score 0 → (?:[6-9]\d|100) %/);
		assert.match(text, /import \{ Stack \} from '\.\/stack\.mjs';/);
		assert.match(text, /\tconst stack = new Stack\(\);\n\tstack\.push\(.*\);\n\tassert\.equal\(stack\.pop\(\), .*\);/);
		assert.match(text, /assert\.throws\(\(\) => new Stack\(\)\.pop\(\), \{ name: 'RangeError' \}\)/);
		const { NODE_TEST_CONTEXT: _, ...env } = process.env;
		execFileSync('sh', ['-c', 'cat > stack.mjs'], { cwd: root, input: script.replace('length === 0', 'length === 1') });
		assert.throws(() => execFileSync('node', ['--test'], { cwd: root, env, stdio: 'pipe' }));
	});
});
