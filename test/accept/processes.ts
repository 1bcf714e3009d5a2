import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { open, type Terminal } from '../pty/terminal.js';
import { counting } from './count.js';
import { environmentOf, makeWorld, program, removeWorld, type Surface, scriptOf, task, type World } from './play.js';

/** Milliseconds after which nothing of a stopped command may be there. */
const leaves = 1000;

/** A tree of processes that does all it can to stay: sessions of its own, parents that are gone, signals unheard. `$M` marks each. */
const nasty = `
trap '' TERM HUP INT
setsid sleep $M.1 &
(nohup sleep $M.2 >/dev/null 2>&1 &)
(setsid bash -c '(trap "" TERM HUP INT; exec sleep $M.3) & disown; exit' &)
bash -c 'trap "" TERM HUP INT QUIT; while :; do sleep $M.4; done' &
python3 -c 'import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 9)
        os.execlp("sleep", "sleep", "$M.5")
' &
sleep 0.3
echo rooted$((1 + 1))
sleep $M.6
`;

const stops: Record<string, (terminal: Terminal) => void> = {
	Esc: terminal => terminal.type('\x1b'),
	timeout() {},
	SIGTERM: ({ pid }) => void process.kill(pid, 'SIGTERM'),
	'hang-up': terminal => terminal.hangUp(),
	'kill -9': ({ pid }) => void process.kill(pid, 'SIGKILL'),
};

/** Commands that do not want to end, stopped in every way that there is: nothing of them is left a second later. */
export async function processes(): Promise<Surface> {
	const { surface, hostile } = counting('processes');
	for (const [at, [name, stop]] of Object.entries(stops).entries()) {
		const world = makeWorld();
		const mark = `${70_000 + (process.pid % 1000)}${at}`;
		const terminal = rooting(world, mark, name === 'timeout');
		try {
			await terminal.until(/rooted2/, 20_000);
			const before = marked(mark).length;
			stop(terminal);
			if (name === 'timeout') await terminal.until(/^— /m);
			await pause(leaves);
			const left = marked(mark);
			hostile(name, before < 5 && `only ${before} were there`, left.length > 0 && `left ${left}`);
		} catch (error) {
			hostile(name, String(error));
		} finally {
			terminal.close();
			for (const pid of marked(mark)) process.kill(pid, 'SIGKILL');
			removeWorld(world);
		}
	}
	return surface;
}

/** The chat, in which the model has begun such a tree. */
function rooting(world: World, mark: string, short: boolean): Terminal {
	const script = join(world.base, 'script.md');
	const command = nasty.replaceAll('$M', mark);
	const args = { command, ...(short && { timeout: 3000 }) };
	writeFileSync(script, [...scriptOf([{ tool: 'run_shell_command', args }]), 'Done.\n'].join('---\n'));
	const words = [program, '-m', `replies:${script}`, '--approval-mode', 'yolo', '--sandbox', task];
	return open({ args: words, cwd: world.ws, env: environmentOf(world) });
}

/** The processes with this mark among their words. */
const marked = (mark: string): number[] =>
	readdirSync('/proc')
		.filter(name => /^\d+$/.test(name))
		.map(Number)
		.filter(pid => wordsOf(pid).some(word => word.startsWith(`${mark}.`)));

function wordsOf(pid: number): string[] {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
	} catch {
		return []; // It ended meanwhile.
	}
}
