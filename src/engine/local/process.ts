import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describeDeath } from './deaths.js';
import { inbox } from './inbox.js';
import type { FromChild, Opening, ToChild } from './messages.js';

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

/** What the process may say. Anything else means that it is out of its mind. */
const known: ReadonlySet<unknown> = new Set<FromChild['type']>([
	'loading',
	'reading',
	'text',
	'note',
	'ready',
	'alive',
	'unusable',
	'done',
]);

const keptLines = 20;
const allowed = /^(PATH|HOME|TMPDIR|TEMP|TMP|LANG|SYSTEMROOT|LD_LIBRARY_PATH|DYLD_.*|CUDA_.*|NVIDIA_.*|VK_.*|GGML_.*)$/i;

/** Starts it and lets it open the model; `program` is what it runs. It ends when this process ends, however that happens. */
export function startProcess(opening: Opening, program = ownProgram): EngineProcess {
	const child = forkIt(program);
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
	child.on('message', (message: unknown) => {
		heard = performance.now();
		const type = typeof message === 'object' && message !== null && 'type' in message ? message.type : undefined;
		if (!known.has(type)) void kill('The engine said something that nobody understands and was ended. The next message starts it again.');
		else if (type !== 'alive') said.put(message as Said);
	});
	child.on('error', error => die(`The engine's process could not be started or reached: ${error.message}.`));
	child.on('exit', (code, signal) => {
		const tell = () => die(describeDeath({ code, signal, lastLine: lines.at(-1) }));
		// `close` comes after its last words; something it left behind might keep the pipes open.
		child.once('close', tell);
		setTimeout(tell, 500).unref();
	});
	const send = (message: ToChild) => {
		if (child.connected) child.send(message, () => {}); // A failure to send shows as the process's exit.
	};
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

function forkIt(program: string): ChildProcess {
	return fork(program, [], {
		serialization: 'advanced',
		stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		execArgv: fromSource ? ['--import', import.meta.resolve('tsx')] : [],
		// Variables named after the library change how it behaves: nothing of the person's environment gets through unasked.
		env: Object.fromEntries(Object.entries(process.env).filter(([name]) => allowed.test(name))),
	});
}

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
