import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { byInterpreter } from '../../src/checks/interpreter.js';
import { findTestCommand } from '../../src/checks/tests.js';
import { openWorkspace } from '../../src/workspace/open.js';

const never = new AbortController().signal;

async function commandIn(file: string) {
	const root = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-interpreter-')));
	writeFileSync(
		join(root, file),
		file.endsWith('.py') ? 'import unittest\n\nclass T(unittest.TestCase):\n    pass\n' : "require('node:test');\n",
	);
	const workspace = await openWorkspace({ root, state: mkdtempSync(join(tmpdir(), 'qwill-state-')), conversation: 'c', box: 'never' });
	const command = await findTestCommand(workspace, undefined);
	assert.ok(command);
	return { root, workspace, command };
}

test('tests are run by the interpreter itself, and people see the line that they know', async () => {
	for (const [file, line] of [
		['test_a.py', /^python3 -m /],
		['a.test.js', /^node --test/],
	] as const) {
		const { workspace, command } = await commandIn(file);
		const direct = await byInterpreter(workspace, command, never);
		assert.match(direct.line, line);
		assert.ok('program' in direct.run && /^\/.*\/(?:python[\d.]*|node)$/.test(direct.run.program), JSON.stringify(direct.run));
	}
});

test('a program that does not say where it is is run by its name', async () => {
	const { root, workspace, command } = await commandIn('test_a.py');
	for (const says of ['exit 1', 'echo not a path', 'echo /two /paths']) {
		writeFileSync(join(root, 'python3'), `#!/bin/sh\n${says}\n`);
		chmodSync(join(root, 'python3'), 0o755);
		const run = { program: 'python3', args: [] };
		const processes = {
			...workspace.processes,
			run: (_line: unknown, options: Parameters<typeof workspace.processes.run>[1]) =>
				workspace.processes.run({ program: './python3', args: [] }, options),
		};
		const own = { ...command, run };
		assert.equal(await byInterpreter({ processes }, own, never), own);
	}
	const shell = { ...command, run: { shell: 'python3 -m unittest' } };
	assert.equal(await byInterpreter(workspace, shell, never), shell);
	const own = { ...command, run: { program: '.venv/bin/python', args: [] } };
	assert.equal(await byInterpreter(workspace, own, never), own);
});
