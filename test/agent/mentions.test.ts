import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mentionOf, mentions } from '../../src/agent/mentions.js';

describe('mentions', () => {
	it('finds paths after @, in order, each once', () => {
		assert.deepEqual(mentions('compare @src/a.ts with @src/b.ts and @src/a.ts'), ['src/a.ts', 'src/b.ts']);
	});
	it('takes quoted paths and escaped spaces whole', () => {
		assert.deepEqual(mentions(`read @"my notes.md", @'a b.txt' and @c\\ d.txt`), ['my notes.md', 'a b.txt', 'c d.txt']);
	});
	it('leaves the punctuation of the sentence out', () => {
		assert.deepEqual(mentions('What does @src/a.ts do? (see @src/b.ts), or @c.ts.'), ['src/a.ts', 'src/b.ts', 'c.ts']);
	});
	it('an address, a lone @ and code between backticks are no mentions', () => {
		assert.deepEqual(mentions('ann@example.org @ `@property` and\n```\n@decorator\n```\n'), []);
	});
	it('a fence that is never closed hides the rest', () => {
		assert.deepEqual(mentions('@a.ts\n```\n@b.ts'), ['a.ts']);
	});
	it('what mentionOf writes, mentions reads', () => {
		for (const path of ['a.ts', 'my notes.md', 'odd).txt', 'src/', 'ärger/漢字.md', "it's.md"])
			assert.deepEqual(mentions(`see ${mentionOf(path)} now`), [path]);
	});
});
