import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

// Linux only: the system's list of processes is read from /proc.

/** The engine processes that this process (or `parent`) has started and that are still there. */
export function engineProcesses(parent = process.pid): number[] {
	return readdirSync('/proc')
		.filter(name => /^\d+$/.test(name))
		.map(Number)
		.filter(pid => parentOf(pid) === parent && /(engine\/local\/child|model\/faulty-child)\.(ts|js)/.test(read(`/proc/${pid}/cmdline`)));
}

export const isThere = (pid: number): boolean => !/^State:\s+Z/m.test(read(`/proc/${pid}/status`) || 'State: Z');

/** Waits until `condition` holds; false when it does not within `milliseconds`. */
export async function holds(condition: () => boolean, milliseconds: number): Promise<boolean> {
	const end = performance.now() + milliseconds;
	while (!condition()) {
		if (performance.now() > end) return false;
		await pause(20);
	}
	return true;
}

const parentOf = (pid: number) => Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]);

function read(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return ''; // It has ended in the meantime.
	}
}
