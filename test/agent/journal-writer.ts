/**
 * A program that keeps a journal until it is killed. Arguments: the project folder, how many events at most, and the path of a
 * journal to go on with (else it begins one); with a fourth, it writes only once that file is there. Prints the path, then the number of every event that is acknowledged.
 */
import { existsSync, writeSync } from 'node:fs';
import { createJournal, openJournal } from '../../src/agent/journal.js';

const [root = '', most = '', path, go] = process.argv.slice(2);
const about = { root, model: 'tiny', mode: 'default' as const, warn: (sentence: string) => void writeSync(2, `${sentence}\n`) };
const journal = path ? openJournal(path, about).journal : createJournal(about);
writeSync(1, `${journal.path}\n`);
while (go && !existsSync(go)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
for (let number = 0; number < Number(most); number++) {
	// Every seventh line is large, so that a kill can fall into the middle of a write.
	journal.append({ type: 'note', text: `${number}:${'x'.repeat(number % 7 === 6 ? 100_000 : number % 50)}` });
	writeSync(1, `${number}\n`);
}
journal.close();
