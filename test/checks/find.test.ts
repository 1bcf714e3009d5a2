import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { targeted } from '../../src/checks/command.js';
import { findTestCommand } from '../../src/checks/tests.js';
import { openBench } from '../tools/bench.js';

const pack = (more: object) => JSON.stringify({ name: 'x', ...more });
const unittest = 'import unittest\n\nclass A(unittest.TestCase):\n    def test_a(self):\n        pass\n';

/** A project, the command that is to be found for it, the file that told, and how a file and a name are asked for. */
const projects: { name: string; files: Record<string, string>; line: string; from: string; file?: string; named?: string }[] = [
	{
		name: 'a script of npm',
		files: { 'package.json': pack({ scripts: { test: 'tap test/*.js' } }) },
		line: 'npm test',
		from: 'package.json',
	},
	{
		name: 'a script that is one run of node is run without npm',
		files: { 'package.json': pack({ scripts: { test: 'node --test test/' } }) },
		line: 'node --test test/',
		from: 'package.json',
		file: 'node --test test/ a.test.js',
		named: "node --test test/ '--test-name-pattern=adds up'",
	},
	{
		name: 'but not when other scripts belong to it',
		files: { 'package.json': pack({ scripts: { pretest: 'make', test: 'node --test' } }) },
		line: 'npm test --',
		from: 'package.json',
	},
	{
		name: 'pnpm by its lockfile',
		files: { 'package.json': pack({ scripts: { test: 'vitest run' } }), 'pnpm-lock.yaml': '' },
		line: 'pnpm test',
		from: 'package.json',
		file: 'pnpm test a.test.js',
		named: "pnpm test -t 'adds up'",
	},
	{
		name: 'yarn by its lockfile',
		files: { 'package.json': pack({ scripts: { test: 'jest' } }), 'yarn.lock': '' },
		line: 'yarn test',
		from: 'package.json',
		file: 'yarn test a.test.js',
	},
	{
		name: 'bun by its lockfile',
		files: { 'package.json': pack({ scripts: { test: 'mocha' } }), 'bun.lock': '' },
		line: 'bun run test',
		from: 'package.json',
		named: "bun run test -g 'adds up'",
	},
	{
		name: 'the manager that package.json names',
		files: { 'package.json': pack({ scripts: { test: 'x' }, packageManager: 'yarn@4.1.0' }), 'package-lock.json': '' },
		line: 'yarn test',
		from: 'package.json',
	},
	{
		name: 'jest through npm takes a target',
		files: { 'package.json': pack({ scripts: { test: 'jest' } }) },
		line: 'npm test --',
		from: 'package.json',
		file: 'npm test -- a.test.js',
		named: "npm test -- -t 'adds up'",
	},
	{
		name: 'the placeholder of npm is no script; node has test files',
		files: { 'package.json': pack({ scripts: { test: 'echo "Error: no test specified" && exit 1' } }), 'sum.test.js': '' },
		line: 'node --test',
		from: 'sum.test.js',
	},
	{
		name: 'a dependency on vitest without a script',
		files: { 'package.json': pack({ devDependencies: { vitest: '1' } }) },
		line: 'npx --no-install vitest run',
		from: 'package.json',
	},
	{ name: 'test files of node without package.json', files: { 'test/a.js': '', 'a.js': '' }, line: 'node --test', from: 'test/a.js' },
	{
		name: 'a broken package.json is as good as none',
		files: { 'package.json': '{', 'a.test.mjs': '' },
		line: 'node --test',
		from: 'a.test.mjs',
	},
	{
		name: 'Deno',
		files: { 'deno.json': '{}', 'a_test.ts': '' },
		line: 'deno test --no-prompt',
		from: 'deno.json',
		named: "deno test --no-prompt '--filter=adds up'",
	},
	{ name: 'a task of Deno', files: { 'deno.json': '{"tasks": {"test": "deno test -A"}}' }, line: 'deno task test', from: 'deno.json' },
	{
		name: 'unittest at the root',
		files: { 'test_a.py': unittest },
		line: 'python3 -m unittest discover',
		from: 'test_a.py',
		file: "python3 -m unittest discover -k '*a.test.*'",
		named: "python3 -m unittest discover -k 'adds up'",
	},
	{
		name: 'unittest in a folder that is no package',
		files: { 'a.py': '', 'tests/test_a.py': unittest },
		line: "python3 -m unittest discover -s tests -p 'test_*.py'",
		from: 'tests/test_a.py',
	},
	{
		name: 'unittest in a package is discovered from the root',
		files: { 'tests/__init__.py': '', 'tests/deep/__init__.py': '', 'tests/deep/test_a.py': unittest },
		line: 'python3 -m unittest discover',
		from: 'tests/deep/test_a.py',
	},
	{
		name: 'unittest in a package below a folder that is none',
		files: { 'src/tests/__init__.py': '', 'src/tests/test_a.py': unittest },
		line: "python3 -m unittest discover -s src/tests -p 'test_*.py' -t .",
		from: 'src/tests/test_a.py',
	},
	{
		name: 'unittest files by another pattern',
		files: { 'a_test.py': unittest },
		line: "python3 -m unittest discover -s . -p '*_test.py'",
		from: 'a_test.py',
	},
	{
		name: 'unittest by two patterns',
		files: { 'a_test.py': unittest, 'test_b.py': unittest },
		line: "python3 -m unittest discover -s . -p '*_test.py'; python3 -m unittest discover",
		from: 'a_test.py',
	},
	{
		name: 'Cargo',
		files: { 'Cargo.toml': '' },
		line: 'cargo test --no-fail-fast',
		from: 'Cargo.toml',
		named: "cargo test --no-fail-fast 'adds up'",
	},
	{
		name: 'Go',
		files: { 'go.mod': '', 'a_test.go': '' },
		line: 'go test -v ./...',
		from: 'go.mod',
		named: "go test -v ./... '-run=adds up'",
	},
	{
		name: 'Maven with its wrapper',
		files: { 'pom.xml': '', mvnw: '' },
		line: './mvnw -B test',
		from: 'pom.xml',
		file: './mvnw -B test -Dtest=a.test',
	},
	{ name: 'Maven', files: { 'pom.xml': '' }, line: 'mvn -B test', from: 'pom.xml' },
	{
		name: 'Gradle with its wrapper',
		files: { 'build.gradle.kts': '', gradlew: '' },
		line: './gradlew test --console=plain',
		from: 'build.gradle.kts',
		file: './gradlew test --console=plain --tests a.test',
	},
	{ name: 'Gradle', files: { 'build.gradle': '' }, line: 'gradle test --console=plain', from: 'build.gradle' },
	{ name: '.NET', files: { 'App.sln': '', 'Tests/Tests.csproj': '' }, line: 'dotnet test App.sln --nologo', from: 'App.sln' },
	{
		name: '.NET without a solution',
		files: { 'App.Tests/App.Tests.csproj': '' },
		line: 'dotnet test App.Tests/App.Tests.csproj --nologo',
		from: 'App.Tests/App.Tests.csproj',
	},
	{ name: 'Mix', files: { 'mix.exs': '' }, line: 'mix test', from: 'mix.exs', file: 'mix test a.test.js' },
	{
		name: 'CTest',
		files: { 'CMakeLists.txt': 'enable_testing()\n' },
		line: 'cmake -S . -B build && cmake --build build && ctest --test-dir build --output-on-failure',
		from: 'CMakeLists.txt',
	},
	{ name: 'RSpec', files: { 'spec/a_spec.rb': '' }, line: 'rspec', from: 'spec/a_spec.rb', named: "rspec -e 'adds up'" },
	{ name: 'RSpec with Bundler', files: { '.rspec': '', Gemfile: '' }, line: 'bundle exec rspec', from: '.rspec' },
	{ name: 'Rake', files: { Rakefile: 'Rake::TestTask.new\n' }, line: 'rake test', from: 'Rakefile' },
	{
		name: 'PHPUnit',
		files: { 'phpunit.xml.dist': '' },
		line: 'vendor/bin/phpunit',
		from: 'phpunit.xml.dist',
		named: "vendor/bin/phpunit '--filter=adds up'",
	},
	{ name: 'make test', files: { Makefile: 'all: x\n\ntest: all\n\t./x\n' }, line: 'make test', from: 'Makefile' },
	{ name: 'make check', files: { Makefile: 'check:\n\t./x\ntests := a b\n' }, line: 'make check', from: 'Makefile' },
	{ name: 'bats', files: { 'test/a.bats': '' }, line: 'bats --tap test/a.bats', from: 'test/a.bats' },
	{ name: 'a script called test', files: { 'run_tests.sh': '' }, line: 'bash run_tests.sh', from: 'run_tests.sh' },
];

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
			assert.ok(asked.every(args => args === '-c import pytest'));
		});
	}

	test('where pytest is missing, tests that unittest can run are run by it', async context => {
		const { workspace } = await openBench(context, { files: { 'conftest.py': '', 'test_a.py': unittest } });
		const running = workspace.processes.run;
		workspace.processes.run = (_command, options) => running({ shell: 'false' }, options);
		assert.equal((await findTestCommand(workspace))?.line, 'python3 -m unittest discover');
	});

	test('the interpreter of the project is used', async context => {
		const { workspace } = await openBench(context, { files: { '.gitignore': '.venv\n', '.venv/bin/python': '', 'test_a.py': unittest } });
		assert.equal((await findTestCommand(workspace))?.line, '.venv/bin/python -m unittest discover');
	});
});
