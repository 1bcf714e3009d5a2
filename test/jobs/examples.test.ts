import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutExamples } from '../../src/jobs/examples.js';

const before = 'def f(n):\n    return n\n';
const better = 'def f(n):\n    return n + 1\n';
const asked = 'Return one more.';
const kept = (after: string, more: { before?: string | null; asked?: string } = {}) =>
	withoutExamples('f.py', { before, after, asked, ...more });

test('an example below the last definition goes, in any of the ways models write them', async () => {
	for (const tail of [
		'# Example usage\nprint(f(1))\n',
		'\nprint(f(1))\n',
		'\n# Test it:\nresult = f(1)\nassert result == 2\n',
		'\nif __name__ == "__main__":\n    f(1)\n',
	])
		assert.equal(await kept(`${better}${tail}`), better);
	const js = 'const f = n => n;\n';
	assert.equal(await withoutExamples('f.js', { before: js, after: `${js}\nconsole.log(f(1)); // 1\n`, asked }), js);
});

test('what was asked for, was there before, or is something else stays', async () => {
	const shown = `${better}\nprint(f(1))\n`;
	assert.equal(await kept(shown, { asked: 'Add an example.' }), shown);
	assert.equal(await kept(shown, { before: `${before}print(f(2))\n` }), shown);
	assert.equal(await kept(shown, { before: null }), shown);
	const exported = `${better}\n__all__ = ["f"]\n`;
	assert.equal(await kept(exported), exported);
	assert.equal(await kept(better), better);
});

test('a file that imports itself has its tests below: they go', async () => {
	const tests =
		'\n\n# test_f.py\nimport unittest\n\nfrom f import *\n\n\nclass Test(unittest.TestCase):\n    def test_f(self):\n        self.assertEqual(f(1), 2)\n';
	assert.equal(await kept(`${better}${tests}`), better);
	assert.equal(await kept(`${better}${tests}`, { before: null, asked: 'Write f, and test it.' }), better);
	const js = 'export const f = n => n;\n';
	for (const own of ["import test from 'node:test';\nimport { f } from './f.js';\n", "// f.test.js\nconst { f } = require('./f');\n"])
		assert.equal(await withoutExamples('src/f.js', { before: js, after: `${js}\n${own}test(() => f(1));\n`, asked }), js);
});

test('imports of others, of the same name elsewhere in a word, and a file that is nothing else stay', async () => {
	for (const other of [
		'from g import f\n\ndef h():\n    return f(1)\n',
		'import fun\n\ndef h():\n    return fun.f(1)\n',
		'from f import f\n\nf(1)\n',
	])
		assert.equal(await kept(other), other);
});
