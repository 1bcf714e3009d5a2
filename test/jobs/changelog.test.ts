import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { isChangelog } from '../../src/jobs/docs/changelog.js';
import { type Entry, lookOf, withEntries } from '../../src/jobs/docs/changelog-file.js';
import { docs } from '../../src/jobs/docs/docs.js';
import { put, shell } from '../workspace/world.js';
import { model, run, setting, textOf } from './scene.js';

process.env.GIT_AUTHOR_NAME = 'Ann Example';
process.env.GIT_AUTHOR_EMAIL = 'ann@example.org';
const never = new AbortController().signal;
const entries: Entry[] = [
	{ kind: 'Fixed', words: 'One.' },
	{ kind: 'Added', words: 'Two.' },
];
const written = (text: string, some = entries) => withEntries(text, some, lookOf(text));

describe('a changelog', () => {
	test('of groups has new lines in them, those that are missing in the usual order', () => {
		const head = '# Changelog\n\nWords.\n\n## [Unreleased]\n\n';
		const old = '## [1.0.0] - 2025-01-01\n\n### Fixed\n\n- Old.\n\n[1.0.0]: https://example.org\n';
		assert.equal(written(head + old), `${head}### Added\n\n- Two.\n\n### Fixed\n\n- One.\n\n${old}`);
		assert.equal(written(`${head}### Fixed\n\n- Zero.\n\n${old}`), `${head}### Fixed\n\n- Zero.\n- One.\n\n### Added\n\n- Two.\n\n${old}`);
		assert.equal(written(old), `## [Unreleased]\n\n### Added\n\n- Two.\n\n### Fixed\n\n- One.\n\n${old}`);
	});

	test('of plain lines has them below what is not released, in its own way of titles', () => {
		const old = '1.0.0\n-----\n\n* old line\n';
		assert.equal(written(`Changes\n=======\n\n${old}`), `Changes\n=======\n\nUnreleased\n----------\n\n* One.\n* Two.\n\n${old}`);
		assert.equal(written('## Unreleased\n- zero\n\n## v1.0\n- old\n'), '## Unreleased\n- zero\n- One.\n- Two.\n\n## v1.0\n- old\n');
		assert.equal(written('# News\n\n- old\n'), '# News\n\n- One.\n- Two.\n- old\n');
		assert.equal(written('# News\n'), '# News\n\n- One.\n- Two.\n');
		assert.equal(written(''), '- One.\n- Two.\n');
	});

	test('is read for its look', () => {
		assert.deepEqual(lookOf('## 1.0\n* adds x\n* fixes y\n'), {
			mark: '* ',
			period: false,
			capital: false,
			grouped: false,
			examples: ['adds x', 'fixes y'],
		});
		assert.deepEqual(['CHANGELOG.md', 'docs/HISTORY.md', 'NEWS', 'change.md'].map(isChangelog), [true, true, true, false]);
	});
});

const begun = '# Changelog\n\n## Unreleased\n\n## 1.0.0\n- Adds numbers\n';
/** A repository with a changelog, and the commits behind it; each is a subject and the files that it writes. */
async function scene(commits: readonly (readonly [string, Record<string, string>])[], texts: readonly string[]) {
	const opened = await setting({ engine: model({ texts }) });
	const { root } = opened;
	shell(root, 'rm -rf ./*; git init -q -b main .');
	for (const [subject, files] of [['Begin', { 'CHANGELOG.md': begun, 'sum.js': 'let a;\n' }], ...commits] as typeof commits) {
		for (const [path, text] of Object.entries(files)) put(root, path, text);
		shell(root, `git add -A && git -c user.name=a -c user.email=a@b commit -q -m "${subject}"`);
	}
	return { ...opened, changelog: () => readFileSync(join(root, 'CHANGELOG.md'), 'utf8') };
}

describe('lines of a changelog', () => {
	test('are one for each commit that users notice, in the look of the file, and mention only what its diff has', async () => {
		const { work, asked, changelog } = await scene(
			[
				['feat: read decimals', { 'sum.js': 'let a;\nreadDecimals();\n' }],
				['test: more', { 'test/sum.test.js': 'x;\n' }],
				['Count --fast', { 'cli.js': 'count("--fast");\n' }],
			],
			[
				'- numbers with decimals are read by readHalves()',
				'- readDecimals reads decimals.',
				'- count with --slow',
				'- nothing like that',
				'- count with --fast',
			],
		);
		const { ending, events } = await run(docs(['CHANGELOG.md'], work, never));
		assert.deepEqual(ending, { reason: 'answered' });
		assert.equal(changelog(), begun.replace('## Unreleased\n', '## Unreleased\n\n- readDecimals reads decimals\n- Count with --fast\n'));
		assert.match(asked[0]?.verified ?? '', /^what the 2 lines mention is in the diff of its commit/);
		assert.match(textOf(events), /^Wrote 2 lines in `CHANGELOG\.md`, for what was changed since [0-9a-f]{7,}, which changed it last\./);
	});

	test("are the commit's own words where the model's do not hold; where those do not either, it is left out and nothing may be left", async () => {
		const own = await scene([['feat: read decimals (fast)', { 'sum.js': 'decimals();\n' }]], ['- see b.js', '- see c.js', '- see d.js']);
		assert.match(
			textOf((await run(docs(['CHANGELOG.md'], own.work, never))).events),
			/It is in the commit's own words, because the model's did not hold\.$/,
		);
		assert.match(own.changelog(), /^- Read decimals \(fast\)$/m);
		const none = await scene([['use otherName', { 'sum.js': 'decimals();\n' }]], ['- see b.js', '- see c.js', '- see d.js']);
		const { ending } = await run(docs(['CHANGELOG.md'], none.work, never));
		assert.equal(ending.reason, 'checks-failed');
		assert.match(
			'detail' in ending ? ending.detail : '',
			/could be verified \([0-9a-f]{7,} use otherName: no words held\); nothing was changed/,
		);
		assert.equal(none.changelog(), begun);
	});

	test('are not written twice, nor where nothing was changed', async () => {
		const again = await scene([['Adds numbers', { 'sum.js': 'numbers;\n' }]], ['- adds Numbers.']);
		assert.equal((await run(docs(['CHANGELOG.md'], again.work, never))).ending.reason, 'checks-failed');
		const { work } = await scene([['docs: a word', { 'README.md': 'x\n' }]], []);
		assert.match(textOf((await run(docs(['CHANGELOG.md'], work, never))).events), /^Nothing that a user would notice was changed since/);
	});
});
