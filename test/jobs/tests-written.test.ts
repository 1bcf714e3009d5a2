import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { contradictions, examplesOf } from '../../src/jobs/tests/expected.js';
import { guessed, varied } from '../../src/jobs/tests/inputs.js';
import { type Case, named, rendered } from '../../src/jobs/tests/render.js';
import { telling } from '../../src/jobs/tests/select.js';
import { namesIn } from '../../src/jobs/tests/subjects.js';
import { type Framework, type Place, placeOf } from '../../src/jobs/tests/where.js';
import { setting } from './scene.js';

async function placed(path: string, files: Record<string, string>): Promise<Place> {
	const { work, root } = await setting({});
	for (const [name, text] of Object.entries({ ...files, [path]: files[path] ?? '' })) {
		mkdirSync(dirname(join(root, name)), { recursive: true });
		writeFileSync(join(root, name), text);
	}
	return placeOf({ path, text: files[path] ?? '' }, work.agent.workspace);
}

describe('tests are written where the project has its own', () => {
	const where = async (path: string, files: Record<string, string>) => {
		const { framework, path: at, text, imports } = await placed(path, files);
		return [framework, at, text === null, imports[0]];
	};

	test('in Python: the folder, the names, the framework and the way to import are those of the others', async () => {
		assert.deepEqual(await where('money.py', {}), ['unittest', 'test_money.py', true, 'money']);
		const packaged = { 'src/shop/__init__.py': '', 'src/shop/money.py': '', 'src/shop/cart.py': '' };
		const plain = 'from shop.cart import add\n\n\ndef test_add():\n    assert add(1) == 1\n';
		const tested = { ...packaged, 'tests/test_cart.py': plain, 'tests/conftest.py': '' };
		assert.deepEqual(await where('src/shop/money.py', tested), ['pytest', 'tests/test_money.py', true, 'shop.money']);
		const own = { ...tested, 'tests/test_money.py': 'import unittest\n\n\nclass A(unittest.TestCase):\n    pass\n' };
		assert.deepEqual(await where('src/shop/money.py', own), ['unittest', 'tests/test_money.py', false, 'shop.money']);
		assert.deepEqual(await where('lib/money.py', { 'lib/cart.py': '', 'lib/cart_test.py': plain }), [
			'pytest',
			'lib/money_test.py',
			true,
			'lib.money',
		]);
	});

	test('in JavaScript: beside what they test, or in the folder of all', async () => {
		const vitest = "import { test } from 'vitest';\n";
		assert.deepEqual(await where('src/a.ts', { 'src/b.ts': '', 'src/b.spec.ts': vitest }), ['vitest', 'src/a.spec.ts', true, './a.js']);
		const node = { 'test/b.test.mjs': "import { test } from 'node:test';\n" };
		assert.deepEqual(await where('src/a.mjs', node), ['node', 'test/a.test.mjs', true, '../src/a.mjs']);
		const jest = { 'package.json': '{ "devDependencies": { "jest": "1" } }' };
		assert.deepEqual(await where('a.js', jest), ['jest', 'a.test.js', true, './a.js']);
		assert.equal((await placed('a.js', { 'a.js': 'module.exports = {};\n' })).modules, false);
		assert.equal((await placed('a.js', { 'a.js': 'export const a = 1;\n' })).modules, true);
	});
});

describe('a case is written in the words of its framework', () => {
	const cases: Case[] = [
		{ call: 'f(1)', does: '2', kind: 'value', waits: false, title: 'one' },
		{ call: 'f(2)', does: '[ 1 ]', kind: 'value', waits: true, title: 'two' },
		{ call: 'f(3)', does: '! Bad', kind: 'error', waits: false, title: "it's three" },
		{ call: 'f(4)', does: '! Bad', kind: 'error', waits: true, title: 'four' },
	];
	const written = (framework: Framework, text: string | null, modules = true, whole = false) =>
		rendered({ framework, path: 'a.test.js', text, imports: [], modules }, { cases, imports: ['f'], whole, specifier: './a.js' });

	test('vitest, jest, mocha and node', () => {
		assert.equal(
			written('vitest', null),
			`import { expect, test } from 'vitest';
import { f } from './a.js';

test('one', () => {
	expect(f(1)).toBe(2);
});

test('two', async () => {
	expect(await f(2)).toStrictEqual([ 1 ]);
});

test("it's three", () => {
	expect(() => f(3)).toThrow(expect.objectContaining({ name: 'Bad' }));
});

test('four', async () => {
	await expect(f(4)).rejects.toThrow(expect.objectContaining({ name: 'Bad' }));
});
`,
		);
		assert.match(written('jest', null, false, true), /^const f = require\('\.\/a\.js'\);\n\ntest\('one'/);
		assert.match(written('mocha', null), /^import assert from 'node:assert\/strict';\nimport \{ f \}[^\n]*\n\nit\('one'/);
		const node = written('node', "import { it } from 'node:test';\nimport { g } from './a.js';\n\nit('g', () => {\n  g();\n});\n");
		assert.match(node, /from '\.\/a\.js';\nimport assert from 'node:assert\/strict';\nimport \{ f \} from '\.\/a\.js';\n\nit\('g'/);
		assert.match(node, /\}\);\n\nit\('one', \(\) => \{\n {2}assert\.equal\(f\(1\), 2\);\n\}\);\n\nit\('two', async/);
		assert.match(node, /assert\.deepEqual\(await f\(2\), \[ 1 \]\);[\s\S]*await assert\.rejects\(f\(4\), \{ name: 'Bad' \}\);/);
	});

	test('Python: what is single is compared as that, what is rounded nearly', () => {
		const python = ['0.5', 'True', '[0.5]'].map(
			(does, i): Case => ({ call: `f(${i})`, does, kind: 'value', waits: false, title: `t${i}` }),
		);
		const file = (framework: Framework, text: string | null) =>
			rendered(
				{ framework, path: 'test_a.py', text, imports: [], modules: true },
				{ cases: python, imports: ['f'], whole: false, specifier: 'a' },
			);
		assert.match(file('pytest', null), /^import pytest\n\nfrom a import f\n\n\ndef test_t0/);
		assert.match(
			file('pytest', null),
			/assert f\(0\) == pytest\.approx\(0\.5\)[\s\S]*assert f\(1\) is True[\s\S]*assert f\(2\) == \[0\.5\]\n$/,
		);
		const there =
			'import unittest\n\nfrom a import *\n\n\nclass TestA(unittest.TestCase):\n    pass\n\n\nif __name__ == "__main__":\n    unittest.main()\n';
		const more = file('unittest', there);
		assert.ok(more.startsWith('import unittest\n\nfrom a import *\n\n\nclass TestA('));
		assert.match(
			more,
			/\n\n\nclass TestA2\(unittest\.TestCase\):\n {4}def test_t0\(self\):\n {8}self\.assertAlmostEqual\(f\(0\), 0\.5\)\n/,
		);
		assert.match(more, /assertIs\(f\(1\), True\)[\s\S]*\n\n\nif __name__ == "__main__":\n {4}unittest\.main\(\)\n$/);
	});

	test('no two are called alike', () => {
		const place: Place = { framework: 'pytest', path: 'test_a.py', text: 'def test_f_1():\n    pass\n', imports: [], modules: true };
		assert.deepEqual(named(['f(1)', 'f([1])', 'f(-1)', 'f([])', 'f("")'], place), ['f_1_2', 'f_1_3', 'f_minus_1', 'f_empty', 'f_empty_2']);
		assert.deepEqual(named(['f(1)', 'f(1)'], { ...place, framework: 'node', text: null }), ['f(1)', 'f(1) (2)']);
	});
});

describe('calls', () => {
	test('are made of others by what stands at a border, and by the numbers of the code', () => {
		const made = varied(['f([4, 5], 7, "ab", k=True)'], 'def f(): return 30');
		for (const call of ['f([], 7, "ab", k=True)', 'f([4, 5], 0, "ab", k=True)', 'f([4, 5], 31, "ab", k=True)', 'f([4, 5], 7, "", k=True)'])
			assert.ok(made.includes(call), call);
		assert.ok(made.includes('f([4, 5], 7, "ab", k=False)') && made.includes('f(7, [4, 5], "ab", k=True)'));
		assert.equal(new Set(made).size, made.length);
	});

	test('are guessed from how many arguments there must be', () => {
		assert.ok(guessed('f', 'def f(a, b=2):\n').includes('f([3, 1, 2])'));
		assert.ok(guessed('f', 'const f = (a, b) => a').includes('f(3, 2)'));
		assert.ok(guessed('f', 'const f = a => a').length > 2);
		assert.deepEqual(guessed('f', 'function f() {'), ['f()']);
	});

	test('need the names that are neither words, keys nor texts', () => {
		assert.deepEqual(namesIn('f(g(1), n=2, {\'a\': h}, "x y", new Map(), other.part, { key: 1 })'), ['f', 'g', 'h', 'other']);
	});

	test('are kept while they show something new; what somebody thought of goes before what was made', () => {
		const shown = (call: string, kills: number[], lines: number[], made = false) => ({
			call,
			does: '1',
			made,
			shows: { kills: new Set(kills), lines: new Set(lines) },
		});
		const all = [
			shown('made', [1, 2, 3, 4], [1], true),
			shown('thought', [1, 2, 3], [1]),
			shown('less', [1, 2], [1]),
			shown('line', [], [2]),
		];
		const kept = telling(all, { kills: new Set([9]), lines: new Set([9]) });
		assert.deepEqual(
			kept.map(({ call }) => call),
			['thought', 'made', 'line'],
		);
		assert.deepEqual(telling(all.slice(0, 3), { kills: new Set([1, 2, 3, 4]), lines: new Set([1]) }), []);
	});
});

test('what is expected stands in examples, and counts against the code when most say it', () => {
	const text = '    >>> f(1)\n    2\n    f(3) => 4\n    Traceback\n// f("a") // -> "b"\n>>> f(5)\nTraceback (most recent call last):\n';
	assert.deepEqual(
		examplesOf({ name: 'f' }, text).map(({ call, gives }) => [call, gives]),
		[
			['f(1)', '2'],
			['f(3)', '4'],
			['f("a")', '"b"'],
		],
	);
	const gives: Record<string, string> = { 'f(1)': '1', 'f(2)': '2', '9': '9', '2': '2', '8': '8' };
	const said = (call: string, ...values: string[]) => values.map(value => ({ call, gives: value, by: 'model' as const }));
	const found = (...all: ReturnType<typeof said>) =>
		contradictions(all, text => gives[text]).map(({ call, said, all }) => [call, said, all]);
	assert.deepEqual(found(...said('f(1)', '9', '9', '8')), [['f(1)', 2, 3]]);
	assert.deepEqual(found(...said('f(1)', '9')), []);
	assert.deepEqual(found(...said('f(2)', '2', '9', '9', '2')), []);
	assert.deepEqual(found(...said('f(1)', 'g()', 'g()')), []);
});
