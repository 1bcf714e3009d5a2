import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { edit } from '../../src/tools/edit.js';
import { git } from '../../src/tools/git.js';
import { readFile } from '../../src/tools/read-file.js';
import { runShellCommand } from '../../src/tools/run-shell-command.js';
import { runTests } from '../../src/tools/run-tests.js';
import type { Workbench } from '../../src/tools/tool.js';
import { openBench, use } from './bench.js';

describe('run_shell_command', () => {
	test('the person sees lines as they come and the whole as a terminal; the model the output and the exit code', async context => {
		const bench = await openBench(context);
		const { ok, text, lines, show, risk, title } = await use(runShellCommand, { cmd: 'echo one; echo two >&2' }, bench);
		assert.deepEqual(text.split('\n').sort(), ['[exit code 0]', 'one', 'two']);
		assert.deepEqual(lines.split('\n').sort(), ['', 'one', 'two']);
		assert.ok(ok && show?.kind === 'terminal' && show.exitCode === 0);
		assert.deepEqual({ risk, title }, { risk: 'runs', title: '$ echo one; echo two >&2' });
	});

	test('a failing command is a failed outcome with its output', async context => {
		const bench = await openBench(context);
		const { ok, text } = await use(runShellCommand, { command: 'echo wrong; exit 2' }, bench);
		assert.deepEqual({ ok, text }, { ok: false, text: 'wrong\n[exit code 2]' });
	});

	test('it runs at the root, or in the folder named; never outside', async context => {
		const bench = await openBench(context, { files: { 'src/a.txt': '' } });
		assert.match((await use(runShellCommand, { command: 'ls' }, bench)).text, /^src\n/);
		assert.match((await use(runShellCommand, { command: 'ls', cwd: 'src' }, bench)).text, /^a\.txt\n/);
		for (const directory of ['..', '/tmp', 'nowhere', 'src/a.txt'])
			assert.equal((await use(runShellCommand, { command: 'ls', directory }, bench)).ok, false);
	});

	test('long output keeps its beginning and its end; colours and redrawn lines are gone', async context => {
		const bench = await openBench(context, { outputTokens: 60 });
		const long = await use(runShellCommand, { command: 'seq 1 1000' }, bench);
		assert.match(long.text, /^1\n2\n[\s\S]*lines left out …\]\n[\s\S]*\n1000\n\[exit code 0\]$/);
		assert.ok(long.text.length < 300);
		const drawn = await use(runShellCommand, { command: String.raw`printf '\033[31mred\033[0m\n10%%\r100%%\n'` }, bench);
		assert.equal(drawn.text, 'red\n100%\n[exit code 0]');
	});

	test('a time limit below a second is a second', async context => {
		const bench = await openBench(context);
		assert.equal((await use(runShellCommand, { command: 'echo quick', timeout: 5 }, bench)).text, 'quick\n[exit code 0]');
	});
});

describe('run_tests', () => {
	test('tells the counts and the first failure, not the log', async context => {
		const bench = await openBench(context, { fixture: 'broken-sum' });
		const { ok, text, show, lines } = await use(runTests, {}, bench);
		assert.equal(ok, false);
		assert.match(text, /^2 passed, 3 failed\. The first:\nthe sum of several numbers\n/);
		assert.match(text, /-6 !== 6/);
		assert.match(text, /sum\.test\.js:6/);
		assert.match(text, /Also failing:\nthe sum of negative numbers\nthe mean of several numbers$/);
		assert.doesNotMatch(text, /node:internal|duration_ms|generatedMessage/);
		assert.ok(text.length < 700, text);
		assert.ok(show?.kind === 'terminal' && show.command === 'node --test' && lines.includes('duration_ms'));
		assert.match(
			show.verdict ?? '',
			/^2 passed, 3 failed \(\d+\.\d s\)\.\nthe sum of several numbers \(sum\.test\.js:6\)\n[\s\S]*-6 !== 6/,
		);
	});

	test('is green after the mend', async context => {
		const bench = await openBench(context, { fixture: 'broken-sum' });
		await use(readFile, { file_path: 'sum.js' }, bench);
		await use(edit, { file_path: 'sum.js', old_string: '-=', new_string: '+=' }, bench);
		const { ok, text } = await use(runTests, {}, bench);
		assert.deepEqual({ ok, text }, { ok: true, text: '5 passed, 0 failed.' });
	});

	test('a mend within the same second is seen: nothing stale is run', async context => {
		const bench = await openBench(context, { fixture: 'broken-py' });
		assert.match((await use(runTests, {}, bench)).text, /^3 passed, 2 failed\. The first:\nCount\./);
		await use(readFile, { file_path: 'words.py' }, bench);
		await use(edit, { file_path: 'words.py', old_string: 'counts.get(word, 1)', new_string: 'counts.get(word, 0)' }, bench);
		assert.equal((await use(runTests, {}, bench)).text, '5 passed, 0 failed.');
	});

	test('a target runs a part: a file, or a name', async context => {
		const bench = await openBench(context, { fixture: 'broken-sum' });
		assert.equal((await use(runTests, { target: 'the sum of nothing is 0' }, bench)).text, '1 passed, 0 failed.');
		assert.match((await use(runTests, { file: 'sum.test.js' }, bench)).text, /^2 passed, 3 failed/);
	});

	test('the configured command is used before any other', async context => {
		const bench = await openBench(context, { fixture: 'broken-sum', testCommand: 'echo fine' });
		assert.equal((await use(runTests, {}, bench)).text, 'The tests pass (echo fine).');
	});

	test('finding the tests does not count as the model having read files', async context => {
		const bench = await openBench(context, { fixture: 'broken-sum' });
		await use(runTests, {}, bench);
		assert.equal(await bench.workspace.files.sight('package.json'), 'unseen');
	});
});

describe('git', () => {
	const repository = (bench: Workbench) => {
		const run = (...args: string[]) => execFileSync('git', args, { cwd: bench.workspace.root, stdio: 'pipe', encoding: 'utf8' });
		run('init', '-q', '-b', 'main');
		run('config', 'user.name', 't');
		run('config', 'user.email', 't@example.org');
		run('add', '.');
		run('commit', '-q', '-m', 'begin');
		return run;
	};

	test('status, diff, log and blame tell what git tells', async context => {
		const bench = await openBench(context, { files: { 'a.txt': 'a\n' } });
		repository(bench);
		writeFileSync(join(bench.workspace.root, 'a.txt'), 'b\n');
		assert.match((await use(git, { action: 'status' }, bench)).text, /M a\.txt/);
		assert.match((await use(git, { action: 'diff', path: 'a.txt' }, bench)).text, /-a\n\+b/);
		assert.match((await use(git, { command: 'log' }, bench)).text, /begin/);
		assert.match((await use(git, { action: 'blame', file: 'a.txt' }, bench)).text, /\ba$|\bb$/);
	});

	test('only commit writes, and its title has the message', () => {
		const risk = (args: object) => {
			const ready = git.prepare(args);
			return 'complaint' in ready ? undefined : [ready.risk, ready.title];
		};
		assert.deepEqual(risk({ action: 'diff', rev: 'HEAD~1', path: 'a.txt' }), ['reads', 'git diff HEAD~1 a.txt']);
		assert.deepEqual(risk({ action: 'commit', message: 'say more' }), ['writes', 'git commit "say more"']);
		assert.equal(risk({ action: 'push' }), undefined);
	});

	test('a commit takes what is staged, else the files of this conversation, and says so first', async context => {
		const bench = await openBench(context, { files: { 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n' } });
		const run = repository(bench);
		writeFileSync(join(bench.workspace.root, 'b.txt'), 'by the person\n');
		await bench.workspace.files.mark('a message');
		await use(readFile, { file_path: 'a.txt' }, bench);
		await use(edit, { file_path: 'a.txt', old_string: 'a', new_string: 'z' }, bench);
		const ready = git.prepare({ action: 'commit', message: 'change a' });
		assert.ok(!('complaint' in ready));
		assert.deepEqual(await ready.preview(bench), { kind: 'paths', paths: ['a.txt'] });
		assert.match((await use(git, { action: 'commit', message: 'change a' }, bench)).text, /^Committed [0-9a-f]+: a\.txt$/);
		assert.equal(run('show', '--name-only', '--format=%s', 'HEAD').trim(), 'change a\n\na.txt');
		run('add', 'b.txt');
		assert.match((await use(git, { action: 'commit', message: 'change b', path: 'c.txt' }, bench)).text, /: b\.txt$/);
	});

	test('outside a repository it is refused with a sentence', async context => {
		const bench = await openBench(context, { fixture: 'no-git' });
		const { ok, text } = await use(git, { action: 'status' }, bench);
		assert.equal(ok, false);
		assert.match(text, /repository/);
	});
});
