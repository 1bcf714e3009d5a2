import { existsSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from '../../src/types.js';
import { descendants } from '../pty/terminal.js';

/** Whether other programs were busy: the only way to know that a figure says something about this program. */

/** Processor seconds since the machine started: used by anybody, and by this program with everything it started. */
type Used = { all: number; own: number; at: number };

/** Linux counts processor time in hundredths of a second for every program (man 7 time, USER_HZ). */
const ticksPerSecond = 100;
const canTell = existsSync('/proc/stat');
const sampleMs = 2000;
/** Share of all cores that others may take while one waits, and during a run. */
const idleShare = 0.06;
const disturbedShare = 0.05;

/** Does `work` when the machine is quiet; `quiet` says whether it stayed so. */
export type Calm = <T>(work: () => Promise<T>) => Promise<{ value: T; quiet: boolean }>;

/** `waitMs` is how long to wait for a quiet machine, for each run. Throws `Refusal` when it never becomes quiet. */
export const calmWithin =
	(waitMs: number): Calm =>
	async work => {
		await untilQuiet(waitMs);
		const before = used();
		const value = await work();
		return { value, quiet: othersShare(before, used()) < disturbedShare };
	};

/** Waits for nothing and minds nothing: to see that a measure works. */
export const uncalm: Calm = async work => ({ value: await work(), quiet: true });

async function untilQuiet(waitMs: number): Promise<void> {
	const end = performance.now() + waitMs;
	while (canTell) {
		const before = used();
		await pause(sampleMs);
		if (othersShare(before, used()) < idleShare) return;
		if (performance.now() > end)
			throw new Refusal(`Other programs kept this machine busy for ${Math.round(waitMs / 1000)} seconds. End them, or take --rough.`);
	}
}

function othersShare(before: Used, after: Used): number {
	const others = after.all - before.all - (after.own - before.own);
	return Math.max(0, others) / (((after.at - before.at) / 1000) * cpus().length);
}

function used(): Used {
	if (!canTell) return { all: 0, own: 0, at: performance.now() };
	const own = treeSeconds(process.pid);
	// user, nice, system, idle, iowait, irq, softirq, steal; what follows is counted in the first two (man 5 proc_stat).
	const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = readFileSync('/proc/stat', 'utf8')
		.split('\n', 1)[0]!
		.split(/\s+/)
		.slice(1)
		.map(Number);
	return { all: (user + nice + system + irq + softirq + steal) / ticksPerSecond, own, at: performance.now() };
}

/** Processor seconds of a process and all it started, those that have ended included. */
export function treeSeconds(pid: number): number {
	return [pid, ...descendants(pid)].reduce((sum, one) => sum + secondsOf(one), 0);
}

function secondsOf(pid: number): number {
	const stat = textOf(`/proc/${pid}/stat`);
	// utime, stime, cutime, cstime: fields 14 to 17; the name before them may hold anything but ends with the last bracket.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return fields.slice(11, 15).reduce((sum, field) => sum + (Number(field) || 0), 0) / ticksPerSecond;
}

/** Megabytes that the processes of a tree have taken at the most, each at its own peak. */
export function treePeak(pid: number): number {
	return [pid, ...descendants(pid)].reduce((sum, one) => {
		const peak = /^VmHWM:\s+(\d+) kB/m.exec(textOf(`/proc/${one}/status`))?.[1];
		return sum + Number(peak ?? 0) / 1000;
	}, 0);
}

function textOf(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return ''; // The process has ended meanwhile, and uses nothing any more.
	}
}

/** What figures are only comparable with: the processor, its cores, the memory. */
export const describeMachine = (): string =>
	`${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 1e9)} GB${canTell ? '' : ' (whether it was quiet cannot be told here)'}`;
