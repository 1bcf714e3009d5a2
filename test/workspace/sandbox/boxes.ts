/** Boxed commands for the tests, and how to tell that there is no box here. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { openProcesses } from '../../../src/workspace/processes.js';
import { able, type BoxOptions, boxOf } from '../../../src/workspace/sandbox/box.js';
import type { CommandLine, Finished, RunOptions } from '../../../src/workspace/workspace.js';

const machine = await able();
/** For `skip`: why boxes cannot be tested here, else false. */
export const noBox = machine.works ? false : `no sandbox: ${machine.why}`;

/** The same for what only the box of Linux does. */
export const noBubblewrap = process.platform === 'linux' ? noBox : 'this is about bubblewrap, which only Linux has';

const made: string[] = [];
after(() => {
	for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/**
 * A folder with the work folder `ws` and the home `home` in it, which is the home of this process from now on. Not below /tmp,
 * which is another one in the box.
 */
export function place(): { base: string; root: string } {
	const base = realpathSync(mkdtempSync('/var/tmp/qwill-box-'));
	made.push(base);
	for (const name of ['ws', 'home', 'outside']) mkdirSync(join(base, name));
	process.env.HOME = join(base, 'home');
	for (const kind of ['CACHE', 'CONFIG', 'STATE']) process.env[`XDG_${kind}_HOME`] = join(base, 'home', kind.toLowerCase());
	return { base, root: join(base, 'ws') };
}

/** Runs a command in a box to its end. */
export async function boxed(
	root: string,
	command: string | CommandLine,
	options: Partial<RunOptions> & BoxOptions = {},
): Promise<Finished> {
	const processes = openProcesses(root, await boxOf(root, 'always', options));
	const line = typeof command === 'string' ? { shell: command } : command;
	const running = processes.run(line, { timeoutMs: 60_000, signal: new AbortController().signal, ...options });
	for (;;) {
		const step = await running.next();
		if (step.done) return step.value;
	}
}
