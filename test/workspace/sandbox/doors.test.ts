/** What a door lets a boxed command do, seen from outside, and which doors there are none of. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { closedDoors } from '../../../src/workspace/sandbox/doors.js';
import { put, refusedWith, shell, tree } from '../world.js';
import { boxed, noBox, place } from './boxes.js';

/** A checkout beside the root, and one beside that. */
function scene() {
	const { base, root } = place();
	put(base, 'lib/src/a.js', 'orig');
	put(base, 'lib/.env', 'KEY=CANARY-env\n');
	put(base, 'other/a.js', 'CANARY-other');
	shell(join(base, 'lib'), 'git init -q -b main');
	return { base, root, doors: closedDoors(root) };
}

describe('a door to a folder', { skip: noBox }, () => {
	test('a command reads and writes there, and not beside it', async () => {
		const { base, root, doors } = scene();
		assert.equal((await boxed(root, 'cat ../lib/src/a.js', { doors })).exitCode, 1);
		assert.equal(doors.openFolder('../lib'), '../lib');
		const others = tree(join(base, 'other'));
		const ran = await boxed(
			root,
			'cat ../lib/src/a.js && echo new > ../lib/src/a.js && mkdir ../lib/out; cat ../other/a.js; rm -r ../other',
			{ doors },
		);
		assert.match(ran.output, /^orig/);
		assert.doesNotMatch(ran.output, /CANARY/);
		assert.equal(readFileSync(join(base, 'lib/src/a.js'), 'utf8'), 'new\n');
		assert.ok(existsSync(join(base, 'lib/out')));
		assert.deepEqual(tree(join(base, 'other')), others);
		doors.close();
		assert.equal((await boxed(root, 'cat ../lib/src/a.js', { doors })).exitCode, 1);
	});

	test('its repository and the settings in it are read only, its secrets empty, and nothing is left over', async () => {
		const { base, root, doors } = scene();
		doors.openFolder(join(base, 'lib'));
		const before = tree(join(base, 'lib'));
		const ran = await boxed(
			root,
			'cd ../lib; cat .env; echo x > .env; echo x > .git/hooks/pre-commit; mv .git g; echo x > .vscode/tasks.json; mkdir .husky/_; rm -rf .qwill',
			{ doors },
		);
		assert.doesNotMatch(ran.output, /CANARY/);
		assert.deepEqual(tree(join(base, 'lib')), before);
		assert.match(
			(await boxed(root, 'git init -q ../lib/sub', { doors })).output,
			/\[This command made a repository: \.\.\/lib\/sub\/\.git\]/,
		);
	});

	test('where changes are tried it can only be read', async () => {
		const { base, root, doors } = scene();
		doors.openFolder('../lib');
		const before = tree(join(base, 'lib'));
		const ran = await boxed(root, `cat ${base}/lib/src/a.js; rm -rf ${base}/lib/src; echo x > ${base}/lib/new`, {
			doors,
			thrownAway: true,
		});
		assert.match(ran.output, /^orig/);
		assert.deepEqual(tree(join(base, 'lib')), before);
	});

	test('a link that takes its place leads nowhere', async () => {
		const { base, root, doors } = scene();
		doors.openFolder('../lib');
		renameSync(join(base, 'lib'), join(base, 'moved'));
		symlinkSync('other', join(base, 'lib'));
		await assert.rejects(
			boxed(root, 'cat ../lib/a.js', { doors }),
			refusedWith(/^\.\.\/lib is not the folder any more that was opened; nothing was run/),
		);
	});
});

test('doors have names, are open once, and an outer one takes the inner one in', () => {
	const { base, root, doors } = scene();
	put(base, 'home/x/y/z', '');
	assert.equal(doors.openFolder('~/x'), '../home/x');
	assert.throws(() => doors.openFolder('../home/x'), /^Refusal: Not opened: \S+\/x is open already\.$/);
	assert.throws(() => doors.openFolder('../home/x/y'), /Not opened: \S+\/y is open already, with \S+\/x\./);
	doors.openFolder('../lib/src');
	doors.openFolder('../lib');
	assert.deepEqual(doors.names(), ['../home/x', '../lib']);
	doors.close(['../lib']);
	assert.deepEqual([doors.names(), doors.folders()], [['../lib'], [join(base, 'lib')]]);
	put(root, 'deep/er/still/x', '');
	assert.equal(closedDoors(join(root, 'deep/er/still')).openFolder(join(base, 'lib')), join(base, 'lib'));
});

test('what is no folder, too wide, secret, ours, or what programs are started from stays closed', t => {
	const { base, root, doors } = scene();
	for (const path of [
		'home/.ssh',
		'home/.config/app',
		'home/.local/bin',
		'home/.cache/tool',
		'home/.m2/repository',
		'home/Library/LaunchAgents',
		'home/Library/Caches/tool',
		'home/Applications/a.app',
		'home/state/qwill',
		'tools/bin',
	])
		mkdirSync(join(base, path), { recursive: true });
	put(root, 'src/a.js', '');
	put(base, 'file', '');
	symlinkSync('/etc', join(base, 'link'));
	const path = process.env.PATH;
	t.after(() => (process.env.PATH = path));
	process.env.PATH = `${path}:${join(base, 'tools/bin')}`;
	const closed: readonly [string, RegExp][] = [
		['', /^Not opened: "" is not a folder\.$/],
		['../nothing', /^Not opened: "\.\.\/nothing" is not a folder\.$/],
		['../file', /is not a folder/],
		['a\0b', /is not a folder/],
		['/', /\/ is too wide a folder/],
		['..', /holds your home folder/],
		['~', /holds your home folder/],
		['../link', /\/etc is too wide/],
		['/usr/share/doc', /belongs to the system/],
		['.', /is in the folder that qwill works in/],
		['src', /is in the folder that qwill works in/],
		['../lib/.git', /is for settings, keys or programs/],
		['~/.ssh', /is for settings, keys or programs/],
		['~/.config/app', /is for settings, keys or programs/],
		['~/.local/bin', /is for settings, keys or programs/],
		['~/Library/LaunchAgents', /is for settings, keys or programs/],
		['~/Applications/a.app', /is for settings, keys or programs/],
		['~/state', /holds what qwill keeps for itself/],
		['~/state/qwill', /holds what qwill keeps for itself/],
		['../tools', /your PATH has programs in \S+\/tools\/bin/],
		['../tools/bin', /your PATH has programs in/],
	];
	for (const [typed, says] of closed)
		assert.throws(
			() => doors.openFolder(typed),
			error => refusedWith(says)(error) && (error as { exitCode?: number }).exitCode === 42,
			JSON.stringify(typed),
		);
	assert.deepEqual(doors.names(), []);
	for (const cache of ['~/.cache/tool', '~/.m2/repository', '~/Library/Caches/tool']) assert.ok(doors.openFolder(cache));
	const below = closedDoors(join(root, 'src'));
	assert.throws(() => below.openFolder('..'), /holds the folder that qwill works in/);
});
