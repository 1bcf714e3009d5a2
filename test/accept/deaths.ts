import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { engineProcesses } from '../model/processes.js';
import { tinyModel } from '../model/tiny.js';
import { descendants, open, type Terminal } from '../pty/terminal.js';
import { counting, type Wrong } from './count.js';
import { environmentOf, type Made, makeWorld, program, removeWorld, type Surface, scriptOf, task, type World } from './play.js';

/** Milliseconds between two keys, and after which a program that should have ended hangs. */
const between = 400;
const patience = 20_000;

/** Where the chat is, and how it gets there. With a model of its own it has no script, so that it is the program that asks. */
const screens: Record<string, { keys: (scripted: boolean) => string; seen: (scripted: boolean) => RegExp }> = {
	idle: { keys: () => '', seen: () => /^> /m },
	'a question': {
		keys: scripted => (scripted ? `\x1b[200~${task}\x1b[201~\r` : '/trust\r'),
		seen: scripted => (scripted ? /Make this change\?/ : /Trust exactly[^\n]*\?/),
	},
	'a command that writes': { keys: () => '!while :; do echo busy$((1 + 1)); sleep 0.05; done\r', seen: () => /busy2/ },
	'a list': { keys: () => '/model\r', seen: () => /Which model\?/ },
};

type Dying = {
	/** Keys that are typed again and again until it ends; a screen may need some of them more than once. */
	keys?: readonly string[];
	strike?(terminal: Terminal, pid: number): void;
	code?: number;
	/** Kills the process of the model, and not the program. */
	model?: true;
};

const signal = (name: NodeJS.Signals, code?: number): Dying => ({
	strike: (_terminal, pid) => void process.kill(pid, name),
	...(code === undefined ? {} : { code }),
});
const quit = ['\x1b', '/quit\r'];

const ways: Record<string, Dying> = {
	'Ctrl-C': { keys: ['\x03'], code: 0 },
	'Ctrl-D': { keys: ['\x04', '\x04', '\x1b'], code: 0 },
	'/quit': { keys: quit, code: 0 },
	SIGTERM: signal('SIGTERM', 143),
	SIGHUP: signal('SIGHUP', 129),
	SIGINT: signal('SIGINT', 130),
	'the process of the model is killed': { model: true, keys: quit, code: 0 },
	'a bug': { keys: ['\x1b', 'one reply too many\r'], code: 70 },
	'the terminal is closed': { strike: terminal => terminal.hangUp() },
	SIGKILL: signal('SIGKILL', 137),
};

/** Ways for the chat to end, on each of its screens: the terminal is as it was before, but for SIGKILL, where nobody can help. */
export async function deaths(): Promise<Surface> {
	const { surface, hostile } = counting('deaths');
	for (const [way, dying] of Object.entries(ways))
		await Promise.all(
			Object.keys(screens).map(async screen => {
				const world = makeWorld();
				try {
					hostile(`${way} at ${screen}`, ...(await died(world, screen, dying)));
				} finally {
					removeWorld(world);
				}
			}),
		);
	return surface;
}

/** The chat below a shell, which says how it found the terminal before and after. */
function below(world: World, scripted: boolean): Terminal {
	const script = join(world.base, 'script.md');
	const writes: Made = { tool: 'write_file', args: { file_path: 'new.txt', content: 'x\n' } };
	writeFileSync(script, [...scriptOf([writes]), 'Done.\n'].join('---\n'));
	mkdirSync(join(world.ws, '.qwill'));
	writeFileSync(join(world.ws, '.qwill', 'config.json'), '{ "testCommand": "true" }\n');
	const line = 'stty -g >before; "$@"; echo $? >code; stty -g >after.part; mv after.part after';
	const words = [process.execPath, program, '-m', scripted ? `replies:${script}` : tinyModel()];
	return open({
		program: 'bash',
		args: ['--norc', '-c', `cd '${world.ws}'; ${line}`, 'bash', ...words],
		cwd: world.ws,
		env: environmentOf(world),
	});
}

async function died(world: World, screen: string, { keys = [], strike, code, model }: Dying): Promise<Wrong[]> {
	const terminal = below(world, !model);
	const said = (name: string) => (existsSync(join(world.ws, name)) ? readFileSync(join(world.ws, name), 'utf8').trim() : undefined);
	try {
		const { keys: there, seen } = screens[screen]!;
		await terminal.until(/^> /m, patience);
		if (there(!model) !== '') terminal.type(there(!model));
		await terminal.until(seen(!model), patience);
		const [pid = 0] = descendants(terminal.pid);
		const models = engineProcesses(pid);
		if (model) for (const one of models) process.kill(one, 'SIGKILL');
		if (model && models.length === 0) return ['no process of a model'];
		strike?.(terminal, pid);
		const isOver = () => said('after') !== undefined || !existsSync(`/proc/${pid}`);
		for (const end = Date.now() + patience; !isOver() && Date.now() < end; await pause(between))
			for (const key of keys) {
				terminal.type(key);
				await pause(between);
			}
		if (!isOver()) return ['does not end', terminal.text().slice(-300)];
		if (strike && code === undefined) return [];
		await terminal.ended;
		return [
			said('code') !== String(code) && `ends with ${said('code')}`,
			code !== 137 && said('before') !== said('after') && 'leaves the terminal in other modes',
			code !== 137 && leftOn(terminal.raw()),
			/^\s+at \S+ \(/m.test(terminal.raw()) && 'a stack trace',
		];
	} catch (error) {
		return [String(error)];
	} finally {
		terminal.close();
	}
}

/** A mode that was switched on last and not off: paste, another screen, mouse, a hidden cursor. */
function leftOn(raw: string): Wrong {
	const modes = [...raw.matchAll(/\x1b\[\?(\d+)([hl])/g)].map(([, mode, sign]) => [mode, sign] as const);
	const left = [...new Map(modes)].filter(([mode, sign]) => (mode === '25' ? sign === 'l' : sign === 'h'));
	return left.length > 0 && `leaves ${left.map(([mode]) => mode)} switched`;
}
