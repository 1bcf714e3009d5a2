import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { after, describe, test } from 'node:test';
import { fim } from '../src/fim.js';
import { parseOptions } from '../src/options.js';
import { Refusal } from '../src/types.js';
import { collector } from './oneshot/scene.js';

const folder = mkdtempSync(join(tmpdir(), 'qwill-fim-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** `stdin` undefined: a terminal; `silent`: a pipe nobody writes to, while which the person sends `signal`. */
type Scene = { written?: string; stdin?: string | Buffer | 'silent'; signal?: 'SIGINT' | 'SIGTERM'; stdout?: Writable };

/** Runs `qwill fim`, with a model that writes `written`. */
async function run(words: readonly string[], { written = '', stdin, signal, stdout }: Scene = {}) {
	const script = join(folder, 'script.md');
	writeFileSync(script, `~fill\n${written}\n`);
	const options = parseOptions(['fim', ...words, '-m', `replies:${script}`, '--bare'], { stdin: stdin === undefined, stdout: true });
	assert.ok(options.run.kind === 'fim');
	const [out, err, signals, input] = [collector(), collector(), new EventEmitter(), new PassThrough()];
	if (stdin !== undefined && stdin !== 'silent') input.end(stdin);
	const io = {
		stdin: Object.assign(input, { isTTY: stdin === undefined }),
		stdout: stdout ?? out.stream,
		stderr: err.stream,
		on: (name: string, listener: () => void) => signals.on(name, listener),
		off: (name: string, listener: () => void) => signals.off(name, listener),
	};
	const running = fim(options.run.place, options, io);
	if (signal) signals.emit(signal);
	const code = await running;
	assert.deepEqual(signals.eventNames(), []);
	return { code, stdout: out.text(), stderr: err.text() };
}

function file(name: string, content: string | Uint8Array): string {
	const path = join(folder, name);
	writeFileSync(path, content);
	return path;
}

const refuses = (running: Promise<unknown>, says: RegExp, code = 42) =>
	assert.rejects(running, (error: unknown) => error instanceof Refusal && error.exitCode === code && says.test(error.message));

describe('qwill fim', () => {
	const sum = file('sum.py', 'def sum(a, b):\n    return \n\nprint(sum(1, 2))\n');

	test('prints what belongs at the end of a line, and nothing else', async () =>
		assert.deepEqual(await run(['--file', sum, '--line', '2'], { written: 'a + b\n\nprint(sum(1, 2))' }), {
			code: 0,
			stdout: 'a + b',
			stderr: '',
		}));

	test('what the model writes acts on no terminal, and into a pipe it is as it was written', async () => {
		const written = 'a\x1b]0;owned\x07 + \x9b2Jb';
		const terminal = collector();
		await run(['--file', sum, '--line', '2'], { written, stdout: Object.assign(terminal.stream, { isTTY: true }) });
		assert.equal(terminal.text(), 'a + b');
		assert.equal((await run(['--file', sum, '--line', '2'], { written })).stdout, written);
	});

	test('prints what belongs before a column, without the bracket that is there', async () =>
		assert.equal((await run(['--file', sum, '--line', '4', '--column', '15'], { written: ' + 3)' })).stdout, ' + 3'));

	test('a hole before the first column of a line gets a line above it', async () =>
		assert.equal((await run(['--file', sum, '--line', '4', '--column', '1'], { written: 'print(1)' })).stdout, 'print(1)\n'));

	test('columns count as editors count them, in UTF-16 units', async () => {
		const smile = file('smile.js', 'say("😀é")');
		assert.equal((await run(['--file', smile, '--line', '1', '--column', '10'], { written: ', 2);' })).stdout, ', 2');
		await refuses(run(['--file', smile, '--line', '1', '--column', '7']), /Column 7 of line 1 of .* is inside a character; 6 and 8/);
		await refuses(run(['--file', smile, '--line', '1', '--column', '12']), /Line 1 of .* has 10 UTF-16 units; --column is 1 to 11\./);
	});

	test('a file with CRLF gets CRLF, and a BOM counts for no column', async () => {
		const crlf = file('crlf.py', '\ufeffif a:\r\n    b()\r\n');
		assert.equal((await run(['--file', crlf, '--line', '2'], { written: '\n    c()' })).stdout, '\r\n    c()');
		await refuses(run(['--file', crlf, '--line', '1', '--column', '7']), /has 5 UTF-16 units/);
	});

	test('an empty file has one line, and the line behind the last newline is one', async () => {
		assert.equal((await run(['--file', file('empty.js', ''), '--line', '1'], { written: 'a();' })).stdout, 'a();');
		assert.equal((await run(['--file', sum, '--line', '5'], { written: 'a()' })).stdout, 'a()');
	});

	test('a place outside of the file is refused with the size of the file', async () => {
		await refuses(run(['--file', sum, '--line', '6']), /sum\.py has 5 lines; --line is 1 to 5\./);
		await refuses(run(['--file', sum, '--line', '2', '--column', '13']), /Line 2 of .* has 11 UTF-16 units; --column is 1 to 12\./);
	});

	test('what is no text file is refused', async () => {
		await refuses(run(['--file', join(folder, 'none.js'), '--line', '1']), /there is no file .*none\.js/);
		await refuses(run(['--file', folder, '--line', '1']), /is a folder/);
		await refuses(run(['--file', file('a.bin', new Uint8Array([1, 0, 2])), '--line', '1']), /is binary/);
	});

	test('the two sides may stand on standard input', async () => {
		const stdin = JSON.stringify({ prefix: 'f(', suffix: ', 2)\n' });
		assert.deepEqual(await run([], { stdin, written: '1, 2)' }), { code: 0, stdout: '1', stderr: '' });
		const crlf = JSON.stringify({ prefix: 'if a:\r\n    b()', suffix: '\r\n' });
		assert.equal((await run([], { stdin: crlf, written: '\n    c()' })).stdout, '\r\n    c()');
	});

	test('anything else on standard input is refused, with the form', async () => {
		const form = /\{"prefix": .*, "suffix": .*\}/;
		for (const stdin of ['', 'f(', '[]', 'null', '{"prefix": "f("}', '{"prefix": "f(", "suffix": 1}'])
			await refuses(run([], { stdin }), form);
		await refuses(run([]), form);
		await refuses(run([], { stdin: '{"prefix": "\\ud83d", "suffix": "\\ude00"}' }), /half a character/);
		await refuses(run([], { stdin: Buffer.from([0x7b, 0xff]) }), /not valid UTF-8/);
	});

	test('stopped while it waits for its input, it ends with the code of the signal and says nothing', async () => {
		assert.deepEqual(await run([], { stdin: 'silent', signal: 'SIGINT' }), { code: 130, stdout: '', stderr: '' });
		assert.deepEqual(await run([], { stdin: 'silent', signal: 'SIGTERM' }), { code: 143, stdout: '', stderr: '' });
	});

	test('a reader that has gone away is no failure, a full disk is one', async () => {
		const broken = (code: string) => new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })) });
		const writing = (code: string) => run(['--file', sum, '--line', '2'], { written: 'a + b', stdout: broken(code) });
		assert.deepEqual(await writing('EPIPE'), { code: 0, stdout: '', stderr: '' });
		await refuses(writing('ENOSPC'), /Standard output cannot be written: ENOSPC/, 1);
	});

	test('nothing is printed where nothing belongs', async () =>
		assert.deepEqual(await run(['--file', sum, '--line', '2']), { code: 0, stdout: '', stderr: '' }));
});
