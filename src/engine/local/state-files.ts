import { createHash, randomUUID } from 'node:crypto';
import {
	chmodSync,
	createReadStream,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

/** A state on disk: what the model had read, so that nobody has to read it again. */
export type StateCard = {
	/** The conversation's beginning that every conversation shares, or one conversation as far as it came. */
	kind: 'prefix' | 'conversation';
	/** The tokens in the cache. */
	ids: number[];
	/** Replies among them with the tokens they were written with, which their text alone would not give again. */
	replies: { text: string; ids: number[] }[];
};

const format = 2;
const card = z.object({
	format: z.literal(format),
	/** Digest of all that must be the same for the state to be good. */
	of: z.string(),
	kind: z.enum(['prefix', 'conversation']),
	ids: z.array(z.number().int().nonnegative()),
	replies: z.array(z.object({ text: z.string(), ids: z.array(z.number().int().nonnegative()) })),
	file: z.string().regex(/^[0-9a-f]{64}\.kv$/),
	bytes: z.number().int().positive(),
});
type Card = z.infer<typeof card>;

/** The saved states of one model in one setting. `size` in bytes. */
export type StateFolder = {
	/**
	 * Those whose cards can be read; the newest first. Removed and counted are the unreadable ones (`damaged`), and those of
	 * another model or version (`foreign`).
	 */
	list(): { states: SavedState[]; damaged: number; foreign: number };
	/** Takes the file that `write` makes (it gives the number of bytes it meant to write) into the folder, whole or not at all. */
	add(state: StateCard, write: (path: string) => Promise<number>): Promise<void>;
};
export type SavedState = StateCard & {
	path: string;
	/** Whether the bytes are still those that were written. Marks the state as used; removes it when they are not. */
	verify(): Promise<boolean>;
	remove(): void;
};

/**
 * `parent` holds the folders of all models, one for each `key`; together they take at most `budget` bytes: the longest unused
 * go first. States made by another `release` of the engine are of no use.
 */
export function stateFolder(parent: string, key: string, budget: number, release = ''): StateFolder {
	const folder = join(parent, digest(key).slice(0, 16));
	const of = digest(JSON.stringify([key, release]));
	return {
		list() {
			let [damaged, foreign] = [0, 0];
			const states = cardsIn(folder).flatMap(path => {
				const read = readCard(path);
				if (read?.of === of)
					return [{ ...read, path: join(folder, read.file), verify: () => verify(folder, path, read), remove: () => remove(folder, path) }];
				if (read || isOfAnotherVersion(path)) foreign++;
				else damaged++;
				remove(folder, path);
				return [];
			});
			return { states, damaged, foreign };
		},
		async add(state, write) {
			mkdirSync(folder, { recursive: true, mode: 0o700 });
			const path = join(folder, `${digest(JSON.stringify(state.ids)).slice(0, 32)}.json`);
			if (readCard(path)?.of === of) return touch(path);
			const passing = join(folder, `${randomUUID()}.part`);
			try {
				const bytes = await write(passing);
				chmodSync(passing, 0o600);
				if (statSync(passing).size !== bytes) throw new Error('the disk took only a part of it');
				const file = `${await digestOf(passing)}.kv`;
				renameSync(passing, join(folder, file));
				writeFileSync(`${passing}.json`, JSON.stringify({ format, of, ...state, file, bytes } satisfies Card), { mode: 0o600 });
				renameSync(`${passing}.json`, path);
			} finally {
				rmSync(passing, { force: true });
				rmSync(`${passing}.json`, { force: true });
			}
			if (state.kind === 'conversation') removeOutgrown(folder, path, state.ids);
			removeLeft(parent);
			trim(parent, budget);
		},
	};
}

/** All that is kept under `parent`: number of states and bytes. */
export function measureStates(parent: string): { states: number; bytes: number } {
	const all = filesUnder(parent);
	return { states: all.filter(file => isCard(file.path)).length, bytes: all.reduce((sum, file) => sum + file.bytes, 0) };
}

/** Removes every state. A state in use is only missing at the next start. */
export const clearStates = (parent: string): void => rmSync(parent, { recursive: true, force: true });

function readCard(path: string): Card | undefined {
	try {
		const read = card.safeParse(JSON.parse(readFileSync(path, 'utf8')));
		return read.success ? read.data : undefined;
	} catch {
		return undefined; // Absent, or not the JSON that was written.
	}
}

function isOfAnotherVersion(path: string): boolean {
	try {
		const read = z.object({ format: z.number() }).safeParse(JSON.parse(readFileSync(path, 'utf8')));
		return read.success && read.data.format !== format;
	} catch {
		return false; // Not the JSON that was written.
	}
}

async function verify(folder: string, path: string, { file, bytes }: Card): Promise<boolean> {
	const whole = join(folder, file);
	const same = statSync(whole, { throwIfNoEntry: false })?.size === bytes && `${await digestOf(whole)}.kv` === file;
	if (same) touch(path);
	else remove(folder, path);
	return same;
}

async function digestOf(path: string): Promise<string> {
	const hash = createHash('sha256');
	await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
	return hash.digest('hex');
}

/** The cards of a folder, the last used first. */
function cardsIn(folder: string): string[] {
	return filesUnder(folder)
		.filter(({ path }) => isCard(path))
		.sort((a, b) => b.used - a.used)
		.map(({ path }) => path);
}

/** Earlier stations of a conversation that has gone on. */
function removeOutgrown(folder: string, kept: string, ids: readonly number[]): void {
	for (const path of cardsIn(folder)) {
		const other = path === kept ? undefined : readCard(path);
		if (other?.kind === 'conversation' && other.ids.length < ids.length && other.ids.every((id, i) => id === ids[i])) remove(folder, path);
	}
}

/** Nobody takes longer than this, in milliseconds, to write a state. */
const longestWriting = 3600_000;

/** What an engine that was ended while it saved has left behind: half a state, or one without its card. */
function removeLeft(parent: string): void {
	const all = filesUnder(parent);
	const known = new Set(all.filter(({ path }) => isCard(path)).map(({ path }) => join(path, '..', readCard(path)?.file ?? '')));
	for (const { path, used } of all) {
		if (isCard(path) || known.has(path) || Date.now() - used < longestWriting) continue;
		rmSync(path, { force: true });
	}
}

function trim(parent: string, budget: number): void {
	const all = filesUnder(parent);
	let left = all.reduce((sum, { bytes }) => sum + bytes, 0) - budget;
	for (const { path, bytes } of all.filter(file => isCard(file.path)).sort((a, b) => a.used - b.used)) {
		if (left <= 0) return;
		const read = readCard(path);
		left -= bytes + (read?.bytes ?? 0);
		remove(join(path, '..'), path);
	}
}

function remove(folder: string, path: string): void {
	const read = readCard(path);
	rmSync(path, { force: true });
	const shared = read && cardsIn(folder).some(other => readCard(other)?.file === read.file);
	if (read && !shared) rmSync(join(folder, read.file), { force: true });
}

function filesUnder(folder: string): { path: string; bytes: number; used: number }[] {
	let entries: string[];
	try {
		entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
	} catch {
		return []; // Nothing has been saved yet.
	}
	return entries.flatMap(entry => {
		const path = join(folder, entry);
		const stat = statSync(path, { throwIfNoEntry: false });
		return stat?.isFile() ? [{ path, bytes: stat.size, used: stat.mtimeMs }] : [];
	});
}

/** A card that is being written has another ending before this one. */
const isCard = (path: string): boolean => path.endsWith('.json') && !path.endsWith('.part.json');

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

const touch = (path: string): void => utimesSync(path, new Date(), new Date());
