import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { renamed } from '../../src/checks/syntax/renaming.js';
import { renameIn } from '../../src/jobs/rename.js';
import { approach, kindOf } from '../../src/jobs/route.js';
import { model, run, type Setting, setting } from './scene.js';

describe('a wish for another name', () => {
	for (const [text, from, to] of [
		['Rename total to result', 'total', 'result'],
		['rename `read_all` to `readAll` in lib/io.py.', 'read_all', 'readAll'],
		['please rename the function sum() into addUp everywhere!', 'sum', 'addUp'],
		['In @a.js, rename the local variable x to count', 'x', 'count'],
	] as const)
		test(text, () => {
			assert.deepEqual(renameIn(text), { from, to });
			assert.equal(kindOf(text, false), 'change');
		});

	for (const text of [
		'Rename a.py to b.py',
		'rename total to total',
		'Should I rename total to result?',
		'Rename total to result and sort the list',
		'Rename total to result in a.py and sort the list',
		'rename the file',
		'Rename Herr Müller to Frau Meier',
	])
		test(`is none: ${text}`, () => assert.equal(renameIn(text), undefined));
});

describe('a name in a file', () => {
	const cases: readonly (readonly [path: string, before: string, after: string])[] = [
		['a.js', 'const n = 1; // n\nf(n, x.n, { n }, { n: n }, "n");', 'const m = 1; // n\nf(m, x.n, { n: m }, { n: m }, "n");'],
		['a.js', 'const { n } = o;\nexport { n };', 'const { n: m } = o;\nexport { m };'],
		['a.ts', 'type n = string;\nlet a: n = f<n>();', 'type m = string;\nlet a: m = f<m>();'],
		['a.py', 'def f(n):\n    return n + o.n\n\nf(n=1)\n', 'def f(m):\n    return m + o.n\n\nf(m=1)\n'],
		['a.py', 'n = 1\nf(n=n)\nd["n"]\n', 'm = 1\nf(n=m)\nd["n"]\n'],
		['a.go', 'package a\n\nfunc n() int { return b.n + n() }\n', 'package a\n\nfunc m() int { return b.n + m() }\n'],
		['a.rs', 'fn n() -> i32 { let a = b.n; n() }\n', 'fn m() -> i32 { let a = b.n; m() }\n'],
	];
	for (const [path, before, after] of cases)
		test(`${path}: ${before.split('\n', 1)[0]}`, async () => {
			assert.equal((await renamed(path, before, { from: 'n', to: 'm', members: false }))?.text, after);
		});

	test('of a method is changed where it is called', async () => {
		const how = { from: 'n', to: 'm', members: true };
		assert.equal(
			(await renamed('a.py', 'class A:\n    def n(self):\n        self.n()\n', how))?.text,
			'class A:\n    def m(self):\n        self.m()\n',
		);
		assert.equal((await renamed('a.js', 'class A { n() { this.n(); } }', how))?.text, 'class A { m() { this.m(); } }');
	});

	test('that is there already is told, and a language that nobody knows is left alone', async () => {
		assert.equal((await renamed('a.py', 'n = 1\nm = n\n', { from: 'n', to: 'm', members: false }))?.taken, true);
		assert.equal((await renamed('a.py', 'n = 1\na.m = n\n', { from: 'n', to: 'm', members: false }))?.taken, false);
		assert.equal(await renamed('a.xyz', 'n', { from: 'n', to: 'm', members: false }), undefined);
	});
});

const files = {
	'money.py': 'def total(prices):\n    return sum(prices)\n',
	'shop.py': 'from money import total\n\n\ndef bill(prices):\n    return f"total: {total(prices)}"\n',
	'other.py': 'total = 3\n',
	'test_money.py':
		'import unittest\nfrom money import total\n\n\nclass Money(unittest.TestCase):\n    def test_total(self):\n        self.assertEqual(total([1, 2]), 3)\n',
};

async function asked(text: string, more: Partial<Setting> = {}) {
	const opened = await setting({ files, engine: model(), ...more });
	const told = await run(approach({ text, material: '' }, opened.work, new AbortController().signal));
	return { ...told, ...opened, read: (path: string) => readFileSync(join(opened.root, path), 'utf8') };
}

test('a name is changed in the file that is named and where it is used from there, without the model', async () => {
	const { read, ending, asked: questions } = await asked('Rename total to sum_up in money.py');
	assert.deepEqual(ending, { reason: 'answered' });
	assert.equal(read('money.py'), 'def sum_up(prices):\n    return sum(prices)\n');
	assert.match(read('shop.py'), /^from money import sum_up\n[\s\S]*"total: \{sum_up\(prices\)\}"/);
	assert.match(read('test_money.py'), /test_total[\s\S]*sum_up\(\[1, 2\]\)/);
	assert.equal(read('other.py'), files['other.py']);
	assert.equal(questions.filter(({ call }) => call.tool === 'write_file').length, 3);
});

test('a name that is taken is not given away, and nothing is written', async () => {
	const { read, ending } = await asked('Rename total to bill');
	assert.equal(ending.reason, 'checks-failed');
	for (const [path, text] of Object.entries(files)) assert.equal(read(path), text);
});

test('a variable of several files is renamed in none until one is named', async () => {
	const { read, ending } = await asked('Rename prices to amounts');
	assert.deepEqual(ending, { reason: 'checks-failed', detail: '`prices` is a variable in 2 files: name the one that is meant with @.' });
	assert.equal(read('shop.py'), files['shop.py']);
	const named = await asked('Rename prices to amounts in shop.py');
	assert.deepEqual(named.ending, { reason: 'answered' });
	assert.match(named.read('shop.py'), /def bill\(amounts\)/);
	assert.equal(named.read('money.py'), files['money.py']);
	const other = await asked('Rename prices to amounts in money.py');
	assert.match(other.read('money.py'), /def total\(amounts\)/);
	assert.equal(other.read('shop.py'), files['shop.py']);
});

test('where a test breaks by it, nothing is renamed', async context => {
	const opened = await setting({
		files: {
			...files,
			'test_money.py': files['test_money.py']
				.replace('total([1, 2])', 'getattr(__import__("money"), "total")([1, 2])')
				.replace('from money import total\n', ''),
		},
	});
	if (!opened.work.agent.workspace.processes.boxed.on) return context.skip('no box works here');
	const { ending } = await run(
		approach({ text: 'Rename total to sum_up in money.py', material: '' }, opened.work, new AbortController().signal),
	);
	assert.deepEqual(ending.reason, 'checks-failed');
	assert.equal(readFileSync(join(opened.root, 'money.py'), 'utf8'), files['money.py']);
});
