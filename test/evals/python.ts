import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program that has not ended by then runs for ever. */
const longestMs = 15_000;

/** Whether this Python program ends without an error, in an empty folder and without the person's environment. */
export function passes(program: string): Promise<boolean> {
	const folder = mkdtempSync(join(tmpdir(), 'qwill-eval-'));
	const path = join(folder, 'item.py');
	writeFileSync(path, program);
	return new Promise((resolve, reject) => {
		const child = spawn('python3', ['-I', path], {
			cwd: folder,
			env: { PATH: process.env.PATH },
			stdio: 'ignore',
			timeout: longestMs,
			killSignal: 'SIGKILL',
		});
		child.on('error', reject);
		child.on('exit', code => {
			rmSync(folder, { recursive: true, force: true });
			resolve(code === 0);
		});
	});
}
