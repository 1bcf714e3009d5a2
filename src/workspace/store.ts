/** The undo data of one folder, shared by all its conversations and by every program that works in it. */
import { join } from 'node:path';
import { Refusal } from '../types.js';
import { type Root, rootAt } from './inside.js';
import { openPreimages, type Preimages } from './preimages.js';
import type { Scratch } from './scratch.js';
import { inTurn } from './turn.js';
import { before, redoIn, sweep, undoIn } from './undo.js';
import type { Group } from './undo-log.js';
import type { UndoReport } from './workspace.js';

/** The root, the log of changes, the contents as they were, and the way to be alone with them. */
export type Store = {
	root: Root;
	log: string;
	preimages: Preimages;
	/** Runs `work` while no other program and nothing else of this one changes files here; tidies up after the dead first. */
	alone<T>(work: () => Promise<T>): Promise<T>;
};

/** `root` is the folder worked in, `state` an absolute path outside it that is ours. */
export type StorePlace = { root: string; state: string };

/** Where undo data lies in a folder of ours. */
export function undoFolder(state: string): { folder: string; log: string; contents: string } {
	const folder = join(state, 'undo');
	return { folder, log: join(folder, 'log.jsonl'), contents: join(folder, 'contents') };
}

/** The store in `state`, made if need be. */
export function openStore({ root, state }: StorePlace): Store {
	const { folder, log, contents } = undoFolder(state);
	const store: Store = {
		root: rootAt(root),
		log,
		preimages: openPreimages(contents),
		alone: work => inTurn(folder, { work, afterDeath: () => sweep(store) }),
	};
	return store;
}

/**
 * Takes back, in the folder `root`, the newest group of changes that is not taken back yet, whichever conversation made
 * it: for a fresh program. An empty report: nothing is left to take back.
 */
export function undoNewest(place: StorePlace): Promise<UndoReport> {
	const store = openStore(place);
	return store.alone(() => undoIn(store, {}));
}

/** Puts on again what was taken back last, unless something was changed since. */
export function redoNewest(place: StorePlace): Promise<UndoReport> {
	const store = openStore(place);
	return store.alone(() => redoIn(store, undefined));
}

/**
 * Gives a copy of the folder the files as they were without the changes of these groups, as far as that is kept. Gives those for
 * which it is not, and why.
 */
export async function copyBefore(
	place: StorePlace,
	scratch: Pick<Scratch, 'set'>,
	wanted: (group: Group) => boolean,
): Promise<UndoReport['kept']> {
	const store = openStore(place);
	const { steps, kept } = await before(store, wanted);
	for (const { path, to } of steps) {
		try {
			const bytes = to && store.preimages.bytes(to.hash);
			if (to && !bytes) throw new Refusal('its earlier content is missing from the undo data');
			scratch.set(path, to && bytes ? { bytes, mode: to.mode } : undefined);
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			kept.push({ path, why: error.message });
		}
	}
	return kept;
}
