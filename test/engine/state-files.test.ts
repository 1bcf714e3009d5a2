import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { clearStates, measureStates, stateFolder } from '../../src/engine/local/state-files.js';

const parent = () => join(mkdtempSync(join(tmpdir(), 'qwill-states-')), 'states');
const of = (...ids: number[]) => ({ kind: 'conversation' as const, ids, replies: [] });
const writes = (text: string) => async (path: string) => {
	writeFileSync(path, text);
	return text.length;
};
const names = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => /\.[a-z]+$/.test(name));

test('a state is found again with what it holds, by this key alone', async () => {
	const top = parent();
	await stateFolder(top, 'a', 1e6).add({ kind: 'prefix', ids: [1, 2], replies: [{ text: 'hi', ids: [2] }] }, writes('bytes'));
	const [state] = stateFolder(top, 'a', 1e6).list().states;
	assert.deepEqual([state?.kind, state?.ids, state?.replies], ['prefix', [1, 2], [{ text: 'hi', ids: [2] }]]);
	assert.equal(readFileSync(state!.path, 'utf8'), 'bytes');
	assert.equal(await state?.verify(), true);
	assert.deepEqual(stateFolder(top, 'b', 1e6).list(), { states: [], damaged: 0, foreign: 0 });
});

test('a disk that takes only a part leaves nothing behind', async () => {
	const top = parent();
	const folder = stateFolder(top, 'a', 1e6);
	await assert.rejects(
		folder.add(of(1, 2, 3), async path => {
			writeFileSync(path, 'ha');
			return 4;
		}),
		/only a part/,
	);
	await assert.rejects(
		folder.add(of(1, 2, 3), () => Promise.reject(new Error('ENOSPC'))),
		/ENOSPC/,
	);
	assert.deepEqual(names(top), []);
});

test('only the person can read the files', async () => {
	const top = parent();
	await stateFolder(top, 'a', 1e6).add(of(1), writes('x'));
	for (const name of names(top)) assert.equal(statSync(join(top, name)).mode & 0o077, 0, name);
});

test('a conversation that has gone on replaces its earlier stations, and no other', async () => {
	const top = parent();
	const folder = stateFolder(top, 'a', 1e6);
	for (const ids of [
		[1, 2],
		[1, 2, 3],
		[1, 9],
	])
		await folder.add(of(...ids), writes(String(ids)));
	await folder.add(of(1, 2, 3, 4), writes('all'));
	assert.deepEqual(
		folder
			.list()
			.states.map(({ ids }) => ids.join())
			.sort(),
		['1,2,3,4', '1,9'],
	);
	assert.equal(names(top).filter(name => name.endsWith('.kv')).length, 2);
});

test('everything can be measured and removed', async () => {
	const top = parent();
	assert.deepEqual(measureStates(top), { states: 0, bytes: 0 });
	await stateFolder(top, 'a', 1e6).add(of(1), writes('x'.repeat(1000)));
	assert.ok(measureStates(top).states === 1 && measureStates(top).bytes > 1000);
	clearStates(top);
	assert.deepEqual(measureStates(top), { states: 0, bytes: 0 });
});

test('what an engine left half written when it was killed is removed once nobody can still be writing it', async () => {
	const top = parent();
	const folder = stateFolder(top, 'a', 1e6);
	await folder.add(of(1, 2), writes('bytes'));
	const [own] = readdirSync(top);
	const left = ['1.part', '2.part.json', `${'0'.repeat(64)}.kv`];
	for (const name of left) {
		for (const [age, prefix] of [
			[2 * 3600, 'f'],
			[0, ''],
		] as const) {
			const path = join(top, own!, prefix + name);
			writeFileSync(path, 'half');
			const then = new Date(Date.now() - age * 1000);
			utimesSync(path, then, then);
		}
	}
	await folder.add(of(7, 8), writes('others'));
	const remaining = names(top).map(name => basename(name));
	for (const name of left) {
		assert.ok(!remaining.includes(`f${name}`), `f${name} is still there`);
		assert.ok(remaining.includes(name), `${name} is gone`);
	}
	assert.equal(folder.list().states.length, 2);
});

test('a state of another model that was put here, or of another version, is foreign: it is removed, and never given out', async () => {
	const top = parent();
	const [mine, other, newer] = [stateFolder(top, 'a', 1e6), stateFolder(top, 'b', 1e6), stateFolder(top, 'a', 1e6, 'release 2')];
	await mine.add(of(1), writes('mine'));
	const [own] = readdirSync(top);
	await other.add(of(2), writes('foreign'));
	const [theirs] = readdirSync(top).filter(name => name !== own);
	for (const name of readdirSync(join(top, theirs!))) renameSync(join(top, theirs!, name), join(top, own!, name));
	const first = mine.list();
	assert.deepEqual([first.states.map(({ ids }) => ids), first.damaged, first.foreign], [[[1]], 0, 1]);
	assert.deepEqual(mine.list().foreign, 0);
	assert.deepEqual(newer.list(), { states: [], damaged: 0, foreign: 1 });
	assert.deepEqual(
		names(top).filter(name => name.endsWith('.kv')),
		[],
	);
});
