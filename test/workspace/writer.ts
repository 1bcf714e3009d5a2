/** A program of its own that changes files through the door: `writer.ts root state conversation count [shared]`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../../src/types.js';
import { openFiles } from '../../src/workspace/files.js';

const [root = '', state = '', conversation = '', count = '', shared] = process.argv.slice(2);
const files = await openFiles({ root, state, conversation });
process.stdout.write('ready\n');
if (shared) await addLines(shared);
else await rewriteFive();
process.stdout.write('done\n');

/** Adds its own lines at the end of one file that another program adds to at the same time. */
async function addLines(path: string): Promise<void> {
	for (let number = 0; number < Number(count); ) {
		const { text } = await files.read(path);
		try {
			await files.splice(path, [{ start: text.length, end: text.length, text: `${conversation} ${number}\n` }]);
			number++;
		} catch (error) {
			if (!(error instanceof Refusal && /changed since it was read/.test(error.message))) throw error;
		}
	}
}

/** Writes five files in turn, whole, each with a content that tells whether it is whole. */
async function rewriteFive(): Promise<void> {
	for (let number = 0; number < Number(count); number++) {
		const path = `d${number % 5}/f.txt`;
		if (existsSync(join(root, path))) await files.read(path);
		await files.write(path, `begin ${number}\n${`${number}\n`.repeat(2000)}end ${number}\n`);
	}
}
