import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { homedir } from 'node:os';
import { describe, type TestContext, test } from 'node:test';
import type { Runner } from '../../../src/checks/command.js';
import { type Coverage, coverage, type TracedTest } from '../../../src/checks/coverage/coverage.js';
import { suspicion } from '../../../src/checks/coverage/suspicion.js';
import { findTestCommand, type TestCommand } from '../../../src/checks/tests.js';
import { openBench } from '../../tools/bench.js';

type Project = { files: Record<string, string>; shell?: string; runner?: Runner; timeoutMs?: number };

/** The coverage of a project, by the command that is found for it or by `shell`, and what is in its folder afterwards. */
async function covered(
	context: TestContext,
	{ files, shell, runner = 'shell', timeoutMs = 120_000 }: Project,
): Promise<{ coverage: Coverage | undefined; output: string; entries: string[] }> {
	const { workspace, signal } = await openBench(context, { files });
	const command: TestCommand | undefined = shell
		? { line: shell, run: { shell }, runner, from: '', why: '', cwd: '' }
		: await findTestCommand(workspace);
	assert.ok(command);
	const running = coverage(workspace, command, { timeoutMs, signal });
	let output = '';
	for (;;) {
		const step = await running.next();
		if (step.done) return { coverage: step.value, output, entries: await workspace.files.entries('.') };
		output += step.value;
	}
}

/** Each test as a line: its name, how it went, the lines it ran. */
const told = ({ tests }: Coverage): string[] =>
	tests.map(({ name, ok, lines }) => {
		const files = [...lines].sort().map(([path, numbers]) => `${path}:${[...numbers].sort((a, b) => a - b).join(',')}`);
		return [`${ok ? '+' : '-'} ${name}`, ...files].join(' ');
	});

/** The lines that are the most suspicious, as `path:line`. */
function worst(found: Coverage): string[] {
	const scores = [...suspicion(found)].flatMap(([path, lines]) => [...lines].map(([line, score]) => ({ place: `${path}:${line}`, score })));
	const most = Math.max(...scores.map(({ score }) => score));
	return scores.filter(({ score }) => score === most).map(({ place }) => place);
}

const named = ({ tests }: Coverage, name: string): TracedTest => {
	const found = tests.find(each => each.name === name);
	assert.ok(found, `${name} is not among ${tests.map(each => each.name).join(', ')}`);
	return found;
};

const sums = {
	'lib/sums.py': [
		'LIMIT = 3', // 1
		'',
		'def add(a, b):', // 3
		'    if a == LIMIT:',
		'        return a - b', // 5
		'    return a + b',
		'',
		'def spin():', // 8
		'    n = 0',
		'    while True:', // 10
		'        n += 1',
		'',
	].join('\n'),
};
const cases = [
	'import unittest',
	'from lib.sums import add, spin',
	'class A(unittest.TestCase):',
	'    def test_good(self):',
	'        self.assertEqual(add(1, 2), 3)',
	'    def test_wrong(self):',
	'        self.assertEqual(add(3, 2), 5)',
	'',
].join('\n');
const both = ['+ A.test_good lib/sums.py:1,3,4,6,8', '- A.test_wrong lib/sums.py:1,3,4,5,8'];

/** Every Python there is: up to 3.11 they are watched in one way, from 3.12 on in another. */
const pythons = ['python3', ...globSync(`${homedir()}/.pyenv/versions/*/bin/python3`), 'python3.12', 'python3.13', 'python3.14'].filter(
	program => spawnSync(program, ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']).status === 0,
);

describe('unittest', () => {
	for (const python of pythons)
		test(`each test has its lines, and the fault is the most suspicious one (${python})`, async context => {
			const found = await covered(context, { files: { ...sums, 'test_sums.py': cases }, shell: `${python} -m unittest` });
			assert.ok(found.coverage, found.output);
			assert.deepEqual(told(found.coverage), both, found.output);
			assert.deepEqual(worst(found.coverage), ['lib/sums.py:5']);
			assert.equal(named(found.coverage, 'A.test_good').file, 'test_sums.py');
		});

	test('as it is found, and nothing is left in the folder', async context => {
		const found = await covered(context, { files: { ...sums, 'test_sums.py': cases } });
		assert.deepEqual(told(found.coverage!), both);
		assert.deepEqual(found.entries, ['lib/', 'test_sums.py']);
		assert.match(found.output, /FAILED \(failures=1\)/);
	});

	for (const python of pythons)
		test(`a test whose process is killed has the lines that it ran (${python})`, async context => {
			const kills = `${cases}    def test_zero(self):\n        self.assertEqual(add(3, 1), 2)\n        import os\n        os.kill(os.getpid(), 9)\n`;
			const found = await covered(context, { files: { ...sums, 'test_sums.py': kills }, shell: `${python} -m unittest` });
			assert.deepEqual(told(found.coverage!), [...both, '- A.test_zero lib/sums.py:1,3,4,5,8']);
		});

	test('a file that cannot be imported is a failing test with all that ran', async context => {
		const files = { 'bad.py': 'x = 1\ny = x + z\n', 'test_bad.py': 'import unittest\nimport bad\n', ...sums, 'test_sums.py': cases };
		const found = await covered(context, { files, shell: 'python3 -m unittest' });
		assert.deepEqual(told(found.coverage!), [
			'- test_bad bad.py:1,2 lib/sums.py:1,3,8',
			'+ A.test_good bad.py:1,2 lib/sums.py:1,3,4,6,8',
			'- A.test_wrong bad.py:1,2 lib/sums.py:1,3,4,5,8',
		]);
	});

	test('a class that cannot be set up is a failing test with what its set-up ran', async context => {
		const broken = `${cases}    @classmethod\n    def setUpClass(cls):\n        assert add(3, 1) == 4\n`;
		const found = await covered(context, { files: { ...sums, 'test_sums.py': broken }, shell: 'python3 -m unittest' });
		assert.deepEqual(told(found.coverage!), ['- setUpClass (test_sums.A) lib/sums.py:1,3,4,5,8']);
	});

	test('subtests, expected failures, skipped and async tests are counted as unittest counts them', async context => {
		const suite = [
			'import unittest',
			'from lib.sums import add',
			'class A(unittest.IsolatedAsyncioTestCase):',
			'    async def test_async(self):',
			'        self.assertEqual(add(1, 2), 3)',
			'    @unittest.expectedFailure',
			'    def test_expected(self):',
			'        self.assertEqual(add(3, 2), 5)',
			"    @unittest.skip('')",
			'    def test_skipped(self):',
			'        pass',
			'    def test_parts(self):',
			'        for n in (2, 3):',
			'            with self.subTest(n):',
			'                self.assertEqual(add(n, 1), n + 1)',
			'',
		].join('\n');
		const found = await covered(context, { files: { ...sums, 'test_sums.py': suite }, shell: 'python3 -m unittest' });
		assert.deepEqual(told(found.coverage!), [
			'+ A.test_async lib/sums.py:1,3,4,6,8',
			'+ A.test_expected lib/sums.py:1,3,4,5,8',
			'- A.test_parts lib/sums.py:1,3,4,5,6,8',
		]);
	});

	test('what a program does that a test starts, or forks, is the test’s', async context => {
		const suite = [
			'import os, subprocess, sys, unittest',
			'from lib.sums import add',
			'class A(unittest.TestCase):',
			'    def test_fork(self):',
			'        child = os.fork()',
			'        if child == 0:',
			'            add(3, 1)',
			'            os._exit(0)',
			'        os.waitpid(child, 0)',
			'    def test_start(self):',
			'        subprocess.run([sys.executable, "main.py"], check=True)',
			'',
		].join('\n');
		const files = { ...sums, 'main.py': 'from lib.sums import add\nadd(1, 2)\n', 'test_main.py': suite };
		const found = await covered(context, { files, shell: 'python3 -m unittest' });
		assert.deepEqual(told(found.coverage!), ['+ A.test_fork lib/sums.py:1,3,4,5,8', '+ A.test_start lib/sums.py:1,3,4,6,8 main.py:1,2']);
	});

	test('a sitecustomize of the person runs as before', async context => {
		const files = {
			'own/sitecustomize.py': 'import builtins\nbuiltins.mine = __name__\n',
			'words.py': 'def twice(x):\n    return x * 2\n',
			'test_own.py':
				'import unittest, words\nclass A(unittest.TestCase):\n    def test_mine(self):\n        self.assertEqual(words.twice(mine), "sitecustomize" * 2)\n',
		};
		const found = await covered(context, { files, shell: 'PYTHONPATH="$PYTHONPATH:own" python3 -m unittest' });
		assert.deepEqual(told(found.coverage!), ['+ A.test_mine words.py:1,2'], found.output);
	});
});

const pytest = spawnSync('python3', ['-c', 'import pytest']).status === 0;

describe('pytest', { skip: pytest ? false : 'pytest is not installed' }, () => {
	test('functions, classes, parameters, fixtures and cases of unittest have their lines', async context => {
		const suite = [
			'import pytest',
			'from lib.sums import add',
			'@pytest.fixture',
			'def three():',
			'    assert add(1, 2) == 3',
			'    return 3',
			'@pytest.mark.parametrize("n", [1, 3])',
			'def test_add(n):',
			'    assert add(n, 1) == n + 1',
			'def test_fixture(three):',
			'    pass',
			'@pytest.mark.skip',
			'def test_skipped(three):',
			'    pass',
			'class TestB:',
			'    def test_in(self):',
			'        assert add(2, 2) == 4',
			'',
		].join('\n');
		const found = await covered(context, {
			files: { ...sums, 'tests/test_sums.py': suite, 'tests/test_old.py': cases, 'conftest.py': '' },
		});
		assert.deepEqual(told(found.coverage!).sort(), [
			'+ A::test_good lib/sums.py:1,3,4,6,8',
			'+ TestB::test_in lib/sums.py:1,3,4,6,8',
			'+ test_add[1] lib/sums.py:1,3,4,6,8',
			'+ test_fixture lib/sums.py:1,3,4,6,8',
			'- A::test_wrong lib/sums.py:1,3,4,5,8',
			'- test_add[3] lib/sums.py:1,3,4,5,8',
		]);
		assert.deepEqual(worst(found.coverage!), ['lib/sums.py:5']);
		assert.equal(named(found.coverage!, 'A::test_good').file, 'tests/test_old.py');
		assert.match(found.output, /2 failed, 4 passed, 1 skipped/);
	});

	test('a file that cannot be imported is a failing test with what its import ran', async context => {
		const files = { 'conftest.py': '', 'bad.py': 'x = 1\ny = x + z\n', 'test_bad.py': 'import bad\ndef test_x(): pass\n' };
		const found = await covered(context, { files });
		assert.deepEqual(told(found.coverage!), ['- test_bad.py bad.py:1,2']);
	});
});

const modules = {
	'package.json': '{"type":"module"}',
	'lib/sums.js': [
		'const limit = 3;', // 1
		'// Adds.',
		'export function add(a, b) {', // 3
		'	if (a === limit) {',
		'		return a - b;', // 5
		'	}',
		'	return a + b;', // 7
		'}',
		'export const twice = list => list.map(x =>', // 9
		'	x * 2);',
		'export function spin() {', // 11
		'	let n = 0;',
		'	while (true)', // 13
		'		n++;',
		'}',
		'',
	].join('\n'),
	'sums.test.js': [
		"import assert from 'node:assert/strict';",
		"import { describe, test } from 'node:test';",
		"import { add, twice } from './lib/sums.js';",
		"test('good', () => assert.equal(add(1, 2), 3));",
		"describe('more', () => {",
		"	test('wrong', () => assert.equal(add(3, 2), 5));",
		"	test('twice', async t => { await t.test('inner', () => assert.deepEqual(twice([1]), [2])); });",
		'});',
		'',
	].join('\n'),
};
const three = ['+ good lib/sums.js:1,3,4,7,9,11', '- wrong lib/sums.js:1,3,4,5,9,11', '+ twice lib/sums.js:1,3,9,10,11'];

describe('node --test', () => {
	test('each test has its lines, and the fault is the most suspicious one', async context => {
		const found = await covered(context, { files: modules });
		assert.ok(found.coverage, found.output);
		assert.deepEqual(told(found.coverage), three);
		assert.deepEqual(worst(found.coverage), ['lib/sums.js:5']);
		assert.equal(named(found.coverage, 'wrong').file, 'sums.test.js');
		assert.deepEqual(found.entries, ['lib/', 'package.json', 'sums.test.js']);
	});

	test('a test file that is run without the runner', async context => {
		const found = await covered(context, { files: modules, shell: 'node sums.test.js', runner: 'script' });
		assert.deepEqual(told(found.coverage!), three);
	});

	test('tests that run side by side share what ran meanwhile', async context => {
		const suite = [
			"import { describe, test } from 'node:test';",
			"import { add } from './lib/sums.js';",
			"describe('two', { concurrency: true }, () => {",
			'	let both; const met = new Promise(resolve => { both = resolve; });',
			"	test('one', async () => { await met; add(1, 2); });",
			"	test('other', () => { add(3, 2); both(); });",
			'});',
			'',
		].join('\n');
		const found = await covered(context, { files: { ...modules, 'sums.test.js': suite } });
		const shared = [1, 3, 4, 5, 7, 9, 11];
		for (const name of ['one', 'other'])
			assert.deepEqual(
				[...named(found.coverage!, name).lines.get('lib/sums.js')!].sort((a, b) => a - b),
				shared,
				name,
			);
	});

	test('a file that cannot be loaded is a failing test with what its loading ran', async context => {
		const files = {
			'package.json': '{"type":"module"}',
			'bad.js': 'export const x = 1;\nexport const y = x + z;\nexport const w = 1;\n',
			'bad.test.js': "import { test } from 'node:test';\nimport './bad.js';\ntest('x', () => {});\n",
		};
		const found = await covered(context, { files });
		assert.equal(found.coverage!.tests.length, 1);
		const [only] = found.coverage!.tests;
		assert.deepEqual({ name: only!.name, ok: only!.ok }, { name: 'bad.test.js', ok: false });
		assert.ok(only!.lines.get('bad.js')?.has(2));
	});

	test('TypeScript that node strips the types of, and CommonJS', async context => {
		const files = {
			'lib/sums.cts': 'exports.add = function (a: number, b: number): number {\n\tif (a === 3)\n\t\treturn a - b;\n\treturn a + b;\n};\n',
			'sums.test.cts':
				"const { test } = require('node:test');\nconst { add } = require('./lib/sums.cts');\ntest('good', () => { add(1, 2); });\ntest('wrong', () => { if (add(3, 2) !== 5) throw new Error(); });\n",
		};
		const found = await covered(context, { files, shell: 'node --test sums.test.cts' });
		assert.ok(found.coverage, found.output);
		assert.deepEqual(worst(found.coverage), ['lib/sums.cts:3']);
	});

	test('a translated file is told by the lines of what it was made from', async context => {
		// `a === 3 ? a - b : a + b` on one line, from lines 2 and 3 of src/sums.ts.
		const map = { version: 3, sources: ['../src/sums.ts'], names: [], mappings: 'AAAA,YACU,KACA' };
		const files = {
			'package.json': '{"type":"module"}',
			'dist/sums.js': `export const add = (a, b) => a + b;\n//# sourceMappingURL=sums.js.map\n`,
			'dist/sums.js.map': JSON.stringify(map),
			'src/sums.ts': 'export\nconst add =\n(a, b) => a + b;\n',
			'sums.test.js': "import { test } from 'node:test';\nimport { add } from './dist/sums.js';\ntest('add', () => { add(1, 2); });\n",
		};
		const found = await covered(context, { files });
		assert.deepEqual([...named(found.coverage!, 'add').lines.keys()], ['src/sums.ts']);
	});
});

/** What mocha and jest do as far as the tracer sees it, each in a few lines: the packages themselves are not at hand here. */
const mocha = [
	"const path = require('node:path');",
	'const before = [], after = [], tests = [];',
	'globalThis.beforeEach = hook => before.push(hook);',
	'globalThis.afterEach = hook => after.unshift(hook);',
	"globalThis.it = (title, run) => tests.push({ run, titlePath: () => ['sums', title], file: path.resolve(process.argv[2]) });",
	'require(path.resolve(process.argv[2]));',
	'for (const currentTest of tests) {',
	'	for (const hook of before) hook.call({ currentTest });',
	"	try { currentTest.run(); currentTest.state = 'passed'; } catch { currentTest.state = 'failed'; process.exitCode = 1; }",
	'	for (const hook of after) hook.call({ currentTest });',
	'}',
	'',
].join('\n');
const jest = [
	"const vm = require('node:vm'), path = require('node:path'), fs = require('node:fs');",
	"const { TestEnvironment } = require('jest-environment-node');",
	'const file = path.resolve(process.argv[2]), tests = [], root = { name: "ROOT" };',
	'(async () => {',
	'	const environment = new TestEnvironment();',
	'	await environment.setup();',
	'	const context = environment.getVmContext();',
	"	const load = name => { const exports = {}; vm.runInContext('({\"Object.<anonymous>\":function(exports,require,it){' + fs.readFileSync(name, 'utf8') + '\\n}})', context, { filename: name })",
	"		['Object.<anonymous>'](exports, to => load(path.resolve(path.dirname(name), to)), (name, fn) => tests.push({ name, fn, parent: { name: 'sums', parent: root }, errors: [] })); return exports; };",
	'	load(file);',
	'	for (const test of tests) {',
	"		await environment.handleTestEvent({ name: 'test_start', test }, {});",
	'		try { test.fn(); } catch (error) { test.errors.push(error); }',
	"		await environment.handleTestEvent({ name: 'test_done', test }, {});",
	'	}',
	'})();',
	'',
].join('\n');
const environment =
	"exports.TestEnvironment = class { async setup() {} getVmContext() { return (this.context ??= require('node:vm').createContext({})); } };\n";

describe('other runners of JavaScript', () => {
	const sum = '// Adds.\n\nexports.add = (a, b) => {\n\tif (a === 3) {\n\t\treturn a - b;\n\t}\n\treturn a + b;\n};\n';
	const suite = [
		"const { add } = require('../lib/sum.js');",
		"it('good', () => { if (add(1, 2) !== 3) throw new Error(); });",
		"it('wrong', () => { if (add(3, 2) !== 5) throw new Error(); });",
		'',
	].join('\n');
	const files = {
		'node_modules/mocha/bin/mocha.js': mocha,
		'node_modules/jest/bin/jest.js': jest,
		'node_modules/jest-environment-node/index.js': environment,
		'lib/sum.js': sum,
		'test/sum.js': suite,
	};
	const each = ['+ sums > good lib/sum.js:3,4,7', '- sums > wrong lib/sum.js:3,4,5'];

	for (const runner of ['mocha', 'jest'] as const)
		test(`${runner}: each test has its lines`, async context => {
			const found = await covered(context, { files, shell: `node node_modules/${runner}/bin/${runner}.js test/sum.js`, runner });
			assert.ok(found.coverage, found.output);
			assert.deepEqual(told(found.coverage), each, found.output);
			assert.deepEqual(worst(found.coverage), ['lib/sum.js:5']);
			assert.equal(named(found.coverage, 'sums > good').file, 'test/sum.js');
		});
});

describe('processes that are tests', () => {
	test('scripts that fail by how they end', async context => {
		const files = {
			...sums,
			...modules,
			'good.py': 'from lib.sums import add\nassert add(1, 2) == 3\n',
			'wrong.py': 'import sys\nfrom lib.sums import add\nsys.exit(0 if add(3, 2) == 5 else 1)\n',
			'wrong.js': "import { add } from './lib/sums.js';\nif (add(3, 2) !== 5) throw new Error('wrong');\n",
		};
		const found = await covered(context, { files, shell: 'python3 good.py; python3 wrong.py; node wrong.js' });
		assert.deepEqual(told(found.coverage!).sort(), [
			'+ good.py good.py:1,2 lib/sums.py:1,3,4,6,8',
			'- wrong.js lib/sums.js:1,3,4,5,9,11 wrong.js:1,2',
			'- wrong.py lib/sums.py:1,3,4,5,8 wrong.py:1,2,3',
		]);
		assert.deepEqual(worst(found.coverage!).includes('lib/sums.py:6'), false);
	});

	test('nothing that can be watched ran', async context => {
		assert.equal((await covered(context, { files: {}, shell: 'echo done' })).coverage, undefined);
	});

	test('a runner that cannot be watched is not even started', async context => {
		const found = await covered(context, { files: {}, shell: 'echo started', runner: 'cargo' });
		assert.deepEqual({ coverage: found.coverage, output: found.output }, { coverage: undefined, output: '' });
	});
});

describe('a test that hangs', { concurrency: true }, () => {
	const timeoutMs = 12_000;

	test('in Python: fails, with the lines that it runs', async context => {
		const suite = `${cases}    def test_zero(self):\n        spin()\n`;
		const found = await covered(context, { files: { ...sums, 'test_sums.py': suite }, timeoutMs });
		assert.deepEqual(told(found.coverage!), [...both, '- A.test_zero lib/sums.py:1,3,8,9,10,11']);
		assert.deepEqual(named(found.coverage!, 'A.test_zero').ok, false);
	});

	test('in Node: fails, with the lines that it runs', async context => {
		const suite = `${modules['sums.test.js']}import { spin } from './lib/sums.js';\ntest('hangs', () => spin());\n`;
		const found = await covered(context, { files: { ...modules, 'sums.test.js': suite }, timeoutMs });
		assert.deepEqual(told(found.coverage!), [...three, '- hangs lib/sums.js:1,3,9,11,12,13,14']);
	});
});
