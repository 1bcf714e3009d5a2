import assert from 'node:assert/strict';
import {
	chmodSync,
	existsSync,
	linkSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { attacks } from '../accept/attacks.js';
import { filesIn, put, refusedWith, shell, tree, world } from './world.js';

const text = (root: string, path: string) => readFileSync(join(root, path), 'utf8');

test('a splice keeps CRLF, BOM, mode and the missing last newline', async () => {
	const place = world({ 'a.sh': '\ufeffone\r\ntwo\r\nthree' });
	chmodSync(join(place.root, 'a.sh'), 0o755);
	const files = await filesIn(place);
	const file = await files.read('a.sh');
	assert.deepEqual(file, { path: 'a.sh', text: 'one\ntwo\nthree', eol: '\r\n', bom: true, bytes: 18 });
	const change = await files.splice('a.sh', [{ start: 4, end: 7, text: 'zwei\nund' }]);
	assert.deepEqual(change, { path: 'a.sh', before: 'one\ntwo\nthree', after: 'one\nzwei\nund\nthree' });
	assert.equal(text(place.root, 'a.sh'), '\ufeffone\r\nzwei\r\nund\r\nthree');
	assert.equal(statSync(join(place.root, 'a.sh')).mode & 0o7777, 0o755);
});

test('writing a whole file keeps its line ends, even mixed ones where nothing changed', async () => {
	const place = world({ 'm.txt': 'a\r\nb\nc\r\nd\n' });
	const files = await filesIn(place);
	await files.read('m.txt');
	await files.write('m.txt', 'a\nb\nC\nd\n');
	assert.equal(text(place.root, 'm.txt'), 'a\r\nb\nC\r\nd\n');
});

test('an unseen file is not overwritten, a seen one is, and what was written counts as seen', async () => {
	const place = world({ 'a.txt': 'mine' });
	const files = await filesIn(place);
	assert.equal(await files.sight('a.txt'), 'unseen');
	assert.equal(await files.sight('b.txt'), 'absent');
	await assert.rejects(files.write('a.txt', 'x'), refusedWith(/a\.txt exists but has not been read/));
	await files.peek('a.txt');
	await assert.rejects(files.splice('a.txt', [{ start: 0, end: 0, text: 'x' }]), refusedWith(/not been read/));
	assert.equal(text(place.root, 'a.txt'), 'mine');
	await files.read('a.txt');
	assert.equal(await files.sight('./a.txt'), 'fresh');
	await files.write('a.txt', 'x');
	await files.write('a.txt', 'y');
	assert.equal(text(place.root, 'a.txt'), 'y');
});

test('a file that changed since it was read is left alone', async () => {
	const place = world({ 'a.txt': 'old' });
	const files = await filesIn(place);
	await files.read('a.txt');
	writeFileSync(join(place.root, 'a.txt'), 'new');
	assert.equal(await files.sight('a.txt'), 'stale');
	await assert.rejects(files.splice('a.txt', [{ start: 0, end: 3, text: 'x' }]), refusedWith(/changed since it was read/));
	assert.equal(text(place.root, 'a.txt'), 'new');
	rmSync(join(place.root, 'a.txt'));
	mkdirSync(join(place.root, 'a.txt'));
	await assert.rejects(files.write('a.txt', 'x'), refusedWith(/is a folder/));
});

test('a file removed since it was read is not made again unnoticed, but can be after that', async () => {
	const place = world({ 'a.txt': 'old' });
	const files = await filesIn(place);
	await files.read('a.txt');
	rmSync(join(place.root, 'a.txt'));
	await assert.rejects(files.write('a.txt', 'x'), refusedWith(/removed since it was read/));
	await files.write('a.txt', 'x');
	assert.equal(text(place.root, 'a.txt'), 'x');
});

test('the same text again changes nothing, not even the time of the file', async () => {
	const place = world({ 'a.txt': 'same\r\n' });
	const files = await filesIn(place);
	await files.read('a.txt');
	const before = statSync(join(place.root, 'a.txt'), { bigint: true });
	assert.deepEqual(await files.write('a.txt', 'same\n'), { path: 'a.txt', before: 'same\n', after: 'same\n' });
	const after = statSync(join(place.root, 'a.txt'), { bigint: true });
	assert.deepEqual([after.ino, after.mtimeNs], [before.ino, before.mtimeNs]);
	assert.deepEqual(await files.changes(), []);
});

test('empty files, odd names and deep new folders work', async () => {
	const place = world({ empty: '' });
	const files = await filesIn(place);
	assert.equal((await files.read('empty')).text, '');
	await files.write('empty', 'now\n');
	for (const name of ['a b/c d.txt', 'line\nbreak', '文档/über.md', '-rf', 'end ', ' x', '*', 'back\\slash']) {
		await files.write(name, `${name}\n`);
		assert.equal((await files.read(name)).text, `${name}\n`);
		assert.equal(text(place.root, name), `${name}\n`);
	}
	assert.deepEqual(await files.entries('a b'), ['c d.txt']);
});

test('names that differ only in form are never mixed up, and a near miss is named', async () => {
	const place = world({ 'caf\u00e9.txt': 'a', 'cafe\u0301.txt': 'b', 'Sum.js': 'x' });
	const files = await filesIn(place);
	assert.equal((await files.read('caf\u00e9.txt')).text, 'a');
	assert.equal((await files.read('cafe\u0301.txt')).text, 'b');
	await assert.rejects(files.read('sum.js'), refusedWith(/sum\.js does not exist\. There is Sum\.js in the same folder/));
});

test('a path that cannot be a file gets one plain sentence', async () => {
	const place = world({ 'src/a.ts': 'x' });
	const files = await filesIn(place);
	await assert.rejects(files.read('nodir/x'), refusedWith(/nodir\/x does not exist/));
	await assert.rejects(files.read('src/a.ts/x'), refusedWith(/src\/a\.ts is not a folder/));
	await assert.rejects(files.read('src'), refusedWith(/src is a folder/));
	await assert.rejects(files.read('src/'), refusedWith(/src is a folder/));
	await assert.rejects(files.write('new/', 'x'), refusedWith(/ends in \//));
	await assert.rejects(files.read('y'.repeat(300)), refusedWith(/name is too long/));
	await assert.rejects(files.write('y'.repeat(300), 'x'), refusedWith(/name is too long/));
	await assert.rejects(files.write(`made/for/it/${'y'.repeat(300)}`, 'x'), refusedWith(/name is too long/));
	assert.deepEqual(Object.keys(tree(place.root)), ['src/', 'src/a.ts']);
	await assert.rejects(files.entries('src/a.ts'), refusedWith(/is a file, not a folder/));
	await assert.rejects(files.splice('nope', []), refusedWith(/does not exist/));
});

test('git’s own data is read, never written, through a link neither', async () => {
	const place = world({ '.git/config': 'x', 'sub/.git/config': 'x' });
	symlinkSync('.git', join(place.root, 'glink'));
	const files = await filesIn(place);
	for (const path of ['.git/config', 'src/../.git/config', 'glink/config', '.git/hooks/pre-commit', 'sub/.git/config', '.GIT/x']) {
		await assert.rejects(files.write(path, 'x'), refusedWith(/belongs to git|not been read/), path);
	}
	await files.read('glink/config');
	await assert.rejects(files.write('glink/config', 'y'), refusedWith(/belongs to git/));
	assert.equal(await files.inside('glink/config'), '.git/config');
});

test('links that lead outside are refused for everything, and nothing appears outside', async () => {
	const place = world({ 'in.txt': 'in' });
	put(place.base, 'outside/victim.txt', 'orig');
	const outside = join(place.base, 'outside');
	const before = tree(outside);
	for (const [target, name] of [
		[outside, 'dir'],
		[join(outside, 'victim.txt'), 'file'],
		[join(outside, 'created'), 'dangling'],
		['../outside/victim.txt', 'relative'],
		['file', 'two'],
		['/proc/self/fd/0', 'fdl'],
		['/proc/self/mem', 'mem'],
		['/dev/full', 'full'],
		['loop', 'loop'],
	] as const)
		symlinkSync(target, join(place.root, name));
	const files = await filesIn(place);
	for (const path of [
		'file',
		'dir/victim.txt',
		'dir/new.txt',
		'dangling',
		'relative',
		'two',
		'fdl',
		'mem',
		'full',
		'loop',
		'dir/../outside/victim.txt',
		'dir/../in.txt',
	]) {
		await assert.rejects(files.read(path), refusedWith(/leads outside|outside the workspace|too many links/), path);
		await assert.rejects(files.write(path, 'x'), refusedWith(/leads outside|outside the workspace|too many links/), path);
		await assert.rejects(files.inside(path), refusedWith(/./), path);
	}
	assert.deepEqual(tree(outside), before);
	assert.deepEqual((await files.list()).paths, ['in.txt']);
});

test('a link that stays inside is followed, and its target changed', async () => {
	const place = world({ 'src/a.js': 'one\n' });
	symlinkSync('src/a.js', join(place.root, 'in_link'));
	symlinkSync(join(place.root, 'src'), join(place.root, 'absolute'));
	const files = await filesIn(place);
	assert.equal(await files.inside('absolute/../in_link'), 'src/a.js');
	await files.read('in_link');
	assert.equal(await files.sight('absolute/a.js'), 'fresh');
	await files.write('absolute/a.js', 'two\n');
	assert.equal(text(place.root, 'src/a.js'), 'two\n');
	assert.ok(existsSync(join(place.root, 'in_link')));
});

test('the 40th link is followed, the 41st is not', async () => {
	const place = world({ t: 'x' });
	shell(place.root, 'ln -s t l1; for i in $(seq 2 41); do ln -s l$((i-1)) l$i; done');
	const files = await filesIn(place);
	assert.equal((await files.read('l40')).text, 'x');
	await assert.rejects(files.read('l41'), refusedWith(/too many links/));
});

test('pipes, sockets and devices are refused without waiting', async () => {
	const place = world();
	shell(
		place.root,
		"mkfifo pipe; python3 -c \"import socket; socket.socket(socket.AF_UNIX).bind('sock')\" || node -e \"require('net').createServer().listen('sock', () => process.exit())\"",
	);
	const files = await filesIn(place);
	for (const path of ['pipe', 'sock']) {
		const started = performance.now();
		await assert.rejects(files.read(path), refusedWith(/not a regular file but a (pipe|socket)/));
		await assert.rejects(files.write(path, 'x'), refusedWith(/not a regular file/));
		assert.ok(performance.now() - started < 1000);
	}
});

test('files too big are refused before they are read', async () => {
	const place = world();
	shell(place.root, 'truncate -s 3G big.bin; truncate -s 1T sparse');
	const files = await filesIn(place);
	await assert.rejects(files.read('big.bin'), refusedWith(/3,221,225,472 bytes.*limit is 10,000,000/));
	await assert.rejects(files.read('sparse'), refusedWith(/too big/));
});

test('a file with hard links is written with a note, and the other name keeps its content', async () => {
	const place = world({ 'a.txt': 'old' });
	put(place.base, 'other', 'x');
	linkSync(join(place.root, 'a.txt'), join(place.base, 'twin'));
	const files = await filesIn(place);
	await files.read('a.txt');
	const change = await files.write('a.txt', 'new');
	assert.match(change.note ?? '', /2 names \(hard links\); the other one keeps the old content/);
	assert.equal(readFileSync(join(place.base, 'twin'), 'utf8'), 'old');
});

test('a folder that may not be written to gets a sentence and no leftovers', { skip: process.getuid?.() === 0 }, async () => {
	const place = world({ 'ro/a.txt': 'x' });
	chmodSync(join(place.root, 'ro'), 0o555);
	const files = await filesIn(place);
	await files.read('ro/a.txt');
	await assert.rejects(
		files.write('ro/a.txt', 'y'),
		refusedWith(/^Permission denied while writing ro\/a\.txt; the old content is intact\.$/),
	);
	await assert.rejects(files.write('ro/x', 'y'), refusedWith(/^Permission denied/));
	assert.deepEqual(readdirSync(join(place.root, 'ro')), ['a.txt']);
	chmodSync(join(place.root, 'ro'), 0o755);
});

test('without /proc the walk goes by path and still refuses what leads outside', async () => {
	const { withSpot } = await import('../../src/workspace/inside.js');
	const { readExisting } = await import('../../src/workspace/regular.js');
	const place = world({ 'src/a.js': 'one' });
	symlinkSync('/etc', join(place.root, 'out'));
	symlinkSync('src', join(place.root, 'in'));
	const root = { path: place.root, byDescriptor: false };
	assert.equal(await withSpot(root, 'in/a.js', spot => `${spot.path} ${readExisting(root, spot).bytes}`), 'src/a.js one');
	await assert.rejects(
		withSpot(root, 'out/passwd', () => 0),
		refusedWith(/leads outside/),
	);
});

test('the open cases of paths hold', async t => {
	for (const attack of attacks('paths').filter(
		one => ['traversal', 'prefix-twin', 'symlink', 'special-file', 'binary', 'error', 'size'].includes(one.class) || one.kind === 'benign',
	)) {
		await t.test(
			`${attack.id} ${attack.why}`,
			{ skip: attack.class === 'error' && attack.given?.action === 'write' && process.getuid?.() === 0 },
			async () => {
				const place = world({ 'src/a.js': 'console.log(1)\n', 'src/a.ts': 'console.log(1)\n' });
				put(place.base, 'outside/victim.txt', 'orig\n');
				const env = { W: place.base };
				symlinkSync(join(place.base, 'outside'), join(place.root, 'out_link'));
				symlinkSync(join(place.base, 'outside/victim.txt'), join(place.root, 'file_link'));
				if (attack.given?.setup) shell(place.root, attack.given.setup, env);
				const outside = tree(join(place.base, 'outside'));
				const files = await filesIn(place);
				const path = String(attack.input).replace('$W/', `${place.base}/`);
				if (attack.given?.action !== 'read' && attack.kind === 'benign' && (await files.sight(path)) === 'unseen') await files.read(path);
				const doing = attack.given?.action === 'read' ? files.read(path) : files.write(path, 'x\n');
				if (attack.kind === 'benign') await doing;
				else await assert.rejects(doing, refusedWith(/./));
				assert.deepEqual(tree(join(place.base, 'outside')), outside);
			},
		);
	}
});
