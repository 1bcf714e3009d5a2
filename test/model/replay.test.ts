import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { after, test } from 'node:test';
import { journalsIn, makeWorld, qwill, removeWorld } from '../accept/play.js';
import { tinyModel } from './tiny.js';

const world = makeWorld();
after(() => removeWorld(world));

test('what a model wrote in two runs, drawn by chance, is written again to the character; with another seed it is not', () => {
	for (const words of [
		['-m', tinyModel(), '--seed', '3'],
		['-m', tinyModel(), '-c'],
	]) {
		const { code, stderr } = qwill(world, [...words, '-p', 'hello']);
		assert.equal(code, 0, stderr);
	}
	const [journal = ''] = journalsIn(world);
	const id = basename(journal, '.jsonl');
	const again = qwill(world, ['replay', id]);
	assert.match(
		again.stdout,
		/^(?:Message [12], reply 1: the same, \d+ characters\.\n){2}The same to the character: 2 of 2 replies\.\n$/,
		again.stderr,
	);
	assert.equal(again.code, 0);
	writeFileSync(journal, readFileSync(journal, 'utf8').replace('"seed":3}', '"seed":4}'));
	const other = qwill(world, ['replay', id]);
	assert.match(other.stdout, /^Message 1, reply 1: differs at line 1, column \d+/, other.stderr);
	assert.equal(other.code, 1);
});
