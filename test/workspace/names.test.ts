import assert from 'node:assert/strict';
import { test } from 'node:test';
import { components, isProtected } from '../../src/workspace/names.js';
import { refusedWith } from './world.js';

test('what names a place outside is refused by its text', () => {
	const bad = [
		'../x',
		'a/../../x',
		'/etc/passwd',
		'~/.ssh/id_rsa',
		'~root/x',
		'file:///etc/passwd',
		'https://h/x',
		'\\\\?\\C:\\x',
		'C:\\x',
		'c:/x',
		'..\\outside',
		'a\\..\\..\\x',
		'$HOME/x',
		'$\u007bHOME}/x',
		' ../x',
		'.. /x',
		'\u2025/x',
		'/w/app2/x',
		'/w',
		'//etc/passwd',
		'/w/app/../app2/x',
	];
	for (const input of bad) assert.throws(() => components('/w/app', input), refusedWith(/outside the workspace/), JSON.stringify(input));
	assert.throws(() => components('/w/app', 'a\0b'), refusedWith(/NUL/));
	assert.throws(() => components('/w/app', ''), refusedWith(/empty/));
});

test('ordinary names pass, however odd they look', () => {
	for (const input of [
		'$route.ts',
		'#notes.md',
		'a..b.txt',
		'...',
		'-rf',
		'end ',
		'a b/c d.txt',
		'caf\u00e9.txt',
		'cafe\u0301.txt',
		'x\ny',
		'a:b',
		"it's",
		'back~',
		'文档/über.md',
	]) {
		assert.deepEqual(components('/w/app', input), input.split('/'));
	}
	assert.deepEqual(components('/w/app', './src//a.js'), ['src', 'a.js']);
	assert.deepEqual(components('/w/app', '/w/app/src/a.js'), ['src', 'a.js']);
	assert.deepEqual(components('/w/app', '/w/app'), []);
	assert.deepEqual(components('/w/app', 'src/'), ['src']);
});

test('a path in a sentence has its hidden characters written out', () => {
	assert.throws(() => components('/w/app', '../a\u001b]52;c;QQ==\u0007b\u202e'), refusedWith(/^[\x20-\x7e]*<U\+001B>.*<U\+202E>/));
});

test('repository data is known whatever the spelling', () => {
	for (const path of [
		'.git/config',
		'.GIT/config',
		'src/.git/x',
		'GIT~1/config',
		'.git /config',
		'.git./config',
		'.git::$INDEX_ALLOCATION/x',
		'.g\u200cit/config',
		'.\u200dgit/x',
		'.git\\config',
		'.git',
	]) {
		assert.equal(isProtected(path), 'git', path);
	}
});

test('secrets and files that act later are told from ordinary ones', () => {
	for (const path of ['.env', '.Env', 'a/.env.local', '.env.production', '.netrc']) assert.equal(isProtected(path), 'secret', path);
	for (const path of [
		'.qwill/hooks/x.sh',
		'.QWILL/config.json',
		'.vscode/tasks.json',
		'.husky/pre-commit',
		'package.json',
		'.github/workflows/ci.yml',
		'.mcp.json',
		'.envrc',
		'.idea/workspace.xml',
		'.devcontainer/devcontainer.json',
		'AGENTS.md',
		'.yarnrc.yml',
		'.npmrc',
		'.gitattributes',
	]) {
		assert.equal(isProtected(path), 'startup', path);
	}
	for (const path of [
		'.env.example',
		'git/config.ts',
		'.gitignore',
		'.github/ISSUE_TEMPLATE.md',
		'env.ts',
		'conftest.py',
		'.eslintrc.json',
		'src/a.ts',
	]) {
		assert.equal(isProtected(path), undefined, path);
	}
});
