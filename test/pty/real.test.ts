import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { places } from '../../src/places.js';
import { descendants, open, type Terminal } from './terminal.js';

/** The built program, as a person meets it, on the real 0.5B. */
const checkout = join(import.meta.dirname, '..', '..');
const qwill = join(checkout, 'bin', 'qwill.js');
const weights = join(places.models(), 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf');
const options = { skip: existsSync(weights) ? false : 'the 0.5B is not here: qwill models pull qwen2.5-coder-0.5b' };

const newState = () => mkdtempSync(join(tmpdir(), 'qwill-pty-state-'));
const newFolder = (fixture?: string) => {
	const folder = mkdtempSync(join(tmpdir(), 'qwill-pty-'));
	if (fixture) cpSync(join(checkout, 'test', 'fixtures', fixture), folder, { recursive: true });
	return folder;
};
type Place = { folder?: string; state?: string; args?: string[]; cols?: number; rows?: number };
function chat(t: TestContext, { folder = newFolder(), state = newState(), args = [], cols = 80, rows = 30 }: Place = {}): Terminal {
	const terminal = open({
		args: [qwill, '-m', 'qwen2.5-coder-0.5b', '--seed', '1', ...args],
		cwd: folder,
		cols,
		rows,
		env: { XDG_STATE_HOME: state },
	});
	t.after(() => terminal.close());
	return terminal;
}
const ready = /^> /m;

test('a person asks, watches it being read and written, and reads the answer', options, async t => {
	const folder = newFolder();
	writeFileSync(
		join(folder, 'notes.md'),
		Array.from({ length: 40 }, (_, n) => `- Note ${n}: the answer to question ${n} is ${n * 7}.`).join('\n'),
	);
	const terminal = chat(t, { folder });
	await terminal.until(ready);
	terminal.type('In one sentence: what is @notes.md about?\r');
	await terminal.until(/reading [\d,]+\/[\d,]+, \d[\d ]*(s|min) left/);
	await terminal.until(/Done[^\n]*tokens\/s/);
	assert.match(terminal.text(), /notes\.md/);
});

test('a failing test is fixed: the tests are allowed, the diff is approved, the change is taken back', options, async t => {
	const folder = newFolder('broken-sum');
	const before = readFileSync(join(folder, 'sum.js'), 'utf8');
	const terminal = chat(t, { folder });
	await terminal.until(ready);
	terminal.type('The test fails. Fix it.\r');
	await terminal.until(/Run this\?/);
	await terminal.insist('y', /looking for a change/);
	await terminal.until(/Make this change\?/);
	assert.match(terminal.text(), /-\s+total -= number;/);
	assert.match(terminal.text(), /\+\s+total \+= number;/);
	assert.equal(readFileSync(join(folder, 'sum.js'), 'utf8'), before, 'nothing is written before the yes');
	await terminal.insist('y', /Fixed: /);
	execFileSync('npm', ['test', '--silent'], { cwd: folder, stdio: 'pipe' });
	terminal.type('/undo\r');
	await terminal.until(/Brought back: sum\.js/);
	assert.equal(readFileSync(join(folder, 'sum.js'), 'utf8'), before);
});

test('no means no: the file stays, and the task ends as not allowed', options, async t => {
	const folder = newFolder('broken-sum');
	const before = readFileSync(join(folder, 'sum.js'), 'utf8');
	const terminal = chat(t, { folder });
	await terminal.until(ready);
	terminal.type('The test fails. Fix it.\r');
	await terminal.until(/Run this\?/);
	await terminal.insist('y', /Make this change\?/);
	await terminal.insist('n', /not allowed/);
	assert.equal(readFileSync(join(folder, 'sum.js'), 'utf8'), before);
});

test('Esc stops while it writes, what was written stays, and the next question is answered', options, async t => {
	const terminal = chat(t);
	await terminal.until(ready);
	terminal.type('Write a Python module with twenty geometry functions. Only code.\r');
	await terminal.until(/def \w+/);
	await terminal.insist('\x1b', /Stopped/);
	terminal.type('Now say only the word hello.\r');
	await terminal.until(/Stopped[\s\S]*hello[\s\S]*hello[\s\S]*Done/i);
});

test('killed in the middle of a reply, the conversation is there again with -c', options, async t => {
	const folder = newFolder();
	const state = newState();
	const first = chat(t, { folder, state });
	await first.until(ready);
	first.type('Write a Python module with twenty geometry functions. Only code.\r');
	await first.until(/def \w+[\s\S]*def \w+[\s\S]*def \w+/);
	first.close();
	await first.ended;
	const second = chat(t, { folder, state, args: ['-c'] });
	await second.until(/geometry functions[\s\S]*def \w+/);
	await second.until(ready);
	second.type('Now say only the word hello.\r');
	await second.until(/only the word hello[\s\S]*hello[\s\S]*Done/i);
});

test('-r without a name lets the person choose among the conversations of the folder', options, async t => {
	const folder = newFolder();
	const state = newState();
	const first = chat(t, { folder, state });
	await first.until(ready);
	first.type('What is 2 + 2?\r');
	await first.until(/Done/);
	first.close();
	await first.ended;
	const second = chat(t, { folder, state, args: ['-r'] });
	await second.until(/What is 2 \+ 2\?/);
	// A list does not hear a key that comes before it could be seen.
	await second.insist('\r', /What is 2 \+ 2\?[\s\S]*Done/);
});

test('a paste of 300 lines is folded, sent whole, and never submits by itself', options, async t => {
	const terminal = chat(t);
	await terminal.until(ready);
	terminal.paste(Array.from({ length: 300 }, (_, n) => `line ${n}`).join('\n'));
	await terminal.until(/\[Pasted text #1 \+\d+ lines\]/);
	assert.doesNotMatch(terminal.text(), /reading/);
	terminal.type(' What is the last line?\r');
	await terminal.until(/reading [\d,]+\/[\d,]+/);
	await terminal.insist('\x1b', /Stopped|\d tok/);
});

test('Chinese and emoji are typed, erased by the character, and shown where they belong', options, async t => {
	const terminal = chat(t, { cols: 60 });
	await terminal.until(ready);
	terminal.type('你好，世界 👩‍👩‍👧 café');
	await terminal.until(/你好，世界/);
	terminal.type('\x7f\x7f\x7f\x7f\x7f\x7f');
	await terminal.until(/> 你好，世界\s*$/m);
	terminal.type('!');
	await terminal.until(/> 你好，世界 !/);
});

test('keys typed before the first frame are not lost', options, async t => {
	const terminal = chat(t);
	terminal.type('typed at once');
	await terminal.until(/> typed at once/);
});

test('resized from 100 to 20 to 120 columns, it stays readable and usable', options, async t => {
	const terminal = chat(t, { cols: 100 });
	await terminal.until(ready);
	terminal.type('abc');
	await terminal.until(/> abc/);
	terminal.resize(20, 10);
	terminal.type('def');
	await terminal.until(/abcdef/);
	terminal.resize(120, 40);
	terminal.type('ghi');
	await terminal.until(/> abcdefghi/);
});

for (const [how, end] of [
	['Ctrl-C twice', 'keys'],
	['SIGTERM', 'SIGTERM'],
	['SIGHUP', 'SIGHUP'],
] as const)
	test(`the terminal is given back as it was after ${how}, and no process stays`, options, async t => {
		const terminal = chat(t);
		await terminal.until(/^> [\s\S]*\d %/m);
		const children = descendants(terminal.pid);
		if (end === 'keys') {
			terminal.type('\x03');
			await terminal.until(/again/i);
			terminal.type('\x03');
		} else terminal.kill(end);
		const { exitCode } = await terminal.ended;
		assert.equal(exitCode, { keys: 0, SIGTERM: 143, SIGHUP: 129 }[end]);
		const raw = terminal.raw();
		assert.ok(raw.lastIndexOf('\x1b[?25h') > raw.lastIndexOf('\x1b[?25l'), 'the cursor is shown');
		assert.ok(raw.lastIndexOf('\x1b[?2004l') > raw.lastIndexOf('\x1b[?2004h'), 'paste mode is off');
		const gone = Date.now() + 3000;
		while (children.some(pid => existsSync(`/proc/${pid}`)) && Date.now() < gone) await new Promise(resolve => setTimeout(resolve, 50));
		assert.deepEqual(
			children.filter(pid => existsSync(`/proc/${pid}`)),
			[],
		);
	});
