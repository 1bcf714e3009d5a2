import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions, selects } from './options.js';
import { tokensPerSecond } from './reference.js';
import { pieceIn } from './server.js';
import { prose, proseOf } from './words.js';

const ids = ['P1', 'P4', 'P4b', 'P4c', 'P10'];

test('without options everything is measured, in five pairs', () => {
	const { only, pairs, rough, buildReference } = readOptions([], ids);
	assert.deepEqual({ only, pairs, rough, buildReference }, { only: [], pairs: 5, rough: false, buildReference: false });
});

test('--only takes a list, and a number stands for its family', () => {
	assert.deepEqual(readOptions(['--only', 'P1, P4b'], ids).only, ['P1', 'P4b']);
	assert.deepEqual(
		ids.filter(id => selects('P4', id)),
		['P4', 'P4b', 'P4c'],
	);
	assert.deepEqual(
		ids.filter(id => selects('P1', id)),
		['P1'],
	);
	assert.deepEqual(
		ids.filter(id => selects('P4c', id)),
		['P4c'],
	);
});

test('what it does not know is refused with what there is', () => {
	assert.throws(() => readOptions(['--only', 'P77'], ids), /There is no figure P77; there are P1, P4/);
	assert.throws(() => readOptions(['--pairs', '0'], ids), /whole number from 1/);
	assert.throws(() => readOptions(['--fast'], ids), /--build-reference/);
});

test('the figure of llama-bench is read from its JSON, and anything else is refused', () => {
	assert.equal(tokensPerSecond('[{"n_prompt":512,"avg_ts":128.5,"samples_ts":[128.5]}]'), 128.5);
	assert.throws(() => tokensPerSecond('[]'), /printed no figure/);
	assert.throws(() => tokensPerSecond('[{"avg_ts":1},{"avg_ts":2}]'), /printed no figure/);
	assert.throws(() => tokensPerSecond('error: no such model'), /printed no figure: error: no such model/);
});

test('a line of the event stream gives the text it adds', () => {
	assert.equal(pieceIn('data: {"choices":[{"delta":{"content":" Hi"}}]}'), ' Hi');
	assert.equal(pieceIn('data: {"choices":[{"delta":{"role":"assistant","content":null}}]}'), '');
	assert.equal(pieceIn('data: {"choices":[]}'), '');
	assert.equal(pieceIn('data: [DONE]'), '');
	assert.equal(pieceIn(''), '');
});

test('prose has the wanted number of words, and another beginning for another seed', () => {
	assert.equal(prose(100, 1).split(' ').length, 100);
	assert.equal(prose(100, 1), prose(100, 1));
	const beginnings = Array.from({ length: 10 }, (_, seed) => prose(5, seed));
	assert.ok(new Set(beginnings).size > 7, beginnings.join('\n'));
});

test('a text is made as long as wanted, by the count of whoever counts', async () => {
	// Ten tokens come with any text, and a sentence costs two more than its words.
	const count = async (text: string) => 10 + text.split(/\s+/).filter(Boolean).length + 2 * (text.match(/\./g)?.length ?? 0);
	for (const wanted of [30, 200, 1531]) assert.equal(await count(await proseOf(wanted, 3, count)), wanted);
	await assert.rejects(proseOf(5, 3, count), /No text of 5 tokens/);
});
