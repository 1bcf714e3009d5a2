import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Definition, definitions, functionAt } from '../../../src/checks/syntax/definitions.js';
import { faults, newFaults } from '../../../src/checks/syntax/faults.js';
import { languages } from '../../../src/checks/syntax/languages.js';
import { references } from '../../../src/checks/syntax/references.js';
import { withoutComments } from '../../../src/checks/syntax/tokens.js';
import { samples } from './samples.js';

const shown = ({ kind, name, owner, from, to }: Definition): string =>
	`${kind} ${owner === undefined ? '' : `${owner}.`}${name} ${from}-${to}`;

for (const { path, good, defines, broken, uses } of samples) {
	describe(`the syntax of ${path}`, () => {
		test('a good file has no faults', async () => assert.deepEqual(await faults(path, good), []));

		test('its definitions', async () => assert.deepEqual((await definitions(path, good))?.map(shown), defines));

		for (const [from, to, line, says] of broken)
			test(`${JSON.stringify(from)} as ${JSON.stringify(to)} is a fault in line ${line}`, async () => {
				assert.ok(good.includes(from));
				const found = await newFaults(path, { before: good, after: good.replace(from, () => to) });
				assert.equal(found?.[0]?.line, line, JSON.stringify(found));
				assert.match(found[0].message, says);
			});

		if (uses)
			test(`where ${uses[0]} is used`, async () => {
				const found = await references(path, good, uses[0]);
				const at = found?.map(({ line, called, inside }) => [line, called ? 'called' : '', inside?.name ?? ''].filter(Boolean).join(' '));
				assert.deepEqual(at, uses[1]);
			});
	});
}

test('every language has a sample', async () => {
	assert.ok(samples.length >= 14);
	assert.equal(samples.length, Object.keys(languages).length);
});

test('the function at a line is the innermost one; a class is none', async () => {
	const [sample] = samples.filter(({ path }) => path === 'a.cs');
	const all = (await definitions('a.cs', sample!.good)) ?? [];
	assert.deepEqual(
		[12, 13, 9, 99].map(line => functionAt(all, line)?.name),
		['Twice', 'AreaAsync', undefined, undefined],
	);
});

test('the offsets of a definition hold all of it, its decorator too, and its name', async () => {
	const text = 'import os\n\n@cached\ndef größe(x):\n    return "🙂"\n\nx = 1\n';
	const [only] = (await definitions('a.py', text)) ?? [];
	assert.equal(text.slice(only!.start, only!.end), '@cached\ndef größe(x):\n    return "🙂"');
	assert.equal(text.slice(only!.at).indexOf('größe'), 0);
});

describe('only new faults count', () => {
	const before = 'def a(:\n    pass\n\ndef b():\n    pass\n';
	const moved = `# moved\n\n${before}`;
	test('none for a fault that has only moved', async () => assert.deepEqual(await newFaults('a.py', { before, after: moved }), []));
	test('a second one is new', async () => {
		const found = await newFaults('a.py', { before, after: moved.replace('b():', 'b(]:') });
		assert.equal(found?.[0]?.line, 6);
	});
	test('the same mistake on the same line twice is new once', async () => {
		const one = 'var a = = 1;\n';
		assert.equal((await newFaults('a.js', { before: one, after: one.repeat(2) }))?.length, 1);
	});
	test('a macro of C is no fault, a bracket left open is one', async () => {
		const before = 'MY_API(int) f(void) NOEXCEPT_MACRO\n{\n\treturn g(1);\n}\n';
		assert.deepEqual(await faults('a.h', before), []);
		assert.equal((await faults('a.h', before.replace('(1)', '(1')))?.length, 1);
	});
});

describe('a text without its comments', () => {
	const same: readonly (readonly [path: string, one: string, other: string, same: boolean])[] = [
		['a.js', 'f(1); // one\n', '/** two */\nf(1);\n', true],
		['a.js', 'f(1);\n', 'f(2);\n', false],
		['a.js', 'f("a  b");\n', 'f("a b");\n', false],
		['a.js', `f(\`a  \${b}\`);\n`, `f(\`a \${b}\`);\n`, false],
		['a.js', 'return\n1\n', 'return 1\n', false],
		['a.py', 'def f():\n    return 1\n', 'def f():\n    """One."""\n    # one\n    return 1\n', true],
		['a.py', 'if a:\n    b()\n    c()\n', 'if a:\n    b()\nc()\n', false],
		['a.py', 'x = "a"\n"b"\n', 'x = "a"\n', false],
		['a.go', 'package a\n', '// Package a is one.\npackage a\n', true],
		['a.rs', 'fn a() {}\n', '/// One.\nfn a() {}\n', true],
		['a.sh', 'echo "a  b"\n', 'echo "a b" # no\n', false],
	];
	for (const [path, one, other, expected] of same)
		test(`${JSON.stringify(one)} is ${expected ? '' : 'not '}${JSON.stringify(other)}`, async () => {
			const [a, b] = [await withoutComments(path, one), await withoutComments(path, other)];
			assert.ok(a && b);
			if (expected) assert.deepEqual(a, b);
			else assert.notDeepEqual(a, b);
		});
	test('none of what is not well formed', async () => assert.equal(await withoutComments('a.py', 'a = (\n'), undefined));
});

test('nobody can tell about a language that is not known, or a text that is too long', async () => {
	assert.equal(await faults('a.zig', 'x'), undefined);
	assert.equal(await faults('Makefile', 'x'), undefined);
	assert.equal(await definitions('a.js', `${'a;'.repeat(600_000)}`), undefined);
});
