import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Lists, ruleBook } from '../../src/agent/rules.js';
import { places } from '../../src/places.js';
import { type Call, Refusal } from '../../src/types.js';
import { makeWorld } from './world.js';

const { root } = makeWorld();
const bash = (command: string, directory?: string): Call => ({
	id: '1',
	tool: 'run_shell_command',
	args: { command, ...(directory && { directory }) },
});
const file = (tool: string, path: string): Call => ({
	id: '1',
	tool,
	args: tool === 'read_file' || tool === 'edit' || tool === 'write_file' ? { file_path: path } : { path },
});
const decide = async (config: Lists, call: Call) => (await ruleBook({ root, config }).decide(call))?.effect;

/** An allow rule, a command, and whether the rule allows it. */
const allowing: [string, string, boolean][] = [
	['Bash(npm test)', 'npm test', true],
	['Bash(npm test)', 'npm   test', true],
	['Bash(npm test)', 'npm test --watch', false],
	['Bash(npm test)', 'npm tests', false],
	['Bash', 'anything at all', true],
	['Bash(*)', 'anything', true],
	['Bash(npm run *)', 'npm run build', true],
	['Bash(npm run *)', 'npm run', true],
	['Bash(npm run *)', 'npm runner', false],
	['Bash(npm run:*)', 'npm run build -- --x', true],
	['Bash(npm:*)', 'npmx', false],
	['Bash(* --version)', 'node --version', true],
	['Bash(git * main)', 'git merge main', true],
	['Bash(npm test*)', 'npm tests', true],
	['Bash(npm test)', 'npm test; id', false],
	['Bash(npm test)', 'npm test\nid', false],
	['Bash(npm test)', 'npm test && npm test', true],
	['Bash(npm *)', 'npm test | npm x', true],
	['Bash(npm *)', 'npm test & npm x', true],
	['Bash(npm test)', 'npm test > p', false],
	['Bash(npm test)', 'npm test 2>&1', true],
	['Bash(npm test)', 'npm test 2>/dev/null', true],
	['Bash(npm test)', 'PATH=. npm test', false],
	['Bash(npm *)', 'npm $(id)', false],
	['Bash(npm *)', 'npm "$X"', false],
	['Bash(npm *)', 'npm `id`', false],
	['Bash(npm *)', 'npm {a,b}', false],
	['Bash(npm test)', 'timeout 5 npm test', true],
	['Bash(npm test)', 'nice -n 5 npm test', true],
	['Bash(npm test)', 'nohup npm test', true],
	['Bash(npm test)', 'env npm test', false],
	['Bash(npm test)', 'sudo npm test', false],
	['Bash(cat *)', 'xargs cat', true],
	['Bash(cat *)', 'xargs -I{} cat {}', false],
	['Bash(npm test)', './npm test', false],
	['Bash(npm test)', '/tmp/npm test', false],
	['Bash(npm test)', '"npm test"', false],
	['Bash(npm *)', '(npm test)', false],
	['Bash(npm *)', 'npm(){ id; }; npm test', false],
	['Bash(npm *)', 'npm "unclosed', false],
	['Bash(echo *)', 'echo "a; b"', true],
];
for (const [rule, command, yes] of allowing) {
	test(`${rule} ${yes ? 'allows' : 'does not allow'} ${JSON.stringify(command)}`, async () =>
		assert.equal(await decide({ allow: [rule] }, bash(command)), yes ? 'allow' : undefined));
}

/** A deny rule, and a command it must reach however it is dressed up. */
const denying: [string, string][] = [
	['Bash(rm *)', 'rm x'],
	['Bash(rm *)', '\\rm x'],
	['Bash(rm *)', '/bin/rm x'],
	['Bash(rm *)', 'env rm x'],
	['Bash(rm *)', 'ls; rm x'],
	['Bash(rm *)', 'ls && timeout 3 rm x'],
	['Bash(rm *)', 'echo $(rm x)'],
	['Bash(rm *)', 'echo `rm x`'],
	['Bash(rm *)', 'if true; then rm x; fi'],
	['Bash(rm *)', "bash -c 'rm x'"],
	['Bash(rm *)', 'X=1 rm x > y'],
	['Bash(rm *)', '"r"m x'],
	['Bash(rm *)', 'ls | xargs rm x'],
	['Bash(curl *)', 'curl "$X"'],
	['Bash', 'ls'],
	['Read(.env)', 'cat .env'],
	['Read(.env)', 'head -n1 ./.env'],
	['Read(/.env)', 'cat src/innocent.txt'],
	['Read(secrets/**)', 'cat --file=secrets/a'],
	['Edit(/src/**)', 'echo x > src/a.ts'],
];
for (const [rule, command] of denying)
	test(`deny ${rule} reaches ${JSON.stringify(command)}`, async () => assert.equal(await decide({ deny: [rule] }, bash(command)), 'deny'));

test('a command that cannot be parsed is asked about when a rule forbids any', async () => {
	assert.equal(await decide({ deny: ['Bash(rm *)'] }, bash('ls "unclosed')), 'ask');
});

test('deny comes before ask, ask before allow, however special the other rule is', async () => {
	assert.equal(await decide({ deny: ['Bash(npm *)'], ask: ['Bash'], allow: ['Bash(npm test)'] }, bash('npm test')), 'deny');
	assert.equal(await decide({ ask: ['Bash(npm *)'], allow: ['Bash(npm test)'] }, bash('npm test')), 'ask');
	assert.equal(await decide({ ask: ['Bash(npm *)'], allow: ['Bash(npm test)'] }, bash('ls')), undefined);
});

const paths: [string, Call, boolean][] = [
	['Read(.env)', file('read_file', '.env'), true],
	['Read(.env)', file('read_file', 'src/.env'), true],
	['Read(/.env)', file('read_file', 'src/.env'), false],
	['Read(./.env)', file('read_file', '.env'), true],
	['Read(/.env)', file('read_file', 'src/innocent.txt'), true],
	['Read(*.ts)', file('read_file', 'src/deep/b.ts'), true],
	['Read(src/**)', file('grep_search', 'src/deep'), true],
	['Read(/src)', file('list_directory', 'src'), true],
	['Read(src)', file('write_file', 'src/x'), false],
	['Edit(/src/**)', file('edit', 'src/a.ts'), true],
	['Write(/src/**)', file('edit', 'src/a.ts'), true],
	['MultiEdit(*.md)', file('write_file', 'README.md'), true],
	[`Read(/${root}/a.txt)`, file('read_file', 'a.txt'), true],
	[`Read(/${root}/a.txt)`, file('read_file', `${root}/a.txt`), true],
	['Read(~/x)', file('read_file', join(homedir(), 'x')), true],
	['Edit', file('edit', 'x'), true],
	['Grep', file('grep_search', '.'), true],
	['Grep', file('read_file', 'x'), false],
	['read_file', file('read_file', 'x'), true],
	['git(commit)', { id: '1', tool: 'git', args: { action: 'commit' } }, true],
	['git(commit)', { id: '1', tool: 'git', args: { action: 'log' } }, false],
	['mcp__web', { id: '1', tool: 'mcp__web__fetch', args: {} }, true],
	['run_tests', { id: '1', tool: 'run_tests', args: {} }, true],
];
for (const [rule, call, yes] of paths) {
	test(`deny ${rule.replace(root, '/w')} ${yes ? 'forbids' : 'leaves'} ${call.tool} ${JSON.stringify(call.args).replace(root, '/w')}`, async () =>
		assert.equal(await decide({ deny: [rule] }, call), yes ? 'deny' : undefined));
}

test('an allowed path does not allow what a link of that name leads to', async () => {
	assert.equal(await decide({ allow: ['Read(/src/innocent.txt)'] }, file('read_file', 'src/innocent.txt')), undefined);
	assert.equal(await decide({ allow: ['Edit(/src/**)'] }, file('edit', 'src/../a.txt')), undefined);
});

test('a rule that names no tool, or nothing, ends the start with 52 and its text', () => {
	for (const rule of ['Bsh(npm test)', 'Bash(', '', 'Bash()', 'npm test', 'run_tests(x)', 'Read( )']) {
		for (const effect of ['allow', 'ask', 'deny']) {
			assert.throws(
				() => ruleBook({ root, config: { [effect]: [rule] } }),
				(error: Refusal) => error instanceof Refusal && error.exitCode === 52 && error.message.includes(`"${rule}"`),
			);
		}
	}
});

test('"always" is kept for the project, outside it, for this user only, and can be taken back', async () => {
	const { root } = makeWorld();
	ruleBook({ root, config: {} }).add('Bash(npm test)');
	const path = join(places.project(root), 'rules.json');
	assert.equal(statSync(path).mode & 0o777, 0o600);
	assert.ok(!path.startsWith(root));
	const again = ruleBook({ root, config: { deny: ['Bash(rm *)'] } });
	assert.equal((await again.decide(bash('npm test')))?.effect, 'allow');
	assert.deepEqual(
		again.list().map(({ rule, effect, removable }) => ({ rule, effect, removable })),
		[
			{ rule: 'Bash(rm *)', effect: 'deny', removable: false },
			{ rule: 'Bash(npm test)', effect: 'allow', removable: true },
		],
	);
	again.remove('Bash(npm test)');
	assert.equal(await again.decide(bash('npm test')), undefined);
	assert.equal(await ruleBook({ root, config: {} }).decide(bash('npm test')), undefined);
	assert.throws(() => again.remove('Bash(rm *)'), Refusal);
});

test('what was saved means those exact bytes, never a pattern, a part or another folder', async () => {
	const { root } = makeWorld();
	const book = ruleBook({ root, config: {} });
	for (const command of ['rm *.log', 'npm test\nnpm run x', 'echo "(a)"', ' ls > x ']) {
		book.add(`Bash(${command})`);
		assert.equal((await ruleBook({ root, config: {} }).decide(bash(command)))?.effect, 'allow');
	}
	for (const command of ['rm a.log', 'rm x.log y.log', 'npm test', 'npm run x', 'npm test\nnpm run xx', 'ls > x'])
		assert.equal(await book.decide(bash(command)), undefined);
	assert.equal(await book.decide(bash('rm *.log', 'src')), undefined);
});

test('two programs that save a rule lose neither', async () => {
	const { root } = makeWorld();
	const [one, two] = [ruleBook({ root, config: {} }), ruleBook({ root, config: {} })];
	one.add('Bash(a)');
	two.add('Bash(b)');
	assert.deepEqual(
		ruleBook({ root, config: {} })
			.list()
			.map(({ rule }) => rule),
		['Bash(a)', 'Bash(b)'],
	);
});

test('a damaged file of saved rules allows nothing and says where it is', () => {
	const { root } = makeWorld();
	ruleBook({ root, config: {} }).add('Bash(a)');
	const path = join(places.project(root), 'rules.json');
	for (const text of ['{', '{"allow": ["Bash"]}', readFileSync(path, 'utf8').replace(root, '/elsewhere')]) {
		writeFileSync(path, text);
		assert.throws(
			() => ruleBook({ root, config: {} }),
			(error: Refusal) => error.exitCode === 52 && error.message.includes(path),
		);
	}
});

test("rules of this run stand beside the configuration's", async () => {
	const book = ruleBook({ root, config: { allow: ['Bash(npm test)'] }, session: { deny: ['Bash(npm *)'], allow: ['Bash(ls)'] } });
	assert.equal((await book.decide(bash('npm test')))?.effect, 'deny');
	assert.deepEqual(
		book.list().map(({ from }) => from),
		['configuration', 'this run', 'this run'],
	);
});
