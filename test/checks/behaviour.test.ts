import assert from 'node:assert/strict';
import { test } from 'node:test';
import { behaviour, isCallable } from '../../src/checks/behaviour.js';
import { openWorkspace } from '../../src/workspace/open.js';
import { world } from '../workspace/world.js';

async function does(path: string, text: string, calls: readonly string[], timeoutMs = 20_000) {
	const { root, state } = world({ [path]: text });
	const workspace = await openWorkspace({ root, state, conversation: 'c', box: 'never' });
	return behaviour(workspace, { path, calls }, { timeoutMs, signal: new AbortController().signal });
}

test('each call of Python gives its value, what it printed, or the kind of its error', async () => {
	const text = 'def half(n):\n    if n < 0:\n        raise ValueError(n)\n    print("half")\n    return n / 2\n';
	assert.deepEqual(await does('half.py', text, ['half(3)', 'half(-1)', 'half(', 'half(half(4))']), [
		'1.5\nhalf\n',
		'! ValueError',
		'! SyntaxError',
		'1.0\nhalf\nhalf\n',
	]);
});

test('values that are the same are told alike: sets, objects, sums in another order, generators', async () => {
	const text = 'class A: pass\ndef f(n):\n    return [{"b", "a"}, 0.1 + 0.2 if n else 0.3, A()]\ndef g():\n    yield from range(3)\n';
	const [one, other, numbers] = (await does('f.py', text, ['f(0)', 'f(1)', 'g()'])) ?? [];
	assert.equal(one, other);
	assert.equal(numbers, '[0, 1, 2]');
});

test('a call that does not end is an error of its own', async () => {
	const text = 'def f(n):\n    while n:\n        pass\n    return n\n';
	assert.deepEqual(await does('f.py', text, ['f(0)', 'f(1)', 'f(0)']), ['0', '! TimeoutError', '0']);
});

test('what JavaScript and TypeScript define is called, exported or not', async () => {
	const calls = ['twice(2)', 'twice("a")', 'twice(', 'twice(new Map([[1, { a: [2] }]]))', 'twice(null)'];
	const body = 'twice = x => {\n\tif (x === null) throw new RangeError();\n\treturn [x, x];\n};\n';
	const expected = [
		'[ 2, 2 ]',
		"[ 'a', 'a' ]",
		'! SyntaxError',
		'[ Map(1) { 1 => { a: [ 2 ] } }, Map(1) { 1 => { a: [ 2 ] } } ]',
		'! RangeError',
	];
	assert.deepEqual(await does('twice.js', `const ${body}`, calls), expected);
	assert.deepEqual(await does('twice.mjs', `export const ${body}`, calls), expected);
	const typed = 'export async function twice<T>(x: T): Promise<[T, T]> {\n\treturn [x, x];\n}\n';
	assert.deepEqual((await does('twice.ts', typed, calls))?.slice(0, 2), expected.slice(0, 2));
});

test('a file that cannot be run, or does not come to its end, tells nothing', async () => {
	assert.equal(await does('f.py', 'import nothing_of_this_name\n', ['f()']), undefined);
	assert.equal(await does('f.js', 'throw new Error("no");\n', ['f()']), undefined);
	assert.equal(await does('f.js', 'const f = () => { for (;;); };\n', ['f()'], 500), undefined);
	assert.equal(await does('f.rs', 'fn f() {}\n', ['f()']), undefined);
	assert.equal(isCallable('a.rs'), false);
	assert.equal(isCallable('a.jsx'), false);
	assert.equal(isCallable('a.py'), true);
});

test('a file that writes what results look like is not believed', async () => {
	const text = 'import sys\nfor argument in sys.argv:\n    print(argument + \'["1", "2"]\')\ndef f():\n    return 3\n';
	assert.deepEqual(await does('f.py', text, ['f()']), ['3']);
});
