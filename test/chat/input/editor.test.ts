import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { editText } from '../../../src/chat/input/editor.js';
import { Refusal } from '../../../src/types.js';

let folder = '';
before(async () => {
	folder = await mkdtemp(join(tmpdir(), 'qwill-test-'));
	process.env.TMPDIR = folder;
});
after(async () => {
	delete process.env.TMPDIR;
	await rm(folder, { recursive: true });
});
const env = (editor: string) => ({ PATH: process.env.PATH, EDITOR: editor });

describe('editor', () => {
	it('gives back what was saved, without the last line end', async () => {
		assert.equal(await editText('one', env(`sh -c 'printf "\\ntwo\\n" >> "$0"'`)), 'one\ntwo');
	});
	it('VISUAL comes before EDITOR, and may hold arguments', async () => {
		assert.equal(await editText('a', { ...env('false'), VISUAL: 'sed -i s/a/b/' }), 'b');
	});
	it('the file can be read by nobody else, and is gone afterwards', async () => {
		const seen = join(folder, 'seen');
		await editText('secret', env(`sh -c 'ls -ln "$0" > ${seen}'`));
		assert.match(await readFile(seen, 'utf8'), /^-rw------- /);
		await rm(seen);
		assert.deepEqual(await readdir(folder), []);
	});
	it('an editor that fails or is missing says so, and leaves nothing behind', async () => {
		for (const [editor, says] of [
			['false', /ended with code 1/],
			['no-such-editor-here', /was not found/],
		] as const) {
			await assert.rejects(editText('x', env(editor)), (error: unknown) => error instanceof Refusal && says.test(error.message));
		}
		assert.deepEqual(await readdir(folder), []);
	});
	it('a file name that was made by somebody else is never part of the shell line', async () => {
		const odd = join(folder, "a b'; touch pwned #");
		await writeFile(odd, '');
		assert.equal(await editText('x', env('true')), 'x');
		await rm(odd);
	});
});
