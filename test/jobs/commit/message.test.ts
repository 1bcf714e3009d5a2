import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { filesIn } from '../../../src/jobs/commit/diff.js';
import { mentioned, ungrounded } from '../../../src/jobs/commit/mentions.js';
import { changeOf, commitMessage } from '../../../src/jobs/commit/message.js';
import { inStyle, styleOf } from '../../../src/jobs/commit/style.js';
import { Refusal } from '../../../src/types.js';
import { model } from '../scene.js';

const diff = `diff --git a/src/sum.js b/src/sum.js
index 3f1..4a2 100644
--- a/src/sum.js
+++ b/src/sum.js
@@ -10,3 +10,3 @@ export function addAll(numbers) {
-	let total = 1;
+	let total = 0;
`;
const never = new AbortController().signal;
const areas = ['engine: read in slices', 'chat: draw the screen once', 'engine: keep the cache', 'Merge branch x'];
const message = async (texts: string[], { subjects = areas, near = ['sum: begin'], of = diff } = {}) =>
	commitMessage({ diff: of, subjects, near }, model({ texts }), never);

describe('the style of a repository', () => {
	test('is read off its own subjects', () => {
		const types = styleOf(['feat(api): add x', 'fix: y', 'feat: z', 'v1.2']);
		assert.deepEqual([types.front, types.types[0], types.areas, types.capital], ['type', 'feat', ['api'], false]);
		const area = styleOf(areas);
		assert.deepEqual([area.front, area.areas, area.capital], ['area', ['engine', 'chat'], false]);
		assert.deepEqual([styleOf(['Add x', 'Fix the y', 'wip']).front, styleOf(['Add x', 'Fix the y', 'wip']).capital], ['none', true]);
		assert.deepEqual([styleOf([]).front, styleOf([]).capital, styleOf([]).examples], ['none', true, []]);
	});

	test('is given to a subject as far as letters and stops go, and what it needs in front is not made up', () => {
		assert.equal(inStyle('"Add x."', styleOf(['Fix y'])), 'Add x');
		assert.equal(inStyle('engine: Read all.', styleOf(areas)), 'engine: read all');
		assert.equal(inStyle('engine: addAll begins at zero', styleOf(areas)), 'engine: addAll begins at zero');
		assert.equal(inStyle('Read all', styleOf(areas)), undefined);
		assert.equal(inStyle('misc: read', styleOf(['feat: a', 'fix: b'])), undefined);
	});
});

describe('what a message mentions', () => {
	test('is files, names, flags and numbers, and no other word', () => {
		assert.deepEqual(mentioned('Fix `total` in src/sum.js and parse_args(), use --fast, 3.5 times, in AddAll of README.md.').sort(), [
			'--fast',
			'3.5',
			'AddAll',
			'README.md',
			'parse_args',
			'src/sum.js',
			'total',
		]);
		assert.deepEqual(mentioned('Make the API of the parser faster, e.g. for JSON, and keep it simple.'), []);
	});

	test('has to be in the diff, whatever its letters; the places of hunks are not', () => {
		assert.deepEqual(ungrounded('sum: addAll starts total at 0 in sum.js', diff), []);
		assert.deepEqual(ungrounded('sum: addOne starts at 10 in `sums.js`', diff), ['sums.js', 'addOne', '10']);
	});
});

describe('a commit message', () => {
	test('is the first that is in style and grounded, begun with the area of its files', async () => {
		const { text, checked } = await message(['Start at 7', 'use addEach', 'sum: start `total` at 0.\n\nIt was 1.']);
		assert.equal(text, 'sum: start `total` at 0\n\nIt was 1.');
		assert.match(checked, /^All 3 things/);
	});

	test('keeps its subject where only the body states what is not there', async () => {
		assert.equal((await message(['sum: begin total at 0\n\nFixes issue 4711.'])).text, 'sum: begin total at 0');
	});

	test('is made by the program where nothing holds, in the same style', async () => {
		const { text, checked } = await message(['Start at 7', 'a'.repeat(80), '', 'see sum.ts', 'at 99']);
		assert.equal(text, 'sum: update addAll in sum.js');
		assert.match(checked, /only what changed where/);
		const wrong = [...'abcde'].map(() => 'x_y');
		assert.equal((await message(wrong, { subjects: ['Add x'] })).text, 'Update addAll in sum.js');
		const two = diff + diff.replaceAll('sum.js', 'b.js').replace('index', 'new file mode 100644\nindex');
		assert.equal((await message(wrong, { subjects: ['feat: a'], of: two })).text, 'chore: update sum.js and b.js');
	});

	test('of a long diff is written from what holds of each file', async () => {
		const long = `${diff}+${'// a\n+'.repeat(2_000)}`;
		const asked: string[] = [];
		const inner = model({ texts: ['It sets addAll to 0.', 'sum: begin at 0'] });
		const engine: typeof inner = {
			...inner,
			reply(prompt, signal) {
				asked.push(prompt.messages.map(one => (one.role === 'user' ? one.text : '')).join(''));
				return inner.reply(prompt, signal);
			},
		};
		assert.equal((await commitMessage({ diff: long, subjects: areas, near: ['sum: begin'] }, engine, never)).text, 'sum: begin at 0');
		assert.match(asked[1] ?? '', /src\/sum\.js: It sets addAll to 0\./);
		assert.ok(asked.every(text => text.length < 3_000));
	});

	test('is known by the log of the folder and of its files; no log is no style', async () => {
		const lines = { all: 'abc 2026-01-02 A B: engine: one\ndef 2026-01-01 A B: fix it: now', near: 'abc 2026-01-02 A B: sum: two' };
		const { subjects, near } = await changeOf(diff, { log: async ({ path } = {}) => (path === undefined ? lines.all : lines.near) });
		assert.deepEqual([subjects, near], [['engine: one', 'fix it: now'], ['sum: two']]);
		const none = await changeOf(diff, {
			log: async () => {
				throw new Refusal('no commit yet');
			},
		});
		assert.deepEqual([none.subjects, none.near], [[], []]);
	});

	test('the files of a diff are told with what became of them', () => {
		assert.deepEqual(
			filesIn(diff).map(({ path, added, removed, state, places }) => [path, added, removed, state, places]),
			[['src/sum.js', 1, 1, 'changed', ['addAll']]],
		);
		assert.deepEqual(filesIn(''), []);
	});
});
