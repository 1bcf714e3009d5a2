import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
	assert.deepEqual(stateFolder(top, 'b', 1e6).list(), { states: [], damaged: 0 });
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
