import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Writer } from '../../src/types.js';
import { authorsIn, linesOf, newLines, rangesOf } from '../../src/workspace/written.js';
import { filesIn, put, type World, world } from './world.js';

const sampling = { temperature: 0, topP: 1, topK: 1, minP: 0, repeatPenalty: 1, seed: 7 };
const writer: Writer = { model: 'small', sampling };
const text = (place: World, path = 'a.txt') => readFileSync(join(place.root, path), 'utf8');

/** Who wrote each line of the file as it is now: the model and its conversation, or nobody known. */
const who = (place: World, path = 'a.txt') =>
	authorsIn(place)
		.of(path, text(place, path))
		.map(author => author && `${author.writer.model} in ${author.conversation}`);

async function writes(
	place: World,
	content: string,
	{ conversation = 'c', by = writer }: { conversation?: string; by?: Writer | undefined } = {},
) {
	const files = await filesIn(place, conversation);
	await files.mark('do it');
	await files.read('a.txt');
	await files.signed(by).write('a.txt', content);
	return files;
}

test('the lines that a model put in are its own, in the conversation that asked for them', async () => {
	const place = world({ 'a.txt': 'one\ntwo\nthree\n' });
	await writes(place, 'one\nzwei\nthree\nvier\n');
	await writes(place, 'eins\nzwei\nthree\nvier\n', { conversation: 'd', by: { ...writer, model: 'large' } });
	assert.deepEqual(who(place), ['large in d', 'small in c', undefined, 'small in c']);
	assert.deepEqual(authorsIn(place).paths, ['a.txt']);
	assert.match(authorsIn(place).of('a.txt', text(place))[1]?.time ?? '', /^\d{4}-\d\d-\d\dT/);
});

test('a line that a person changes, before or after, is nobody’s, and the others stay the model’s', async () => {
	const place = world({ 'a.txt': 'one\ntwo\n' });
	await writes(place, 'one\nzwei\ndrei\n');
	put(place.root, 'a.txt', 'head\none\nzwei\nDREI\n');
	assert.deepEqual(who(place), [undefined, undefined, 'small in c', undefined]);
	await writes(place, 'head\none\nzwei\nDREI\nfive\n');
	assert.deepEqual(who(place), [undefined, undefined, 'small in c', undefined, 'small in c']);
});

test('what the program wrote by itself, and what was taken back, is no model’s', async () => {
	const place = world({ 'a.txt': 'one\n' });
	const files = await filesIn(place);
	await files.mark('rename');
	await files.read('a.txt');
	await files.signed(writer).signed(undefined).write('a.txt', 'uno\n');
	assert.deepEqual(who(place), [undefined]);
	assert.deepEqual(authorsIn(place).paths, []);
	const later = await writes(place, 'uno\ndos\n');
	assert.deepEqual(who(place), [undefined, 'small in c']);
	await later.undo();
	assert.deepEqual(who(place), [undefined]);
	await later.redo();
	assert.deepEqual(who(place), [undefined, 'small in c']);
});

test('a new file is the model’s as a whole, whatever ends its lines have later', async () => {
	const place = world();
	const files = await filesIn(place);
	await files.signed(writer).write('new.txt', 'a\nb\n');
	put(place.root, 'new.txt', 'a\r\nb\r\n');
	assert.deepEqual(who(place, 'new.txt'), ['small in c', 'small in c']);
});

test('where a state of the file is not kept any more, nothing is guessed', async () => {
	const place = world({ 'a.txt': 'one\n' });
	await writes(place, 'one\ntwo\n');
	put(place.root, 'a.txt', 'one\ntwo\nmine\n');
	for (const name of readdirSync(join(place.state, 'undo/contents'))) {
		const path = join(place.state, 'undo/contents', name);
		if (readFileSync(path, 'utf8') === 'one\ntwo\n') writeFileSync(path, 'damaged');
	}
	assert.deepEqual(who(place), [undefined, undefined, undefined]);
	rmSync(place.state, { recursive: true });
	assert.deepEqual(who(place), [undefined, undefined, undefined]);
});

test('lines and their ranges', () => {
	assert.deepEqual(linesOf(''), []);
	assert.deepEqual(linesOf('\n'), ['']);
	assert.deepEqual(linesOf('a\nb'), linesOf('a\nb\n'));
	assert.deepEqual([...newLines('a\nb\n', 'a\nx\nb\ny')], [2, 4]);
	assert.deepEqual(rangesOf([1, 2, 3, 7, 9, 10]), [
		[1, 3],
		[7, 7],
		[9, 10],
	]);
});
