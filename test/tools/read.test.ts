import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { glob } from '../../src/tools/glob.js';
import { grepSearch } from '../../src/tools/grep-search.js';
import { listDirectory } from '../../src/tools/list-directory.js';
import { readFile } from '../../src/tools/read-file.js';
import { openBench, use } from './bench.js';

describe('read_file', () => {
	test('a short file comes whole, numbered, without a note', async context => {
		const bench = await openBench(context, { files: { 'a.js': 'one\n\n\ttwo\n' } });
		const { ok, text, risk, title } = await use(readFile, { file_path: 'a.js' }, bench);
		assert.deepEqual({ ok, text, risk, title }, { ok: true, text: '1  one\n2\n3  \ttwo', risk: 'reads', title: 'read a.js' });
	});

	test('a long file comes in pages of 120 lines, and the note says how to go on', async context => {
		const bench = await openBench(context, { fixture: 'big-file' });
		const first = await use(readFile, { file_path: 'steps.py' }, bench);
		assert.match(first.text, /^1 {2}# One file/);
		assert.match(first.text, /\[lines 1–120 of 2000; offset 121 goes on\]$/);
		const last = await use(readFile, { file_path: 'steps.py', offset: 1995 }, bench);
		assert.match(last.text, /\n2000 .*\n\[lines 1995–2000 of 2000\]$/);
	});

	test('a page is shorter where the context is small, but never empty', async context => {
		const bench = await openBench(context, { fixture: 'big-file', outputTokens: 200 });
		const page = await use(readFile, { file_path: 'steps.py' }, bench);
		assert.ok(page.text.length < 800, String(page.text.length));
		const tiny = await use(readFile, { file_path: 'steps.py', offset: 3 }, { ...bench, outputTokens: 1 });
		assert.match(tiny.text, /^3 {2}def step_1.*\n\[lines 3–3 of 2000; offset 4 goes on\]$/);
	});

	test('what was read is fresh for an edit', async context => {
		const bench = await openBench(context, { files: { 'a.txt': 'a\n' } });
		assert.equal(await bench.workspace.files.sight('a.txt'), 'unseen');
		await use(readFile, { file_path: 'a.txt' }, bench);
		assert.equal(await bench.workspace.files.sight('a.txt'), 'fresh');
	});

	test('offset 0 is 1; numbers may come as text; other names of arguments are understood', async context => {
		const bench = await openBench(context, { files: { 'a.txt': 'a\nb\nc\n' } });
		for (const args of [
			{ path: 'a.txt', offset: 0, limit: 1 },
			{ filePath: 'a.txt', offset: '1.0', lines: '1' },
			{ 'file-path': 'a.txt', start_line: 1, limit: 1 },
		]) {
			assert.match((await use(readFile, args, bench)).text, /^1 {2}a\n\[lines 1–1 of 3/);
		}
	});

	test('line ends of Windows and a byte order mark are not seen', async context => {
		const bench = await openBench(context, { fixture: 'crlf' });
		assert.equal((await use(readFile, { file_path: 'table.csv' }, bench)).text, '1  name,count\n2  "one",1\n3  "two",2');
	});

	test('a binary file and a path outside are refused with a sentence', async context => {
		const bench = await openBench(context, { files: { 'a.bin': new Uint8Array([0, 1, 2]) } });
		for (const path of ['a.bin', '../secret.txt', '/etc/passwd']) {
			const { ok, text } = await use(readFile, { file_path: path }, bench);
			assert.equal(ok, false);
			assert.match(text, /\w+ .*\.$/);
		}
	});

	test('a missing file is answered with the nearest names', async context => {
		const bench = await openBench(context, { files: { 'src/totals.py': '', 'src/other.js': '', 'README.md': '' } });
		assert.match((await use(readFile, { file_path: 'totals.py' }, bench)).text, /Did you mean: src\/totals\.py\?/);
		assert.match((await use(readFile, { file_path: 'src/total.py' }, bench)).text, /src\/totals\.py/);
		assert.match((await use(readFile, { file_path: 'readme.md' }, bench)).text, /README\.md/);
	});

	test('a complaint names the field that is missing', () => {
		const complaint = readFile.prepare({ offset: 3 });
		assert.ok('complaint' in complaint && /file_path/.test(complaint.complaint));
	});
});

describe('glob', () => {
	const files = { 'a.ts': '', 'src/b.ts': '', 'src/deep/c.ts': '', 'src/d.js': '', 'lib/e.ts': '', '.gitignore': 'lib\n' };

	test('a pattern without / finds names anywhere, one with / begins at the root; ignored files are left out', async context => {
		const bench = await openBench(context, { files });
		assert.equal((await use(glob, { pattern: '*.ts' }, bench)).text, 'a.ts\nsrc/b.ts\nsrc/deep/c.ts');
		assert.equal((await use(glob, { pattern: 'src/*.ts' }, bench)).text, 'src/b.ts');
		assert.equal((await use(glob, { pattern: '**/*.{ts,js}' }, bench)).text, 'a.ts\nsrc/b.ts\nsrc/d.js\nsrc/deep/c.ts');
	});

	test('with a folder a pattern begins there, and also when it repeats the folder', async context => {
		const bench = await openBench(context, { files });
		assert.equal((await use(glob, { pattern: 'deep/*.ts', path: 'src' }, bench)).text, 'src/deep/c.ts');
		assert.equal((await use(glob, { pattern: 'src/*.js', path: './src/' }, bench)).text, 'src/d.js');
		assert.equal((await use(glob, { pattern: '*.ts', path: '.' }, bench)).text, 'a.ts\nsrc/b.ts\nsrc/deep/c.ts');
	});

	test('the person sees paths', async context => {
		const bench = await openBench(context, { files });
		assert.deepEqual((await use(glob, { pattern: '*.js' }, bench)).show, { kind: 'paths', paths: ['src/d.js'] });
	});
});

describe('grep_search', () => {
	const files = { 'a.js': 'const one = 1;\n\tconst two = 2;\n', 'src/b.py': 'one = 1\n', 'c.bin': new Uint8Array([0, 111, 110, 101]) };

	test('lines come as path:line: text; binary files are passed over', async context => {
		const bench = await openBench(context, { files });
		assert.equal((await use(grepSearch, { pattern: '\\bone\\b' }, bench)).text, 'a.js:1: const one = 1;\nsrc/b.py:1: one = 1');
		assert.equal((await use(grepSearch, { pattern: 'two =' }, bench)).text, 'a.js:2: const two = 2;');
	});

	test('a secret is not come upon; it is found where its own name is given', async context => {
		const bench = await openBench(context, { files: { '.env': 'KEY=one\n', 'a.js': 'const one = 1;\n' } });
		assert.match((await use(grepSearch, { pattern: 'one' }, bench)).text, /^\[not searched.*: 1 files.*\]\na\.js:1: const one = 1;$/);
		assert.equal((await use(grepSearch, { pattern: 'one', path: '.env' }, bench)).text, '.env:1: KEY=one');
		symlinkSync('.env', join(bench.workspace.root, 'b.js'));
		assert.ok(!(await use(grepSearch, { pattern: 'one' }, bench)).text.includes('KEY'));
	});

	test('a folder, a file or a glob narrows the search', async context => {
		const bench = await openBench(context, { files });
		assert.equal((await use(grepSearch, { pattern: 'one', path: 'src' }, bench)).text, 'src/b.py:1: one = 1');
		assert.equal((await use(grepSearch, { pattern: 'one', path: 'src/b.py' }, bench)).text, 'src/b.py:1: one = 1');
		assert.equal((await use(grepSearch, { pattern: 'one', include: '*.js' }, bench)).text, 'a.js:1: const one = 1;');
	});

	test('(?i) is understood', async context => {
		const bench = await openBench(context, { files });
		assert.equal((await use(grepSearch, { pattern: '(?i)ONE', path: 'src' }, bench)).text, 'src/b.py:1: one = 1');
	});

	test('looking into a file does not count as the model having read it', async context => {
		const bench = await openBench(context, { files });
		await use(grepSearch, { pattern: 'one' }, bench);
		assert.equal(await bench.workspace.files.sight('a.js'), 'unseen');
	});

	test('very long lines are cut', async context => {
		const bench = await openBench(context, { files: { 'min.js': `var x=1;${'y'.repeat(5000)}` } });
		assert.ok((await use(grepSearch, { pattern: 'var' }, bench)).text.length < 300);
	});

	test('it stops when it is told to', async context => {
		const bench = await openBench(context, { files, signal: AbortSignal.abort() });
		assert.match((await use(grepSearch, { pattern: 'one' }, bench)).text, /^No line/);
	});
});

describe('list_directory', () => {
	test('folders end in /; without a path it is the root', async context => {
		const bench = await openBench(context, { files: { 'src/a.ts': '', 'b.ts': '' } });
		const { text, show } = await use(listDirectory, {}, bench);
		assert.equal(text, 'b.ts\nsrc/');
		assert.deepEqual(show, { kind: 'paths', paths: ['b.ts', 'src/'] });
		assert.equal((await use(listDirectory, { dir: 'src' }, bench)).text, 'a.ts');
	});
});
