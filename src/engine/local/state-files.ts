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

const card = z.object({
	format: z.literal(1),
	kind: z.enum(['prefix', 'conversation']),
	ids: z.array(z.number().int().nonnegative()),
	replies: z.array(z.object({ text: z.string(), ids: z.array(z.number().int().nonnegative()) })),
	file: z.string().regex(/^[0-9a-f]{64}\.kv$/),
	bytes: z.number().int().positive(),
});
type Card = z.infer<typeof card>;

/** The saved states of one model in one setting. `size` in bytes. */
export type StateFolder = {
	/** Those whose cards can be read; the newest first. Unreadable ones are removed and counted in `damaged`. */
	list(): { states: SavedState[]; damaged: number };
	/** Takes the file that `write` makes (it gives the number of bytes it meant to write) into the folder, whole or not at all. */
	add(state: StateCard, write: (path: string) => Promise<number>): Promise<void>;
};
export type SavedState = StateCard & {
	path: string;
	/** Whether the bytes are still those that were written. Marks the state as used; removes it when they are not. */
	verify(): Promise<boolean>;
	remove(): void;
};

/** `parent` holds the folders of all models; together they take at most `budget` bytes: the longest unused go first. */
export function stateFolder(parent: string, key: string, budget: number): StateFolder {
	const folder = join(parent, createHash('sha256').update(key).digest('hex').slice(0, 16));
	return {
		list() {
			let damaged = 0;
			const states = cardsIn(folder).flatMap(path => {
				const read = readCard(path);
				if (read)
					return [{ ...read, path: join(folder, read.file), verify: () => verify(folder, path, read), remove: () => remove(folder, path) }];
				rmSync(path, { force: true });
				damaged++;
				return [];
			});
			return { states, damaged };
		},
		async add(state, write) {
			mkdirSync(folder, { recursive: true, mode: 0o700 });
			const path = join(folder, `${createHash('sha256').update(JSON.stringify(state.ids)).digest('hex').slice(0, 32)}.json`);
			if (readCard(path)) return touch(path);
			const passing = join(folder, `${randomUUID()}.part`);
			try {
				const bytes = await write(passing);
				chmodSync(passing, 0o600);
				if (statSync(passing).size !== bytes) throw new Error('the disk took only a part of it');
				const file = `${await digestOf(passing)}.kv`;
				renameSync(passing, join(folder, file));
				writeFileSync(`${passing}.json`, JSON.stringify({ format: 1, ...state, file, bytes } satisfies Card), { mode: 0o600 });
				renameSync(`${passing}.json`, path);
			} finally {
				rmSync(passing, { force: true });
				rmSync(`${passing}.json`, { force: true });
			}
			if (state.kind === 'conversation') removeOutgrown(folder, path, state.ids);
			trim(parent, budget);
		},
	};
}

/** All that is kept under `parent`: number of states and bytes. */
export function measureStates(parent: string): { states: number; bytes: number } {
	const all = filesUnder(parent);
	return { states: all.filter(file => file.path.endsWith('.json')).length, bytes: all.reduce((sum, file) => sum + file.bytes, 0) };
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
		.filter(({ path }) => path.endsWith('.json'))
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

function trim(parent: string, budget: number): void {
	const all = filesUnder(parent);
	let left = all.reduce((sum, { bytes }) => sum + bytes, 0) - budget;
	for (const { path, bytes } of all.filter(file => file.path.endsWith('.json')).sort((a, b) => a.used - b.used)) {
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

const touch = (path: string): void => utimesSync(path, new Date(), new Date());
