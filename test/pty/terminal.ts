import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import pty from '@lydell/node-pty';
import xterm from '@xterm/headless';

export type Opened = {
	program?: string;
	args: string[];
	env?: Record<string, string | undefined>;
	cwd: string;
	cols?: number;
	rows?: number;
};

/** A program in a pseudo-terminal, and the screen that a person would see. */
export type Terminal = {
	pid: number;
	/** Sends keys as a terminal would. */
	type(keys: string): void;
	/** A bracketed paste. */
	paste(text: string): void;
	/** Waits until the screen and its scrollback show this; on failure the error holds the screen. */
	until(what: RegExp, ms?: number): Promise<void>;
	/** Types `keys` until the screen shows `what`: for questions, which are deaf to keys typed too early. */
	insist(keys: string, what: RegExp): Promise<void>;
	/** Screen and scrollback, without trailing blanks. */
	text(): string;
	/** What is on the visible screen. */
	screen(): string;
	/** Every byte that the program wrote. */
	raw(): string;
	/** What the program had the emulator do besides drawing, once it has drawn everything: bells, titles, answers that went back to the program. */
	did(): Promise<readonly string[]>;
	resize(cols: number, rows: number): void;
	kill(signal: string): void;
	/** Closes the terminal itself, as when its window is closed. */
	hangUp(): void;
	ended: Promise<{ exitCode: number; signal: number | undefined }>;
	/** Kills the program and everything that it started. */
	close(): void;
};

const everyMs = 40;

/** Runs `program ...args` in a pty; the program is Node when not given. */
export function open({ program = process.execPath, args, env = {}, cwd, cols = 80, rows = 24 }: Opened): Terminal {
	const screen = new xterm.Terminal({ cols, rows, allowProposedApi: true, scrollback: 5000 });
	const environment = Object.fromEntries(
		Object.entries({ ...process.env, TERM: 'xterm-256color', CI: undefined, NODE_TEST_CONTEXT: undefined, ...env }).filter(
			([, value]) => value !== undefined,
		),
	);
	const child = pty.spawn(program, args, {
		cols,
		rows,
		cwd,
		name: environment.TERM ?? 'xterm-256color',
		env: environment as Record<string, string>,
	});
	let raw = '';
	const did: string[] = [];
	screen.onBell(() => did.push('bell'));
	screen.onTitleChange(title => did.push(`title ${title}`));
	child.onData(data => {
		raw += data;
		screen.write(data);
	});
	// What the emulator answers to questions of the program goes back to it.
	screen.onData(data => {
		did.push(`answer ${data}`);
		child.write(data);
	});
	const ended = new Promise<{ exitCode: number; signal: number | undefined }>(resolve => {
		child.onExit(({ exitCode, signal }) => resolve({ exitCode, signal }));
	});
	const lines = (from: number, to: number) =>
		Array.from({ length: to - from }, (_, index) => screen.buffer.active.getLine(from + index)?.translateToString(true) ?? '')
			.join('\n')
			.trimEnd();
	const terminal: Terminal = {
		pid: child.pid,
		ended,
		type: keys => child.write(keys),
		paste: text => child.write(`\x1b[200~${text}\x1b[201~`),
		text: () => lines(0, screen.buffer.active.length),
		screen: () => lines(screen.buffer.active.baseY, screen.buffer.active.baseY + screen.rows),
		raw: () => raw,
		did: () => new Promise(resolve => screen.write('', () => resolve(did))),
		async until(what, ms = 90_000) {
			const end = Date.now() + ms;
			while (!what.test(terminal.text())) {
				if (Date.now() > end) assert.fail(`never saw ${what}; the screen was:\n${terminal.text()}`);
				await pause(everyMs);
			}
		},
		async insist(keys, what) {
			const end = Date.now() + 90_000;
			for (let tick = 0; !what.test(terminal.text()); tick++) {
				if (Date.now() > end) assert.fail(`never saw ${what} after ${JSON.stringify(keys)}; the screen was:\n${terminal.text()}`);
				if (tick % 15 === 14) child.write(keys);
				await pause(everyMs);
			}
		},
		resize(columns, height) {
			screen.resize(columns, height);
			child.resize(columns, height);
		},
		kill: signal => child.kill(signal),
		hangUp() {
			if ('destroy' in child && typeof child.destroy === 'function') child.destroy();
		},
		close() {
			for (const pid of [...descendants(child.pid), child.pid]) kill(pid);
		},
	};
	return terminal;
}

/** Processes started by this one, and by those. */
export function descendants(pid: number): number[] {
	const parents = new Map<number, number>();
	for (const name of readdirSync('/proc').filter(entry => /^\d+$/.test(entry))) {
		try {
			const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
			parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
		} catch {
			// It ended meanwhile.
		}
	}
	const found: number[] = [];
	for (let more = [pid]; more.length > 0; ) {
		more = [...parents].filter(([, parent]) => more.includes(parent)).map(([child]) => child);
		found.push(...more);
	}
	return found;
}

function kill(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// It has ended already.
	}
}
