import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { undoNewest } from '../../src/workspace/store.js';
import { bundled } from '../bundle.js';
import { filesIn, put, refusedWith, shell, tree, type World, world } from './world.js';

const built = mkdtempSync(join(tmpdir(), 'qwill-writer-'));
const program = bundled(join(import.meta.dirname, 'writer.ts'), built);
after(() => rmSync(built, { recursive: true, force: true }));

/** Starts a writer and waits until it says that it begins. */
async function writer({ root, state }: World, ...rest: string[]) {
	const child = spawn(process.execPath, [program, root, state, ...rest], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const exited = once(child, 'exit');
	await once(child.stdout, 'data');
	return { child, exited };
}

/** The same "chance" every time (Park and Miller's minimal standard generator). */
function chance(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state * 48_271) % 2_147_483_647;
		return state / 2_147_483_647;
	};
}

test('killed at 200 random instants, every file is old or new, nothing is left lying about, and undo is exact', {
	timeout: 300_000,
}, async () => {
	const random = chance(11);
	const kill = async (): Promise<void> => {
		const place = world({ 'd0/f.txt': 'zero\r\n', 'd1/f.txt': '\ufeffone' });
		const old = tree(place.root);
		const { child, exited } = await writer(place, 'c', '200');
		// The instant is counted in the log's own steps, so that it does not hang on the speed of the machine.
		const log = join(place.state, 'undo/log.jsonl');
		const lines = 1 + Math.floor(random() * 60);
		while (child.exitCode === null && (existsSync(log) ? readFileSync(log, 'utf8').split('\n').length : 0) <= lines)
			await new Promise(setImmediate);
		child.kill('SIGKILL');
		await exited;
		for (const number of [0, 1, 2, 3, 4]) {
			const path = join(place.root, `d${number}/f.txt`);
			if (!existsSync(path)) continue;
			const text = readFileSync(path, 'utf8').replaceAll('\r\n', '\n').replace('\ufeff', '');
			const which = /^begin (\d+)\n/.exec(text)?.[1];
			if (which === undefined) assert.ok(text === 'zero\n' || text === 'one', text.slice(0, 40));
			else assert.equal(text, `begin ${which}\n${`${which}\n`.repeat(2000)}end ${which}\n`);
		}
		const report = await undoNewest(place);
		assert.deepEqual(report.kept, []);
		assert.deepEqual(tree(place.root), old, `after ${lines} lines`);
		rmSync(place.base, { recursive: true, force: true });
	};
	for (let round = 0; round < 100; round++) await Promise.all([kill(), kill()]);
});

test('killed while it takes back, undo can be carried on by the next program', async () => {
	const random = chance(5);
	for (let round = 0; round < 8; round++) {
		const files = Object.fromEntries(Array.from({ length: 30 }, (_none, index) => [`f${index}.txt`, `old ${index}\n`]));
		const place = world(files);
		const old = tree(place.root);
		const door = await filesIn(place);
		for (const path of Object.keys(files)) {
			await door.read(path);
			await door.write(path, 'new\n'.repeat(100));
		}
		const store = join(import.meta.dirname, '../../src/workspace/store.ts');
		const script = `const { undoNewest } = await import(${JSON.stringify(store)}); await undoNewest(${JSON.stringify({ root: place.root, state: place.state })});`;
		const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: 'inherit' });
		const exited = once(child, 'exit');
		const goal = Math.floor(random() * 28);
		const back = () => Object.entries(files).filter(([path, text]) => readFileSync(join(place.root, path), 'utf8') === text).length;
		while (child.exitCode === null && back() <= goal) await new Promise(setImmediate);
		child.kill('SIGKILL');
		await exited;
		const report = await undoNewest(place);
		assert.deepEqual(report.kept, []);
		assert.deepEqual(tree(place.root), old, `after ${goal} files`);
	}
});

test('two programs at once lose no change of each other, and undo still takes all of it back', async () => {
	const place = world({ 'log.txt': 'start\n' });
	const old = tree(place.root);
	const writers = await Promise.all([writer(place, 'a', '40', 'log.txt'), writer(place, 'b', '40', 'log.txt')]);
	for (const { exited } of writers) assert.equal((await exited)[0], 0);
	const lines = readFileSync(join(place.root, 'log.txt'), 'utf8').trimEnd().split('\n');
	for (const name of ['a', 'b'])
		assert.deepEqual(
			lines.filter(line => line.startsWith(name)),
			Array.from({ length: 40 }, (_none, index) => `${name} ${index}`),
		);
	assert.deepEqual(Object.keys(tree(place.root)), Object.keys(old));
});

test('a file that another program replaces all the time can be read', async () => {
	const place = world({ 'log.txt': 'old\n' });
	const replacing = spawn(process.execPath, [
		'-e',
		`const fs = require('fs'); process.chdir(${JSON.stringify(place.root)}); for (;;) { fs.writeFileSync('t', 'new\\n'); fs.renameSync('t', 'log.txt'); }`,
	]);
	try {
		const files = await filesIn(place);
		while ((await files.read('log.txt')).text !== 'new\n');
		for (let i = 0; i < 5000; i++) assert.equal((await files.read('log.txt')).text, 'new\n');
	} finally {
		replacing.kill('SIGKILL');
	}
});

test('a temporary name of ours that was there before is nobody’s way in', async () => {
	const place = world({ 'a.txt': 'one' });
	const files = await filesIn(place);
	await files.read('a.txt');
	put(place.root, '.qwill-000000000000.tmp', 'theirs');
	await files.write('a.txt', 'two');
	assert.equal(readFileSync(join(place.root, '.qwill-000000000000.tmp'), 'utf8'), 'theirs');
});

test('a nearly full disk never tears a file, and leaves nothing behind', async t => {
	const place = world();
	try {
		shell(place.base, `mount -t tmpfs -o size=256k tmpfs ${place.root}`);
	} catch {
		t.skip('no right to mount');
		return;
	}
	try {
		const files = await filesIn(place);
		let refused = 0;
		for (let level = 0; level < 20; level++) {
			shell(place.root, `rm -f *; echo old > a.txt; head -c ${(20 + level * 12) * 1024} /dev/zero > fill; true`);
			await files.read('a.txt');
			const text = `${'x'.repeat(100_000)}\n`;
			try {
				await files.write('a.txt', text);
				assert.equal(readFileSync(join(place.root, 'a.txt'), 'utf8'), text);
			} catch (error) {
				assert.ok(refusedWith(/^Disk full while writing a\.txt; the old content is intact\.$/)(error), String(error));
				assert.equal(readFileSync(join(place.root, 'a.txt'), 'utf8'), 'old\n');
				refused++;
			}
			if (level === 19) await assert.rejects(files.write('new.txt', text), refusedWith(/^Disk full while writing new\.txt\.$/));
			assert.deepEqual(Object.keys(tree(place.root)).sort(), ['a.txt', 'fill']);
		}
		assert.ok(refused > 3 && refused < 20, String(refused));
	} finally {
		shell(place.base, `umount ${place.root}`);
	}
});

test('a link that is swapped in and out while files are read never shows what is outside', async () => {
	const place = world({ 'd/a.txt': 'inside', 'e/a.txt': 'inside' });
	put(place.base, 'outside/a.txt', 'SECRET');
	const swap = `const fs = require('fs'); process.chdir(${JSON.stringify(place.root)}); process.stdout.write('ready'); for (;;) { fs.renameSync('d', 'x'); fs.symlinkSync('../outside', 'd'); fs.unlinkSync('d'); fs.renameSync('x', 'd'); }`;
	const child = spawn(process.execPath, ['-e', swap], { stdio: ['ignore', 'pipe', 'inherit'] });
	const exited = once(child, 'exit');
	try {
		await once(child.stdout, 'data');
		const files = await filesIn(place);
		const seen = new Set<string>();
		for (let round = 0; round < 5000; round++) {
			seen.add(
				await files.peek('d/a.txt').then(
					file => file.text,
					error => (refusedWith(/./)(error) ? 'refused' : String(error)),
				),
			);
		}
		assert.ok(seen.has('inside'));
		assert.deepEqual(
			[...seen].filter(one => one !== 'inside' && one !== 'refused'),
			[],
		);
	} finally {
		child.kill('SIGKILL');
		await exited;
	}
});
