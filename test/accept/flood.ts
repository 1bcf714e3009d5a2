import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { open, type Terminal } from '../pty/terminal.js';
import { counting } from './count.js';
import { environmentOf, makeWorld, program, removeWorld, type Surface, scriptOf, task } from './play.js';

const seconds = 6;
/** What the program may grow by. */
const most = 80 * 2 ** 20;
/** Milliseconds in which a key is seen even on a busy machine; without trouble it is one picture. */
const patience = 5000;

/** Commands that write as fast as they can: memory stays where it is, and what is typed meanwhile is seen. */
export async function flood(): Promise<Surface> {
	const { surface, hostile } = counting('flood');
	for (const way of ['the model', 'the person']) {
		const world = makeWorld();
		const script = join(world.base, 'script.md');
		const command = `timeout ${seconds} yes`;
		const replies = ['echo warm', command].flatMap(one => [
			...scriptOf([{ tool: 'run_shell_command', args: { command: one } }]),
			'Done.\n',
		]);
		writeFileSync(script, replies.join('---\n'));
		const begin = (one: string): void => {
			if (way === 'the model') terminal.paste(task);
			else terminal.type(`!${one}`);
			terminal.type('\r');
		};
		const words = [program, '-m', `replies:${script}`, '--approval-mode', 'yolo'];
		const terminal = open({ args: words, cwd: world.ws, env: environmentOf(world) });
		try {
			await terminal.until(/^> /m, 20_000);
			// What a first command loads is no part of the flood.
			begin('echo warm');
			await terminal.until(way === 'the model' ? /^— Done/m : /^ *warm$/m, 20_000);
			await pause(1000);
			const before = memoryOf(terminal.pid);
			begin(command);
			await terminal.until(/^ *y\n *y$/m, 20_000);
			const { memory, slowest } = await watched(terminal);
			hostile(
				`${way}: +${Math.round((memory - before) / 2 ** 20)} MB, a key after ${slowest} ms`,
				memory - before > most && 'takes memory',
				slowest > patience && 'is deaf',
			);
		} catch (error) {
			hostile(way, String(error));
		} finally {
			terminal.close();
			await terminal.ended;
			removeWorld(world);
		}
	}
	return surface;
}

/** The most memory while the flood lasts, and the longest that a key took to be seen. */
async function watched(terminal: Terminal): Promise<{ memory: number; slowest: number }> {
	let memory = 0;
	let slowest = 0;
	let typed = '';
	for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(200)) {
		memory = Math.max(memory, memoryOf(terminal.pid));
		typed += 'k';
		const at = Date.now();
		terminal.type('k');
		await terminal.until(new RegExp(`^> .*${typed}`, 'm'), 20_000);
		slowest = Math.max(slowest, Date.now() - at);
	}
	return { memory, slowest };
}

const memoryOf = (pid: number): number => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
