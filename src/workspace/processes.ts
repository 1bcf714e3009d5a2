/** Running programs: a clean environment, no terminal, bounded output, and no process left behind. */
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from '../types.js';
import { clip } from './clip.js';
import { rootAt, withSpot } from './inside.js';
import { shown } from './names.js';
import { notStarted, type Started, start } from './processes-start.js';
import type { Boxed } from './sandbox/box.js';
import { fileSentence, watchOver } from './sandbox/limits.js';
import { endTree, unwatch, watch } from './tree.js';
import { codeOf } from './trouble.js';
import type { CommandLine, Finished, Processes, RunOptions } from './workspace.js';

const headCharacters = 256_000;
const tailCharacters = 768_000;
/** What is handed on as it comes; after that only the clipped output grows no further. */
const mostStreamed = 2_000_000;
/** Read ahead of who asks, before the program has to wait. */
const mostAhead = 256_000;
/** How long output is waited for when the program has ended but somebody still holds its pipes. */
const drainMs = 2_000;

const unasked: Boxed = { on: false, wish: 'never', why: 'it is switched off' };

/** The door to programs, for the folder `root`, a real path; they are boxed where `boxed` is on. */
export function openProcesses(root: string, boxed: Boxed = unasked): Processes {
	return { boxed, run: (command, options) => run({ root, boxed }, command, options) };
}

/** The environment every program starts with: of the person's only what programs need to find their way. */
export function cleanEnvironment(extra: Record<string, string> = {}): Record<string, string> {
	const kept = Object.entries(process.env).filter(([name]) => /^(?:PATH|HOME|LANG|LC_[A-Z]+|TZ|TMPDIR)$/.test(name));
	const own = { TERM: process.env.TERM ?? 'dumb', PAGER: 'cat', GIT_PAGER: 'cat', NO_COLOR: '1' };
	return { ...Object.fromEntries(kept.map(([name, value]) => [name, value ?? ''])), ...own, ...extra };
}

async function* run(
	{ root, boxed }: { root: string; boxed: Boxed },
	command: CommandLine,
	{ cwd = '.', timeoutMs, signal, env, unboxed = false }: RunOptions,
): AsyncGenerator<string, Finished> {
	const began = Date.now();
	if (signal.aborted) return { exitCode: null, signal: null, timedOut: false, aborted: true, output: '', milliseconds: 0 };
	refuseNul(command);
	const mark = `QWILL_RUN=${randomBytes(8).toString('hex')}`;
	const folder = await folderAt(root, cwd);
	const clean = cleanEnvironment({ ...env, QWILL_RUN: mark.slice('QWILL_RUN='.length) });
	const started = start(command, { folder, env: clean, mark }, boxed.on && !unboxed ? boxed.box : undefined);
	const { child, tree } = started;
	const ended = endOf(child, command);
	if (tree) watch(tree);
	const stops = stopsOf(started, signal, timeoutMs);
	const kept = clip(headCharacters, tailCharacters);
	const finish = once(async () => {
		await stops.settle();
		if (tree) unwatch(tree);
		return started.ended();
	});
	try {
		yield* streamed(output([child.stdout, child.stderr], ended), kept);
		const end = await ended;
		const left = await finish();
		const note = [...stops.said(end.exitCode), ...left].map(sentence => `\n[${sentence}]\n`).join('');
		kept.push(note);
		if (note !== '') yield note;
		const why = stops.why();
		return {
			...(started.limits ? asSignal(end) : end),
			timedOut: why === 'timed out',
			aborted: why === 'aborted',
			output: kept.text(),
			milliseconds: Date.now() - began,
		};
	} finally {
		await finish();
	}
}

const deadly = ['SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGKILL', 'SIGSEGV', 'SIGTERM', 'SIGXFSZ'] as const;

/** Of the signal that ended its program a box tells as a shell does: by an exit code, 128 more than its number. */
function asSignal(end: Ended): Ended {
	const signal = deadly.find(name => end.exitCode === 128 + constants.signals[name]);
	return signal === undefined ? end : { exitCode: null, signal };
}

/** What ends a program before its time: the person, the clock, and in a box what it takes. `settle` ends what is left of it in any case. */
function stopsOf({ tree, limits }: Started, signal: AbortSignal, timeoutMs: number) {
	let why: 'aborted' | 'timed out' | 'too much' | undefined;
	let excess: string | undefined;
	let ending: Promise<void> | undefined;
	const stop = (reason: typeof why) => {
		why ??= reason;
		if (tree) ending ??= endTree(tree);
	};
	const onAbort = () => stop('aborted');
	signal.addEventListener('abort', onAbort, { once: true });
	const timer = setTimeout(() => stop('timed out'), timeoutMs);
	const onExcess = (sentence: string) => {
		excess = sentence;
		stop('too much');
	};
	const watching = limits && watchOver(() => tree?.first?.pid, limits, onExcess);
	return {
		why: () => why,
		said(exitCode: number | null): string[] {
			const tooLong = limits && exitCode === 128 + 25 ? [fileSentence(limits)] : [];
			return excess === undefined ? tooLong : [excess];
		},
		async settle() {
			clearTimeout(timer);
			watching?.end();
			signal.removeEventListener('abort', onAbort);
			if (tree) await (ending ?? endTree(tree));
		},
	};
}

/** Runs it the first time only; the others get what that came to. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
	let done: Promise<T> | undefined;
	return () => (done ??= work());
}

type Ended = { exitCode: number | null; signal: string | null };

/** The exit of the program itself, whoever still holds its pipes; a `Refusal` when it could not be started. */
async function endOf(child: Started['child'], command: CommandLine): Promise<Ended> {
	const exited = new Promise<Ended>(resolve => child.nodeChildProcess.once('exit', (exitCode, signal) => resolve({ exitCode, signal })));
	// execa settles only when the pipes are closed, except when there never was a program.
	const failed = child.then(({ cause }) => {
		if (child.pid !== undefined) return exited;
		throw notStarted(codeOf(cause) ?? String(cause), 'shell' in command ? 'bash' : command.program);
	});
	const ended = Promise.race([exited, failed]);
	ended.catch(() => undefined);
	return ended;
}

function refuseNul(command: CommandLine): void {
	const words = 'shell' in command ? [command.shell] : [command.program, ...command.args];
	if (words.some(word => word.includes('\0'))) throw new Refusal('A command cannot hold a NUL character; nothing was run.');
}

/** Hands output on up to its limit, and keeps head and tail of all of it. */
async function* streamed(pieces: AsyncGenerator<string, void>, kept: { push(text: string): void }): AsyncGenerator<string, void> {
	let count = 0;
	for await (const piece of pieces) {
		kept.push(piece);
		if (count > mostStreamed) {
			// A flood is drained at the speed of a brook, or it takes memory and the machine.
			await pause(10);
			continue;
		}
		count += piece.length;
		yield count > mostStreamed ? `\n[more than ${mostStreamed.toLocaleString('en')} characters of output; the rest is not shown]\n` : piece;
	}
}

/** The text of both pipes as it comes, each decoded on its own. Ends with them, or 2 s after the program without a word. */
async function* output(pipes: readonly NodeJS.ReadableStream[], ended: Promise<Ended>): AsyncGenerator<string, void> {
	let waiting = '';
	let open = pipes.length;
	let drained = false;
	let wake = () => {};
	for (const pipe of pipes) {
		const decoder = new TextDecoder();
		const add = (text: string) => {
			waiting += text;
			if (waiting.length > mostAhead) for (const one of pipes) one.pause();
			wake();
		};
		pipe.on('data', (bytes: Uint8Array) => add(decoder.decode(bytes, { stream: true })));
		pipe.once('close', () => {
			open--;
			add(decoder.decode());
		});
	}
	const giveUp = () =>
		setTimeout(() => {
			drained = true;
			wake();
		}, drainMs);
	let timer: NodeJS.Timeout | undefined;
	let over = false;
	ended.then(
		() => {
			if (!over) timer = giveUp();
		},
		() => {
			drained = true;
			wake();
		},
	);
	try {
		while (open > 0 || waiting !== '') {
			if (waiting !== '') {
				const piece = waiting;
				waiting = '';
				for (const pipe of pipes) pipe.resume();
				yield piece;
			} else if (drained) return;
			else
				await new Promise<void>(resolve => {
					wake = resolve;
				});
		}
	} finally {
		over = true;
		clearTimeout(timer);
		for (const pipe of pipes) if ('destroy' in pipe && typeof pipe.destroy === 'function') pipe.destroy();
	}
}

async function folderAt(root: string, cwd: string): Promise<string> {
	const path = join(root, await withSpot(rootAt(root), cwd, spot => spot.path));
	if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
		throw new Refusal(`${shown(cwd)} is not a folder, so nothing can be run in it.`);
	return path;
}
