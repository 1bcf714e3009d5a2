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
