import { setTimeout as pause } from 'node:timers/promises';
import pty from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { Refusal } from '../../src/types.js';
import { descendants } from '../pty/terminal.js';
import type { Home } from './home.js';
import { qwill } from './program.js';

/** A program in a terminal of 120 columns and 40 rows, watched at the moment its bytes arrive. */
export type Chat = {
	pid: number;
	/** `performance.now()` when it was started. */
	startedAt: number;
	type(keys: string): void;
	/** Bytes that it has written so far. */
	bytes(): number;
	/** How often it has cleared the whole screen or its scrollback. */
	clears(): number;
	/** Waits until the visible screen is as wanted, and gives the time at which the bytes that made it so came. */
	until(wanted: (screen: string) => boolean, what: string, ms?: number): Promise<number>;
	/** Ends it in good order, and then by force. */
	close(): Promise<void>;
};

const columns = 120;
const rows = 40;
const closeMs = 8000;

/** The chat of the built program with these arguments. */
export const openChat = (home: Home, args: readonly string[]): Chat =>
	openTerminal({ program: process.execPath, args: [qwill, ...args], cwd: home.folder(), env: home.env });

type Opened = { program: string; args: readonly string[]; cwd: string; env: Record<string, string | undefined> };

/** Any program. */
export function openTerminal({ program, args, cwd, env }: Opened): Chat {
	const screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
	const whole = Object.entries({ ...process.env, TERM: 'xterm-256color', ...env }).filter(([, value]) => value !== undefined);
	const startedAt = performance.now();
	const child = pty.spawn(program, [...args], { cols: columns, rows, cwd, name: 'xterm-256color', env: Object.fromEntries(whole) });
	let bytes = 0;
	let clears = 0;
	let gone = false;
	const watchers = new Set<(at: number) => void>();
	child.onData(data => {
		const at = performance.now();
		bytes += Buffer.byteLength(data);
		clears += data.match(/\x1b\[[23]J/g)?.length ?? 0;
		screen.write(data, () => {
			for (const look of watchers) look(at);
		});
	});
	// Programs ask the terminal what it can do; the emulator's answers go back to them.
	screen.onData(data => child.write(data));
	const ended = new Promise<void>(resolve => {
		child.onExit(() => {
			gone = true;
			resolve();
		});
	});
	const text = () => {
		const { active } = screen.buffer;
		return Array.from({ length: rows }, (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '').join('\n');
	};
	return {
		pid: child.pid,
		startedAt,
		type: keys => child.write(keys),
		bytes: () => bytes,
		clears: () => clears,
		until: (wanted, what, ms = 300_000) =>
			new Promise((resolve, reject) => {
				const finish = (done: () => void) => {
					watchers.delete(look);
					clearTimeout(late);
					done();
				};
				const look = (at: number) => wanted(text()) && finish(() => resolve(at));
				const late = setTimeout(
					() =>
						finish(() => reject(new Refusal(`${what} was never seen${gone ? ' (the program ended)' : ''}; the screen was:\n${text()}`))),
					ms,
				);
				watchers.add(look);
				look(performance.now());
			}),
		async close() {
			const all = [child.pid, ...descendants(child.pid)];
			if (!gone) child.kill('SIGTERM');
			await Promise.race([ended, pause(closeMs, undefined, { ref: false })]);
			for (const pid of gone ? [] : all) kill(pid);
			await ended;
			screen.dispose();
		},
	};
}

function kill(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// It has ended already.
	}
}

/** The draft is drawn: keys are taken. */
export const promptSeen = (screen: string): boolean => /^> /m.test(screen);
/** A reply is being written, and the first of it is on the screen: both are drawn in the same frame. */
export const writingSeen = (screen: string): boolean => /^writing\b/m.test(screen);
/** Nothing is going on. */
export const restSeen = (screen: string): boolean => promptSeen(screen) && !/Esc stops/.test(screen);

/** Types like a person who knows what they want: twelve keys a second, and half a second of thought before Enter. */
export async function typeSlowly(chat: Chat, text: string): Promise<void> {
	for (const key of text) {
		chat.type(key);
		await pause(80);
	}
	await pause(500);
}

export const paste = (chat: Chat, text: string): void => chat.type(`\x1b[200~${text}\x1b[201~`);
