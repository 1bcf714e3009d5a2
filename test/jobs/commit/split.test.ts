import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { groupsOf } from '../../../src/jobs/commit/groups.js';
import { split } from '../../../src/jobs/commit/split.js';
import { namedIn } from '../../../src/jobs/named.js';
import { fileOf } from '../../../src/jobs/review/change.js';
import type { AgentEvent } from '../../../src/types.js';
import { put, shell } from '../../workspace/world.js';
import { model, run, setting, textOf } from '../scene.js';

process.env.GIT_AUTHOR_NAME = 'Ann Example';
process.env.GIT_AUTHOR_EMAIL = 'ann@example.org';
const never = new AbortController().signal;

type Texts = Record<string, readonly [before: string | null, after: string | null]>;
const groups = async (texts: Texts, more: readonly string[] = []): Promise<string[]> => {
	const files = Object.entries(texts).flatMap(([path, [before, after]]) => fileOf({ path, was: path, before, after }));
	return (await groupsOf(files, new Set([...Object.keys(texts), ...more]))).map(list => list.sort().join(' '));
};
const python = (name: string, value: number) => `def ${name}():\n    return ${value}\n`;

describe('the groups of a change', () => {
	test('a test goes with what it tests, what uses a name with what defines it, and documents stand apart, last', async () => {
		assert.deepEqual(
			await groups({
				'README.md': ['a\n', 'b\n'],
				'a.py': [python('one', 1), python('one', 2)],
				'b.py': ['from a import one\n', 'from a import one\n\nprint(one())\n'],
				'c.py': [null, python('three', 3)],
				'tests/test_c.py': [null, 'from c import three\n'],
				'docs/guide.md': [null, 'x\n'],
			}),
			['a.py b.py', 'c.py tests/test_c.py', 'README.md docs/guide.md'],
		);
	});

	test('the same name in another file is not meant where imports tell from where it is', async () => {
		const changed = (from: string) => [`import { run } from '${from}';\n`, `import { run } from '${from}';\nrun();\n`] as const;
		const texts: Texts = {
			'a.js': ['export const run = () => 1;\n', 'export const run = () => 2;\n'],
			'b.js': ['export const run = () => 1;\n', 'export const run = () => 3;\n'],
			'useA.js': changed('./a.js'),
			'useB.js': changed('./b.js').map(text => text.replace('run();', 'run(2);')) as [string, string],
		};
		assert.deepEqual(await groups(texts), ['a.js useA.js', 'b.js useB.js']);
	});

	test('a line that has a name as before does not go with another inside of what it names, only with another head', async () => {
		const cli = [
			"import { a } from './a.js';\nimport { b } from './b.js';\nlog(b(a()));\n",
			"import { a } from './a.js';\nimport { b, c } from './b.js';\nlog(c(a()));\n",
		] as const;
		const b = ['export function b() {}\n', 'export function b() {}\nexport function c() {}\n'] as const;
		const a = (head: string, value: number) => `export function a(${head}) {\n\treturn ${value};\n}\n`;
		assert.deepEqual(await groups({ 'a.js': [a('', 1), a('', 2)], 'b.js': b, 'cli.js': cli }), ['a.js', 'b.js cli.js']);
		assert.deepEqual(await groups({ 'a.js': [a('', 1), a('n', 1)], 'b.js': b, 'cli.js': cli }), ['a.js b.js cli.js']);
	});

	test('in languages without such imports a name is enough; a file that nothing speaks of is alone', async () => {
		assert.deepEqual(
			await groups({
				'a.go': ['package m\n\nfunc Sum() int { return 1 }\n', 'package m\n\nfunc Sum(n int) int { return n }\n'],
				'b.go': ['package m\n\nvar x = Sum()\n', 'package m\n\nvar x = Sum(1)\n'],
				'c.go': [null, 'package m\n\nfunc Other() {}\n'],
			}),
			['a.go b.go', 'c.go'],
		);
	});

	test('a lock file goes with its manifest, and with what brings in the package that it adds', async () => {
		assert.deepEqual(
			await groups({
				'package.json': ['{\n}\n', '{\n"left-pad": "1.0.0"\n}\n'],
				'package-lock.json': ['{}\n', '{"a": 1}\n'],
				'pad.js': [null, "import pad from 'left-pad';\n"],
				'sum.js': [null, 'export const sum = 1;\n'],
				'data.csv': ['1\n', '2\n'],
			}),
			['data.csv', 'package-lock.json package.json pad.js', 'sum.js'],
		);
	});

	test('the same edit of many files is one, and there are never more than eight', async () => {
		const same = Object.fromEntries([...'abc'].map(name => [`${name}.py`, ['x = 1\n', '# Licence\nx = 1\n']])) as unknown as Texts;
		assert.deepEqual(await groups(same), ['a.py b.py c.py']);
		const many = Object.fromEntries(
			[...'abcdefghijkl'].map((name, at) => [`${name}/${name}.py`, [null, python(name, at)]]),
		) as unknown as Texts;
		assert.equal((await groups(many)).length, 8);
	});
});

/** A repository with two modules and their tests; `changes` are staged. */
async function scene(changes: Record<string, string>, texts: readonly string[], approve?: Parameters<typeof setting>[0]['approve']) {
	const opened = await setting({ files: {}, engine: model({ texts }), ...(approve && { approve }) });
	const { root } = opened;
	shell(root, 'rm -rf ./*; git init -q -b main .');
	const begun: Record<string, string> = {
		'sum.js': 'export const sum = (a, b) => a + b;\n',
		'mul.js': 'export const mul = (a, b) => a * b;\n',
		'sum.test.js': testOf('sum', 'sum(1, 2)', 3),
		'mul.test.js': testOf('mul', 'mul(2, 2)', 4),
		'package.json': '{ "type": "module", "scripts": { "test": "node --test" } }\n',
	};
	for (const [path, text] of Object.entries(begun)) put(root, path, text);
	shell(root, 'git add -A && git -c user.name=a -c user.email=a@b commit -q -m "Add sum and mul"');
	for (const [path, text] of Object.entries(changes)) put(root, path, text);
	shell(root, 'git add -A');
	writeFileSync(join(root, 'notes.txt'), 'mine\n');
	return opened;
}
const testOf = (name: string, call: string, value: number) =>
	`import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { ${name} } from './${name}.js';\ntest('${name}', () => assert.equal(${call}, ${value}));\n`;
const log = (root: string) => shell(root, 'git log --reverse --format=%s').trim().split('\n').slice(1);
const index = (root: string) => readFileSync(join(root, '.git/index')).toString('base64');
const two = {
	'sum.js': 'export const sum = (a, b, c = 0) => a + b + c;\n',
	'sum.test.js': testOf('sum', 'sum(1, 2, 3)', 6),
	'mul.js': 'export const mul = (a, b, c = 1) => a * b * c;\n',
	'mul.test.js': testOf('mul', 'mul(2, 2, 2)', 8),
};
const tried = (events: readonly AgentEvent[]) =>
	events.flatMap(event =>
		event.type === 'candidate' && event.state !== 'proposed' ? [`${event.what}: ${event.state}, ${event.why}`] : [],
	);

describe('a commit in parts', () => {
	test('is one part for each thing that was changed, each of which passes, shown before it is made', async context => {
		const { root, work, asked } = await scene(two, ['Multiply three numbers', 'Add three numbers']);
		if (!work.agent.workspace.processes.boxed.on) return context.skip('no box works here');
		const before = index(root);
		const { events, ending } = await run(split(['--split'], work, never));
		assert.deepEqual(ending, { reason: 'answered' });
		assert.deepEqual(tried(events), ['mul.js, mul.test.js: verified, 2 tests pass']);
		const [{ preview, title } = { preview: undefined, title: '' }] = asked;
		assert.equal(title, 'commit in 2 parts: Multiply three numbers | Add three numbers');
		assert.ok(preview?.kind === 'text' && /1\. Multiply three numbers\n\n {3}mul\.js, mul\.test\.js: 2 tests pass/.test(preview.text));
		assert.deepEqual(log(root), ['Multiply three numbers', 'Add three numbers']);
		assert.equal(shell(root, 'git show --format= --name-only HEAD'), 'sum.js\nsum.test.js\n');
		assert.equal(index(root), before);
		assert.equal(shell(root, 'git status --short'), '?? notes.txt\n');
		assert.match(textOf(events), /^Committed in 2 parts:\n- [0-9a-f]{7} Multiply three numbers \(mul\.js, mul\.test\.js; 2 tests pass\)/);
	});

	test('is not made without a yes', async () => {
		const { root, work } = await scene(two, [], async () => ({ yes: false, text: 'no' }));
		const before = index(root);
		const { ending, events } = await run(split(['--split'], work, never));
		assert.deepEqual([ending, log(root), index(root) === before], [{ reason: 'denied', tool: 'git' }, [], true]);
		const calls = events.flatMap(event => (event.type === 'call' ? [event.call.id] : []));
		assert.deepEqual(
			events.flatMap(event => (event.type === 'result' ? [event.callId] : [])),
			calls,
		);
	});

	test('has together what fails apart, though no text tells that it belongs together', async context => {
		const counting =
			'import { readFileSync } from "node:fs";\nimport { test } from "node:test";\ntest("names", () => { if (JSON.parse(readFileSync("a.json")).n !== Number(readFileSync("b.csv"))) throw new Error("n"); });\n';
		const { root, work } = await scene({}, ['Say one', 'Say two', 'Count to two', 'Add up']);
		if (!work.agent.workspace.processes.boxed.on) return context.skip('no box works here');
		for (const [path, text] of [
			['a.json', '{"n": 1}\n'],
			['b.csv', '1\n'],
			['names.test.js', counting],
		] as const)
			put(root, path, text);
		shell(root, 'git add *.json *.js *.csv; git -c user.name=a -c user.email=a@b commit -q -m begin');
		for (const [path, text] of [
			['a.json', '{"n": 2}\n'],
			['b.csv', '2\n'],
			['sum.js', two['sum.js']],
		] as const)
			put(root, path, text);
		shell(root, 'git add a.json b.csv sum.js');
		const { events, ending } = await run(split(['--split'], work, never));
		assert.equal(ending.reason, 'answered');
		assert.deepEqual(tried(events), [
			'a.json: rejected, 1 test fails',
			'b.csv: rejected, 1 test fails',
			'sum.js: verified, 3 tests pass',
			'a.json: rejected, 1 test fails',
			'b.csv: rejected, 1 test fails',
		]);
		assert.equal(shell(root, 'git show --format= --name-only HEAD'), 'a.json\nb.csv\n');
	});

	test('is one, and says why, where the whole fails or belongs together', async context => {
		const failing = await scene({ ...two, 'sum.test.js': testOf('sum', 'sum(1, 2)', 4) }, ['Change all']);
		if (!failing.work.agent.workspace.processes.boxed.on) return context.skip('no box works here');
		await run(split(['--split'], failing.work, never));
		assert.equal(failing.asked[0]?.title, 'commit in one part (not split: with all of it 1 test fails): Change all');
		assert.equal(failing.asked[0]?.verified, undefined);
		const one = await scene({ 'sum.js': two['sum.js'] }, ['Add three']);
		assert.match(
			textOf((await run(split(['--split'], one.work, never))).events),
			/^Committed in one part \(not split: all of it belongs together\):/,
		);
		assert.deepEqual(log(one.root), ['Add three']);
	});

	test('is asked for by that word only, and needs something staged', async () => {
		assert.equal(namedIn('/commit --split')?.job.name, 'commit');
		assert.equal(namedIn('/commit fix: --split is read'), undefined);
		const { work } = await scene({}, []);
		await assert.rejects(run(split(['--split'], work, never)), /Nothing is staged/);
		await assert.rejects(run(split(['--split', 'a message'], work, never)), /writes a message for each part itself/);
	});
});
