import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Starts the bundled journal writer; `line` is called with each whole line that it prints. */
export function startWriter(
	[writer, ...words]: readonly [string, ...string[]],
	line: (text: string) => void,
	env: NodeJS.ProcessEnv = process.env,
): { child: ChildProcess; ended: Promise<unknown> } {
	const child = spawn(process.execPath, [writer, ...words], { env, stdio: ['ignore', 'pipe', 'inherit'] });
	let text = '';
	child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
		text += chunk;
		for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
			line(text.slice(0, end));
			text = text.slice(end + 1);
		}
	});
	return { child, ended: once(child, 'close') };
}

/** Has a writer killed once it has acknowledged so many events. Gives the journal's path, and how many it had acknowledged. */
export async function killedAfter(
	most: number,
	words: readonly [string, ...string[]],
	env?: NodeJS.ProcessEnv,
): Promise<{ path: string; acknowledged: number }> {
	let path = '';
	let acknowledged = 0;
	const { child, ended } = startWriter(
		words,
		line => {
			if (path === '') path = line;
			else acknowledged++;
			if (acknowledged >= most) child.kill('SIGKILL');
		},
		env,
	);
	await ended;
	return { path, acknowledged };
}
