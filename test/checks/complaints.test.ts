import assert from 'node:assert/strict';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { mayCheck } from '../../src/agent/checking.js';
import type { PersonAnswer, Question } from '../../src/agent/conversation.js';
import { findCheckers, newIn, projectChecks } from '../../src/checks/complaints/complaints.js';
import { edit } from '../../src/tools/edit.js';
import { readFile } from '../../src/tools/read-file.js';
import type { Workbench } from '../../src/tools/tool.js';
import { writeFile } from '../../src/tools/write-file.js';
import { openBench, use } from '../tools/bench.js';

/** A linter that complains of each line with `bad` in it, in ESLint's form, and counts how often it was run. */
const linter = `#!/usr/bin/env node
const { appendFileSync, readFileSync } = require('node:fs');
const path = process.argv.at(-1);
appendFileSync('runs', 'x');
const messages = readFileSync(path, 'utf8').split('\\n').flatMap((text, index) =>
	text.includes('bad') ? [{ line: index + 1, message: 'This is bad.', ruleId: 'no-bad', severity: 2 }] : []);
console.log(JSON.stringify([{ filePath: process.cwd() + '/' + path, messages }]));
process.exit(messages.length ? 1 : 0);
`;
/** A formatter that does not like two blanks. */
const formatter = `#!/usr/bin/env node
const path = process.argv.at(-1);
if (require('node:fs').readFileSync(path, 'utf8').includes('  ')) console.log(path), process.exit(1);
`;
/** A compiler that reads every file and misses \`base\` where it is used and not there. */
const compiler = `#!/usr/bin/env node
const { readFileSync } = require('node:fs');
const has = readFileSync('base.ts', 'utf8').includes('export const base');
if (!has) console.log("user.ts(1,10): error TS2305: Module './base.js' has no exported member 'base'."), process.exit(2);
`;
const bin = 'node_modules/.bin';
const pack = JSON.stringify({ name: 'x', devDependencies: { eslint: '*', prettier: '*', typescript: '*' } });

type Project = { programs?: Record<string, string>; files?: Record<string, string>; allowed?: boolean };

async function project(context: TestContext, { programs = { eslint: linter }, files = {}, allowed = true }: Project): Promise<Workbench> {
	const placed = Object.fromEntries(Object.entries(programs).map(([name, text]) => [`${bin}/${name}`, text]));
	const bench = await openBench(context, {
		files: { 'package.json': pack, '.gitignore': 'node_modules\nruns\n', runs: '', ...files, ...placed },
	});
	for (const path of Object.keys(placed)) chmodSync(join(bench.workspace.root, path), 0o755);
	return { ...bench, checks: projectChecks(bench.workspace, async () => allowed) };
}

const runs = ({ workspace }: Workbench): number => readFileSync(join(workspace.root, 'runs'), 'utf8').length;

describe('after a change the linters of the project are asked', () => {
	test('only what is new is told, to the model with its line, to the person in one line', async context => {
		const bench = await project(context, { files: { 'a.js': 'const bad = 1;\nconst b = 2;\n' } });
		await use(readFile, { file_path: 'a.js' }, bench);
		const done = await use(edit, { file_path: 'a.js', old_string: 'const b = 2;', new_string: '// moved\nconst bad2 = 2;' }, bench);
		assert.equal(done.ok, true);
		assert.match(done.text, /\nNew from eslint \(1\):\na\.js:3: This is bad\. \(no-bad\)$/);
		assert.equal((done as { note?: string }).note, 'New since this change, eslint: a.js:3: This is bad. (no-bad)');
	});

	test('nothing is said where nothing is new, and a state is judged once', async context => {
		const bench = await project(context, { files: { 'a.js': 'const bad = 1;\n' } });
		await use(readFile, { file_path: 'a.js' }, bench);
		for (const [old_string, new_string] of [
			['1', '2'],
			['2', '3'],
		] as const) {
			const done = await use(edit, { file_path: 'a.js', old_string, new_string }, bench);
			assert.doesNotMatch(done.text, /New from/);
			assert.equal('note' in done, false);
		}
		assert.equal(runs(bench), 3);
	});

	test('a file of a language that they do not read is none of theirs', async context => {
		const bench = await project(context, {});
		await use(writeFile, { file_path: 'a.txt', content: 'bad\n' }, bench);
		assert.equal(runs(bench), 0);
	});

	test('a new file is judged as a whole', async context => {
		const bench = await project(context, {});
		const { text } = await use(writeFile, { file_path: 'a.js', content: 'let bad;\nlet bad2;\n' }, bench);
		assert.match(text, /New from eslint \(2\):\na\.js:1: .*\na\.js:2: /);
	});

	test('how a file is laid out is told to the person alone', async context => {
		const bench = await project(context, { programs: { prettier: formatter }, files: { 'a.js': 'a();\n' } });
		await use(readFile, { file_path: 'a.js' }, bench);
		const done = await use(edit, { file_path: 'a.js', old_string: 'a();', new_string: 'a( 1,  2);' }, bench);
		assert.doesNotMatch(done.text, /prettier|formatted/);
		assert.equal((done as { note?: string }).note, 'New since this change, prettier: a.js: not formatted');
	});

	test('a type checker tells of the other file that the change breaks', async context => {
		const files = { 'tsconfig.json': '{}', 'base.ts': 'export const base = 1;\n', 'user.ts': "import { base } from './base.js';\nbase;\n" };
		const bench = await project(context, { programs: { tsc: compiler }, files });
		await use(readFile, { file_path: 'base.ts' }, bench);
		const { text } = await use(edit, { file_path: 'base.ts', old_string: 'export const base', new_string: 'export const basis' }, bench);
		assert.match(text, /New from tsc \(1\):\nuser\.ts:1: Module/);
	});

	test('where that is not allowed nothing is run, and the change is made', async context => {
		const bench = await project(context, { allowed: false });
		const { ok, text } = await use(writeFile, { file_path: 'a.js', content: 'let bad;\n' }, bench);
		assert.equal(ok, true);
		assert.doesNotMatch(text, /New from/);
		assert.equal(runs(bench), 0);
	});

	test('a linter that breaks says nothing', async context => {
		const bench = await project(context, { programs: { eslint: '#!/bin/sh\necho "Oops, something went wrong! :("\nexit 2\n' } });
		const { ok, text } = await use(writeFile, { file_path: 'a.js', content: 'let a;\n' }, bench);
		assert.deepEqual([ok, text], [true, 'Created a.js (1 lines).']);
	});
});

describe('the checkers of a project', () => {
	const found: readonly (readonly [name: string, project: Project, names: string[]])[] = [
		['none where nothing is installed', { programs: {} }, []],
		['what package.json names and is installed', { programs: { eslint: '', prettier: '', tsc: '' } }, ['prettier', 'eslint']],
		['tsc with its file', { programs: { tsc: '' }, files: { 'tsconfig.json': '{}' } }, ['tsc']],
		['biome with its file', { programs: { biome: '' }, files: { 'biome.json': '{}' } }, ['biome']],
		['not biome without', { programs: { biome: '' } }, []],
	];
	for (const [name, given, names] of found)
		test(name, async context => {
			const { workspace } = await project(context, given);
			assert.deepEqual(
				(await findCheckers(workspace)).map(each => each.name),
				names,
			);
		});

	test('those of Python in its own environment, by the sections of pyproject.toml', async context => {
		const tool = '#!/bin/sh\nexit 0\n';
		const sections = '[tool.ruff]\n[tool.ruff.format]\n[tool.black]\n[tool.mypy]\n';
		const names = ['ruff', 'black', 'mypy'];
		const files = Object.fromEntries(names.map(name => [`.venv/bin/${name}`, tool]));
		const { workspace } = await openBench(context, { files: { 'pyproject.toml': sections, ...files } });
		for (const path of Object.keys(files)) chmodSync(join(workspace.root, path), 0o755);
		assert.deepEqual(
			(await findCheckers(workspace)).map(each => each.name),
			['ruff', 'ruff format', 'black', 'mypy'],
		);
	});
});

describe('what checkers print is read', () => {
	const printed: readonly (readonly [name: string, files: Record<string, string>, output: string, read: unknown])[] = [
		[
			'ruff',
			{ 'ruff.toml': '' },
			'a.py:1:8: F401 [*] `os` imported but unused\nFound 1 error.\n[*] 1 fixable with the `--fix` option.\n',
			[{ path: 'a.py', line: 1, message: 'F401 [*] `os` imported but unused' }],
		],
		[
			'black',
			{ 'pyproject.toml': '[tool.black]' },
			'would reformat a.py\n\nOh no!\n1 file would be reformatted.\n',
			[{ path: 'a.py', message: 'not formatted' }],
		],
		[
			'mypy',
			{ 'mypy.ini': '' },
			'a.py:3: error: Incompatible return value type  [return-value]\na.py:3: note: See more\n',
			[{ path: 'a.py', line: 3, message: 'error: Incompatible return value type  [return-value]' }],
		],
		['gofmt', { 'go.mod': 'module a\n' }, 'sub/a.go\n', [{ path: 'sub/a.go', message: 'not formatted' }]],
		['go vet', { 'go.mod': 'module a\n' }, '# a\nvet: ./a.go:4:2: undefined: x\n', [{ path: 'a.go', line: 4, message: 'undefined: x' }]],
		[
			'cargo check',
			{ 'Cargo.toml': '[package]\n' },
			'src/main.rs:2:9: error[E0425]: cannot find value `y`\nerror: could not compile `a` (bin "a") due to 1 previous error\n',
			[{ path: 'src/main.rs', line: 2, message: 'error[E0425]: cannot find value `y`' }],
		],
		[
			'biome',
			{ 'biome.json': '{}' },
			'::error title=lint/suspicious/noDebugger,file=a.js,line=3,endLine=3,col=13,endColumn=21::This is an unexpected use.\n::error title=format,file=a.js,line=1,endLine=1,col=2,endColumn=2::Formatter would have printed the following content:\n',
			[
				{ path: 'a.js', line: 3, message: 'This is an unexpected use.' },
				{ path: 'a.js', message: 'not formatted' },
			],
		],
		[
			'tsc',
			{ 'tsconfig.json': '{}' },
			"src/a.ts(3,5): error TS2322: Type 'string' is not assignable to type 'number'.\n  Types differ.\n",
			[{ path: 'src/a.ts', line: 3, message: "Type 'string' is not assignable to type 'number'." }],
		],
		['prettier', {}, 'src/a.js\n', [{ path: 'src/a.js', message: 'not formatted' }]],
		[
			'eslint',
			{},
			'[{"filePath":"a.js","messages":[{"ruleId":null,"message":"File ignored because of a matching ignore pattern.","severity":1},{"ruleId":"no-undef","line":2,"message":"x is not defined."}]}]\n',
			[{ path: 'a.js', line: 2, message: 'x is not defined. (no-undef)' }],
		],
	];
	for (const [name, files, output, read] of printed)
		test(name, async context => {
			const programs = { biome: '', eslint: '', prettier: '', tsc: '' };
			const { workspace } = await project(context, { programs, files });
			// Whether the programs are on this machine is not the question here.
			const works = async function* () {
				yield '';
				return { exitCode: 0, signal: null, timedOut: false, aborted: false, output: '', milliseconds: 1 };
			};
			const all = await findCheckers({ ...workspace, processes: { ...workspace.processes, run: works } });
			assert.deepEqual(all.find(each => each.name === name)?.read(output), read);
		});
});

test('the same complaint once more is new, on another line it is not', () => {
	const one = { checker: 'x', path: 'a', line: 1, message: 'm' };
	assert.deepEqual(newIn([{ ...one, line: 9 }], [one]), []);
	assert.equal(newIn([one, { ...one, line: 2 }], [one]).length, 1);
});

describe('whether they may be run', () => {
	const rules = (effect?: 'allow' | 'ask' | 'deny') => {
		const added: string[] = [];
		const decide = async () => effect && { effect, rule: 'run_checks' };
		return { added, book: { list: () => [], add: (rule: string) => void added.push(rule), remove: () => {}, decide } };
	};
	const signal = new AbortController().signal;

	test('the mode and the rules decide; without a person nothing runs', async () => {
		const without = mayCheck({ rules: rules().book, askPerson: undefined });
		assert.deepEqual(
			await Promise.all((['plan', 'default', 'auto-edit', 'yolo'] as const).map(mode => without(['eslint'], mode, signal))),
			[false, false, false, true],
		);
		assert.equal(await mayCheck({ rules: rules('deny').book, askPerson: undefined })(['eslint'], 'yolo', signal), false);
		assert.equal(await mayCheck({ rules: rules('allow').book, askPerson: undefined })(['eslint'], 'default', signal), true);
	});

	test('the person is asked once, and "always" is kept', async () => {
		const asked: Question[] = [];
		const answers: PersonAnswer[] = [{ kind: 'always' }];
		const { book, added } = rules();
		const askPerson = async (question: Question): Promise<PersonAnswer> => {
			asked.push(question);
			return answers.shift() ?? { kind: 'no' };
		};
		const may = mayCheck({ rules: book, askPerson });
		assert.equal(await may(['eslint', 'tsc'], 'default', signal), true);
		assert.equal(await may(['eslint', 'tsc'], 'auto-edit', signal), true);
		assert.deepEqual(
			asked.map(({ title }) => title),
			['check changes with eslint, tsc'],
		);
		assert.deepEqual(added, ['run_checks']);
	});
});
