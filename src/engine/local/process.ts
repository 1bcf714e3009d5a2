import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { channelOn } from './channel.js';
import { describeDeath, saysRanOut } from './deaths.js';
import { inbox } from './inbox.js';
import { channelAt, type FromChild, type Opening, type ToChild } from './messages.js';
import { isSaid } from './said.js';

/** The process that holds the model. */
export type EngineProcess = {
	send(message: ToChild): void;
	/** What it says next; its death is the last thing it says. Undefined when `signal` fires first. */
	receive(signal?: AbortSignal): Promise<Said | Death | undefined>;
	/** Milliseconds since it last gave a sign of life. */
	silence(): number;
	/** Ends it at once. `why` is the sentence its death is told with. */
	kill(why: string): Promise<void>;
	alive(): boolean;
};

export type Death = { type: 'died'; detail: string };
export type Said = Exclude<FromChild, { type: 'alive' }>;

const keptLines = 50;
const allowed = /^(PATH|HOME|TMPDIR|TEMP|TMP|LANG|SYSTEMROOT|LD_LIBRARY_PATH|DYLD_.*|CUDA_.*|NVIDIA_.*|VK_.*|GGML_.*)$/i;

/** Starts it and lets it open the model; `program` is what it runs. It ends when this process ends, however that happens. */
export function startProcess(opening: Opening, program = ownProgram): EngineProcess {
	const child = (program === ownProgram && takeSpare()) || startIt(program);
	const said = inbox<Said | Death>();
	const lines = drain(child);
	const gone = Promise.withResolvers<void>();
	let alive = true;
	let killedBecause: string | undefined;
	const die = (detail: string) => {
		if (!alive) return;
		alive = false;
		said.put({ type: 'died', detail: killedBecause ?? detail });
		gone.resolve();
	};
	let heard = performance.now();
	const garbage = () => void kill('The engine said something that nobody understands and was ended. The next message starts it again.');
	const hear = (message: unknown) => {
		heard = performance.now();
		if (!isSaid(message)) garbage();
		else if (message.type !== 'alive') said.put(message);
	};
	// Without a pipe it could not be started, which its error tells.
	const pipe: unknown = child.stdio?.[channelAt];
	const send: (message: ToChild) => void = pipe instanceof Duplex ? channelOn(pipe, { hear, garbage }) : () => {};
	child.on('error', error => die(`The engine's process could not be started or reached: ${error.message}.`));
	child.on('exit', (code, signal) => {
		const tell = () => die(describeDeath({ code, signal, lastLine: lines.findLast(isReason), ranOut: lines.some(saysRanOut) }));
		// `close` comes after its last words; something it left behind might keep the pipes open.
		child.once('close', tell);
		setTimeout(tell, 500).unref();
	});
	const kill = async (why: string) => {
		killedBecause ??= why;
		child.kill('SIGKILL');
		await gone.promise;
	};
	send({ type: 'open', opening });
	return {
		send,
		receive: signal => said.take(signal),
		kill,
		silence: () => performance.now() - heard,
		alive: () => alive,
	};
}

const fromSource = import.meta.url.endsWith('.ts');
const ownProgram = fileURLToPath(new URL(fromSource ? './child.ts' : './child.js', import.meta.url));

// Steps that are called from one of four threads in turn, as Node does it, land on a core that is taken every third time, and take
// twice as long (two cores, 0.5B: 22 ms in the middle, nine of ten within 50; from one thread, 21 and 24).
const oneCaller = { UV_THREADPOOL_SIZE: '1' };

// Each step leaves a sampler behind with a table of the vocabulary (1.8 MB for Qwen), of which the collector knows a few bytes: with
// the usual nursery of 16 MiB it clears them away after 300 steps (553 MB).
const smallNursery = '--max-semi-space-size=1';

function startIt(program: string): ChildProcess {
	const own = fromSource ? ['--import', import.meta.resolve('tsx')] : [];
	return spawn(process.execPath, [...own, smallNursery, program], {
		stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
		// Variables named after the library change how it behaves: nothing of the person's environment gets through unasked.
		env: { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => allowed.test(name))), ...oneCaller },
	});
}

let spare: ChildProcess | undefined;

/**
 * Starts the process before it is known which model it opens: the engine's library is there by the time one is chosen. Neither
 * keeps a program alive that is done, nor outlives it.
 */
export function startAhead(): void {
	spare ??= loosely(
		startIt(ownProgram).on('error', () => {}),
		false,
	);
}

/** Ends what was started ahead and is not needed, as when the model is on a server. */
export function endSpare(): void {
	spare?.kill('SIGKILL');
	spare = undefined;
}

/** What was started ahead, once; undefined when there is none or it has ended. */
function takeSpare(): ChildProcess | undefined {
	const taken = spare;
	spare = undefined;
	const fit = taken?.pid !== undefined && taken.exitCode === null && taken.signalCode === null;
	return fit ? loosely(taken, true) : undefined;
}

/** Whether the process and its pipes keep this program running. */
function loosely(child: ChildProcess, kept: boolean): ChildProcess {
	const turn = kept ? 'ref' : 'unref';
	child[turn]();
	for (const pipe of child.stdio ?? []) if (pipe instanceof Socket) pipe[turn]();
	return child;
}

/** Not where in the program an error came up, which Node prints behind it. */
const isReason = (line: string): boolean => !/^(\s+at |Node\.js v)/.test(line);

/** Reads what the process prints, which is not for the terminal, and keeps the last lines of it. */
function drain(child: ChildProcess): string[] {
	const lines: string[] = [];
	for (const pipe of [child.stdout, child.stderr]) {
		pipe?.setEncoding('utf8').on('data', (text: string) => {
			lines.push(...text.split('\n').filter(line => line.trim()));
			lines.splice(0, lines.length - keptLines);
		});
	}
	return lines;
}
