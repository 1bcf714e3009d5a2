import { type FileHandle, open, readFile, rm, stat } from 'node:fs/promises';
import type { Arrival, Job } from './fetch-job.js';
import { askHub, type HubReply } from './hub-request.js';
import { type FetchEvent, meter } from './progress.js';
import { digestOf, writeWhole } from './verify.js';

const attempts = 3;

/**
 * Fetches the file from the model hub into `<file>.part`, going on from what an earlier attempt left when the hub still has
 * that version. The part arrives only with the pinned digest, or, where none is pinned, with the one the hub reports.
 */
export async function* fetchFromHub(job: Job): AsyncGenerator<FetchEvent, Arrival> {
	const part = `${job.target}.part`;
	let why = '';
	for (let attempt = 1; attempt <= attempts; attempt++) {
		const before = await sizeOf(part);
		const reply = await askKnowing(part, job);
		if (!reply.ok) return { arrived: false, why: reply.why };
		try {
			const plan = expectation(reply, job);
			if ('why' in plan) return { arrived: false, why: plan.why };
			await job.room(plan.total - reply.from);
			await writeWhole(`${part}.json`, JSON.stringify({ etag: reply.etag }));
			yield* receive(reply, plan.total, part);
			// Of what lies on the disk now, not of what was sent.
			const sha256 = await digestOf(part, job.signal);
			if (sha256 === plan.sha256) return { arrived: true, sha256, file: part };
			await discard(part);
			return { arrived: false, why: 'the file from the hub did not have its digest and was removed' };
		} catch (error) {
			job.signal.throwIfAborted();
			if (!isBroken(error)) throw error;
			why = `the connection broke at ${gone(await sizeOf(part), job.entry.bytes)}; what has arrived is kept`;
			if ((await sizeOf(part)) <= before) break;
		} finally {
			reply.end();
		}
	}
	return { arrived: false, why };
}

/** Asks from where the part ends; when that is of another version, or longer than the file, it is thrown away and asked again. */
async function askKnowing(part: string, job: Job): Promise<HubReply> {
	const { hub } = job.entry;
	const known = await knownPart(part);
	const ask = (from: number) => askHub({ hub, from, signal: job.signal, answerMs: job.answerMs, stallMs: job.stallMs });
	// The last byte once more, so that a part that lacks nothing is no error.
	const reply = await ask(Math.max(0, (known?.bytes ?? 0) - 1));
	if (!known || known.bytes === 0) return reply;
	if (reply.ok ? reply.etag === known.etag : !reply.beyond) return reply;
	if (reply.ok) reply.end();
	await discard(part);
	return ask(0);
}

type Goal = { total: number; sha256: string } | { why: string };

function expectation(reply: Extract<HubReply, { ok: true }>, { entry }: Job): Goal {
	const sha256 = entry.sha256 ?? reply.sha256;
	if (!sha256) return { why: 'the hub reports no digest for this file, so it could not be checked' };
	if (reply.sha256 && reply.sha256 !== sha256) return { why: 'the hub has another version of this file than the one that is known' };
	const total = entry.exact ? entry.bytes : reply.total;
	if (!total) return { why: 'the hub does not say how large the file is' };
	if (reply.total !== undefined && reply.total !== total)
		return { why: `the file on the hub has ${reply.total} bytes and not the known ${total}` };
	return { total, sha256 };
}

/** Writes the body behind what is there. Throws `Broken` when it ends early or never ends. */
async function* receive(reply: Extract<HubReply, { ok: true }>, total: number, part: string): AsyncGenerator<FetchEvent> {
	const file = await open(part, reply.from > 0 ? 'r+' : 'w', 0o600);
	try {
		await file.truncate(reply.from);
		const report = meter('hub', total);
		let done = reply.from;
		for await (const piece of pieces(reply)) {
			if (done + piece.length > total) throw new Broken();
			await writeAt(file, piece, done);
			done += piece.length;
			const event = report(done);
			if (event) yield event;
		}
		if (done !== total) throw new Broken();
		await file.sync();
	} finally {
		await file.close();
	}
}

/** What arrives; any failure of the connection is `Broken`, so that a failure of the disk stays apart from it. */
async function* pieces(reply: Extract<HubReply, { ok: true }>): AsyncGenerator<Uint8Array> {
	const reader = reply.body.getReader();
	for (;;) {
		const step = await reader.read().catch(() => {
			throw new Broken();
		});
		if (step.done) return;
		reply.hold();
		yield step.value;
	}
}

class Broken extends Error {}
const isBroken = (error: unknown) => error instanceof Broken;

async function writeAt(file: FileHandle, piece: Uint8Array, position: number): Promise<void> {
	for (let at = 0; at < piece.length; ) at += (await file.write(piece, at, piece.length - at, position + at)).bytesWritten;
}

async function knownPart(part: string): Promise<{ bytes: number; etag: string } | undefined> {
	const bytes = await sizeOf(part);
	try {
		const { etag } = JSON.parse(await readFile(`${part}.json`, 'utf8')) as { etag?: unknown };
		return typeof etag === 'string' && etag !== '' ? { bytes, etag } : undefined;
	} catch {
		return undefined; // Of unknown version, so as good as none.
	}
}

async function discard(part: string): Promise<void> {
	await rm(part, { force: true });
	await rm(`${part}.json`, { force: true });
}

const sizeOf = (path: string): Promise<number> =>
	stat(path).then(
		stats => stats.size,
		() => 0,
	);
const gone = (done: number, total: number) => `${Math.min(99, Math.floor((done / total) * 100))} %`;
