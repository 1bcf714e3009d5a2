import assert from 'node:assert/strict';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openGit } from '../../src/workspace/git.js';
import { put, refusedWith, shell, tree, world } from './world.js';

process.env.GIT_AUTHOR_NAME = 'Ann Example';
process.env.GIT_AUTHOR_EMAIL = 'ann@example.org';

/** Staged: a.txt changed, b.txt moved, gone.txt removed, new.txt added, data.bin changed; not staged: more of a.txt, and a new file. */
function repository(): string {
	const { root } = world({ 'a.txt': 'one\n', 'b.txt': 'moved\n'.repeat(20), 'gone.txt': 'x\n', 'data.bin': Buffer.from([0, 255, 1]) });
	const as = '-c user.name=a -c user.email=a@b';
	shell(root, `git init -q -b main . && git add -A && git ${as} commit -q -m first`);
	put(root, 'a.txt', 'two\n');
	put(root, 'new.txt', 'new\n');
	put(root, 'data.bin', Buffer.from([0, 254, 2]));
	shell(root, 'mkdir sub; git mv b.txt sub/b.txt; git rm -q gone.txt; git add -A');
	put(root, 'a.txt', 'three\n');
	put(root, 'other.txt', 'mine\n');
	return root;
}
const index = (root: string) => readFileSync(join(root, '.git/index')).toString('base64');
const log = (root: string) => shell(root, 'git log --reverse --format=%s').trim().split('\n');
/** The work tree without git's own folder. */
const files = (root: string) => Object.fromEntries(Object.entries(tree(root)).filter(([path]) => !path.startsWith('.git/')));

test('a parcel has the staged texts, not those on disk, and tells what on disk is not in it', async () => {
	const root = repository();
	const before = { index: index(root), files: files(root) };
	const { files: all, beside, isStaged } = await openGit(root).parcel([]);
	assert.deepEqual(
		all.map(({ path, was, before: old, after }) => [path, was, old?.slice(0, 6), after?.slice(0, 6)]),
		[
			['a.txt', 'a.txt', 'one\n', 'two\n'],
			['data.bin', 'data.bin', undefined, undefined],
			['gone.txt', 'gone.txt', 'x\n', undefined],
			['new.txt', 'new.txt', undefined, 'new\n'],
			['sub/b.txt', 'b.txt', 'moved\n', 'moved\n'],
		],
	);
	assert.deepEqual([...beside].sort(), [
		['a.txt', 'two\n'],
		['other.txt', null],
	]);
	assert.equal(isStaged, true);
	assert.deepEqual({ index: index(root), files: files(root) }, before);
});

test('parts are committed one upon the other, to exactly what was staged, and the staging stays byte for byte', async () => {
	const root = repository();
	const git = openGit(root);
	const parcel = await git.parcel([]);
	const before = { index: index(root), files: files(root) };
	const parts = await git.parts(parcel, [['sub/b.txt', 'gone.txt'], ['data.bin'], ['new.txt', 'a.txt']]);
	assert.match(parts[0]!.diff, /rename to sub\/b\.txt/);
	assert.doesNotMatch(parts[0]!.diff, /a\.txt/);
	assert.deepEqual(log(root), ['first']);
	const messages = ['move b', 'change data', 'a second a\n\nWith a reason.'];
	const ids = await git.commitParts(
		parcel,
		parts.map(({ tree }, at) => ({ tree, message: messages[at]! })),
	);
	assert.deepEqual(log(root), ['first', 'move b', 'change data', 'a second a']);
	assert.equal(ids.at(-1), shell(root, 'git rev-parse HEAD').trim());
	assert.equal(shell(root, 'git rev-parse HEAD^{tree}').trim(), parcel.tree);
	assert.equal(shell(root, 'git log -1 --format=%an,%cn').trim(), 'Ann Example,Ann Example');
	assert.deepEqual({ index: index(root), files: files(root) }, before);
	assert.equal(shell(root, 'git diff --cached --name-only'), '');
	assert.equal(shell(root, 'git fsck --strict 2>&1 | grep -v "^dangling\\|^notice" || true'), '');
});

test('parts that leave a file out are refused, and so are those of an older staging; nothing is committed then', async () => {
	const root = repository();
	const git = openGit(root);
	const parcel = await git.parcel([]);
	await assert.rejects(git.parts(parcel, [['a.txt']]), refusedWith(/do not come to what is staged/));
	const parts = await git.parts(parcel, [['a.txt'], parcel.files.map(({ path }) => path).filter(path => path !== 'a.txt')]);
	const written = parts.map(({ tree }) => ({ tree, message: 'm' }));
	shell(root, 'git add a.txt');
	await assert.rejects(git.commitParts(parcel, written), refusedWith(/staged or committed since/));
	await assert.rejects(git.commitParts(parcel, written.slice(0, 1)), refusedWith(/staged or committed since/));
	const again = await git.parcel([]);
	shell(root, 'git -c user.name=a -c user.email=a@b commit -q --allow-empty -m between --only');
	await assert.rejects(git.commitParts(again, [{ tree: again.tree, message: 'm' }]), refusedWith(/staged or committed since/));
	assert.deepEqual(log(root), ['first', 'between']);
});

test('a branch that begins, and files that nobody staged, are committed in parts as well', async () => {
	const { root } = world({ 'a.txt': 'one\n', 'b.txt': 'one\n', 'c.txt': 'mine\n' });
	shell(root, 'git init -q -b main .');
	const git = openGit(root);
	const parcel = await git.parcel(['a.txt', 'b.txt']);
	assert.equal(shell(root, 'git status --short'), '?? a.txt\n?? b.txt\n?? c.txt\n');
	const parts = await git.parts(parcel, [['b.txt'], ['a.txt']]);
	await git.commitParts(
		parcel,
		parts.map(({ tree }, at) => ({ tree, message: `part ${at}` })),
	);
	assert.deepEqual(log(root), ['part 0', 'part 1']);
	assert.equal(shell(root, 'git status --short'), '?? c.txt\n');
});

test('what cannot be taken apart is refused with the reason', async () => {
	const root = repository();
	await assert.rejects(openGit(join(root, 'sub')).parcel([]), refusedWith(/is staged outside of this folder/));
	symlinkSync('a.txt', join(root, 'link'));
	shell(root, 'git add link');
	await assert.rejects(openGit(root).parcel([]), refusedWith(/link is a link or a submodule/));
	await assert.rejects(openGit(world({}).root).parcel([]), refusedWith(/in no git repository/));
	shell(root, 'git rm -q --cached link; git checkout -q --detach');
	await assert.rejects(openGit(root).parcel([]), refusedWith(/on no branch/));
});
