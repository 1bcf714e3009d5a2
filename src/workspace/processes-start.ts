/** How a program is started: as it is, or in a box. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { Duplex } from 'node:stream';
import { execa } from 'execa';
import { Refusal } from '../types.js';
import { processAt } from './alive.js';
import { shown } from './names.js';
import type { Box, Feed } from './sandbox/box.js';
import type { Limits } from './sandbox/limits.js';
import type { Tree } from './tree.js';
import { codeOf } from './trouble.js';
import type { CommandLine } from './workspace.js';

type Place = { folder: string; env: Record<string, string>; mark: string };

/** A program that runs. `tree` is undefined when it could not be started. `ended` gives sentences about what it left, and is called once. */
export type Started = { child: ReturnType<typeof spawn>; tree: Tree | undefined; limits: Limits | undefined; ended(): string[] };

/** Starts a program with no input and no terminal. Throws `Refusal` for one that is not there, where that can be told before. */
export function start(command: CommandLine, { folder, env, mark }: Place, box: Box | undefined): Started {
	const bash = ['/bin/bash', '/usr/bin/bash'].find(path => existsSync(path)) ?? 'bash';
	const words = 'shell' in command ? [bash, '--norc', '--noprofile', '-c', command.shell] : [command.program, ...command.args];
	if (!box) {
		const child = spawn(words, { folder, env, feeds: [] });
		return { child, tree: treeOf(child, mark), limits: undefined, ended: () => [] };
	}
	if ('program' in command) refuseMissing(command.program, folder);
	const launch = box.launch(words, folder, env);
	const child = spawn([launch.program, ...launch.args], { folder, env: launch.env, feeds: launch.feeds });
	const tree = treeOf(child, mark);
	const told = launch.feeds.indexOf('told');
	if (tree && told >= 0) hearFirst(child.stdio[3 + told], tree);
	for (const [index, feed] of launch.feeds.entries()) {
		const channel = child.stdio[3 + index];
		if (typeof feed === 'object' && 'serve' in feed && channel instanceof Duplex) feed.serve(channel.on('error', () => channel.destroy()));
	}
	return { child, tree, limits: launch.limits, ended: launch.ended };
}

type Spawned = { folder: string; env: Record<string, string>; feeds: readonly Feed[] };

function spawn([file = '', ...args]: readonly string[], { folder, env, feeds }: Spawned) {
	return execa(file, args, {
		cwd: folder,
		env,
		extendEnv: false,
		detached: true,
		cleanup: false,
		reject: false,
		buffer: false,
		encoding: 'buffer',
		// Given a pipe, bash believes in a remote login and runs ~/.bashrc.
		stdio: ['ignore', 'pipe', 'pipe', ...feeds.map(feed => (feed instanceof Uint8Array ? feed : ('pipe' as const)))],
	});
}

const treeOf = ({ pid }: { pid?: number | undefined }, mark: string): Tree | undefined => (pid === undefined ? undefined : { pid, mark });

/** bubblewrap tells in JSON which process is the first one in the box (bwrap(1), --info-fd). */
function hearFirst(pipe: unknown, tree: Tree): void {
	if (typeof pipe !== 'object' || pipe === null || !('on' in pipe)) return;
	let text = '';
	(pipe as NodeJS.ReadableStream).on('data', (bytes: Uint8Array) => {
		text += String(bytes);
		const pid = /"child-pid": *(\d+)/.exec(text)?.[1];
		const first = pid === undefined ? undefined : processAt(Number(pid));
		if (first) tree.first = first;
	});
}

/** In a box, only the shell there would say so, and only as an exit code. */
function refuseMissing(program: string, folder: string): void {
	const places = program.includes('/')
		? [resolve(folder, program)]
		: (process.env.PATH ?? '').split(delimiter).map(at => resolve(at, program));
	const codes = places.map(codeForRunning);
	if (!codes.includes(undefined)) throw notStarted(codes.includes('EACCES') ? 'EACCES' : 'ENOENT', program);
}

function codeForRunning(path: string): string | undefined {
	try {
		accessSync(path, constants.X_OK);
		return statSync(path).isFile() ? undefined : 'EACCES';
	} catch (error) {
		return codeOf(error) ?? String(error);
	}
}

/** Why a program could not be started, by the code of the system's error. */
export function notStarted(code: string, program: string): Refusal {
	if (code === 'ENOENT') return new Refusal(`${shown(program)} is not installed, or not on the PATH.`);
	if (code === 'EACCES') return new Refusal(`${shown(program)} may not be run (chmod +x makes a file a program).`);
	if (code === 'E2BIG') return new Refusal(`The arguments of ${shown(program)} are too long for this system.`);
	return new Refusal(`${shown(program)} could not be started (${code}).`);
}
