import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { scratchCopy } from '../../src/workspace/scratch.js';
import { put, refusedWith, shell, tree, world } from './world.js';

const cache = join(world().base, 'cache');
before(() => {
	process.env.XDG_CACHE_HOME = cache;
});
const never = new AbortController().signal;

test('a copy holds what git knows or could know, and changing it changes nothing here', async () => {
	const place = world({
		'.gitignore': 'dist\nnode_modules\n*.log\n',
		'a.sh': 'one',
		'src/b.ts': 'b',
		'.env': 'x',
		'dist/x.js': '',
		'tracked.log': 't',
		'other.log': 'o',
		'node_modules/m/index.js': 'm',
	});
	chmodSync(join(place.root, 'a.sh'), 0o755);
	shell(place.root, 'git init -q . && git add -f tracked.log && git add .');
	const original = tree(place.root);
	const copy = await scratchCopy(place.root, never);
	assert.deepEqual(
		Object.keys(tree(copy.root)).filter(path => !path.endsWith('/')),
		['.env', '.gitignore', 'a.sh', 'node_modules', 'src/b.ts', 'tracked.log'],
	);
	assert.equal(statSync(join(copy.root, 'a.sh')).mode & 0o777, 0o755);
	assert.equal(statSync(copy.root).mode & 0o777, 0o700);
	assert.equal(readFileSync(join(copy.root, 'node_modules/m/index.js'), 'utf8'), 'm');
	put(copy.root, 'a.sh', 'two');
	await copy.close();
	assert.ok(!existsSync(copy.root));
	assert.deepEqual(tree(place.root), original);
});

test('links stay links inside the copy, and those that lead outside are left out', async () => {
	const place = world({ 'src/a.js': 'a' });
	put(place.base, 'outside/x', 'x');
	for (const [target, name] of [
		['src/a.js', 'relative'],
		[join(place.root, 'src'), 'absolute'],
		['../outside', 'out'],
		['/etc/passwd', 'etc'],
		['.', 'self'],
	] as const)
		symlinkSync(target, join(place.root, name));
	const copy = await scratchCopy(place.root, never);
	assert.deepEqual(readdirSync(copy.root).sort(), ['absolute', 'relative', 'self', 'src']);
	assert.equal(readlinkSync(join(copy.root, 'absolute')), 'src');
	put(copy.root, 'absolute/a.js', 'changed');
	assert.equal(readFileSync(join(place.root, 'src/a.js'), 'utf8'), 'a');
	await copy.close();
});

test('too much to copy is refused before anything is copied', async () => {
	const place = world();
	shell(place.root, 'truncate -s 600M big.bin');
	await assert.rejects(scratchCopy(place.root, never), refusedWith(/holds 629 MB of files; up to 500 MB/));
	assert.deepEqual(readdirSync(join(cache, 'qwill/scratch')), []);
});

test('stopped, it leaves no half copy; and a dead program’s copy goes with the next one', async () => {
	const place = world({ a: 'a' });
	await assert.rejects(scratchCopy(place.root, AbortSignal.abort()), { name: 'AbortError' });
	mkdirSync(join(cache, 'qwill/scratch/999999999-1-abcd'), { recursive: true });
	const copy = await scratchCopy(place.root, never);
	assert.equal(readdirSync(join(cache, 'qwill/scratch')).length, 1);
	await copy.close();
});
