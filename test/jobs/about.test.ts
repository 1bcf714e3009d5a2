import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gather } from '../../src/jobs/about.js';
import { openWorkspace } from '../../src/workspace/open.js';

async function fixture() {
	const top = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-about-')));
	const root = join(top, 'work');
	cpSync(join(import.meta.dirname, '..', 'fixtures', 'broken-sum'), root, { recursive: true });
	return { root, workspace: await openWorkspace({ root, state: join(top, 'state'), conversation: 'c' }) };
}

describe('what a question is about', () => {
	for (const text of ['one line: what is this repository?', 'Which files are in this folder?', 'list the files', 'Explain the project.'])
		test(`"${text}" is asked with the list of files and the README`, async () => {
			const { workspace } = await fixture();
			const { paths, facts } = await gather(text, workspace);
			assert.deepEqual(paths, []);
			assert.deepEqual(
				facts.map(({ what }) => what),
				['The list of files', 'README.md'],
			);
			assert.match(facts[0]!.text, /^Files of this folder:\n(?:.*\n)*sum\.js/);
		});

	for (const text of ['What changed since the last commit?', 'Summarize my changes', 'review the diff'])
		test(`"${text}" is asked with what git says`, async () => {
			const { root, workspace } = await fixture();
			const git = (...words: string[]) =>
				execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...words], { cwd: root });
			git('init', '-q');
			git('add', '-A');
			git('commit', '-qm', 'Begin');
			writeFileSync(join(root, 'sum.js'), 'export const sum = 0;\n');
			const { facts } = await gather(text, workspace);
			assert.deepEqual(
				facts.map(({ what }) => what),
				['What git says'],
			);
			const [history] = (await gather('Describe the last commit', workspace)).facts;
			assert.match(history!.text, /Begin/);
			assert.doesNotMatch(history!.text, /sum = 0/);
			for (const part of [/M sum\.js/, /^\+export const sum = 0;$/m]) assert.match(facts[0]!.text, part);
		});

	test('without git nothing is said of changes, and a plain question gets nothing', async () => {
		const { workspace } = await fixture();
		assert.deepEqual(await gather('What changed?', workspace), { paths: [], facts: [] });
		assert.deepEqual(await gather('Write a function is_prime(n). Only code.', workspace), { paths: [], facts: [] });
		assert.deepEqual(await gather('What is a monad?', workspace), { paths: [], facts: [] });
	});
});
