import type { CatalogueEntry } from './catalogue.js';
import type { Part } from './parts.js';

/** What the world outside looks like to a fetch; tests make their own. */
export type World = {
	freeBytes(folder: string): Promise<number>;
	/** The hub must begin to answer within this time, and a connection may be silent for `stallMs`. */
	answerMs: number;
	stallMs: number;
	/** How often a waiting or a running download is looked at. */
	pollMs: number;
	partsOf: Readonly<Record<string, readonly Part[]>>;
};

/** What a source works on. It leaves a checked file, or says why there is none; it throws on a full disk and on `signal`. */
export type Job = Omit<World, 'freeBytes' | 'partsOf'> & {
	entry: CatalogueEntry;
	target: string;
	signal: AbortSignal;
	parts: readonly Part[] | undefined;
	/** Throws `Refusal` unless this many bytes are free. */
	room(bytes: number): Promise<void>;
};
export type Arrival = { arrived: true; sha256: string; file: string } | { arrived: false; why: string };
