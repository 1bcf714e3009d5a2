import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** Who holds a lock: a process id, and when that process began, since ids are used again. */
export type Holder = { pid: number; started: string };

export type Lock = { release(): Promise<void> };

/**
 * Takes the lock at `path`. Yields the holder once when another living process has it, then waits until that one lets go
 * or dies. A lock whose process is gone is broken. Throws the reason of `signal` when stopped.
 */
export async function* acquireLock(path: string, options: { signal: AbortSignal; pollMs: number }): AsyncGenerator<Holder, Lock> {
	const own = `${path}.${process.pid}.${Math.random().toString(36).slice(2, 8)}`;
	const mine: Holder = { pid: process.pid, started: await startOf(process.pid) };
	await writeFile(own, JSON.stringify(mine), { mode: 0o600 });
	try {
		for (let waiting = false; ; ) {
			options.signal.throwIfAborted();
			if (await taken(own, path)) return { release: () => rm(path, { force: true }) };
			const holder = await holderOf(path);
			if (!holder) continue;
			if (!(await alive(holder))) {
				await breakLock(path, holder);
				continue;
			}
			if (!waiting) yield holder;
			waiting = true;
			await pause(options.pollMs, undefined, { signal: options.signal });
		}
	} finally {
		await rm(own, { force: true });
	}
}

/** Who holds the lock at `path`, if a living process does. */
export async function lockedBy(path: string): Promise<Holder | undefined> {
	const holder = await holderOf(path);
	return holder && (await alive(holder)) ? holder : undefined;
}

/** A hard link appears as a whole or not at all, so nobody ever sees an empty lock. */
async function taken(own: string, path: string): Promise<boolean> {
	try {
		await link(own, path);
		return true;
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
		throw error;
	}
}

/** Undefined when there is none; an unreadable lock belongs to nobody alive. */
async function holderOf(path: string): Promise<Holder | undefined> {
	const text = await readFile(path, 'utf8').catch(() => undefined);
	if (text === undefined) return undefined;
	try {
		const { pid, started } = JSON.parse(text) as Partial<Holder>;
		if (Number.isInteger(pid) && typeof started === 'string') return { pid: Number(pid), started };
	} catch {}
	return { pid: -1, started: '' };
}

async function alive(holder: Holder): Promise<boolean> {
	if (holder.pid <= 0) return false;
	try {
		process.kill(holder.pid, 0);
	} catch (error) {
		// EPERM: it lives, as another person's process.
		if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
	}
	const now = await startOf(holder.pid);
	return now === '' || holder.started === '' || now === holder.started;
}

/** Moved aside before it is removed: of two who break it at once, one finds that it has moved a fresh lock, and puts it back. */
async function breakLock(path: string, stale: Holder): Promise<void> {
	const aside = `${path}.stale.${process.pid}`;
	await rename(path, aside).catch(() => undefined);
	const moved = await holderOf(aside);
	if (moved && moved.pid !== stale.pid) await link(aside, path).catch(() => undefined);
	await rm(aside, { force: true });
}

/** When a process began, in clock ticks since boot (proc(5), field 22 of stat); empty where the system does not tell. */
async function startOf(pid: number): Promise<string> {
	const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
	return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
