// The engine's process, which does on a signal, or while it saves, what it should never do: its orders are in a file.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { serialize } from 'node:v8';
import { Llama, LlamaContextSequence } from 'node-llama-cpp';
import { channelAt } from '../../src/engine/local/messages.js';
import { type Fault, ordersFor } from './faults.js';
import '../../src/engine/local/child.js';

const path = ordersFor(process.ppid);

/** Carries out the order for `moment`, once. */
function obey(moment: string): void {
	if (!existsSync(path)) return;
	const [fault, at] = readFileSync(path, 'utf8').split(' at ');
	if (at !== moment) return;
	rmSync(path);
	deeds[fault as Fault]();
}

const kill = (signal: NodeJS.Signals) => () => process.kill(process.pid, signal);

const deeds: Record<Fault, () => unknown> = {
	'is killed': kill('SIGKILL'),
	crashes: kill('SIGSEGV'),
	aborts: kill('SIGABRT'),
	'is stopped': kill('SIGSTOP'),
	spins() {
		for (;;);
	},
	ends: () => process.exit(0),
	fails() {
		throw new Error('nobody catches this');
	},
	'runs out of memory': eatMemory,
	'says an unknown thing': () => say({ type: 'nonsense', tokens: 'ÿ'.repeat(1000) }),
	'says half a thing': () => say({ type: 'done', result: null }),
	'sends no message': () => writeSync(channelAt, 'llama_context: this line has strayed\n'),
};

function say(message: object): void {
	const bytes = serialize(message);
	const head = Buffer.alloc(4);
	head.writeUInt32BE(bytes.length);
	writeSync(channelAt, Buffer.concat([head, bytes]));
}

/** The system gives it no more than it has: the next thing that it wants ends it, as in a full container. */
function eatMemory(): void {
	const pages = Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[0]);
	execFileSync('prlimit', [`--pid=${process.pid}`, `--as=${pages * 4096 + 64 * 2 ** 20}`]);
	const eaten: number[][] = [];
	for (;;) eaten.push(new Array(1e5).fill(eaten.length + 0.5));
}

process.on('SIGUSR2', () => obey('a sign'));

const { loadModel } = Llama.prototype;
Llama.prototype.loadModel = function (options) {
	return loadModel.call(this, {
		...options,
		onLoadProgress(fraction) {
			options.onLoadProgress?.(fraction);
			setImmediate(() => obey('loading')); // When the fraction has been told.
		},
	});
};

const { saveStateToFile } = LlamaContextSequence.prototype;
LlamaContextSequence.prototype.saveStateToFile = async function (file) {
	obey('saving');
	const saved = await saveStateToFile.call(this, file);
	if (existsSync(path) && readFileSync(path, 'utf8').endsWith(' at half')) truncateSync(file, Math.floor(saved.fileSize / 2));
	obey('half');
	return saved;
};
