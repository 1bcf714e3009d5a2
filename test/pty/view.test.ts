import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { open, type Terminal } from './terminal.js';

/** The chat's view, drawn into a real pseudo-terminal by a program without a model. */
const checkout = join(import.meta.dirname, '..', '..');
const script = [process.execPath, '--import', 'tsx', join(checkout, 'test', 'pty', 'fake-chat.ts')];

type Options = { cols?: number; rows?: number; env?: Record<string, string | undefined> };
function chat(t: TestContext, scenario: string, options: Options = {}): Terminal {
	const terminal = open({ args: [...script.slice(1), ...scenario.split(' ')], cwd: checkout, ...options });
	t.after(() => terminal.close());
	return terminal;
}
/** The same below a shell, which afterwards says how it finds the terminal. */
function below(t: TestContext, shell: string[], options: Options = {}): Terminal {
	const terminal = open({
		args: [
			'-e',
			`require('child_process').spawnSync(${JSON.stringify(shell[0])}, ${JSON.stringify(shell.slice(1))}, { stdio: 'inherit' })`,
		],
		cwd: checkout,
		...options,
	});
	t.after(() => terminal.close());
	return terminal;
}
const prompt = /^> /m;
const occurrences = (text: string, what: RegExp) => (text.match(what) ?? []).length;

test('a person asks, watches and reads the answer', async t => {
	const terminal = chat(t, 'answer');
	await terminal.until(prompt);
	terminal.type('hello\r');
	await terminal.until(/— Done\./);
	assert.match(terminal.text(), /> hello\n\nTitle\n\nHello there\.\n\n- one\n- two\n\nconst a = 1;\n\n— Done\. 20 tokens/);
	assert.match(terminal.raw(), /\x1b\[35mconst\x1b\[39m a/, 'code has colours');
});

test('keys typed before the program is there are kept, and shown once', async t => {
	const terminal = chat(t, 'answer late');
	await terminal.until(/^not held$/m);
	terminal.type('typed');
	await terminal.until(/^typed/m);
	terminal.kill('SIGUSR2');
	await terminal.until(/^> typed/m);
	terminal.type(' early');
	await terminal.until(/^> typed early/m);
	terminal.type('\x1b[D!');
	terminal.kill('SIGUSR2');
	await terminal.until(/^> typed earl!y/m);
	terminal.type('\x7f\x1b[C');
	await terminal.until(/^> typed early/m);
	assert.equal(occurrences(terminal.text(), /typed/g), 1);
	terminal.type(' and late\r');
	await terminal.until(/> typed early and late\n[\s\S]*— Done\./);
});

for (const [how, stop] of [
	['Ctrl-C', (terminal: Terminal) => terminal.type('\x03')],
	['SIGTERM', signalled('SIGTERM')],
] as const) {
	test(`${how} before the program is there ends it, and the terminal is given back`, async t => {
		const command = `echo before: $(stty -g | cut -d: -f1-4); sh -c 'echo pid=$$; exec ${[...script, 'answer', 'late'].join(' ')}'; echo after: $? $(stty -g | cut -d: -f1-4)`;
		const terminal = below(t, ['sh', '-c', command]);
		await terminal.until(/^not held/m);
		signalled('SIGUSR2')(terminal);
		await terminal.until(/^>$/m);
		stop(terminal);
		await terminal.until(/^after: \d+ \S/m);
		const [, code, modes] = /after: (\d+) (\S+)/.exec(terminal.text()) ?? [];
		assert.equal(code, how === 'Ctrl-C' ? '130' : '143');
		assert.equal(modes, /before: (\S+)/.exec(terminal.text())?.[1]);
	});
}

test('a terminal that does not tell Shift-Enter from Enter is asked once, and its keys come as ever', async t => {
	const terminal = chat(t, 'answer');
	await terminal.until(prompt);
	terminal.type('one\x1b\rtwo\\');
	await terminal.until(/> one\n {2}two\\$/m);
	terminal.type('\r');
	await terminal.until(/> one\n {2}two\n\s*\n/);
	terminal.type('three\n');
	await terminal.until(/> one\n {2}two\n {2}three\n\s*\n/);
	terminal.type('four\r');
	await terminal.until(/— Done\./);
	assert.match(terminal.text(), /> one\n {2}two\n {2}three\n {2}four\n\nTitle/);
	assert.equal(occurrences(terminal.raw(), /\x1b\[\?u/g), 1, 'asked');
	assert.doesNotMatch(terminal.raw(), /\x1b\[>\d*u/, 'not switched on without an answer');
});

test('a reply taller than the window is in the scrollback once, whole, and without a full clear', async t => {
	const terminal = chat(t, 'long', { rows: 20 });
	await terminal.until(prompt);
	terminal.type('go\r');
	await terminal.until(/— Done\./);
	const text = terminal.text();
	for (let index = 0; index < 60; index++)
		assert.equal(occurrences(text, new RegExp(`^Paragraph ${index} `, 'gm')), 1, `paragraph ${index}`);
	assert.equal(occurrences(text, /^> go$/gm), 1);
	assert.doesNotMatch(terminal.raw(), /\x1b\[[23]J/);
	assert.doesNotMatch(terminal.raw(), /\x1b\[\?1049h/);
});

test('a block of code taller than the window ends up whole and once', async t => {
	const terminal = chat(t, 'code', { rows: 16, cols: 60 });
	await terminal.until(prompt);
	terminal.type('go\r');
	await terminal.until(/— Done\./);
	const text = terminal.text();
	for (let index = 0; index < 80; index++) assert.equal(occurrences(text, new RegExp(`^const line${index} =`, 'gm')), 1, `line ${index}`);
	assert.doesNotMatch(terminal.raw(), /\x1b\[[23]J/);
});

test("a change of the window's size while it writes leaves what was printed", async t => {
	const terminal = chat(t, 'long', { cols: 100, rows: 24 });
	await terminal.until(prompt);
	terminal.type('go\r');
	await terminal.until(/Paragraph 10 /);
	terminal.resize(50, 18);
	await terminal.until(/Paragraph 25 /);
	terminal.resize(120, 30);
	await terminal.until(/— Done\./);
	const text = terminal.text();
	for (let index = 0; index < 60; index++)
		assert.equal(occurrences(text, new RegExp(`^Paragraph ${index} has some words`, 'gm')), 1, `paragraph ${index}:\n${text}`);
	assert.equal(occurrences(text, /tokens\/s · default/g), 1, 'one status line');
});

for (const cols of [20, 40, 500]) {
	test(`a window of ${cols} columns`, async t => {
		const terminal = chat(t, 'answer', { cols, rows: 20 });
		await terminal.until(prompt);
		terminal.type('hello\r');
		await terminal.until(/— Done\./);
		assert.match(terminal.text(), /Hello there\./);
		assert.match(terminal.screen(), /default/);
	});
}

test('a question is asked with the whole change, and answered', async t => {
	const terminal = chat(t, 'question');
	await terminal.until(prompt);
	terminal.type('fix\r');
	await terminal.until(/Make this change\?[\s\S]*2 - b\n2 \+ B[\s\S]*1 Yes \(y\)/);
	await terminal.insist('y', /answered \{"kind":"yes"\}/);
});

test('a command that hides its end behind empty lines shows it, and how many lines there are', async t => {
	const terminal = chat(t, 'command');
	await terminal.until(prompt);
	terminal.type('go\r');
	await terminal.until(/Run this\?\n\$ ls[\s\S]*more lines[\s\S]*rm -rf ~\n[\s\S]*It asks because of: rm -rf ~ removes files/);
});

test('no byte of a sequence that the model writes reaches the terminal', async t => {
	const terminal = chat(t, 'hostile');
	await terminal.until(prompt);
	terminal.type('go\r');
	await terminal.until(/Look:[\s\S]*done <U\+202E> here/);
	assert.doesNotMatch(terminal.raw(), /\x1b\]52|\x1b\[2J|1049h|\x9b/);
});

test('NO_COLOR: no colour, and the meaning is kept', async t => {
	const terminal = chat(t, 'answer', { env: { NO_COLOR: '1', FORCE_COLOR: undefined } });
	await terminal.until(prompt);
	terminal.type('hello\r');
	await terminal.until(/# Title[\s\S]*— Done\./);
	assert.doesNotMatch(terminal.raw(), /\x1b\[(?:3[0-7]|9[0-7])m/);
});

test('a dumb terminal gets plain lines', async t => {
	const terminal = chat(t, 'question', { env: { TERM: 'dumb' } });
	await terminal.until(/Type a message/);
	terminal.type('fix\r');
	await terminal.until(/Allow this\? Edit sum\.js[\s\S]*y \(yes\)/);
	await terminal.insist('y\r', /answered \{"kind":"yes"\}/);
	terminal.type('/quit\r');
	assert.equal((await terminal.ended).exitCode, 0);
	assert.doesNotMatch(terminal.raw(), /\x1b/);
});

test('stopped with Ctrl-Z, the shell has its terminal; fg brings the chat back', async t => {
	const terminal = below(t, ['bash', '--norc', '--noprofile', '-i'], { env: { PS1: 'shell% ' } });
	await terminal.until(/shell%/);
	terminal.type(`${[...script, 'answer'].join(' ')}\r`);
	await terminal.until(prompt);
	terminal.type('a draft');
	await terminal.until(/> a draft/);
	terminal.type('\x1a');
	await terminal.until(/Stopped[\s\S]*shell%$/);
	terminal.type('echo $((6*7))\r');
	await terminal.until(/^42$/m);
	terminal.type('fg\r');
	await terminal.until(/> a draft\n[\s\S]*default/);
	terminal.type(' goes on\r');
	await terminal.until(/— Done\./);
	assert.match(terminal.text(), /> a draft goes on/);
});

type Death = { how: string; scenario: string; kill: (terminal: Terminal) => void; says: RegExp };
const deaths: Death[] = [
	{ how: 'Ctrl-C twice', scenario: 'answer', kill: terminal => terminal.type('\x03\x03'), says: /ended with 0, closed 1/ },
	{ how: 'Ctrl-D twice', scenario: 'answer', kill: terminal => terminal.type('\x04\x04'), says: /ended with 0, closed 1/ },
	{ how: 'SIGTERM', scenario: 'endless', kill: signalled('SIGTERM'), says: /ended with 143, closed 1/ },
	{ how: 'SIGINT', scenario: 'endless', kill: signalled('SIGINT'), says: /ended with 130, closed 1/ },
	{ how: 'SIGHUP', scenario: 'endless', kill: signalled('SIGHUP'), says: /ended with 129, closed 1/ },
	{ how: 'a bug in a task', scenario: 'bug', kill: terminal => terminal.type('go\r'), says: /thrown: TypeError: no such thing, closed 1/ },
	{
		how: 'a bug in drawing',
		scenario: 'drawing',
		kill: terminal => terminal.type('go\r'),
		says: /thrown: TypeError: [\s\S]*, closed\s+1/,
	},
	{
		how: 'an exception from nowhere',
		scenario: 'uncaught',
		kill: terminal => terminal.type('go\r'),
		says: /thrown: RangeError: out of nowhere, closed 1/,
	},
];

/** To the program itself, not to the shell above it. */
function signalled(name: NodeJS.Signals): (terminal: Terminal) => void {
	return terminal => {
		const pid = /pid=(\d+)/.exec(terminal.text())?.[1];
		process.kill(Number(pid), name);
	};
}

for (const { how, scenario, kill, says } of deaths) {
	test(`the terminal is given back after: ${how}`, async t => {
		const command = `echo before: $(stty -g | cut -d: -f1-4); sh -c 'echo pid=$$; exec ${[...script, scenario].join(' ')}'; echo after: $(stty -g | cut -d: -f1-4)`;
		const terminal = below(t, ['sh', '-c', command]);
		await terminal.until(prompt);
		if (scenario === 'endless') {
			terminal.type('go\r');
			await terminal.until(/word word/);
		}
		kill(terminal);
		await terminal.until(/^after: /m);
		const text = terminal.text();
		assert.match(text, says);
		assert.equal(/after: (\S+)/.exec(text)?.[1], /before: (\S+)/.exec(text)?.[1], 'the modes of the terminal');
		const raw = terminal.raw();
		assert.ok(raw.lastIndexOf('\x1b[?25h') > raw.lastIndexOf('\x1b[?25l'), 'the cursor is seen');
		assert.ok(raw.lastIndexOf('\x1b[?2004l') > raw.lastIndexOf('\x1b[?2004h'), 'pastes are plain again');
	});
}

test('a bug in drawing is said by nobody but the program: no stack, no source on the screen', async t => {
	const terminal = chat(t, 'drawing');
	await terminal.until(prompt);
	terminal.type('go\r');
	await terminal.until(/^thrown: /m);
	assert.doesNotMatch(terminal.raw(), /ERROR|\.tsx?:\d+|\bat \w+|The above error/);
	assert.equal((await terminal.ended).exitCode, 70);
});
