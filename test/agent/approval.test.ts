import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Approving, approver, type Denial } from '../../src/agent/approval.js';
import type { PersonAnswer, Question } from '../../src/agent/conversation.js';
import type { Ask } from '../../src/agent/loop.js';
import { type Lists, ruleBook } from '../../src/agent/rules.js';
import type { ApprovalMode } from '../../src/types.js';
import { makeWorld } from './world.js';

const { root } = makeWorld();
writeFileSync(join(root, 'first-name.txt'), 'a\n');
linkSync(join(root, 'first-name.txt'), join(root, 'second-name.txt'));
const going = new AbortController().signal;

const ask = (tool: string, risk: Ask['risk'], args: object): Ask => ({
	call: { id: 'c-1', tool, args },
	title: `${tool} …`,
	risk,
	preview: undefined,
	because: 'I want to.',
});
const shell = (command: string) => ask('run_shell_command', 'runs', { command });
const edit = (path: string) => ask('edit', 'writes', { file_path: path, old_string: 'a', new_string: 'b' });
const read = (path: string) => ask('read_file', 'reads', { file_path: path });

/** What becomes of a call: unasked yes, asked, or no without asking. */
type Given = { answer?: PersonAnswer; lists?: Lists; unboxed?: string };
async function fate(asked: Ask, mode: ApprovalMode, { answer, lists = {}, unboxed }: Given = {}) {
	const questions: Question[] = [];
	const denials: Denial[] = [];
	const approve = approver({
		mode: () => mode,
		rules: ruleBook({ root, config: lists }),
		root,
		unboxed,
		onDenied: denial => denials.push(denial),
		askPerson: async question => {
			questions.push(question);
			return answer ?? { kind: 'no' };
		},
	});
	const result = await approve(asked, going);
	return { result, questions, denials, what: questions.length ? 'asked' : result.yes ? 'yes' : 'no' };
}

const lines = 'line\n'.repeat(40);
const halved: Ask = { ...edit('src/a.ts'), preview: { kind: 'diff', path: 'src/a.ts', before: lines, after: 'line\n'.repeat(19) } };

const modes = ['plan', 'default', 'auto-edit', 'yolo'] as const;
type Row = [string, Ask, ...string[]];
const table: Row[] = [
	['reading a file', read('a.txt'), 'yes', 'yes', 'yes', 'yes'],
	['searching', ask('grep_search', 'reads', { pattern: 'x' }), 'yes', 'yes', 'yes', 'yes'],
	['git log', ask('git', 'reads', { action: 'log' }), 'yes', 'yes', 'yes', 'yes'],
	['reading .env', read('.env'), 'asked', 'asked', 'asked', 'asked'],
	['reading .env through a link', read('src/innocent.txt'), 'asked', 'asked', 'asked', 'asked'],
	['reading what git knows of .env', ask('git', 'reads', { action: 'blame', path: '.env' }), 'asked', 'asked', 'asked', 'asked'],
	['reading .git/config', read('.git/config'), 'asked', 'asked', 'asked', 'asked'],
	['editing a file', edit('src/a.ts'), 'no', 'asked', 'yes', 'yes'],
	['a file with two names', edit('second-name.txt'), 'no', 'asked', 'asked', 'yes'],
	['a new file in a new folder', ask('write_file', 'writes', { file_path: 'x/y/z.ts', content: '' }), 'no', 'asked', 'yes', 'yes'],
	['an edit that takes out more than half of a file', halved, 'no', 'asked', 'asked', 'yes'],
	['editing .env', edit('.env'), 'no', 'asked', 'asked', 'asked'],
	['editing .git/config', edit('.git/config'), 'no', 'asked', 'asked', 'asked'],
	['editing .GIT/config', edit('.GIT/hooks/x'), 'no', 'asked', 'asked', 'asked'],
	['editing .qwill/config.json', edit('.qwill/config.json'), 'no', 'asked', 'asked', 'asked'],
	['editing .bashrc', edit('.bashrc'), 'no', 'asked', 'asked', 'asked'],
	['editing package.json', edit('package.json'), 'no', 'asked', 'asked', 'yes'],
	['editing outside', edit('out_link/victim.txt'), 'no', 'asked', 'asked', 'yes'],
	['a commit', ask('git', 'writes', { action: 'commit', message: 'x' }), 'no', 'asked', 'asked', 'yes'],
	['the tests', ask('run_tests', 'runs', {}), 'no', 'asked', 'yes', 'yes'],
	['ls', shell('ls src'), 'no', 'yes', 'yes', 'yes'],
	['npm test', shell('npm test'), 'no', 'asked', 'asked', 'yes'],
	['cat .env', shell('cat .env'), 'no', 'asked', 'asked', 'yes'],
	['rm -rf .', shell('rm -rf .'), 'no', 'asked', 'asked', 'asked'],
	['git reset --hard', shell('git reset --hard'), 'no', 'asked', 'asked', 'asked'],
	['a command that cannot be parsed', shell('ls "x'), 'no', 'asked', 'asked', 'asked'],
	['a command with NUL', shell('ls \0'), 'no', 'no', 'no', 'no'],
	['a shell call without a command', ask('run_shell_command', 'runs', { cmd: 'rm -rf ~' }), 'no', 'asked', 'asked', 'asked'],
];
for (const [what, asked, ...fates] of table) {
	for (const [index, mode] of modes.entries())
		test(`${mode}: ${what}: ${fates[index]}`, async () => assert.equal((await fate(asked, mode)).what, fates[index]));
}

test("the person's yes allows, their no is told to the model, with its reason when there is one", async () => {
	assert.deepEqual((await fate(edit('a.txt'), 'default', { answer: { kind: 'yes' } })).result, { yes: true });
	const plain = (await fate(edit('a.txt'), 'default')).result;
	assert.ok(!plain.yes && /said no/.test(plain.text));
	const reasoned = (await fate(edit('a.txt'), 'default', { answer: { kind: 'no', reason: 'Use {path} from b.ts.' } })).result;
	assert.ok(!reasoned.yes && reasoned.text.endsWith('Use {path} from b.ts.'));
	assert.deepEqual([plain.told, reasoned.told], ['You said no.', 'You said no: Use {path} from b.ts.']);
});

test('a question shows the call, the rule that "always" would save and the part that makes it ask', async () => {
	const { questions } = await fate(shell('cat a.txt > b.txt'), 'default');
	assert.deepEqual(questions, [
		{ ...shell('cat a.txt > b.txt'), rule: 'Bash(cat a.txt > b.txt)', why: '`> b.txt` redirects input or output' },
	]);
	assert.equal((await fate(edit('src/a.ts'), 'default')).questions[0]?.rule, 'Edit(/src/a.ts)');
	assert.equal((await fate(ask('git', 'writes', { action: 'commit' }), 'default')).questions[0]?.rule, 'git(commit)');
	assert.equal((await fate(ask('run_tests', 'runs', {}), 'default')).questions[0]?.rule, 'run_tests');
});

test('what is always asked about, or runs in another folder, cannot be answered for ever', async () => {
	for (const asked of [
		shell('git reset --hard'),
		edit('.env'),
		edit('package.json'),
		ask('run_shell_command', 'runs', { command: 'npm test', directory: 'src' }),
	]) {
		assert.equal((await fate(asked, 'default')).questions[0]?.rule, undefined);
	}
});

test('"always" for a command does not allow a different one; for a file, not another', async () => {
	const { root } = makeWorld();
	mkdirSync(join(root, 'app'));
	const asked: string[] = [];
	const approving: Approving = {
		mode: () => 'default',
		rules: ruleBook({ root, config: {} }),
		root,
		unboxed: undefined,
		onDenied: () => {},
		askPerson: async question => {
			asked.push(question.rule ?? '');
			return { kind: 'always' };
		},
	};
	const approve = approver(approving);
	for (const call of [
		shell('npm test'),
		shell('npm test'),
		shell('npm test --x'),
		edit('app/[id].ts'),
		edit('app/[id].ts'),
		edit('app/i.ts'),
	])
		assert.deepEqual(await approve(call, going), { yes: true });
	assert.deepEqual(asked, ['Bash(npm test)', 'Bash(npm test --x)', 'Edit(/app/\\[id\\].ts)', 'Edit(/app/i.ts)']);
	assert.deepEqual(
		approving.rules.list().map(({ rule }) => rule),
		asked,
	);
});

test('rules: deny refuses unasked in yolo, ask asks in yolo, allow runs unasked in default but nothing that is always asked', async () => {
	const denied = await fate(shell('rm a.txt'), 'yolo', { lists: { deny: ['Bash(rm *)'] } });
	assert.ok(!denied.result.yes && denied.result.text.includes('Bash(rm *)'));
	assert.equal(denied.denials[0]?.flag, undefined);
	assert.equal((await fate(shell('npm test'), 'yolo', { lists: { ask: ['Bash(npm *)'] } })).what, 'asked');
	assert.equal((await fate(shell('npm test'), 'default', { lists: { allow: ['Bash(npm *)'] } })).what, 'yes');
	assert.equal((await fate(shell('git reset --hard'), 'default', { lists: { allow: ['Bash'] } })).what, 'asked');
	assert.equal((await fate(edit('.env'), 'default', { lists: { allow: ['Edit'] } })).what, 'asked');
	assert.equal((await fate(edit('src/a.ts'), 'plan', { lists: { allow: ['Edit'] } })).what, 'no');
});

test('says no when nobody can be asked, tells the model, and names the flag that would allow it', async () => {
	const flags: (string | undefined)[] = [];
	const approve = approver({
		mode: () => 'default',
		rules: ruleBook({ root, config: {} }),
		root,
		unboxed: undefined,
		onDenied: denial => flags.push(denial.flag),
	});
	for (const asked of [
		shell('npm test'),
		shell('a > "b"'),
		edit('a.txt'),
		edit('package.json'),
		ask('run_tests', 'runs', {}),
		shell('rm -rf .'),
	]) {
		const answer = await approve(asked, going);
		assert.ok(!answer.yes && /nobody/.test(answer.text));
	}
	assert.deepEqual(flags, [
		'--allowed-tools "Bash(npm test)"',
		'--approval-mode yolo',
		'--approval-mode auto-edit',
		'--approval-mode yolo',
		'--allowed-tools run_tests',
		undefined,
	]);
});

test('a denial carries the call for the report, and plan mode tells the model what it is', async () => {
	const { denials, result } = await fate(edit('a.txt'), 'plan');
	assert.deepEqual(denials, [{ call: edit('a.txt').call, tool: 'edit', title: 'edit …', flag: '--approval-mode default' }]);
	assert.ok(!result.yes && /plan mode/.test(result.text));
});

test('the mode counts at the moment of the call', async () => {
	let mode: ApprovalMode = 'default';
	const approve = approver({ mode: () => mode, rules: ruleBook({ root, config: {} }), root, unboxed: undefined, onDenied: () => {} });
	assert.equal((await approve(edit('a.txt'), going)).yes, false);
	mode = 'auto-edit';
	assert.equal((await approve(edit('a.txt'), going)).yes, true);
});

test('stopping while the question stands is a no, before it too, and a late yes changes nothing', async () => {
	const stop = new AbortController();
	let answer: (answer: PersonAnswer) => void = () => {};
	let asked = 0;
	const drawn = Promise.withResolvers<void>();
	const approve = approver({
		mode: () => 'default',
		rules: ruleBook({ root, config: {} }),
		root,
		unboxed: undefined,
		onDenied: () => {},
		askPerson: () => {
			asked++;
			drawn.resolve();
			return new Promise(resolve => {
				answer = resolve;
			});
		},
	});
	const running = approve(edit('a.txt'), stop.signal);
	await drawn.promise;
	stop.abort();
	answer({ kind: 'yes' });
	assert.equal((await running).yes, false);
	assert.equal((await approve(edit('a.txt'), stop.signal)).yes, false);
	assert.equal(asked, 1);
	assert.equal(getEventListeners(stop.signal, 'abort').length, 0);
});

const runs: Row[] = [
	['a command that only reads', shell('ls src'), 'no', 'asked', 'asked', 'yes'],
	['another command', shell('npm test'), 'no', 'asked', 'asked', 'yes'],
	['the tests', ask('run_tests', 'runs', {}), 'no', 'asked', 'asked', 'yes'],
	['reading a file', read('a.txt'), 'yes', 'yes', 'yes', 'yes'],
	['editing a file', edit('src/a.ts'), 'no', 'asked', 'yes', 'yes'],
];

for (const [name, asked, ...fates] of runs)
	test(`without a box no program runs unasked but in yolo: ${name}`, async () => {
		for (const [index, mode] of modes.entries()) {
			const { what } = await fate(asked, mode, { unboxed: 'bwrap is missing' });
			assert.equal(what, fates[index], mode);
		}
	});

test('a question says that there is no box, and that the tests are run with what is tried', async () => {
	const why = async (asked: Ask) => (await fate(asked, 'auto-edit', { unboxed: 'bwrap is missing' })).questions[0]?.why;
	assert.equal(await why(shell('ls')), 'no sandbox: bwrap is missing');
	assert.match(
		(await why(ask('run_tests', 'runs', {}))) ?? '',
		/^no sandbox: bwrap is missing\. .* each change that is tried .* run as you$/,
	);
});

test('where nobody is asked, the first program that runs without a box is told about, once', async () => {
	const said: string[] = [];
	const approve = approver({
		mode: () => 'yolo',
		rules: ruleBook({ root, config: {} }),
		root,
		unboxed: 'bwrap is missing',
		onDenied: () => {},
		onUnboxed: sentence => said.push(sentence),
	});
	for (const asked of [read('a.txt'), edit('a.txt')]) await approve(asked, going);
	assert.deepEqual(said, []);
	for (const asked of [shell('ls'), shell('ls'), ask('run_tests', 'runs', {})]) assert.equal((await approve(asked, going)).yes, true);
	assert.deepEqual(said, ['No sandbox: bwrap is missing. What is run here has all your rights.']);
});

test('what a command names is changed while the question stands: the yes does not count, and it is asked again', async () => {
	const { root: folder } = makeWorld();
	writeFileSync(join(folder, 'check.sh'), 'echo shown\n');
	mkdirSync(join(folder, 'sub'));
	const whys = async (command: string, changes: (() => void)[]) => {
		const asked: (string | undefined)[] = [];
		const approve = approver({
			mode: () => 'default',
			rules: ruleBook({ root: folder, config: {} }),
			root: folder,
			unboxed: undefined,
			onDenied: () => {},
			async askPerson({ why }) {
				asked.push(why);
				changes.shift()?.();
				return { kind: 'yes' };
			},
		});
		assert.equal((await approve(shell(command), going)).yes, true);
		return asked.slice(1);
	};
	const script = (text: string) => () => writeFileSync(join(folder, 'check.sh'), text);
	const told = ['check.sh has changed since this was shown'];
	assert.deepEqual(await whys('sh check.sh', []), []);
	assert.deepEqual(await whys('sh check.sh', [script('echo other\n')]), told);
	assert.deepEqual(await whys('X=1 sh < ./check.sh', [script('echo more\n'), script('echo again\n')]), [
		'check.sh has changed since this was shown',
		'check.sh has changed since this was shown',
	]);
	assert.deepEqual(await whys('for f in *.js; do bash -c "sh check.sh"; done', [script('x\n')]), told);
	assert.deepEqual(await whys('cd sub && sh new.sh', [() => writeFileSync(join(folder, 'sub/new.sh'), 'x\n')]), [
		'sub/new.sh has changed since this was shown',
	]);
	assert.deepEqual(await whys('sh check.sh', [() => writeFileSync(join(folder, 'other.sh'), 'x\n')]), []);
});
