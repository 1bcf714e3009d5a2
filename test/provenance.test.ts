import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { blame, inColumns } from '../src/blame.js';
import { projectFolder } from '../src/places.js';
import { noteAuthors, readNote } from '../src/provenance.js';
import type { Writer } from '../src/types.js';
import { openGit } from '../src/workspace/git.js';
import { filesIn, put, refusedWith, shell, world } from './workspace/world.js';

const sampling = { temperature: 0.7, topP: 0.8, topK: 20, minP: 0, repeatPenalty: 1.05, seed: 7 };
const writer: Writer = { model: 'small', sha256: 'a'.repeat(64), sampling };

/** A repository in which a model has written lines 2 and 3 of sub/a.txt, and a person line 4. The folder worked in is `sub`. */
async function scene() {
	const { base, root } = world({ 'sub/a.txt': 'one\n', 'b.txt': 'x\n' });
	process.env.XDG_STATE_HOME = join(base, 'state');
	shell(root, 'git init -q -b main . && git config user.name Ada && git config user.email a@b.c && git add -A && git commit -qm first');
	const sub = join(root, 'sub');
	const files = await filesIn({ base, root: sub, state: projectFolder(sub) }, 'talk');
	await files.mark('more');
	await files.read('a.txt');
	await files.signed(writer).write('a.txt', 'one\ntwo\nthree\n');
	put(sub, 'a.txt', 'one\ntwo\nthree\nmine\n');
	return { top: root, root: sub, git: openGit(sub) };
}
const noteOn = (top: string, commit = 'HEAD') => shell(top, `git notes --ref=qwill show ${commit}`);

test('a commit is noted with the lines that a model wrote, and with what it takes to have them written again', async () => {
	const { top, root, git } = await scene();
	await git.commit('m', ['a.txt']);
	assert.equal(await noteAuthors({ root, git }, 'assisted-by'), undefined);
	const [file, ...others] = readNote(noteOn(top)) ?? [];
	const { seed, ...rest } = sampling;
	const { time, ...said } = file!;
	assert.deepEqual(said, {
		path: 'sub/a.txt',
		model: 'small',
		sha256: writer.sha256,
		sampling: rest,
		seed,
		conversation: 'talk',
		lines: [[2, 3]],
	});
	assert.match(time ?? '', /^\d{4}-\d\d-\d\dT/);
	assert.deepEqual(others, []);
	assert.equal(shell(top, 'git for-each-ref --format="%(refname)"'), 'refs/heads/main\nrefs/notes/qwill\n');
});

test('only what a commit brings is noted on it', async () => {
	const { top, root, git } = await scene();
	await git.commit('m', ['a.txt']);
	put(root, 'a.txt', 'one\ntwo\nthree\nmine\nmore\n');
	await git.commit('n', ['a.txt']);
	assert.equal(await noteAuthors({ root, git }, 'assisted-by'), undefined);
	assert.throws(() => noteOn(top));
});

test('without attribution nothing is written', async () => {
	const { top, root, git } = await scene();
	await git.commit('m', ['a.txt']);
	assert.equal(await noteAuthors({ root, git }, 'none'), undefined);
	assert.equal(shell(top, 'git for-each-ref refs/notes'), '');
});

test('notes that would go to a branch are not written, and the sentence says what to do', async () => {
	const { top, root, git } = await scene();
	await git.commit('m', ['a.txt']);
	shell(top, 'git symbolic-ref refs/notes/qwill refs/heads/main');
	const before = shell(top, 'git rev-parse main');
	assert.match((await noteAuthors({ root, git }, 'assisted-by')) ?? '', /points to another ref.*git symbolic-ref -d/);
	assert.equal(shell(top, 'git rev-parse main'), before);
});

test('nothing of a repository runs when a note is written or read', async () => {
	const { top, root, git } = await scene();
	await git.commit('m', ['a.txt']);
	const hook = '#!/bin/sh\ntouch HOOKED\n';
	for (const name of ['reference-transaction', 'post-commit', 'post-rewrite']) put(top, `.git/hooks/${name}`, hook);
	shell(
		top,
		'chmod +x .git/hooks/*; git config core.editor "touch HOOKED2;:"; git config core.pager "touch HOOKED2;:"; git config notes.displayRef "*"',
	);
	assert.equal(await noteAuthors({ root, git }, 'assisted-by'), undefined);
	assert.equal((await blame(root, 'a.txt')).rows[1]?.model, 'small');
	assert.equal(shell(top, 'find . -name "HOOKED*"'), '');
});

test('blame says of each line who wrote it, committed or not', async () => {
	const { root, git } = await scene();
	const rows = async () =>
		(await blame(root, 'a.txt')).rows.map(({ commit, author, model, seed }) => [commit && 'commit', author, model, seed]);
	assert.deepEqual(await rows(), [
		['commit', 'Ada', null, null],
		[null, null, 'small', 7],
		[null, null, 'small', 7],
		[null, null, null, null],
	]);
	await git.commit('m', ['a.txt']);
	await noteAuthors({ root, git }, 'assisted-by');
	put(root, 'a.txt', `above\n${readFileSync(join(root, 'a.txt'), 'utf8')}`);
	assert.deepEqual(await rows(), [
		[null, null, null, null],
		['commit', 'Ada', null, null],
		['commit', 'Ada', 'small', 7],
		['commit', 'Ada', 'small', 7],
		['commit', 'Ada', null, null],
	]);
});

test('a note that is broken, or not ours, is passed over with a sentence', async () => {
	const { top, root, git } = await scene();
	await git.commit('m', ['a.txt']);
	for (const text of ['no JSON', '{"qwill":2,"files":[]}', '{"qwill":1,"files":[{"path":"sub/a.txt","lines":[[0,9]]}]}']) {
		shell(top, `git notes --ref=qwill add -f -m '${text}'`);
		const { rows, notes } = await blame(root, 'a.txt');
		assert.deepEqual(new Set(rows.map(({ model }) => model)), new Set([null]));
		assert.match(notes.join('\n'), /^The note on [0-9a-f]{8} is not one of qwill's, or broken; it is passed over\.$/);
	}
});

test('what is no file, and what git does not know, is refused as bad input', async () => {
	const { root } = await scene();
	put(root, 'new.txt', 'x\n');
	const refused = (pattern: RegExp) => (error: unknown) =>
		refusedWith(pattern)(error) && error instanceof Object && 'exitCode' in error && error.exitCode === 42;
	await assert.rejects(blame(root, 'gone.txt'), refused(/gone\.txt/));
	await assert.rejects(blame(root, 'new.txt'), refused(/not tracked by git/));
	await assert.rejects(blame(root, '../b.txt'), refused(/outside/));
});

test('columns hold nothing that acts on a terminal', () => {
	const row = {
		line: 1,
		commit: 'a'.repeat(40),
		author: '\x1b[31mred',
		model: null,
		sha256: null,
		seed: null,
		conversation: null,
		text: '\x1b]0;x\x07\tend\r',
	};
	assert.equal(
		inColumns([row, { ...row, line: 2, author: '李', text: '' }]),
		'aaaaaaaa  <U+001B>[31mred  -  -  1  <U+001B>]0;x<U+0007>\tend<U+000D>\naaaaaaaa  李               -  -  2\n',
	);
});
