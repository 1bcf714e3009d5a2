import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AgentEvent } from '../../src/types.js';
import { evalOptions } from './options.js';
import { itemOf as docsItem } from './suites/docs.js';
import { itemOf as editItem } from './suites/editeval.js';
import { itemOf as functionItem } from './suites/humaneval.js';
import { type Bug, itemOf as bugItem } from './suites/humanevalfix.js';
import { itemOf as scriptItem } from './suites/multipl-e.js';
import { planted } from './suites/planted.js';
import type { Item, RepositoryItem } from './suites/suite.js';
import { chosen, pythonItem, scriptItem as scriptToTest } from './suites/tests.js';
import { trailOf } from './trail.js';

const bug = (name: string, from = 1): Bug => ({
	task_id: `Made/${name}`,
	entry_point: name,
	prompt: `\n\ndef ${name}(x):\n    """ Adds.\n    >>> ${name}(1)\n    ${1 + from}\n    """\n`,
	canonical_solution: `    return x + ${from}\n`,
	buggy_solution: `    return x - ${from}\n`,
	test: `\n\ndef check(${name}):\n    assert ${name}(1) == ${1 + from}\n\ncheck(${name})`,
});

function repository(item: Item): RepositoryItem {
	assert.equal(item.kind, 'repository');
	return item as RepositoryItem;
}

test('a bug stands in a repository with its failing test; only the right module is right', async () => {
	const item = repository(bugItem(bug('add')));
	assert.deepEqual(Object.keys(item.files), ['add.py', 'test_add.py']);
	assert.match(item.files['test_add.py']!, /from add import \*[\s\S]*assert add\(1\) == 2[\s\S]*def test_add\(self\):\n {8}check\(add\)/);
	assert.doesNotMatch(item.files['test_add.py']!, /^check\(/m);
	assert.equal((await item.judge(item.files)).right, false);
	assert.equal((await item.judge({ ...item.files, ...item.canonical })).right, true);
	assert.equal((await item.judge({ ...item.files, 'test_add.py': '' })).right, false);
	assert.equal((await item.judge({ 'add.py': 'def add(x:\n' })).broken, true);
});

test('bugs are planted two at a time among 12 modules, each once, and the same every time', async () => {
	const bugs = Array.from({ length: 15 }, (_none, index) => bug(`f${index}`, index + 1));
	const items = planted(bugs).map(repository);
	assert.equal(items.length, 7);
	assert.deepEqual(
		items.map(({ id }) => id),
		planted(bugs).map(({ id }) => id),
	);
	const named = items.flatMap(({ id }) => id.match(/Made\/\w+/g)!);
	assert.equal(new Set(named).size, 14);
	const [first] = items;
	const modules = Object.keys(first!.files).filter(path => /^lib\/f/.test(path));
	assert.equal(modules.length, 12);
	assert.equal(modules.filter(path => first!.files[path]!.includes('x - ')).length, 2);
	assert.equal((await first!.judge({ ...first!.files, ...first!.canonical })).right, true);
	const verdict = await first!.judge(first!.files);
	assert.equal(verdict.right, false);
	assert.match(verdict.why, /^still failing: f\d+, f\d+; newly failing: none$/);
	const sound = modules.find(path => !first!.files[path]!.includes('x - '))!;
	assert.equal((await first!.judge({ ...first!.files, [sound]: 'x = 1\n' })).broken, true);
});

test('of a function to write, the examples can be seen and the test cannot', async () => {
	const { prompt, canonical_solution, test: hidden } = bug('add');
	const item = repository(
		functionItem({ task_id: 'Made/1', prompt, entry_point: 'add', canonical_solution, test: hidden.replace('\ncheck(add)', '') }),
	);
	assert.match(item.files['add.py']!, /raise NotImplementedError\n$/);
	assert.match(item.files['test_add.py']!, /self\.assertEqual\(add\(1\), 2\)/);
	assert.equal((await item.judge(item.files)).right, false);
	assert.equal((await item.judge({ ...item.files, ...item.plain!.place('    return x + 1\n') })).right, true);
	assert.equal((await item.judge({ ...item.files, ...item.plain!.place('def add(x):\n    return x + 1\n') })).right, true);
});

test('tests that are written are judged by the mutants that make them fail, and by passing themselves', async () => {
	const python = repository(pythonItem(bug('add')));
	assert.deepEqual(Object.keys(python.files), ['add.py']);
	const suite = (value: number) =>
		`import unittest\nfrom add import add\n\n\nclass T(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(2), ${value})\n`;
	const verdict = async (text: string) => python.judge({ ...python.files, 'test_add.py': text });
	assert.equal((await python.judge(python.files)).why, 'no tests were written beside the module');
	assert.match((await verdict(suite(4))).why, /^a test fails at the first run/);
	assert.equal((await verdict(suite(3).replace('self.assertEqual(add(2), 3)', 'self.assertTrue(add(2))'))).right, false);
	const js = repository(
		scriptToTest({ ...bug('add'), prompt: '/* Adds. */\nconst add = (x) => {\n', canonical_solution: '  return x + 1;\n}\n\n' }),
	);
	const tests = `const assert = require('node:assert');\nrequire('node:test').test('add', () => assert.equal(require('./add.js').add(2), 3));\n`;
	const { right, why } = await js.judge({ ...js.files, 'add.test.js': tests });
	assert.ok(right && /^\d+ of \d+ mutants make them fail$/.test(why), why);
	assert.equal((await js.judge({ ...js.files, 'add.test.js': tests.replace('3', '4') })).right, false);
	assert.deepEqual(chosen([bug('add')]), []);
});

test('a file to edit is judged where the item says that its code belongs', async () => {
	const given = {
		task_id: 'Made/2',
		instruction: 'Double it.',
		input: 'x = 1',
		output: 'x = 2',
		test: 'def check():\n    assert x == 2 and y',
	};
	const item = repository(editItem({ ...given, context: 'y = 1\n{{Code}}' }));
	assert.equal(item.task, '@solution.py Double it.');
	assert.equal((await item.judge(item.files)).right, false);
	assert.deepEqual(await item.judge({ ...item.canonical }), { right: true, why: '' });
});

test('a description is right when the code is the same, its names are there and its parameters are told of', async () => {
	const item = repository(docsItem('Made/3', 'def add(a, *rest):\n    return a\n'));
	const why = async (args: string, body = 'return a', words = 'Adds.') =>
		(await item.judge({ 'solution.py': `def add(a, *rest):\n    """${words}\n\n    Args:\n${args}    """\n    ${body}\n` })).why;
	const good = '        a (int): The first.\n        *rest: The others.\n';
	assert.equal(await why(good), '');
	assert.match(await why(good, 'return a + 1'), /the code is not the same/);
	assert.match(await why(`${good}        b: Another one.\n`), /b is not there/);
	assert.match(await why(good, 'return a', 'Adds `c`.'), /c is not there/);
	assert.match(await why('        a: The first.\n'), /1 of 2 parameters/);
	assert.match((await item.judge(item.files)).why, /add is not described/);
});

test('a function in TypeScript can be tested as it stands', () => {
	const prompt = '//Half of it.\n// >>> half(4)\n// 2\nfunction half(x: number): number {\n';
	const item = repository(scriptItem({ name: 'Made_3', prompt, tests: '' }, 'ts'));
	assert.match(item.files['half.ts']!, /throw new Error\("not implemented"\);\n\}\n\nexport \{ half \};\n$/);
	// The examples name the function before it begins.
	const whole = 'function half(x: number): number {\n  return x / 2;\n}\n';
	assert.deepEqual(item.plain!.place(whole), { 'half.ts': `//Half of it.\n// >>> half(4)\n// 2\n${whole}` });
	assert.deepEqual(item.plain!.place('  return x / 2;\n}\n'), { 'half.ts': `${prompt}  return x / 2;\n}\n` });
	assert.match(item.files['half.test.ts']!, /import \{ half \} from '\.\/half\.ts';[\s\S]*assert\.deepEqual\(half\(4\), 2\);/);
});

test('a run is told on one line: how it ended, each call, and how many candidates were tried', () => {
	const journal: AgentEvent[] = [
		{ type: 'call', call: { id: 'a', tool: 'run_tests', args: {} }, title: '' },
		{ type: 'result', callId: 'a', outcome: { ok: false, text: '' } },
		{ type: 'call', call: { id: 'b', tool: 'fix', args: {} }, title: '' },
		{ type: 'output', callId: 'b', text: '1 test fails; looking in add.py\n' },
		{ type: 'output', callId: 'b', text: '✗ add.py:1  x  (1 test fails)\n' },
		{ type: 'output', callId: 'b', text: '✓ add.py:2  y  (1 test passes)\n' },
	];
	const usage = { input_tokens: 5, cache_read_input_tokens: 7, output_tokens: 3 };
	const last = JSON.stringify({ type: 'result', terminal_reason: 'max_wall_time', errors: ['Stopped.'], usage });
	assert.deepEqual(trailOf(`{"type":"system"}\n${last}\n`, journal), {
		read: 12,
		written: 3,
		why: 'max_wall_time; run_tests failed; fix open in add.py, 2 tried; Stopped.',
		said: { text: '', remarks: [], claims: [] },
	});
	const remark = { path: 'a.py', line: 2, rule: 'unused', certainty: 'verified', text: 'x' };
	const claim = { kind: 'path', text: 'b.py', ok: false, truth: 'there is no such file' };
	const answered = JSON.stringify({
		type: 'result',
		terminal_reason: 'completed',
		result: 'Yes.',
		remarks: [remark],
		claims: [claim],
		usage,
	});
	assert.deepEqual(trailOf(answered, []).said, { text: 'Yes.', remarks: [remark], claims: [claim] });
	assert.deepEqual(trailOf('', []), { read: 0, written: 0, why: 'no result line' });
});

test('options say which suites, which arms and where; what is unknown is refused by name', () => {
	const options = evalOptions(['--suite', 'mbpp,fim', '--limit', '3', '--resume', '/tmp/a.jsonl'], { QWILL_EVALS: '/data' });
	assert.deepEqual(
		options.suites.map(({ name }) => name),
		['mbpp', 'fim'],
	);
	assert.deepEqual(options.arms, ['qwill', 'bare']);
	assert.deepEqual([options.limit, options.offset, options.seed, options.data], [3, 0, 1, '/data']);
	assert.equal(options.json, '/tmp/a.report.json');
	assert.equal(evalOptions(['--data', '/other'], { QWILL_EVALS: '/data' }).data, '/other');
	assert.throws(() => evalOptions(['--suite', 'none'], {}), /There is no suite "none"/);
	assert.throws(() => evalOptions(['--arm', 'none'], {}), /There is no arm "none"/);
	assert.throws(() => evalOptions(['--limit', 'two'], {}), /--limit is a whole number/);
});
