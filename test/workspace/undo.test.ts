import assert from 'node:assert/strict';
import {
	appendFileSync,
	chmodSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	unlinkSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { redoNewest, undoNewest } from '../../src/workspace/store.js';
import type { Files } from '../../src/workspace/workspace.js';
import { filesIn, put, shell, tree, type World, world } from './world.js';

const nothing = { restored: [], removed: [], kept: [] };
const text = (root: string, path: string) => readFileSync(join(root, path), 'utf8');
async function rewrite(files: Files, path: string, content: string): Promise<void> {
	if ((await files.sight(path)) !== 'absent') await files.read(path);
	await files.write(path, content);
}

test('undo takes back the changes since the last mark, and no others', async () => {
	const place = world({ 'a.txt': 'one\r\n', 'b.txt': 'one' });
	chmodSync(join(place.root, 'b.txt'), 0o750);
	const files = await filesIn(place);
	await files.mark('first');
	await rewrite(files, 'a.txt', 'two\n');
	const between = tree(place.root);
	await files.mark('second');
	await rewrite(files, 'a.txt', 'three\n');
	await rewrite(files, 'b.txt', 'two');
	await rewrite(files, 'b.txt', 'three');
	await files.write('new/deep/c.txt', 'c');
	assert.deepEqual(await files.undo(), { restored: ['a.txt', 'b.txt'], removed: ['new/deep/c.txt'], kept: [] });
	assert.deepEqual(tree(place.root), between);
	assert.deepEqual(await files.undo(), { restored: ['a.txt'], removed: [], kept: [] });
	assert.equal(text(place.root, 'a.txt'), 'one\r\n');
	assert.deepEqual(await files.undo(), nothing);
});

test('undo since a mark takes back that message and all after it, also where some changed nothing', async () => {
	const place = world({ 'a.txt': 'one', 'b.txt': 'one', 'c.txt': 'one' });
	const files = await filesIn(place);
	const marks: string[] = [];
	const states: unknown[] = [];
	for (const [path, content] of [['a.txt', 'two'], ['b.txt', 'two'], [], ['a.txt', 'three'], ['new.txt', 'new'], ['c.txt', 'two']]) {
		states.push(tree(place.root));
		marks.push(await files.mark('m'));
		if (path && content) await rewrite(files, path, content);
	}
	writeFileSync(join(place.root, 'c.txt'), 'theirs');
	assert.deepEqual(
		(await files.changes(marks[2])).map(change => change.path),
		['a.txt', 'new.txt', 'c.txt'],
	);
	const why = 'another program has changed it since';
	assert.deepEqual(await files.undo(marks[2]), { restored: ['a.txt'], removed: ['new.txt'], kept: [{ path: 'c.txt', why }] });
	writeFileSync(join(place.root, 'c.txt'), 'one');
	assert.deepEqual(tree(place.root), states[2]);
	assert.deepEqual(await files.undo(marks[2]), nothing);
	assert.deepEqual(await files.undo(marks[0]), { restored: ['b.txt', 'a.txt'], removed: [], kept: [] });
	assert.deepEqual(tree(place.root), states[0]);
});

test('a file made by one message and changed by the next is gone when both are taken back, and is told of once', async () => {
	const place = world();
	const files = await filesIn(place);
	const mark = await files.mark('m');
	await rewrite(files, 'a.txt', 'one');
	await files.mark('n');
	await rewrite(files, 'a.txt', 'two');
	assert.deepEqual(await files.undo(mark), { restored: [], removed: ['a.txt'], kept: [] });
	assert.equal(existsSync(join(place.root, 'a.txt')), false);
});

test('redo puts on again what undo took back, once, and not over a later change', async () => {
	const place = world({ 'a.txt': 'one' });
	const files = await filesIn(place);
	await files.mark('m');
	await rewrite(files, 'a.txt', 'two');
	await files.write('d/new.sh', 'x');
	chmodSync(join(place.root, 'd/new.sh'), 0o755);
	const changed = tree(place.root);
	await files.undo();
	assert.deepEqual(await files.redo(), { restored: ['a.txt', 'd/new.sh'], removed: [], kept: [] });
	assert.deepEqual(tree(place.root), changed);
	assert.deepEqual(await files.redo(), nothing);
	await files.undo();
	await rewrite(files, 'a.txt', 'else');
	assert.deepEqual(await files.redo(), nothing);
	await files.undo();
	assert.equal(text(place.root, 'a.txt'), 'one');
});

test('a file changed since by others is kept, and named with the reason', async () => {
	const place = world({ 'a.txt': 'one', 'b.txt': 'one' });
	const files = await filesIn(place);
	await files.mark('m');
	await rewrite(files, 'a.txt', 'two');
	await rewrite(files, 'b.txt', 'two');
	await files.write('c.txt', 'two');
	writeFileSync(join(place.root, 'a.txt'), 'theirs');
	appendFileSync(join(place.root, 'c.txt'), ' and more');
	const why = 'another program has changed it since';
	assert.deepEqual(await files.undo(), {
		restored: ['b.txt'],
		removed: [],
		kept: [
			{ path: 'a.txt', why },
			{ path: 'c.txt', why },
		],
	});
	assert.equal(text(place.root, 'a.txt'), 'theirs');
	assert.equal(text(place.root, 'c.txt'), 'two and more');
});

test('undo that could do nothing can be tried again', async () => {
	const place = world({ 'a.txt': 'one' });
	const files = await filesIn(place);
	await rewrite(files, 'a.txt', 'two');
	writeFileSync(join(place.root, 'a.txt'), 'theirs');
	assert.equal((await files.undo()).kept.length, 1);
	writeFileSync(join(place.root, 'a.txt'), 'two');
	assert.deepEqual(await files.undo(), { restored: ['a.txt'], removed: [], kept: [] });
});

test('a change of others between two of ours comes back, not what was before it', async () => {
	const place = world({ 'a.txt': 'one' });
	const files = await filesIn(place);
	await rewrite(files, 'a.txt', 'two');
	writeFileSync(join(place.root, 'a.txt'), 'theirs');
	await rewrite(files, 'a.txt', 'three');
	const report = await files.undo();
	assert.deepEqual(report.restored, ['a.txt']);
	assert.match(report.kept[0]?.why ?? '', /in between/);
	assert.equal(text(place.root, 'a.txt'), 'theirs');
});

test('a deleted file comes back with its mode, in a folder that was deleted too', async () => {
	const place = world({ 'd/a.sh': 'one' });
	chmodSync(join(place.root, 'd/a.sh'), 0o755);
	const files = await filesIn(place);
	await rewrite(files, 'd/a.sh', 'two');
	rmSync(join(place.root, 'd'), { recursive: true });
	await files.undo();
	assert.equal(text(place.root, 'd/a.sh'), 'one');
	assert.equal(statSync(join(place.root, 'd/a.sh')).mode & 0o7777, 0o755);
});

test('folders made for new files go with them, unless others use them by now', async () => {
	const place = world();
	const files = await filesIn(place);
	await files.write('x/y/a.txt', 'a');
	await files.write('x/y/b.txt', 'b');
	put(place.root, 'x/theirs.txt', 'theirs');
	await files.undo();
	assert.deepEqual(Object.keys(tree(place.root)), ['x/', 'x/theirs.txt']);
});

test('a place that became a link is left alone', async () => {
	const place = world({ 'd/a.txt': 'one' });
	const files = await filesIn(place);
	await rewrite(files, 'd/a.txt', 'two');
	put(place.base, 'outside/a.txt', 'two');
	rmSync(join(place.root, 'd'), { recursive: true });
	symlinkSync(join(place.base, 'outside'), join(place.root, 'd'));
	assert.match((await files.undo()).kept[0]?.why ?? '', /leads outside/);
	assert.equal(readFileSync(join(place.base, 'outside/a.txt'), 'utf8'), 'two');
});

test('a fresh program takes back the newest group of any conversation', async () => {
	const place = world({ 'a.txt': 'one', 'b.txt': 'one' });
	const before = tree(place.root);
	const [first, second] = [await filesIn(place, 'first'), await filesIn(place, 'second')];
	await first.mark('1');
	await rewrite(first, 'a.txt', 'two');
	await second.mark('2');
	await rewrite(second, 'b.txt', 'two');
	await rewrite(first, 'a.txt', 'three');
	assert.deepEqual((await undoNewest(place)).restored, ['a.txt']);
	assert.deepEqual((await undoNewest(place)).restored, ['b.txt']);
	assert.deepEqual(await undoNewest(place), nothing);
	assert.deepEqual(tree(place.root), before);
	assert.deepEqual((await redoNewest(place)).restored, ['b.txt']);
});

test('a conversation taken up again knows its last message', async () => {
	const place = world({ 'a.txt': 'one' });
	const files = await filesIn(place);
	await files.mark('m');
	await rewrite(files, 'a.txt', 'two');
	await rewrite(files, 'a.txt', 'three');
	const again = await filesIn(place);
	assert.deepEqual(await again.changes(), [{ path: 'a.txt', before: 'one', after: 'three' }]);
	await again.mark('n');
	assert.deepEqual(await again.changes(), []);
	assert.equal((await again.changes('ever')).length, 1);
	await again.undo();
	assert.deepEqual(await again.changes('ever'), []);
});

test('undo data is for the person only', async () => {
	const place = world({ 'a.txt': 'one' });
	const files = await filesIn(place);
	await rewrite(files, 'a.txt', 'two');
	const found = tree(place.state);
	for (const [path, entry] of Object.entries(found))
		assert.ok(path.endsWith('/') ? entry === '700' : entry.startsWith('600 '), `${path} ${entry}`);
});

test('a torn or foreign line in the log costs nothing but itself', async () => {
	const place = world({ 'a.txt': 'one', 'b.txt': 'one' });
	const log = join(place.state, 'undo/log.jsonl');
	const files = await filesIn(place);
	await rewrite(files, 'a.txt', 'two');
	appendFileSync(log, '{"type":"change","group":"x","path":"../../etc/passwd"}\nnull\n{"type":"chan');
	await rewrite(files, 'b.txt', 'two');
	assert.deepEqual((await (await filesIn(place)).undo()).restored, ['a.txt', 'b.txt']);
});

test('a lost pre-image keeps the file and says so', async () => {
	const place = world({ 'a.txt': 'one' });
	const files = await filesIn(place);
	await rewrite(files, 'a.txt', 'two');
	const contents = join(place.state, 'undo/contents');
	for (const name of readdirSync(contents)) writeFileSync(join(contents, name), 'rotten');
	assert.match((await files.undo()).kept[0]?.why ?? '', /missing from the undo data/);
	assert.equal(text(place.root, 'a.txt'), 'two');
});

test('a full undo store stops the edit before it begins', async t => {
	const place = world({ 'a.txt': 'one' });
	const files = await filesIn(place);
	await files.read('a.txt');
	const contents = join(place.state, 'undo/contents');
	try {
		shell(place.base, `mount -t tmpfs -o size=4k tmpfs ${contents}; head -c 4096 /dev/zero > ${contents}/fill`);
	} catch {
		t.skip('no right to mount');
		return;
	}
	try {
		await assert.rejects(files.write('a.txt', 'two'), /^Refusal: Disk full while keeping undo data in .*; no file was changed\.$/);
		assert.equal(text(place.root, 'a.txt'), 'one');
	} finally {
		shell(place.base, `umount ${contents}`);
	}
});

const path = fc.constantFrom('a.txt', 'b.sh', 'd/c.txt', 'd/e/f.txt', 'new/g.txt');
const content = fc.constantFrom('', 'x', 'one\ntwo\n', 'one\ntwo', 'é中\n');
const step = fc.oneof(
	{ weight: 5, arbitrary: fc.record({ kind: fc.constant('write' as const), path, content }) },
	{ weight: 4, arbitrary: fc.record({ kind: fc.constant('splice' as const), path, content, at: fc.nat(8) }) },
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), path }) },
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant('mark' as const) }) },
);
type Doing = typeof step extends fc.Arbitrary<infer T> ? T : never;

test('whatever is written and deleted, undo brings each touched file back as it was at the mark, to the byte', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(step, { maxLength: 14 }), fc.boolean(), async (steps, inFreshProgram) => {
			const place = world({ 'a.txt': 'one\r\ntwo\r\n', 'b.sh': '\ufeffone\ntwo', 'd/c.txt': 'a\r\nb\nc' });
			chmodSync(join(place.root, 'b.sh'), 0o755);
			chmodSync(join(place.root, 'd/c.txt'), 0o640);
			const files = await filesIn(place);
			const groups: Group[] = [{ before: snapshot(place), touched: new Set() }];
			for (const doing of steps) await carryOut(doing, { place, files, groups });
			for (const group of groups.filter(one => one.touched.size > 0).reverse()) {
				const now = snapshot(place);
				const report = inFreshProgram ? await undoNewest(place) : await files.undo();
				assert.deepEqual(report.kept, []);
				assert.deepEqual(snapshot(place), { ...now, ...Object.fromEntries([...group.touched].map(one => [one, group.before[one]])) });
			}
			assert.deepEqual(await files.undo(), nothing);
		}),
		{ numRuns: 200, seed: 20 },
	);
});

type Group = { before: Record<string, string | undefined>; touched: Set<string> };
const all = ['a.txt', 'b.sh', 'd/c.txt', 'd/e/f.txt', 'new/g.txt'];

function snapshot({ root }: World): Record<string, string | undefined> {
	const found = tree(root);
	return Object.fromEntries(all.map(one => [one, found[one]]));
}

/** Carries one step out and keeps book: which files the group touched, and how its files were when it began. */
async function carryOut(doing: Doing, { place, files, groups }: { place: World; files: Files; groups: Group[] }): Promise<void> {
	const group = groups.at(-1)!;
	if (doing.kind === 'mark') {
		await files.mark('m');
		groups.push({ before: snapshot(place), touched: new Set() });
		return;
	}
	const full = join(place.root, doing.path);
	if (doing.kind === 'delete') {
		if (existsSync(full)) unlinkSync(full);
		// A file that we had not touched yet is as its deleter wants it: that is what our first change will find.
		if (!group.touched.has(doing.path)) group.before[doing.path] = undefined;
		return;
	}
	mkdirSync(join(place.root, 'd'), { recursive: true });
	const absent = !existsSync(full);
	if (doing.kind === 'splice' && absent) return;
	// A seen file that is gone is refused once; then it may be made anew.
	if (absent) await files.read(doing.path).catch(() => undefined);
	if (absent) await files.write(doing.path, '');
	const { text: now } = await files.read(doing.path);
	const change =
		doing.kind === 'write'
			? await files.write(doing.path, doing.content)
			: await files.splice(doing.path, [
					{ start: Math.min(doing.at, now.length), end: Math.min(doing.at + 2, now.length), text: doing.content },
				]);
	if (absent || change.before !== change.after) group.touched.add(doing.path);
}
