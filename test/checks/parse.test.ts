import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Parsed, parses, parsesText } from '../../src/checks/parse.js';
import { openBench } from '../tools/bench.js';

/** A file's name and text, and the line that is wrong, 0 when none is, undefined when nobody can tell. */
const cases: readonly [name: string, path: string, text: string, line: number | undefined][] = [
	['Python', 'a.py', 'def f(x):\n    return x\n', 0],
	['a bracket left open in Python', 'a.py', 'a = 1\nb = (2\nc = 3\n', 2],
	['wrong indentation in Python', 'a.py', 'def f():\nreturn 1\n', 2],
	['a tab among spaces in Python', 'a.py', 'if x:\n        a = 1\n\tb = 2\n', 3],
	['Python with an encoding and a byte order mark', 'a.py', '\uFEFF# -*- coding: utf-8 -*-\nname = "é"\n', 0],
	['a module', 'a.mjs', 'import a from "a";\nexport const b = await a();\n', 0],
	['a module in a .js file', 'a.js', 'import a from "a";\nexport default a;\n', 0],
	['CommonJS', 'a.cjs', 'const a = require("a");\nreturn;\n', 0],
	['CommonJS in a .js file with a first line for the shell', 'a.js', '#!/usr/bin/env node\nmodule.exports = 1;\n', 0],
	['a bracket too many in JavaScript', 'a.js', 'function f() {\n\treturn 1;\n}\n}\n', 4],
	['import in CommonJS', 'a.cjs', 'const a = 1;\nimport b from "b";\n', 2],
	['an error in a module', 'a.mjs', 'export const a = 1;\nexport const = 2;\n', 2],
	['JSX in a .js file', 'a.js', 'export const A = () => <div>hello</div>;\n', 0],
	['a tag left open in a .js file', 'a.js', 'export const A = () => (\n\t<div>hello</p>\n);\n', 2],
	['JSON', 'a.json', '{"a": [1, 2]}\n', 0],
	['a comma too many in JSON', 'a.json', '{\n\t"a": 1,\n}\n', 3],
	['JSON that ends too early', 'a.json', '{\n\t"a": 1\n', 3],
	['settings that may have comments', 'tsconfig.json', '{ // a comment\n}\n', 0],
	['settings with a bracket missing', '.vscode/settings.json', '{\n\t// a comment\n\t"a": [1,\n}\n', 4],
	['a bracket left open in Rust', 'a.rs', 'fn a() {}\nfn main( {', 2],
	['TypeScript', 'a.ts', 'export const a: number = 1;\n', 0],
	['a language that is not known', 'a.zig', 'fn main( {', undefined],
	['no ending', 'Makefile', 'x', undefined],
];

describe('a file is parsed, on disk and as a text to be', () => {
	for (const [name, path, text, line] of cases) {
		test(name, { skip: path.endsWith('.py') && !existsOnPath('python3') }, async context => {
			const { workspace, signal } = await openBench(context, { files: { [path]: text } });
			expect(await parses(workspace, path, signal), line);
			expect(await parsesText(workspace, { path, text }, signal), line);
		});
	}

	test('nothing of it is run', async context => {
		const { workspace, signal } = await openBench(context, {
			files: { 'a.js': 'require("fs").writeFileSync("ran", "")\n', 'a.py': 'open("ran", "w")\n' },
		});
		for (const path of ['a.js', 'a.py']) await parses(workspace, path, signal);
		assert.ok(!existsSync(join(workspace.root, 'ran')));
	});

	test('files that are called like parts of the parser do not get into it', { skip: !existsOnPath('python3') }, async context => {
		const evil = 'open("ran", "w")\n';
		const { workspace, signal } = await openBench(context, {
			files: { 'ast.py': evil, 'sys.py': evil, 'sitecustomize.py': evil, 'a.py': 'a = 1\n' },
		});
		assert.deepEqual(await parses(workspace, 'a.py', signal), { ok: true });
		assert.ok(!existsSync(join(workspace.root, 'ran')));
	});

	test('the model has not seen the file by that', async context => {
		const { workspace, signal } = await openBench(context, { files: { 'a.json': '{}' } });
		await parses(workspace, 'a.json', signal);
		assert.equal(await workspace.files.sight('a.json'), 'unseen');
	});

	test('where it is stopped, or the file missing, there is no verdict', async context => {
		const { workspace, signal } = await openBench(context, { files: { 'a.py': 'a = (\n' } });
		assert.equal(await parses(workspace, 'a.py', AbortSignal.abort()), undefined);
		assert.equal(await parses(workspace, 'b.py', signal), undefined);
	});

	test('where the parser of the language is missing, or the text too long for it, the grammar tells', async context => {
		const { workspace, signal } = await openBench(context, { files: { 'a.py': 'a = 1\nb = (\n' } });
		expect(await parsesText(workspace, { path: 'a.py', text: `a = (${' '.repeat(200_000)}` }, signal), 1);
		writeFileSync(join(workspace.root, 'b.py'), 'a = 1\n');
		const without = { ...workspace, processes: { ...workspace.processes, run: missing } };
		expect(await parses(without, 'b.py', signal), 0);
		expect(await parses(without, 'a.py', signal), 2);
	});
});

async function* missing(): AsyncGenerator<string, never> {
	const { Refusal } = await import('../../src/types.js');
	yield '';
	throw new Refusal('python3 is not installed.');
}

function expect(found: Parsed | undefined, line: number | undefined): void {
	const wrong = found && !found.ok ? found : undefined;
	if (line === undefined) assert.equal(found, undefined);
	else if (line === 0) assert.deepEqual(found, { ok: true });
	else assert.deepEqual({ line: wrong?.line, said: (wrong?.message.length ?? 0) > 3 }, { line, said: true });
}

function existsOnPath(program: string): boolean {
	return (process.env.PATH ?? '').split(':').some(folder => existsSync(join(folder, program)));
}
