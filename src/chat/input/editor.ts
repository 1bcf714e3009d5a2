import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refusal } from '../../types.js';

/**
 * Lets the person write `text` on in their editor (`VISUAL`, `EDITOR`, else vi) and gives what they saved, without the
 * line end that editors add. The terminal must have been given over. The file is the person's alone and removed
 * afterwards. Throws `Refusal` when the editor cannot be started or ends with an error; the draft is then as it was.
 */
export async function editText(text: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
	const editor = env.VISUAL?.trim() || env.EDITOR?.trim() || 'vi';
	const folder = await mkdtemp(join(tmpdir(), 'qwill-'));
	const file = join(folder, 'message.md');
	try {
		await writeFile(file, text, { mode: 0o600 });
		const code = await run(editor, file, env);
		if (code === 127) throw new Refusal(`The editor "${editor}" was not found. Set VISUAL or EDITOR to one that is installed.`);
		if (code !== 0) throw new Refusal(`The editor "${editor}" ended with code ${code}. The draft is as it was.`);
		return (await readFile(file, 'utf8')).replace(/\r\n?/g, '\n').replace(/\n$/, '');
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** The value of EDITOR may hold arguments, so the shell reads it, as git does. The file is an argument, never part of the line. */
function run(editor: string, file: string, env: NodeJS.ProcessEnv): Promise<number> {
	return new Promise((resolve, reject) => {
		const child = spawn('/bin/sh', ['-c', `${editor} "$@"`, 'editor', file], { stdio: 'inherit', env });
		child.on('error', error => reject(new Refusal(`The editor could not be started: ${error.message}`)));
		child.on('exit', (code, signal) => resolve(code ?? (signal ? 128 : 1)));
	});
}

/** How long a stop by Ctrl-Z may take to happen; where no shell controls jobs it never does. */
const stopsWithinMs = 200;

/**
 * Suspends the whole program, as the terminal does on Ctrl-Z, until it is brought back. The terminal must have been given
 * over. The timer stands still with the program, so it only runs out where there was nobody to suspend for.
 */
export function suspend(): Promise<void> {
	return new Promise(resolve => {
		const back = () => {
			clearTimeout(timer);
			process.off('SIGCONT', back);
			resolve();
		};
		const timer = setTimeout(back, stopsWithinMs);
		process.once('SIGCONT', back);
		process.kill(0, 'SIGTSTP');
	});
}
