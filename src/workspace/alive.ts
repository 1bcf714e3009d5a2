/** Processes as the system knows them (proc(5)): who lives, and who descends from whom. */
import { readdirSync, readFileSync } from 'node:fs';
import { listedByPs } from './ps.js';
import { codeOf } from './trouble.js';

/**
 * `start` is in clock ticks since boot, or a time: with it a process id that is used again is not taken for the old process. `words`
 * are its command line and environment, where they came with the list.
 */
export type Process = { pid: number; parent: number; group: number; session: number; start: string; buried: boolean; words?: string };

/** What /proc says of one process; undefined when there is none, or no /proc. */
export function processAt(pid: number): Process | undefined {
	const stat = readIfThere(`/proc/${pid}/stat`)?.toString('latin1');
	if (!stat) return undefined;
	// The second field is the program's name in brackets, which may hold blanks and brackets itself.
	const [state, parent, group, session, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return {
		pid,
		parent: Number(parent),
		group: Number(group),
		session: Number(session),
		start: rest[15] ?? '0',
		buried: state === 'Z' || state === 'X',
	};
}

/** Every process that can be seen. */
export function allProcesses(): Process[] {
	try {
		return readdirSync('/proc')
			.filter(name => /^\d+$/.test(name))
			.flatMap(name => processAt(Number(name)) ?? []);
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		return listedByPs();
	}
}

/** Whether `entry` (`NAME=value`, without blanks) was in the environment that the process started with. */
export function startedWith({ pid, words }: Process, entry: string): boolean {
	if (words !== undefined) return words.split(' ').includes(entry);
	return readIfThere(`/proc/${pid}/environ`)?.toString('latin1').split('\0').includes(entry) ?? false;
}

/** A name for this process that no other one on this machine ever has. */
export const ownName = (): string => `${process.pid}-${processAt(process.pid)?.start ?? '0'}`;

/** Whether the process that called itself `name` still lives. */
export function isAlive(name: string): boolean {
	const [pid, start] = name.split('-');
	const number = Number(pid);
	if (!Number.isSafeInteger(number) || number <= 0) return false;
	try {
		process.kill(number, 0);
	} catch (error) {
		if (codeOf(error) === 'ESRCH') return false;
		if (codeOf(error) !== 'EPERM') throw error;
	}
	const now = processAt(number);
	return now ? now.start === start && !now.buried : start === '0';
}

function readIfThere(path: string): Buffer | undefined {
	try {
		return readFileSync(path);
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		return undefined;
	}
}
