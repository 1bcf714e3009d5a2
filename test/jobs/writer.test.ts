/** Whose words a job's change is kept as: a model's only where a model wrote them. */
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { approach } from '../../src/jobs/route.js';
import { authorsIn } from '../../src/workspace/written.js';
import { model, run, type Setting, setting, suite } from './scene.js';

/** The lines (from 1) of the file that are kept as a model's, when the job is done. */
async function written(text: string, path: string, scene: Setting): Promise<{ [line: number]: string }> {
	const { root, work } = await setting(scene);
	const { ending } = await run(approach({ text, material: '' }, work, new AbortController().signal));
	assert.deepEqual(ending, { reason: 'answered' });
	const now = (await work.agent.workspace.files.peek(path)).text;
	const authors = authorsIn({ root, state: join(dirname(root), 'state') }).of(path, now);
	return Object.fromEntries(authors.flatMap((author, index) => (author ? [[index + 1, author.writer.model]] : [])));
}

test('a rename is the program’s', async () => {
	const files = { 'money.py': 'def pay(total):\n    return total\n' };
	assert.deepEqual(await written('Rename total to result in money.py', 'money.py', { files }), {});
});

test('a line that is changed by program is the program’s, one that is filled in is the model’s', async () => {
	const grow = {
		'grow.py': 'def grow(size):\n    return size - 1\n',
		...suite('grow', '    def test_grow(self):\n        self.assertEqual(grow(3), 4)\n        self.assertEqual(grow(0), 1)\n'),
	};
	assert.deepEqual(await written('The tests fail. Fix them.', 'grow.py', { files: grow }), {});
	const words = {
		'words.py': 'def longest(words):\n    return words[0]\n',
		...suite(
			'words',
			'    def test_longest(self):\n        self.assertEqual(longest(["a", "tree", "of"]), "tree")\n        self.assertEqual(longest(["apple", "of"]), "apple")\n        self.assertEqual(longest(["a", "of", "four"]), "four")\n',
		),
	};
	const engine = model({ holes: ['return max(words, key=len)'] });
	assert.deepEqual(await written('The tests fail. Fix them.', 'words.py', { files: words, engine }), { 2: 'scripted' });
});

test('of a text that is written again, the lines that are new are the model’s', async () => {
	const files = { 'greet.py': 'def greet(name):\n    print("hello")\n' };
	const engine = model({ texts: ['def greet(name):\n    print(f"hello {name}")\n'] });
	assert.deepEqual(await written('In @greet.py, change greet so that it greets by name.', 'greet.py', { files, engine }), {
		2: 'scripted',
	});
});
