import assert from 'node:assert/strict';
import { matchesGlob } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { glob } from '../../src/workspace/glob.js';

test('each kind of pattern matches what it should and nothing else', () => {
	const cases: [string, string[], string[]][] = [
		['*.ts', ['a.ts', 'src/a.ts', '.ts', 'x/y/.b.ts'], ['a.tsx', 'ts', 'a.ts/x']],
		['src/*.ts', ['src/a.ts'], ['a.ts', 'src/b/a.ts', 'x/src/a.ts']],
		['./a.ts', ['a.ts'], ['src/a.ts']],
		['/a.ts', ['a.ts'], ['src/a.ts']],
		['**/x', ['x', 'a/x', 'a/b/x'], ['xx', 'x/a']],
		['src/**', ['src/a', 'src/a/b'], ['srca', 'lib/src/a']],
		['src/', ['src/a', 'src/a/b'], ['a/src/b']],
		['a/**/b/*.c', ['a/b/x.c', 'a/x/y/b/x.c', 'a/b/b/x.c'], ['a/b/c/x.c', 'b/x.c']],
		['a?c', ['abc', 'aüc', 'a😀c', 'd/abc'], ['ac', 'abbc']],
		['[a-c]x', ['ax', 'cx'], ['dx', '-x']],
		['[!a-c]x', ['dx'], ['ax']],
		['[]a]', [']', 'a'], ['b']],
		['{a,b,}.{ts,js}', ['a.ts', 'b.js', '.ts'], ['c.ts', 'ab.ts']],
		['{src,lib/{a,b}}/x', ['src/x', 'lib/a/x', 'lib/b/x'], ['lib/x', 'a/x']],
		['{a}', ['{a}'], ['a']],
		['{1..3}', ['{1..3}'], ['2']],
		['\\*', ['*'], ['a']],
		['[a', ['[a'], ['a']],
		['(a|b)+', ['(a|b)+'], ['a', 'ab']],
	];
	for (const [pattern, yes, no] of cases) {
		const fits = glob(pattern);
		for (const path of yes) assert.ok(fits(path), `${pattern} matches ${path}`);
		for (const path of no) assert.ok(!fits(path), `${pattern} does not match ${path}`);
	}
});

const name = fc
	.array(fc.constantFrom('a', 'b', '.', '-'), { minLength: 1, maxLength: 4 })
	.map(letters => letters.join(''))
	.filter(one => one !== '.' && one !== '..');
const wild = fc
	.array(fc.constantFrom('a', 'b', '.', '*', '?', '[ab]', '[!a]', '{a,b}'), { minLength: 1, maxLength: 4 })
	.map(parts => parts.join(''))
	.filter(one => !/\*\*|^\.+$/.test(one));
const folders = fc.array(fc.oneof(wild, fc.constant('**')), { minLength: 1, maxLength: 3 }).filter(parts => parts.at(-1) !== '**');

test('agrees with another implementation where both speak of the same', () => {
	fc.assert(
		fc.property(folders, fc.array(name, { minLength: 1, maxLength: 3 }), (parts, names) => {
			const pattern = `x/${parts.join('/')}`;
			const path = `x/${names.join('/')}`;
			// Names that begin with a dot, and empty ones for a lone *, are where implementations differ.
			fc.pre(!names.some(one => one.startsWith('.')));
			assert.equal(glob(pattern)(path), matchesGlob(path, pattern), `${pattern} ${path}`);
		}),
		{ numRuns: 2000, seed: 9 },
	);
});
