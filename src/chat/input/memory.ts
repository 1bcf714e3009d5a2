import { useEffect, useState } from 'react';
import { Refusal } from '../../types.js';
import type { Program } from '../program.js';
import type { Remembered } from './recall.js';

/** What is read from the disk for the composer. Asked at each key, so that a key always sees the newest. */
export type Memory = {
	history(): readonly Remembered[];
	files(): readonly string[] | undefined;
	/** Tokens of a file by its path, roughly, for those that have been looked at. */
	costs(): ReadonlyMap<string, number>;
	/** Reads the history of earlier sittings. */
	begin(): Promise<void>;
	/** Adds a message to the history of this sitting and of the project. */
	remember(entry: Remembered): void;
	/** Lists the files anew. */
	listFiles(): void;
	/** Finds out what these files would cost. */
	lookAt(paths: readonly string[]): void;
};

const mostFiles = 50_000;
/** As a rule a token of code has three to four characters. */
const charactersPerToken = 3.5;

/** The memory of one composer. `changed` is called when there is something new to draw, `say` with what could not be read. */
export function useMemory(program: Program, changed: () => void, say: (sentence: string) => void): Memory {
	const [memory] = useState(() => createMemory(program, changed, say));
	useEffect(() => void memory.begin(), [memory]);
	return memory;
}

export function createMemory(program: Program, changed: () => void, say: (sentence: string) => void): Memory {
	let earlier: readonly Remembered[] = [];
	const now: Remembered[] = [];
	let all: readonly Remembered[] = [];
	let files: readonly string[] | undefined;
	let listing = false;
	const costs = new Map<string, number>();
	const asked = new Set<string>();

	const attempt = (work: () => Promise<void>, failed: (sentence: string) => void) =>
		refusing(async () => {
			await work();
			changed();
		}, failed);
	const join = () => {
		all = [...earlier, ...now];
	};

	return {
		history: () => all,
		files: () => files,
		costs: () => costs,
		begin: () =>
			attempt(async () => {
				earlier = (await program.history()).map(text => ({ text }));
				join();
			}, say),
		remember(entry) {
			if (entry.text.trim() === '' || entry.text === all.at(-1)?.text) return;
			now.push(entry);
			join();
			void attempt(() => program.remember(entry.text), say);
		},
		listFiles() {
			if (listing) return;
			listing = true;
			asked.clear();
			void attempt(async () => {
				const { paths } = await program.conversation.workspace.files.list({ limit: mostFiles });
				files = paths;
			}, say).finally(() => {
				listing = false;
			});
		},
		lookAt(paths) {
			for (const path of paths) {
				if (asked.has(path)) continue;
				asked.add(path);
				// A file that cannot be shown to the model has no cost to tell; naming it says why it cannot.
				void attempt(
					async () => {
						const { text } = await program.conversation.workspace.files.peek(path);
						costs.set(path, Math.max(1, Math.round(text.length / charactersPerToken)));
					},
					() => costs.delete(path),
				);
			}
		},
	};
}

/** Does the work; a `Refusal` becomes a sentence. Anything else is a bug and goes on up. */
async function refusing(work: () => Promise<void>, failed: (sentence: string) => void): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		failed(error.message);
	}
}
