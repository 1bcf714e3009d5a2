/**
 * What the program makes of what is wrong: one row each, through the built program, in empty folders. Every row has its exact
 * words and exit code, and in none of them a trace of the program's own, or anything that would act on a terminal.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linesOf, onlyResult } from '../oneshot/scene.js';
import { configRows } from './config-rows.js';
import { fimRows } from './fim-rows.js';
import { flagRows } from './flag-rows.js';
import { folderRows } from './folder-rows.js';
import { guidanceRows } from './guidance-rows.js';
import { pathRows, stdinRows } from './input-rows.js';
import { keptRows } from './kept-rows.js';
import { modelRows } from './model-rows.js';
import { repositoryRows } from './repository-rows.js';
import { plainWorks, type Ran, type Row, run } from './row.js';
import { verbRows } from './verb-rows.js';

const groups: Readonly<Record<string, readonly Row[]>> = {
	flags: flagRows,
	'configuration and environment': configRows,
	'instructions and commands': guidanceRows,
	'model files': modelRows,
	'standard input': stdinRows,
	'paths given with @': pathRows,
	'states of a repository': repositoryRows,
	'folders that are gone, locked or no folders': folderRows,
	'what is kept, damaged': keptRows,
	verbs: verbRows,
	'holes to fill': fimRows,
};

const skipped = (row: Row) => row.plain && !plainWorks && 'root may do everything, and nobody else can read the program here';

for (const [group, rows] of Object.entries(groups))
	describe(`bad input: ${group}`, { concurrency: 2 }, () => {
		for (const row of rows)
			it(row.name, { skip: skipped(row) }, async () => {
				const ran = await run(row);
				isHarmless(ran);
				if (row.says instanceof RegExp) assert.match(ran.stderr, row.says);
				else assert.equal(ran.stderr, row.says && `${row.says}\n`);
				assert.equal(ran.code, row.code);
				if (isJson(row.words)) failedInJson(ran);
				else if (row.answers) assert.match(ran.stdout, row.answers);
				else assert.equal(ran.stdout, '');
			});
	});

/** One of each group whose failure comes from another part of the program, in the format that was asked for. */
const samples: Readonly<Record<string, Row>> = {
	'a flag': flagRows.find(row => row.words.includes('--max-turns'))!,
	'a config file': configRows[0]!,
	'a model file': modelRows[1]!,
	'standard input': stdinRows[0]!,
	'a path': pathRows[0]!,
	'a folder that is gone': folderRows[0]!,
};
describe('bad input: the failure comes in the format that was asked for', { concurrency: 2 }, () => {
	for (const [name, row] of Object.entries(samples))
		for (const format of ['text', 'json', 'stream-json'])
			it(`${name}, ${format}`, async () => {
				const ran = await run({ ...row, words: [...row.words, '-o', format] });
				assert.equal(ran.code, row.code);
				assert.equal(ran.stderr, `${String(row.says)}\n`);
				if (format === 'text') assert.equal(ran.stdout, '');
				else failedInJson(ran);
			});
});

const isJson = (words: readonly string[]): boolean =>
	/^(?:stream-)?json$/.test(words[words.indexOf('-o') + 1] ?? '') && words.includes('-o');

/** Standard output holds one result, in the shape of the wire, that says what standard error says. */
function failedInJson({ stdout, stderr }: Ran): void {
	const lines = linesOf(stdout);
	assert.equal(lines.length, 1);
	const { is_error, result, error, errors } = onlyResult(lines);
	assert.deepEqual(
		{ is_error, result, errors, said: `${error?.message}\n` },
		{ is_error: true, result: undefined, errors: [error?.message], said: stderr },
	);
}

/** No trace of the program's own, no name of its files, nothing that acts on a terminal. */
function isHarmless({ stdout, stderr }: Ran): void {
	const all = `${stdout}\n${stderr}`;
	assert.doesNotMatch(all, /^\s+at .*:\d+:\d+|node:internal|qwill has a bug/m);
	assert.doesNotMatch(all, /[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
}

it('the table is long', () => assert.ok(Object.values(groups).flat().length >= 70));
