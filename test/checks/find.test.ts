import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { targeted } from '../../src/checks/command.js';
import { findTestCommand } from '../../src/checks/tests.js';
import { openBench } from '../tools/bench.js';
import { pack, projects, unittest } from './projects.js';

describe('the test command is found', () => {
	for (const { name, files, line, from, file, named } of projects) {
		test(name, async context => {
			const { workspace } = await openBench(context, { files });
			const found = await findTestCommand(workspace);
			assert.deepEqual({ line: found?.line, from: found?.from, cwd: found?.cwd }, { line, from, cwd: '' });
			assert.ok(found!.why.length > 5);
			if (file) assert.equal(targeted(found!, 'a.test.js')?.line, file);
			if (named) assert.equal(targeted(found!, 'adds up')?.line, named);
		});
	}

	test('nothing is found where nothing tells', async context => {
		const { workspace } = await openBench(context, { fixture: 'no-git' });
		assert.equal(await findTestCommand(workspace), undefined);
	});

	test('a makefile without such a target, a go module without tests and an empty package.json tell nothing', async context => {
		const { workspace } = await openBench(context, { files: { Makefile: 'test-data: x\n', 'go.mod': '', 'package.json': '{}' } });
		assert.equal(await findTestCommand(workspace), undefined);
	});

	test('what the person configured is taken as it is', async context => {
		const { workspace } = await openBench(context, { files: { 'Cargo.toml': '' } });
		assert.deepEqual((await findTestCommand(workspace, ' make quick '))?.run, { shell: 'make quick' });
	});

	test('a project in a folder is found, and its tests run there', async context => {
		const { workspace } = await openBench(context, {
			files: { 'README.md': '', 'app/package.json': pack({ scripts: { test: 'node --test' } }) },
		});
		const found = await findTestCommand(workspace);
		assert.deepEqual(
			{ line: found?.line, from: found?.from, cwd: found?.cwd },
			{ line: 'node --test', from: 'app/package.json', cwd: 'app' },
		);
	});

	test('a target is one word, whatever it holds', async context => {
		const { workspace } = await openBench(context, { files: { 'package.json': pack({ scripts: { test: 'node --test' } }) } });
		const part = targeted((await findTestCommand(workspace))!, "x'; rm -rf ~; '");
		assert.deepEqual(part?.run, { program: 'node', args: ['--test', "--test-name-pattern=x'; rm -rf ~; '"] });
	});

	test('programs that cannot be asked for a part run all', async context => {
		const { workspace } = await openBench(context, { files: { Makefile: 'test:\n\ttrue\n' } });
		assert.equal(targeted((await findTestCommand(workspace))!, 'a.c'), undefined);
	});
});

describe('pytest or unittest', () => {
	const bare = 'def test_a():\n    assert True\n';
	for (const [name, files, from] of [
		['a configuration', { 'pyproject.toml': '[tool.pytest.ini_options]\n', 'test_a.py': unittest }, 'pyproject.toml'],
		['plain functions', { 'test_a.py': bare }, 'test_a.py'],
		['an import', { 'test_a.py': `import pytest\n${unittest}` }, 'test_a.py'],
	] as const) {
		test(`${name} asks for pytest`, async context => {
			const { workspace } = await openBench(context, { files });
			const running = workspace.processes.run;
			const asked: string[] = [];
			// Whether pytest is installed on this machine is not the question here.
			workspace.processes.run = async function* (command, options) {
				asked.push('program' in command ? command.args.join(' ') : command.shell);
				return yield* running({ shell: 'true' }, options);
			};
			const found = await findTestCommand(workspace);
			assert.deepEqual({ line: found?.line, from: found?.from }, { line: 'python3 -m pytest -q --tb=short', from });
			assert.ok(asked.every(args => args === '-c import sys; sys.path.pop(0); import pytest'));
		});
	}

	test('where pytest is missing, tests that unittest can run are run by it', async context => {
		const { workspace } = await openBench(context, { files: { 'conftest.py': '', 'test_a.py': unittest } });
		const running = workspace.processes.run;
		workspace.processes.run = (_command, options) => running({ shell: 'false' }, options);
		assert.equal((await findTestCommand(workspace))?.line, 'python3 -m unittest discover');
	});

	test('nothing of the project runs while its test command is looked for, where no box holds it', async context => {
		const evil = "open('ran', 'w').close()\n";
		const { workspace: opened } = await openBench(context, {
			files: { '.gitignore': '.venv\n', 'pytest.py': evil, 'conftest.py': '', 'test_a.py': unittest },
		});
		const boxed = { on: false, wish: 'never', why: 'it is switched off' } as const;
		const workspace = { ...opened, processes: { ...opened.processes, boxed } };
		await findTestCommand(workspace);
		mkdirSync(join(workspace.root, '.venv/bin'), { recursive: true });
		writeFileSync(join(workspace.root, '.venv/bin/python'), '#!/bin/sh\ntouch ran\n', { mode: 0o755 });
		assert.equal((await findTestCommand(workspace))?.line, '.venv/bin/python -m pytest -q --tb=short');
		assert.ok(!existsSync(join(workspace.root, 'ran')));
	});

	test('the interpreter of the project is used', async context => {
		const { workspace } = await openBench(context, { files: { '.gitignore': '.venv\n', '.venv/bin/python': '', 'test_a.py': unittest } });
		assert.equal((await findTestCommand(workspace))?.line, '.venv/bin/python -m unittest discover');
	});
});
