/** How much a command in the box may take: the size of its files, its processes, its memory. Its time and output are bounded elsewhere. */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { codeOf } from '../trouble.js';

/** Bytes, but for `processes`, in which threads count too where the kernel counts. */
export type Limits = { file: number; processes: number; memory: number };

/** What is usual on this machine, now. */
export function usualLimits(): Limits {
	return { file: 4 * 2 ** 30, processes: Math.max(256, 32 * availableParallelism()), memory: Math.max(2 ** 29, available() * 0.75) };
}

/**
 * Shell words that set what the system itself holds a program to, do something `beforehand`, let go of files that it inherited, and become the program that
 * follows. As root the system does not count processes; `watchOver` does. Memory is not set: Node reserves far more than it uses.
 */
export const limited = ({ file, processes }: Limits, beforehand = ''): string =>
	`ulimit -c 0; ulimit -f ${Math.floor(file / 1024)}; ulimit -u ${processes} 2>/dev/null; ${beforehand}for f in /proc/self/fd/*; do f=\${f##*/}; [ "$f" -lt 3 ] || eval "exec $f>&-"; done; exec "$@"`;

/** The same where the system counts all processes of a person together, and a program inherits no files. */
export const limitedInSize = ({ file }: Limits): string => `ulimit -c 0; ulimit -f ${Math.floor(file / 1024)}; exec "$@"`;

/** What is said of a program that the system ended for the size of a file. */
export const fileSentence = ({ file }: Limits): string =>
	`A file grew to ${file / 2 ** 30} GiB, the most that the sandbox allows; its program was stopped.`;

const everyMs = 200;

/**
 * Looks after a tree of processes by its first one, until `end` is called. Where it takes more than it may, `onExcess` is told what,
 * once, as a sentence.
 */
export function watchOver(first: () => number | undefined, limits: Limits, onExcess: (sentence: string) => void): { end(): void } {
	const look = () => {
		const pid = first();
		if (pid === undefined) return;
		const sentence = excess(treeFrom(pid, limits.processes), limits);
		if (sentence === undefined) return;
		clearInterval(timer);
		onExcess(sentence);
	};
	const timer = setInterval(look, everyMs);
	timer.unref();
	return { end: () => clearInterval(timer) };
}

function excess(pids: readonly number[], { processes, memory }: Limits): string | undefined {
	if (pids.length > processes) return `It had more than ${processes} processes, the most that the sandbox allows, and was stopped.`;
	if (sum(pids, residentOf) <= memory || sum(pids, shareOf) <= memory) return undefined;
	return `It used more than ${(memory / 1e9).toFixed(1)} GB of memory, the most that the sandbox allows, and was stopped.`;
}

const sum = (pids: readonly number[], of: (pid: number) => number): number => pids.reduce((total, pid) => total + of(pid), 0);

/** The process and all below it; no more are looked for once they are too `many`. */
function treeFrom(first: number, many: number): number[] {
	const found = [first];
	for (let index = 0; index < found.length && found.length <= many; index++) found.push(...childrenOf(found[index]!));
	return found;
}

/** Each thread has the children that it made itself. */
const childrenOf = (pid: number): number[] =>
	listed(`/proc/${pid}/task`).flatMap(thread => words(`/proc/${pid}/task/${thread}/children`).map(Number));

/** What is in memory of it, what it shares with others counted for each. */
const residentOf = (pid: number): number => kilobytes('VmRSS', `/proc/${pid}/status`) ?? 0;

/** Its fair share of that; slow to find out. */
const shareOf = (pid: number): number => kilobytes('Pss', `/proc/${pid}/smaps_rollup`) ?? residentOf(pid);

/** Bytes of memory that can be had without taking them from anybody. */
const available = (): number => kilobytes('MemAvailable', '/proc/meminfo') ?? 4e9;

/** In bytes what a line of a file under /proc says in kB. */
function kilobytes(name: string, path: string): number | undefined {
	const said = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(read(path))?.[1];
	return said === undefined ? undefined : Number(said) * 1024;
}

const words = (path: string): string[] => read(path).split(/\s+/).filter(Boolean);
const read = (path: string): string => unlessGone(() => readFileSync(path, 'utf8')) ?? '';
const listed = (path: string): string[] => unlessGone(() => readdirSync(path)) ?? [];

/** Processes end while they are looked at. */
function unlessGone<T>(look: () => T): T | undefined {
	try {
		return look();
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		return undefined;
	}
}
