import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { edit } from '../../src/tools/edit.js';
import { git } from '../../src/tools/git.js';
import { glob } from '../../src/tools/glob.js';
import { grepSearch } from '../../src/tools/grep-search.js';
import { listDirectory } from '../../src/tools/list-directory.js';
import { readFile } from '../../src/tools/read-file.js';
import { runShellCommand } from '../../src/tools/run-shell-command.js';
import { runTests } from '../../src/tools/run-tests.js';
import type { AnyTool, Workbench } from '../../src/tools/tool.js';
import { writeFile } from '../../src/tools/write-file.js';

/** A way to make a tool say the sentence of that name: what it is used with, in a folder with these files. */
export type Scene = {
	tool: AnyTool;
	args: object;
	files?: Record<string, string | Uint8Array>;
	/** Files that the model has read. */
	read?: string[];
	outputTokens?: number;
	testCommand?: string;
	/** Something that happens before, in the folder. */
	first?(bench: Workbench): void | Promise<void>;
	aborted?: true;
	ok?: true;
};

const twice = 'a\nb\na\n';
export const long = Array.from({ length: 30 }, (_line, index) => `line ${index + 1}\n`).join('');
const body = 'def total(items):\n    result = 0\n    for item in items:\n        result += item.price\n    return result\n';

const change = (old_string: string, new_string: string, file: string, more: Partial<Scene> = {}): Scene => ({
	tool: edit,
	args: { file_path: 'a.txt', old_string, new_string },
	files: { 'a.txt': file },
	read: ['a.txt'],
	...more,
});
const shell = (command: string, more: Partial<Scene> = {}): Scene => ({ tool: runShellCommand, args: { command }, ...more });
const tested = (testCommand: string, more: Partial<Scene> = {}): Scene => ({ tool: runTests, args: {}, testCommand, ...more });
const write = (content: string, more: Partial<Scene> = {}): Scene => ({ tool: writeFile, args: { file_path: 'a.txt', content }, ...more });
const inRepository = (args: object, more: Partial<Scene> = {}): Scene => ({
	tool: git,
	args,
	first: ({ workspace }) => repository(workspace.root),
	...more,
});

/** For each section of the tools' pages a scene in which it is said; `clip`'s are made by the test itself. */
export const scenes: Record<string, Scene> = {
	'read_file#part': { tool: readFile, args: { file_path: 'a.txt', limit: 2 }, files: { 'a.txt': long }, ok: true },
	'read_file#rest': { tool: readFile, args: { file_path: 'a.txt', offset: 29 }, files: { 'a.txt': long }, ok: true },
	'read_file#empty': { tool: readFile, args: { file_path: 'a.txt' }, files: { 'a.txt': '' }, ok: true },
	'read_file#past-end': { tool: readFile, args: { file_path: 'a.txt', offset: 31 }, files: { 'a.txt': long } },
	'read_file#long-line': { tool: readFile, args: { file_path: 'a.txt' }, files: { 'a.txt': `${'x'.repeat(600)}\n` }, ok: true },
	'paths#folder': { tool: readFile, args: { file_path: 'src' }, files: { 'src/a.txt': 'a\n' } },
	'paths#file': { tool: listDirectory, args: { path: 'a.txt' }, files: { 'a.txt': 'a\n' } },
	'paths#absent': { tool: readFile, args: { file_path: 'qqqq.zz' }, files: { 'a.txt': 'a\n' } },
	'paths#nearest': { tool: readFile, args: { file_path: 'lib/sum.js' }, files: { 'src/sum.js': 'a\n' } },
	'paths#breaks': {
		tool: edit,
		args: { file_path: 'a.json', old_string: '1', new_string: '1,' },
		files: { 'a.json': '{"a": 1}\n' },
		read: ['a.json'],
	},
	'paths#worse': {
		tool: edit,
		args: { file_path: 'a.go', old_string: 'b()', new_string: 'b(' },
		files: { 'a.go': 'package a\n\nfunc a( {\n}\n\nfunc b() {}\n\nfunc c() {}\n' },
		read: ['a.go'],
	},
	'paths#unparsed': { tool: writeFile, args: { file_path: 'a.json', content: '{"a": }' }, ok: true },
	'write_file#created': write('a\n', { ok: true }),
	'write_file#written': write('b\n', { files: { 'a.txt': 'a\n' }, read: ['a.txt'], ok: true }),
	'write_file#already': write('a', { files: { 'a.txt': 'a\n' }, read: ['a.txt'], ok: true }),
	'write_file#unseen': write('b\n', { files: { 'a.txt': 'a\n' } }),
	'write_file#stale': write('b\n', {
		files: { 'a.txt': 'a\n' },
		read: ['a.txt'],
		first: ({ workspace }) => writeFileSync(join(workspace.root, 'a.txt'), 'c\n'),
	}),
	'write_file#elided': { tool: writeFile, args: { file_path: 'a.js', content: 'a\n// ... rest of the code ...\n' } },
	'write_file#shrunk': write('line 1\n', { files: { 'a.txt': long }, read: ['a.txt'] }),
	'edit#edited': change('b', 'c', twice, { ok: true }),
	'edit#edited-all': {
		...change('a', 'c', twice),
		args: { file_path: 'a.txt', old_string: 'a', new_string: 'c', replace_all: true },
		ok: true,
	},
	'edit#created': { tool: edit, args: { file_path: 'new.txt', old_string: '', new_string: 'a\n' }, ok: true },
	'edit#inexact': change('  b', '  c', twice, { ok: true }),
	'edit#way-characters': change('say("x")\nb', 'say("x")\nc', 'say(“x”)\nb\n', { ok: true }),
	'edit#way-indent': change('  b', '  c', twice, { ok: true }),
	'edit#way-blanks': change('a\n\nb', 'a\n\nc', 'a\nb\n', { ok: true }),
	'edit#way-spacing': change('f(x)', 'g(x)', 'f( x )\n', { ok: true }),
	'edit#way-ends': change(body.replace('item in', 'thing in').replace('item.price', 'thing.price'), 'total = 1\n', body, { ok: true }),
	'edit#way-pieces': {
		tool: edit,
		args: { file_path: 'a.rb', old_string: 'one\n# ...\nthree', new_string: 'ONE\n# ...\nTHREE' },
		files: { 'a.rb': 'one\ntwo\nthree\n' },
		read: ['a.rb'],
		ok: true,
	},
	'edit#already': change('const a = 1;', 'const a = 2;', 'const a = 2;\n', { ok: true }),
	'edit#ambiguous': change('a', 'c', twice),
	'edit#missing': change('const total = sum(list, 1);', 'x', 'const total = sum(items);\n'),
	'edit#nothing-like-it': change('SELECT', 'x', 'a\n'),
	'edit#elided': {
		tool: edit,
		args: { file_path: 'a.js', old_string: 'a', new_string: '// ... existing code ...' },
		files: { 'a.js': 'a\n' },
		read: ['a.js'],
	},
	'edit#same': change('a', 'a', 'a\n'),
	'edit#no-old': change('', 'c', 'a\n'),
	'edit#unseen': { ...change('b', 'c', twice), read: [] },
	'edit#stale': change('b', 'c', twice, { first: ({ workspace }) => writeFileSync(join(workspace.root, 'a.txt'), 'b\nz\n') }),
	'glob#none': { tool: glob, args: { pattern: '*.rs' }, files: { 'a.txt': 'a' }, ok: true },
	'glob#none-under': { tool: glob, args: { pattern: '*.rs', path: 'src' }, files: { 'src/a.txt': 'a', 'b.rs': 'b' }, ok: true },
	'glob#more': {
		tool: glob,
		args: { pattern: '*.txt' },
		files: Object.fromEntries(Array.from({ length: 101 }, (_file, index) => [`${index}.txt`, ''])),
		ok: true,
	},
	'grep_search#literal': { tool: grepSearch, args: { pattern: 'f(' }, files: { 'a.txt': 'f(x)\n' }, ok: true },
	'grep_search#ignoring-case': { tool: grepSearch, args: { pattern: 'HELLO' }, files: { 'a.txt': 'hello\n' }, ok: true },
	'grep_search#private': { tool: grepSearch, args: { pattern: 'KEY' }, files: { '.env': 'KEY=1\n', 'a.txt': 'KEY\n' }, ok: true },
	'grep_search#none': { tool: grepSearch, args: { pattern: 'hello' }, files: { 'a.txt': 'bye\n' }, ok: true },
	'grep_search#more': { tool: grepSearch, args: { pattern: 'line', limit: 3 }, files: { 'a.txt': long }, ok: true },
	'grep_search#many-files': {
		tool: grepSearch,
		args: { pattern: 'a' },
		files: { 'a.txt': 'a' },
		first: ({ workspace }) => cutListing(workspace),
		ok: true,
	},
	'grep_search#too-slow': { tool: grepSearch, args: { pattern: '(a+)+$' }, files: { 'a.txt': `${'a'.repeat(60)}!\n` } },
	'list_directory#empty': { tool: listDirectory, args: { path: '.' }, ok: true },
	'run_shell_command#no-output': shell('true', { ok: true }),
	'run_shell_command#exit-code': shell('exit 3'),
	'run_shell_command#timed-out': shell('sleep 30', { args: { command: 'sleep 30', timeout: 1 } }),
	'run_shell_command#interrupted': shell('sleep 30', { aborted: true }),
	'run_shell_command#killed': shell('kill -9 $$'),
	'run_tests#green': tested('true', { ok: true }),
	'run_tests#passed': tested("echo 'TAP version 13'; echo 'ok 1 - a'; echo 1..1", { ok: true }),
	'run_tests#none-ran': tested("echo 'Ran 0 tests in 0.000s'; echo OK", { ok: true }),
	'run_tests#failed': tested("echo 'TAP version 13'; echo 'not ok 1 - a'; echo 'ok 2 - b'; echo 1..2; exit 1"),
	'run_tests#red': tested('echo wrong; exit 1'),
	'run_tests#not-run': tested('exit 127'),
	'run_tests#timed-out': { tool: runTests, args: {}, first: bench => endLate(bench), testCommand: 'true' },
	'run_tests#interrupted': tested('sleep 30', { aborted: true }),
	'run_tests#also': tested("echo 'TAP version 13'; echo 'not ok 1 - a'; echo 'not ok 2 - b'; echo 1..2; exit 1"),
	'run_tests#no-options': { tool: runTests, args: { target: '--watch' } },
	'run_tests#no-command': { tool: runTests, args: {} },
	'git#clean': inRepository({ action: 'status' }, { ok: true }),
	'git#no-changes': inRepository({ action: 'diff' }, { ok: true }),
	'git#no-commits': inRepository({ action: 'log', path: 'new.txt' }, { files: { 'new.txt': 'n\n' }, ok: true }),
	'git#committed': inRepository({ action: 'commit', message: 'say more', path: 'a.txt' }, { files: { 'a.txt': 'a\n' }, ok: true }),
	'git#needs-message': inRepository({ action: 'commit' }),
	'git#needs-path': inRepository({ action: 'blame' }),
	'git#nothing-to-commit': inRepository({ action: 'commit', message: 'say more' }),
	'clip#lines': { tool: readFile, args: { file_path: 'a.txt' }, files: { 'a.txt': 'a\n' }, ok: true },
	'clip#characters': { tool: readFile, args: { file_path: 'a.txt' }, files: { 'a.txt': 'a\n' }, ok: true },
};

function repository(root: string): void {
	const run = (...args: string[]) =>
		execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: root, stdio: 'pipe' });
	run('init', '-q', '-b', 'main');
	run('config', 'user.name', 't');
	run('config', 'user.email', 't@example.org');
	writeFileSync(join(root, 'base.txt'), 'base\n');
	run('add', 'base.txt');
	run('commit', '-q', '-m', 'begin');
}

/** Nobody waits for twenty thousand files: the listing says that there were more. */
function cutListing(workspace: Workbench['workspace']): void {
	const { list } = workspace.files;
	workspace.files.list = async options => ({ ...(await list(options)), more: true });
}

/** Nobody waits for five minutes: the run ends as one that was too long. */
function endLate({ workspace }: Workbench): void {
	workspace.processes.run = async function* () {
		yield 'still running\n';
		return { exitCode: null, signal: 'SIGKILL', timedOut: true, aborted: false, output: 'still running\n', milliseconds: 300_000 };
	};
}
