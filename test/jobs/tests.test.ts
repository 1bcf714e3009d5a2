import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { steadyOf } from '../../src/jobs/tests/steady.js';
import { tests } from '../../src/jobs/tests/tests.js';
import { openCopy } from '../../src/jobs/trials.js';
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
/** Functions that no test can be written for. */
const untold = {
	python: `import datetime, os, random, socket, time
seen = []
def now(n):
    return int(time.time()) * 0 + n
def year(n):
    return datetime.date.today().year * 0 + n
def dice(n):
    return random.randint(0, 0) + n
def setting(n):
    return n + len(os.environ.get("NOTHING", ""))
def length(n):
    return n + 0 * len(open("README.md").read())
def online(n):
    socket.socket()
    return n
def count(n):
    seen.append(n)
    return len(seen)
def mixed(n):
    return hash("a") + n
def endless(n):
    while True:
        n += 1
`,
	script: `const fs = require('node:fs');
const seen = [];
const now = n => Date.now() * 0 + n;
const year = n => new Date().getTime() * 0 + n;
const dice = n => Math.random() * 0 + n;
const setting = n => n + (process.env.NOTHING ?? '');
const length = n => n + fs.readFileSync('README.md').length * 0;
const online = n => require('node:net').isIP('a') + n;
const count = n => seen.push(n);
const hour = n => new Date(n).getHours();
const endless = n => {
	for (;;) n++;
};
`,
};
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
		const { ending, said, text } = await tested('f.py:now', { 'f.py': untold.python }, ['', '', '', 'now(1)\nnow(2)\n']);
		assert.equal(ending.reason, 'checks-failed');
		assert.match(said, /^Nothing could be verified: .*it depends on the time/);
		assert.equal(text, '');
		for (const [path, code] of [
			['g.py', untold.python],
			['g.js', untold.script],
		] as const) {
			const names = [...code.matchAll(/^(?:def|const) (\w+)(?:\(n| = n)/gm)].map(([, name]) => name!);
			const copy = await openCopy((await setting({ files: { [path]: code } })).work.agent.workspace, new AbortController().signal);
			const asked = { path, calls: names.map(name => `${name}(1)`), code, isKnown: () => true };
			const tried = await steadyOf(copy, asked, { seconds: 30, signal: new AbortController().signal });
			await copy.close();
			assert.deepEqual(tried?.steady, []);
			assert.deepEqual(Object.fromEntries(tried.refused), {
				'it depends on the time': 2,
				'it depends on chance': 1,
				'it depends on the environment': 1,
				'it depends on files': 1,
				'it depends on the network': 1,
				'it gives something else when it is called again': 2,
				'it does not end': 1,
			});
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
		'box.py': 'class Box:\n    def _size(self):\n        return 1\n',
		'own.js': 'function f() {\n\treturn 1;\n}\n',
		'a.rb': 'def f\nend\n',
		'a.go': 'package a\n\ntype T int\n\nfunc (t T) Two() int { return 2 }\n',
		'test_a.py': 'def test_a():\n    pass\n',
	};
	for (const [words, why] of [
		[[], /takes one place/],
		[['a', 'b'], /takes one place/],
		[['box.py:_size'], /_size is a method of Box, so no test can call it; name a function or a public method/],
		[['box.py'], /box\.py has no function or class that can be imported/],
		[['own.js:f'], /f cannot be imported, so no test can call it; export it first/],
		[['a.rb'], /Python, JavaScript, TypeScript, Go, Rust and Java so far/],
		[['a.go'], /a\.go has nothing that a test can call; it needs a function of its own, as methods are not tested/],
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
