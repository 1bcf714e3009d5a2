import { spawn } from 'node:child_process';
import { copyFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { engineProcesses } from '../model/processes.js';
import { tinyModel } from '../model/tiny.js';
import { open } from '../pty/terminal.js';
import { counting, crashed, type Wrong } from './count.js';
import { environmentOf, makeWorld, program, type Ran, removeWorld, run, type Surface, type World } from './play.js';

/** Milliseconds after which a program that should have ended hangs. */
const patience = 60_000;
const everyMs = 20;
/** Bytes of a model that no machine has the memory for. A file of that size takes no room where nothing was written. */
const tooBig = 4e12;

const sentence = /^[^\n\x00-\x1f]{10,600}[.)]\s*$/;

/** What is asked: long enough to be read for a while. */
const long = 'Say what this does.\n'.repeat(600);
/** What a one-shot has written when its model is at work at this. */
const moments = {
	loading: { sign: undefined, asked: long },
	reading: { sign: /"status":"reading"/, asked: long },
	writing: { sign: /"type":"content_block_delta"/, asked: 'hello' },
} as const;
type Moment = keyof typeof moments;
const signals = ['SIGKILL', 'SIGSEGV', 'SIGABRT'] as const;

/**
 * A model that is too big for the machine, and one whose process dies, whatever it does and whatever ends it: the program itself goes
 * on or ends in order, and a sentence says what happened.
 */
export async function lostModels(): Promise<Surface> {
	const { surface, hostile } = counting('models too big, or killed');
	const cases: Record<string, (world: World) => Promise<Wrong[]>> = {
		'a file larger than the memory': larger,
		'a process killed while the chat is idle': world => killedInChat(world, ''),
		'a process killed while the chat answers': world => killedInChat(world, 'hello\r'),
	};
	for (const moment of Object.keys(moments) as Moment[])
		for (const signal of signals) cases[`${signal} while ${moment}`] = world => struck(world, moment, pid => process.kill(pid, signal));
	const waiting = Object.entries(cases).values();
	const worker = async (): Promise<void> => {
		for (const [name, work] of waiting) {
			const world = makeWorld();
			try {
				hostile(name, ...(await work(world)));
			} finally {
				removeWorld(world);
			}
		}
	};
	await Promise.all([worker(), worker()]);
	return surface;
}

async function larger(world: World): Promise<Wrong[]> {
	const path = join(world.base, 'big.gguf');
	copyFileSync(tinyModel(), path);
	truncateSync(path, tooBig);
	return failed(await run(world, [program, '-m', path, '-p', 'hello'], { millisecondsMost: patience }), 41);
}

/** A one-shot whose model is struck at this moment. */
async function struck(world: World, moment: Moment, strike: (pid: number) => void): Promise<Wrong[]> {
	const { sign, asked } = moments[moment];
	const words = [program, '-m', tinyModel(), '-o', 'stream-json', '--include-partial-messages', '--max-wall-time', '10', '-p', asked];
	const child = spawn(process.execPath, words, { cwd: world.ws, env: environmentOf(world), stdio: ['ignore', 'pipe', 'pipe'] });
	const timer = setTimeout(() => child.kill('SIGKILL'), patience);
	const out = { stdout: '', stderr: '' };
	let done = false;
	const hit = (): void => {
		const [pid] = done || !(sign?.test(out.stdout) ?? true) ? [] : engineProcesses(child.pid);
		if (pid === undefined) return;
		done = true;
		strike(pid);
	};
	const code = new Promise<number | null>(resolve => child.on('close', resolve));
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		out.stdout += text;
		hit();
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
	while (moment === 'loading' && !done && child.exitCode === null) {
		hit();
		await pause(5);
	}
	const ended = await code;
	clearTimeout(timer);
	const ran = { ...out, code: ended, milliseconds: 0 };
	// One that dies while it loads is started again.
	const codes = moment === 'loading' ? [0, 1, 41, 55] : [1];
	return [!done && 'was never struck', ...failed(ran, ...codes)];
}

/** It ended in order and, where it gave no answer, said why on its last line. */
function failed(ran: Ran, ...codes: number[]): Wrong[] {
	const last = ran.stderr.trimEnd().split('\n').at(-1) ?? '';
	return [
		crashed(ran),
		!codes.includes(ran.code ?? -1) && `exit code ${ran.code}: ${last}`,
		ran.code !== 0 && !sentence.test(last) && `no sentence: ${JSON.stringify(last)}`,
	];
}

/** A chat whose model is killed, when these keys have been typed: it stands, and the next message is answered. */
async function killedInChat(world: World, keys: string): Promise<Wrong[]> {
	const terminal = open({ args: [program, '-m', tinyModel(), '--max-wall-time', '20'], env: environmentOf(world), cwd: world.ws });
	const endings = () => terminal.text().match(/^— /gm)?.length ?? 0;
	try {
		await terminal.until(/^> /m, patience);
		for (let waited = 0; engineProcesses(terminal.pid).length === 0; waited += everyMs) {
			if (waited > patience) return ['no process of a model'];
			await pause(everyMs);
		}
		terminal.type(keys);
		if (keys !== '') await terminal.until(/writing|reading|loading/, patience);
		for (const pid of engineProcesses(terminal.pid)) process.kill(pid, 'SIGKILL');
		if (keys !== '') await terminal.until(/^— /m, patience);
		const before = endings();
		terminal.type('again\r');
		for (const end = Date.now() + patience; endings() === before; await pause(everyMs))
			if (Date.now() > end) return [`does not go on: ${terminal.text().slice(-300)}`];
		return [/^\s+at \S+ \(/m.test(terminal.text()) && 'a stack trace'];
	} catch (error) {
		return [String(error)];
	} finally {
		terminal.close();
	}
}
