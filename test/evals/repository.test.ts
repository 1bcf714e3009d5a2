import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runGroup } from './group.js';
import { judged, python, pythonParses } from './judge.js';
import { bareEnvironment, changed, newRepository, readFiles } from './repository.js';

const files = { 'half.py': 'def half(x):\n    return x / 2\n', 'tests/test_half.py': 'import half\n' };

test('an item has a clean repository of its own, without the settings of the person', () => {
	process.env.QWILL_MODEL = 'the person’s';
	const place = newRepository(files, mkdtempSync(join(tmpdir(), 'qwill-eval-cache-')));
	try {
		const git = (...args: string[]) => execFileSync('git', args, { cwd: place.root, env: place.env, encoding: 'utf8' }).trim();
		assert.equal(git('status', '--porcelain'), '');
		assert.equal(git('ls-files'), 'half.py\ntests/test_half.py');
		assert.deepEqual(
			Object.keys(place.env).filter(name => /^QWILL_/.test(name)),
			[],
		);
		assert.ok(place.state.startsWith(join(place.root, '..')) && place.env.XDG_STATE_HOME === place.state);
		assert.notEqual(place.env.HOME, process.env.HOME);
	} finally {
		delete process.env.QWILL_MODEL;
		place.remove();
	}
	assert.equal(existsSync(place.root), false);
});

test('what was changed is told by path, what git and Python keep is not looked at', () => {
	const place = newRepository(files, tmpdir());
	try {
		assert.deepEqual(readFiles(place.root), files);
		writeFileSync(join(place.root, 'half.py'), 'def half(x):\n    return x // 2\n');
		writeFileSync(join(place.root, 'new.py'), '');
		assert.deepEqual(changed(files, readFiles(place.root)), ['half.py', 'new.py']);
	} finally {
		place.remove();
	}
});

test('a program that does not end is ended, with what it has started', async () => {
	// What it has started holds its output open for ten minutes, so that this would last as long.
	const ran = await runGroup({
		program: 'sh',
		args: ['-c', 'sleep 600 & wait'],
		cwd: tmpdir(),
		env: bareEnvironment(tmpdir()),
		seconds: 1,
	});
	assert.equal(ran.late, true);
	assert.equal(ran.code, null);
	assert.ok(ran.ms < 300_000, `${ran.ms} ms`);
});

test('a judge tells right from wrong, and says why', async () => {
	assert.deepEqual(await judged({ 'item.py': 'assert 1 + 1 == 2\n' }, python('item.py')), { right: true, why: '' });
	assert.deepEqual(await judged({ 'item.py': 'assert 1 + 1 == 3, "three"\n' }, python('item.py')), {
		right: false,
		why: 'AssertionError: three',
	});
	assert.equal(await pythonParses({ 'a.py': 'x = 1\n' }), true);
	assert.equal(await pythonParses({ 'a.py': 'x = (\n' }), false);
});
