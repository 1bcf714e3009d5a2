import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { tests } from '../../src/jobs/tests/tests.js';
import { Refusal } from '../../src/types.js';
import { noBox } from '../workspace/sandbox/boxes.js';
import { model, run, setting, textOf } from './scene.js';

/** Runs the job with a model that says these `texts`: assertions three times, calls three times, then names. */
async function tested(place: string, files: Record<string, string>, texts: readonly string[], path = `test_${Object.keys(files)[0]}`) {
	const { work, root, asked } = await setting({ files, engine: model({ texts }), seconds: 100 });
	const { events, ending } = await run(tests([place], work, new AbortController().signal));
	const written = join(root, path);
	const notes = events.flatMap(event => (event.type === 'note' ? [event.text] : []));
	const text = existsSync(written) ? readFileSync(written, 'utf8') : '';
	return { ending, notes, verified: asked.at(-1)?.verified ?? '', said: textOf(events), text, root };
}

const total = `def total(prices, least=0):
    """Sums prices.

    >>> total([1, 2])
    3
    """
    if least < 0:
        raise ValueError(least)
    result = 0
    for price in prices:
        if price >= least:
            result += price
    return result
`;
const script = `function total(prices, least = 0) {
	if (least < 0) throw new RangeError('least');
	let result = 0;
	for (const price of prices) {
		if (price >= least) {
			result += price;
		}
	}
	return result;
}

async function later(n) {
	return { n: n + 1 };
}
`;
const calls = 'total([1, 2, 3])\ntotal([4, 5], 5)\ntotal([1], -1)\n';
const score = /^\d cases pass three times and in reverse order; mutation score 0 → (?:[6-9]\d|100) % \(\d+ of \d+\); lines 100 %$/;

describe('tests for functions', { skip: noBox }, () => {
	test('in Python: few calls that tell faults, an error among them', async () => {
		const { ending, text, verified } = await tested('cost.py:total', { 'cost.py': total }, [
			'assert total([4, 5], 5) == 5\n',
			'',
			'',
			calls,
		]);
		assert.deepEqual(ending, { reason: 'answered' });
		assert.match(verified, score);
		assert.match(text, /^import unittest\n\nfrom cost import total\n\n\nclass TestCost\(unittest\.TestCase\):\n {4}def test_total_/);
		assert.match(text, /with self\.assertRaises\(ValueError\):\n {12}total\(/);
		assert.match(text, /\n\n\nif __name__ == "__main__":\n {4}unittest\.main\(\)\n$/);
	});

	test('in JavaScript: they fail when a fault is put in, and the words of the model are taken where they fit', async () => {
		const files = { 'cost.js': `${script}\nmodule.exports = { total, later };\n` };
		const names = '1. a negative price\n2. Some prices left out.\n3. an empty list\n';
		const texts = ['assert.deepEqual(total([4, 5], 5), 5);\n', '', '', calls, '', '', '', '', '', 'later(5)', '', '', names];
		const { text, verified, root } = await tested('cost.js', files, texts, 'cost.test.js');
		assert.match(verified, score);
		assert.match(
			text,
			/^const assert = require\('node:assert\/strict'\);\nconst \{ test \} = require\('node:test'\);\nconst \{ later, total \}/,
		);
		assert.match(text, /assert\.throws\(\(\) => total\([^)]*-1\), \{ name: 'RangeError' \}\);/);
		assert.match(text, /async \(\) => \{\n\tassert\.deepEqual\(await later\(\d\), \{ n: \d \}\);/);
		assert.match(text, /test\('total\(\[1, 2, 3\]\)'[\s\S]*test\('total some prices left out'/);
		assert.doesNotMatch(text, /negative price|empty list/);
		const fails = (code: string) => {
			execFileSync('sh', ['-c', 'cat > cost.js'], { cwd: root, input: code });
			const { NODE_TEST_CONTEXT: _, ...env } = process.env;
			assert.throws(() => execFileSync('node', ['--test'], { cwd: root, env, stdio: 'pipe' }));
		};
		fails(files['cost.js'].replace('>=', '>'));
		fails(files['cost.js'].replace('+=', '-='));
	});

	test('a test file that is there is added to: what it tests already is not tested again', async () => {
		const known = 'import pytest\nfrom cost import total\n\n\ndef test_total():\n    assert total([1, 5]) == 6\n';
		const files = { 'cost.py': total.replace('ValueError(least)', 'Bad(least)').replace(/^/, 'class Bad(Exception):\n    pass\n\n\n') };
		const { text, verified } = await tested('cost.py', { ...files, 'test_cost.py': known }, ['', '', '', calls], 'test_cost.py');
		assert.match(verified, /mutation score [1-9]\d → (?:[6-9]\d|100) %/);
		assert.ok(text.startsWith('import pytest\nfrom cost import total\nfrom cost import Bad\n\n\ndef test_total():\n'), text);
		assert.match(text, /\n\n\ndef test_total_\w+\(\):\n {4}with pytest\.raises\(Bad\):\n/);
	});

	test('what depends on anything but its arguments is refused', async () => {
		const bodies: readonly (readonly [string, RegExp])[] = [
			['import time\n\n\ndef f(n):\n    return int(time.time()) * 0 + n\n', /depends on the time/],
			['import datetime\n\n\ndef f(n):\n    return datetime.date.today().year * 0 + n\n', /depends on the time/],
			['import random\n\n\ndef f(n):\n    return random.randint(0, 0) + n\n', /depends on chance/],
			['import os\n\n\ndef f(n):\n    return n + len(os.environ.get("NOTHING", ""))\n', /depends on the environment/],
			['def f(n):\n    return n + 0 * len(open("README.md").read())\n', /depends on files/],
			['import socket\n\n\ndef f(n):\n    socket.socket()\n    return n\n', /depends on the network/],
			['seen = []\n\n\ndef f(n):\n    seen.append(n)\n    return len(seen)\n', /something else when it is called again/],
			['def f(n):\n    return hash("a") % 1000 + n\n', /something else when it is called again/],
			['def f(n):\n    while True:\n        n += 1\n', /does not end/],
		];
		for (const [code, why] of bodies) {
			const { ending, said, text } = await tested('f.py', { 'f.py': code }, ['', '', '', 'f(1)\nf(2)\n']);
			assert.equal(ending.reason, 'checks-failed', code);
			assert.match(said, why);
			assert.equal(text, '');
		}
	});

	test('in JavaScript too', async () => {
		const bodies: readonly (readonly [string, RegExp])[] = [
			['Date.now() * 0 + n', /the time/],
			['new Date().getTime() * 0 + n', /the time/],
			['Math.random() * 0 + n', /chance/],
			['n + (process.env.NOTHING ?? "")', /the environment/],
			['n + require("node:fs").readFileSync("README.md").length * 0', /files/],
			['globalThis.n = (globalThis.n ?? 0) + n', /something else when it is called again/],
			['new Date(n).getHours()', /something else when it is called again/],
		];
		for (const [code, why] of bodies) {
			const file = { 'f.js': `const f = n => ${code};\nmodule.exports = { f };\n` };
			const { ending, said } = await tested('f.js', file, ['', '', '', 'f(1)\nf(2)\n'], 'f.test.js');
			assert.equal(ending.reason, 'checks-failed', code);
			assert.match(said, why);
		}
	});

	test('where an example or most of what the model expects is otherwise, the person is told, and no test says either', async () => {
		const code = `${total}\n\ndef half(n):\n    return n * 2\n`.replace('    3\n', '    4\n');
		const expects = 'assert half(4) == 2\nassert half(6) == 12\n';
		const once = 'assert half(8) == 4\n';
		const texts = [expects, `${expects}${once}`, '', 'half(1)\n', '', ''];
		const { notes, text } = await tested('cost.py:half', { 'cost.py': code }, texts);
		assert.deepEqual(notes, ['Possible bug: half(4) gives 8; 2 of 2 texts of the model expect 2. No test was written for it.']);
		assert.match(text, /half/);
		assert.doesNotMatch(text, /half\(4\)/);
		const other = await tested('cost.py:total', { 'cost.py': code }, ['', '', '', calls]);
		assert.deepEqual(other.notes, ['Possible bug: total([1, 2]) gives 3; its example says 4. No test was written for it.']);
	});

	test('two functions of which one takes back the other have a test of that', async () => {
		const code =
			'def encode_text(t):\n    return t.replace("a", "<")\n\n\ndef decode_text(t):\n    return t.replace("<", "a")\n\n\ndef encode_all(t):\n    return t\n';
		const { text } = await tested('codes.py', { 'codes.py': code }, ['', '', '', 'encode_text("abc")\nencode_text("x y")\n']);
		assert.match(
			text,
			/def test_decode_text_gives_back_what_encode_text_was_given\(self\):\n.*\[decode_text\(encode_text\(one\)\) for one in \["abc"/,
		);
	});

	test('who is told to stop writes nothing', async () => {
		const { work, root } = await setting({ files: { 'cost.py': total }, engine: model({ texts: ['', '', '', calls] }), seconds: 100 });
		const stop = new AbortController();
		const { ending } = await run(tests(['cost.py'], work, stop.signal), event => event.type === 'candidate' && stop.abort());
		assert.deepEqual(ending, { reason: 'interrupted' });
		assert.equal(existsSync(join(root, 'test_cost.py')), false);
	});

	test('without a word from the model the program tries calls itself', async () => {
		const { verified } = await tested('cost.py:total', { 'cost.py': total.replace(/ {4}"""[\s\S]*?"""\n/, '') }, []);
		assert.match(verified, /mutation score 0 → [1-9]\d+ %/);
	});
});

test('a place that has nothing to test is refused with what to do', async () => {
	const files = {
		'box.py': 'class Box:\n    def size(self):\n        return 1\n',
		'own.js': 'function f() {\n\treturn 1;\n}\n',
		'a.rs': 'fn f() {}\n',
		'test_a.py': 'def test_a():\n    pass\n',
	};
	for (const [words, why] of [
		[[], /takes one place/],
		[['a', 'b'], /takes one place/],
		[['box.py:size'], /size is a method of Box; tests are written for functions at the top/],
		[['box.py'], /box\.py has no function that can be imported/],
		[['own.js:f'], /f cannot be imported, so no test can call it; export it first/],
		[['a.rs'], /Python, JavaScript and TypeScript so far/],
		[['test_a.py'], /is a test itself/],
	] as const) {
		const { work } = await setting({ files });
		await assert.rejects(
			run(tests(words, work, new AbortController().signal)),
			(error: Refusal) => error instanceof Refusal && error.exitCode === 42 && why.test(error.message),
		);
	}
});

test('without a sandbox nothing is run', async () => {
	const { work } = await setting({ files: { 'cost.py': total } });
	const processes = { ...work.agent.workspace.processes, boxed: { on: false, wish: 'where it works', why: 'there is none' } as const };
	const agent = { ...work.agent, workspace: { ...work.agent.workspace, processes } };
	const { ending, events } = await run(tests(['cost.py'], { ...work, agent }, new AbortController().signal));
	assert.equal(ending.reason, 'checks-failed');
	assert.match(textOf(events), /in the sandbox only, and there is none: qwill doctor says why/);
});
