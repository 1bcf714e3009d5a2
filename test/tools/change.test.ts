import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { edit } from '../../src/tools/edit.js';
import { readFile } from '../../src/tools/read-file.js';
import type { Workbench } from '../../src/tools/tool.js';
import { writeFile } from '../../src/tools/write-file.js';
import { openBench, use } from './bench.js';

const onDisk = (bench: Workbench, path: string): string => readFileSync(join(bench.workspace.root, path), 'utf8');
const see = (bench: Workbench, path: string) => use(readFile, { file_path: path }, bench);

describe('edit', () => {
	test('the model gets the lines around the change, numbered, six at the most; the person the difference', async context => {
		const bench = await openBench(context, { fixture: 'broken-sum' });
		await see(bench, 'sum.js');
		const before = onDisk(bench, 'sum.js');
		const { text, show, risk } = await use(
			edit,
			{ file_path: 'sum.js', old_string: 'total -= number;', new_string: 'total += number;' },
			bench,
		);
		assert.equal(
			text,
			'Edited sum.js.\n3  \tlet total = 0;\n4  \tfor (const number of numbers) {\n5  \t\ttotal += number;\n6  \t}\n7  \treturn total;\n8  }',
		);
		const after = onDisk(bench, 'sum.js');
		assert.equal(after, before.replace('-=', '+='));
		assert.deepEqual(show, { kind: 'diff', path: 'sum.js', before, after });
		assert.equal(risk, 'writes');
	});

	test('the preview is the difference that will be made', async context => {
		const bench = await openBench(context, { files: { 'a.txt': 'a\nb\n' } });
		await see(bench, 'a.txt');
		const ready = edit.prepare({ path: 'a.txt', old_str: 'a', new_str: 'c' });
		assert.ok(!('complaint' in ready));
		assert.deepEqual(await ready.preview(bench), { kind: 'diff', path: 'a.txt', before: 'a\nb\n', after: 'c\nb\n' });
		assert.equal(onDisk(bench, 'a.txt'), 'a\nb\n');
	});

	test('line ends, byte order mark and a missing last line end stay', async context => {
		const bench = await openBench(context, { fixture: 'crlf' });
		for (const path of ['greet.js', 'table.csv', 'mixed.txt']) await see(bench, path);
		assert.ok(
			(
				await use(
					edit,
					{ file_path: 'greet.js', old_string: '"Hello, " + name;\n\treturn words;', new_string: '"Hi, " + name;\n\n\treturn words;' },
					bench,
				)
			).ok,
		);
		assert.equal(
			onDisk(bench, 'greet.js'),
			'export function greet(name) {\r\n\tconst words = "Hi, " + name;\r\n\r\n\treturn words;\r\n}\r\n',
		);
		assert.ok((await use(edit, { file_path: 'table.csv', old_string: '"two",2', new_string: '"two",3' }, bench)).ok);
		assert.equal(onDisk(bench, 'table.csv'), '\uFEFFname,count\r\n"one",1\r\n"two",3\r\n');
		assert.ok((await use(edit, { file_path: 'mixed.txt', old_string: 'second line\nthird line', new_string: 'second\nthird' }, bench)).ok);
		assert.match(onDisk(bench, 'mixed.txt'), /^first line\r\nsecond\r?\nthird\r\nno line end$/);
	});

	test('an edit of a file that was not read is refused once: the refusal shows the lines', async context => {
		const bench = await openBench(context, { files: { 'a.txt': 'a\nb\n' } });
		const args = { file_path: 'a.txt', old_string: 'b', new_string: 'c' };
		const first = await use(edit, args, bench);
		assert.equal(first.ok, false);
		assert.match(first.text, /2 {2}b/);
		assert.equal(onDisk(bench, 'a.txt'), 'a\nb\n');
		assert.ok((await use(edit, args, bench)).ok);
	});

	test('an edit of a file that changed meanwhile is refused, with the lines as they are now', async context => {
		const bench = await openBench(context, { files: { 'a.txt': 'a\nb\n' } });
		await see(bench, 'a.txt');
		writeFileSync(join(bench.workspace.root, 'a.txt'), 'a\nb\nsomebody else\n');
		const { ok, text } = await use(edit, { file_path: 'a.txt', old_string: 'b', new_string: 'c' }, bench);
		assert.equal(ok, false);
		assert.match(text, /3 {2}somebody else/);
		assert.match(onDisk(bench, 'a.txt'), /^a\nb\n/);
	});

	test('an edit on its own edit needs no reading in between', async context => {
		const bench = await openBench(context, { files: { 'a.txt': 'a\nb\n' } });
		await see(bench, 'a.txt');
		assert.ok((await use(edit, { file_path: 'a.txt', old_string: 'a', new_string: 'c' }, bench)).ok);
		assert.ok((await use(edit, { file_path: 'a.txt', old_string: 'c', new_string: 'd' }, bench)).ok);
		assert.equal(onDisk(bench, 'a.txt'), 'd\nb\n');
	});

	test('a text that is not there is answered with the closest lines, verbatim', async context => {
		const bench = await openBench(context, { fixture: 'broken-sum' });
		await see(bench, 'sum.js');
		const { ok, text } = await use(
			edit,
			{ file_path: 'sum.js', old_string: 'for (const n of numbers) { total -= n; }', new_string: 'x' },
			bench,
		);
		assert.equal(ok, false);
		assert.match(text, /\n4 {2}\tfor \(const number of numbers\) \{\n/);
	});

	test('an edit after which the file would not parse is not made', { skip: !onPath('python3') }, async context => {
		const bench = await openBench(context, { fixture: 'broken-py' });
		await see(bench, 'words.py');
		const before = onDisk(bench, 'words.py');
		const { ok, text } = await use(edit, { file_path: 'words.py', old_string: '    counts = {}\n', new_string: '    counts = {\n' }, bench);
		assert.equal(ok, false);
		assert.match(text, /Line \d+: /);
		assert.equal(onDisk(bench, 'words.py'), before);
	});

	test('a file that does not parse may be mended step by step', async context => {
		const bench = await openBench(context, { files: { 'a.json': '{"a": [1,, 2,,]}\n' } });
		await see(bench, 'a.json');
		const first = await use(edit, { file_path: 'a.json', old_string: '1,,', new_string: '1,' }, bench);
		assert.equal(first.ok, true);
		assert.match(first.text, /does not parse/);
		const second = await use(edit, { file_path: 'a.json', old_string: '2,,', new_string: '2' }, bench);
		assert.doesNotMatch(second.text, /parse/);
		assert.equal(onDisk(bench, 'a.json'), '{"a": [1, 2]}\n');
	});

	test('with no old text it makes a new file, in new folders too, or fills an empty one', async context => {
		const bench = await openBench(context, { files: { 'empty.txt': '' } });
		assert.ok((await use(edit, { file_path: 'src/new.txt', new_string: 'a\n' }, bench)).ok);
		assert.equal(onDisk(bench, 'src/new.txt'), 'a\n');
		await see(bench, 'empty.txt');
		const filled = await use(edit, { file_path: 'empty.txt', old_string: '', new_string: 'b\n' }, bench);
		assert.ok(filled.ok, filled.text);
		assert.equal(onDisk(bench, 'empty.txt'), 'b\n');
	});

	test('replace_all may come as text; many places are listed by line', async context => {
		const bench = await openBench(context, { files: { 'a.txt': 'x\n'.repeat(20) } });
		await see(bench, 'a.txt');
		const args = { file_path: 'a.txt', old_string: 'x', new_string: 'y' };
		assert.match((await use(edit, args, bench)).text, /20 times in a\.txt, at lines 1, 2, .*12, …\./);
		assert.match((await use(edit, { ...args, replaceAll: 'true' }, bench)).text, /^Edited a\.txt in 20 places/);
		assert.equal(onDisk(bench, 'a.txt'), 'y\n'.repeat(20));
	});

	test('undo takes the edit back to the byte', async context => {
		const bench = await openBench(context, { fixture: 'crlf' });
		const before = onDisk(bench, 'mixed.txt');
		await bench.workspace.files.mark('a message');
		await see(bench, 'mixed.txt');
		assert.ok((await use(edit, { file_path: 'mixed.txt', old_string: 'third', new_string: '3rd' }, bench)).ok);
		await bench.workspace.files.undo();
		assert.equal(onDisk(bench, 'mixed.txt'), before);
	});
});

describe('write_file', () => {
	test('a new file ends in a line end; an existing one as it did', async context => {
		const bench = await openBench(context, { files: { 'b.txt': 'one' } });
		await use(writeFile, { file_path: 'deep/a.txt', content: 'a' }, bench);
		assert.equal(onDisk(bench, 'deep/a.txt'), 'a\n');
		await see(bench, 'b.txt');
		await use(writeFile, { file_path: 'b.txt', content: 'two\n' }, bench);
		assert.equal(onDisk(bench, 'b.txt'), 'two');
	});

	test('line ends of Windows stay', async context => {
		const bench = await openBench(context, { fixture: 'crlf' });
		await see(bench, 'notes.md');
		assert.ok((await use(writeFile, { file_path: 'notes.md', content: '# crlf\n\nAnother note.\n' }, bench)).ok);
		assert.equal(onDisk(bench, 'notes.md'), '# crlf\r\n\r\nAnother note.\r\n');
	});

	test('the person sees the difference, the model one line', async context => {
		const bench = await openBench(context);
		const { text, show } = await use(writeFile, { path: 'a.txt', contents: 'a\nb\n' }, bench);
		assert.equal(text, 'Created a.txt (2 lines).');
		assert.deepEqual(show, { kind: 'diff', path: 'a.txt', before: null, after: 'a\nb\n' });
	});

	test('what stands for left-out code is refused, in every language', async context => {
		const bench = await openBench(context);
		for (const line of [
			'// rest of code',
			'...',
			'# existing code',
			'/* ... */',
			'<!-- ... -->',
			'// ... existing imports ...',
			'# ... (rest of the file remains the same)',
			'{/* ... */}',
			'…',
			'// other methods here',
			'-- remaining code unchanged',
		]) {
			const { ok, text } = await use(writeFile, { file_path: 'a.code', content: `first\n${line}\nlast\n` }, bench);
			assert.equal(ok, false, line);
			assert.ok(text.includes(line), text);
		}
	});

	test('what only looks like it is written', async context => {
		const bench = await openBench(context);
		const lines = [
			'class A:\n    ...',
			'f(...args);',
			'# wait for the rest of the file to arrive',
			'print("...")',
			'// existing code paths are covered by e2e tests',
			'const rest = [...code];',
			'loading...',
			'...unchanged,',
		];
		for (const [index, line] of lines.entries()) {
			const { ok, text } = await use(writeFile, { file_path: `${index}.code`, content: `first\n${line}\nlast\n` }, bench);
			assert.ok(ok, `${line}: ${text}`);
		}
	});

	test('in a text for people a heading is no comment, but dots are dots', async context => {
		const bench = await openBench(context);
		assert.ok((await use(writeFile, { file_path: 'a.md', content: '# Existing code\n\n* ...\n\n...\n' }, bench)).ok);
		assert.equal((await use(writeFile, { file_path: 'b.md', content: '# A\n\n... rest of the file unchanged ...\n' }, bench)).ok, false);
	});

	test('a file may lose lines, but not half of them at once', async context => {
		const bench = await openBench(context, { files: { 'a.txt': 'line\n'.repeat(30) } });
		await see(bench, 'a.txt');
		assert.equal((await use(writeFile, { file_path: 'a.txt', content: 'line\n'.repeat(14) }, bench)).ok, false);
		assert.equal((await use(writeFile, { file_path: 'a.txt', content: 'line\n'.repeat(16) }, bench)).ok, true);
	});

	test('a path that leads outside is refused before anything is written', async context => {
		const bench = await openBench(context);
		assert.equal((await use(writeFile, { file_path: '../a.txt', content: 'a' }, bench)).ok, false);
	});
});

function onPath(program: string): boolean {
	return (process.env.PATH ?? '').split(':').some(folder => {
		try {
			readFileSync(join(folder, program));
			return true;
		} catch {
			return false;
		}
	});
}
