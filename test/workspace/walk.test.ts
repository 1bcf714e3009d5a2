import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { filesIn, put, refusedWith, shell, world } from './world.js';

const byGit = (root: string) => shell(root, 'git ls-files -z --cached --others --exclude-standard').split('\0').filter(Boolean).sort();

test('what git ignores is not listed, by nested rules, exceptions and .git/info/exclude', async () => {
	const place = world({
		'.gitignore': '*.log\n!keep.log\n/build/\nnode_modules\n# comment\n\\#odd\ntrailing \n**/deep/*.tmp\nfoo/bar\n[ab].txt\n',
		'sub/.gitignore': '!x.log\n*.txt\n/only\n',
		'sub/inner/.gitignore': '!y.txt\n',
		'a.log': '',
		'keep.log': '',
		'build/x': '',
		'sub/build/x': '',
		'node_modules/m/index.js': '',
		'sub/node_modules/m.js': '',
		'#odd': '',
		trailing: '',
		'x/deep/a.tmp': '',
		'x/deep/a.ts': '',
		'foo/bar/x': '',
		'z/foo/bar/x': '',
		'a.txt': '',
		'c.txt': '',
		'sub/x.log': '',
		'sub/y.log': '',
		'sub/n.txt': '',
		'sub/only': '',
		'sub/inner/only': '',
		'sub/inner/y.txt': '',
		'sub/inner/z.txt': '',
		'.hidden/file': '',
		'.env': '',
		'secret.key': '',
		'a b/ü.md': '',
	});
	shell(place.root, 'git init -q . && echo "*.key" >> .git/info/exclude');
	const files = await filesIn(place);
	const { paths, more } = await files.list();
	assert.deepEqual(paths, byGit(place.root));
	assert.equal(more, false);
	for (const path of ['.env', '.hidden/file', 'sub/x.log', 'sub/inner/y.txt']) assert.ok(paths.includes(path), path);
});

const part = fc.constantFrom('a', 'b', 'ab', 'a.js', 'b.ts', '.x');
const path = fc.array(part, { minLength: 1, maxLength: 3 }).map(parts => parts.join('/'));
const rule = fc.constantFrom(
	'a',
	'/a',
	'a/',
	'*.js',
	'!b.ts',
	'a/b',
	'**/b',
	'a/**',
	'!a/',
	'.x',
	'?b',
	'[!a]',
	'a*',
	'!*.js',
	'/b/*',
	'ab/**/b',
);

test('listing agrees with git on rules and trees made by chance', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(path, { maxLength: 12 }),
			fc.array(rule, { maxLength: 4 }),
			fc.array(rule, { maxLength: 3 }),
			async (paths, top, nested) => {
				const place = world({ '.gitignore': top.join('\n') });
				for (const one of paths)
					try {
						put(place.root, one, '');
					} catch {
						// A file cannot also be a folder: this path is not made.
					}
				try {
					put(place.root, 'a/.gitignore', nested.join('\n'));
				} catch {
					// Here `a` is a file.
				}
				shell(place.root, 'git init -q .');
				assert.deepEqual((await (await filesIn(place)).list()).paths, byGit(place.root));
			},
		),
		{ numRuns: 60, seed: 3 },
	);
});

test('below the top of a repository the rules of the folders above hold too', async () => {
	const place = world({ '.gitignore': 'dist\n', 'app/src/a.ts': '', 'app/dist/a.js': '', 'app/x.log': '' });
	shell(place.root, 'git init -q . && echo "*.log" > .git/info/exclude');
	const files = await filesIn({ ...place, root: join(place.root, 'app') });
	assert.deepEqual((await files.list()).paths, ['src/a.ts']);
});

test('an ignored folder that is asked for by name is listed', async () => {
	const place = world({ '.gitignore': 'dist\n', 'dist/a/b.js': '' });
	const files = await filesIn(place);
	assert.deepEqual((await files.list({ under: 'dist' })).paths, ['dist/a/b.js']);
	assert.deepEqual((await files.list({ under: 'dist/a' })).paths, ['dist/a/b.js']);
	assert.deepEqual((await files.list()).paths, ['.gitignore']);
});

test('patterns are of names without a slash, of paths with one', async () => {
	const place = world({ 'a.ts': '', 'src/b.ts': '', 'src/.c.ts': '', 'src/d/e.ts': '', 'src/d/e.js': '' });
	const files = await filesIn(place);
	const list = async (pattern: string) => (await files.list({ pattern })).paths;
	assert.deepEqual(await list('*.ts'), ['a.ts', 'src/.c.ts', 'src/b.ts', 'src/d/e.ts']);
	assert.deepEqual(await list('src/*.ts'), ['src/.c.ts', 'src/b.ts']);
	assert.deepEqual(await list('./src/**/*.ts'), ['src/.c.ts', 'src/b.ts', 'src/d/e.ts']);
	assert.deepEqual(await list('**/*.{js,ts}'), ['a.ts', 'src/.c.ts', 'src/b.ts', 'src/d/e.js', 'src/d/e.ts']);
	assert.deepEqual((await files.list({ under: 'src/d', pattern: 'e.*' })).paths, ['src/d/e.js', 'src/d/e.ts']);
	assert.deepEqual((await files.list({ under: 'a.ts' })).paths, ['a.ts']);
	await assert.rejects(files.list({ under: 'nope' }), refusedWith(/nope does not exist/));
	await assert.rejects(files.list({ under: '..' }), refusedWith(/outside the workspace/));
});

test('a listing stops at its limit and says that there is more', async () => {
	const place = world({ a: '', b: '', c: '' });
	const files = await filesIn(place);
	assert.deepEqual(await files.list({ limit: 2 }), { paths: ['a', 'b'], more: true });
	assert.deepEqual(await files.list({ limit: 3 }), { paths: ['a', 'b', 'c'], more: false });
});

test('patterns and rules made to take for ever do not', async () => {
	const place = world({ '.gitignore': '*a*a*a*a*a*a*a*a*a*b\nx*\n', ['a'.repeat(250)]: '', x1: '' });
	const files = await filesIn(place);
	const started = performance.now();
	assert.deepEqual((await files.list()).paths, ['.gitignore', 'a'.repeat(250)]);
	for (const pattern of ['{a,b}'.repeat(40), 'x'.repeat(300), '{a,b}'.repeat(7)])
		await assert.rejects(files.list({ pattern }), refusedWith(/too long/), pattern);
	const odd = [
		'*a*a*a*a*a*a*a*a*a*b',
		'**/**/**/x',
		'{1..100000000}',
		'!(!(!(!(a))))*',
		'['.repeat(100),
		'(a+)+$',
		'{'.repeat(90),
		'{a,'.repeat(60),
		`${'**/'.repeat(60)}b`,
		'(*a*)+*a*a*b',
	];
	for (const pattern of odd) assert.deepEqual((await files.list({ pattern })).paths, [], pattern);
	assert.ok(performance.now() - started < 2000);
});

test('links are listed where they lead to a file inside, and never walked through', async () => {
	const place = world({ 'src/a.js': '' });
	put(place.base, 'outside/x', '');
	for (const [target, name] of [
		['src/a.js', 'file'],
		['src', 'folder'],
		['../outside', 'out'],
		['../outside/x', 'outfile'],
		['.', 'self'],
		['nothing', 'dangling'],
	] as const)
		symlinkSync(target, join(place.root, name));
	const files = await filesIn(place);
	assert.deepEqual((await files.list()).paths, ['file', 'src/a.js']);
	await assert.rejects(files.list({ under: 'out' }), refusedWith(/leads outside|outside the workspace/));
	assert.deepEqual((await files.list({ under: 'folder' })).paths, ['src/a.js']);
	assert.deepEqual(await files.entries('.'), ['dangling', 'file', 'folder', 'out', 'outfile', 'self', 'src/']);
});

test('a tree deeper than any is cut off, and a pipe in place of the rules is no trap', async () => {
	const place = world({ 'a.ts': '' });
	shell(place.root, 'mkfifo .gitignore');
	mkdirSync(join(place.root, 'd/'.repeat(150)), { recursive: true });
	put(place.root, `${'d/'.repeat(150)}x`, '');
	assert.deepEqual((await (await filesIn(place)).list()).paths, ['a.ts']);
});
