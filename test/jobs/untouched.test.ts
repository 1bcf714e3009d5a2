import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { approach } from '../../src/jobs/route.js';
import { changed, contents, model, run, setting, suite } from './scene.js';

// Whatever the model writes, whatever the tests run of it and whatever the person answers: a job changes no file but those that it
// showed and that were said yes to, and those have exactly the text that was shown.

const files = {
	'num.py': 'def double(n):\n    return n + 1\n\n\ndef half(n):\n    pass\n',
	'other.py': 'secret = "untouched"\n',
	'notes.txt': 'kept\r\n',
	...suite(
		'num',
		'    def test_double(self):\n        self.assertEqual(double(4), 8)\n\n    def test_half(self):\n        self.assertEqual(half(4), 2)\n',
	),
};
const right = 'def double(n):\n    return 2 * n\n\n\ndef half(n):\n    return n // 2\n';

/** Code that writes where it has no business, as soon as tests run it. */
const meddling = [
	'open("other.py", "w").write("x")',
	'open("new.py", "w").write("x")',
	'import os; os.remove("notes.txt")',
	'import shutil; shutil.rmtree(".", ignore_errors=True)',
	'import os; os.symlink("/", "link")',
	'open("../outside.txt", "w").write("x")',
];
const line = fc.constantFrom('return 2 * n', 'return n // 2', 'pass', 'return None', '', ...meddling);
const wholeText = fc.oneof(
	fc.constantFrom(
		right,
		`${right}\n${meddling[0]}\n`,
		`${meddling[3]}\n${right}`,
		'def double(n:\n',
		'',
		'../outside.txt\n```\nx\n```\n',
		'/tmp/outside.txt\n```\nx\n```\n',
		'other.py\n```python\nsecret = 1\n```\n',
		'<<<<<<< SEARCH\nsecret = "untouched"\n=======\nsecret = ""\n>>>>>>> REPLACE\n',
	),
	fc.tuple(line, line).map(([first, second]) => `def double(n):\n    ${first}\n\n\ndef half(n):\n    ${second}\n`),
	fc.string({ maxLength: 200 }),
);
const asked = fc.constantFrom(
	'The tests fail. Fix it.',
	'Implement half in num.py.',
	'In notes.txt, add a line.',
	'Create new.py with a function that adds.',
	'Rename secret in other.py.',
);
const world = fc.record({
	text: asked,
	texts: fc.array(wholeText, { minLength: 1, maxLength: 5 }),
	holes: fc.array(line, { maxLength: 6 }),
	yes: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
});

test('no job changes a file outside what was shown and approved', { timeout: 600_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(world, async ({ text, texts, holes, yes }) => {
			const approved = new Map<string, string[]>();
			let question = 0;
			const { root, work } = await setting({
				files,
				engine: model({ texts, holes }),
				seconds: 3,
				approve: async ({ call }) => {
					if (call.tool === 'run_tests') return { yes: true };
					if (!yes[question++ % yes.length]) return { yes: false, text: 'no' };
					const { file_path: path, content } = call.args as { file_path: string; content?: string };
					if (call.tool !== 'write_file' || content === undefined) return { yes: false, text: 'no' };
					approved.set(path, [...(approved.get(path) ?? []), content]);
					return { yes: true };
				},
			});
			const outside = join(dirname(root), 'outside.txt');
			mkdirSync(join(root, 'empty'));
			writeFileSync(outside, 'outside');
			const before = contents(root);
			await run(approach({ text, material: '' }, work, new AbortController().signal));
			const after = contents(root);
			for (const path of changed(before, after)) {
				const shown = (approved.get(path) ?? []).map(content => Buffer.from(content).toString('base64'));
				assert.ok(shown.includes(after[path] ?? ''), `${path} is not what was shown`);
			}
			assert.equal(readFileSync(outside, 'utf8'), 'outside');
		}),
		{ seed: 5, numRuns: Number(process.env.RUNS ?? 15) },
	);
});
