import { closeSync, openSync, readdirSync, unlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isAlive, ownName } from '../workspace/alive.js';

/**
 * Takes `path` for this process, or gives undefined when a living process has it or the folder cannot be written. Two that try
 * at the same moment may both be refused, but never both succeed. The lock of a process that died counts for nothing.
 *
 * Node has no flock. So each process puts down a file of its own name first and looks for others' only then: of two, at
 * least the later one sees the other. Names hold the process's start time, so a reused process id is not taken for it.
 */
export function takeLock(path: string): (() => void) | undefined {
	const prefix = `${basename(path)}.lock-`;
	const own = `${prefix}${ownName()}`;
	const file = join(dirname(path), own);
	try {
		closeSync(openSync(file, 'wx', 0o600));
	} catch {
		// Taken by this process already, or a folder that cannot be written: both mean "not yours".
		return undefined;
	}
	const release = (): void => remove(file);
	for (const other of readdirSync(dirname(path)).filter(name => name.startsWith(prefix) && name !== own)) {
		if (isAlive(other.slice(prefix.length))) {
			release();
			return undefined;
		}
		remove(join(dirname(path), other));
	}
	return release;
}

/** Whether a living process has taken `path`. */
export function isLocked(path: string): boolean {
	const prefix = `${basename(path)}.lock-`;
	return readdirSync(dirname(path)).some(name => name.startsWith(prefix) && isAlive(name.slice(prefix.length)));
}

function remove(file: string): void {
	try {
		unlinkSync(file);
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
	}
}
