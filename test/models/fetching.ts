import type { CatalogueEntry } from '../../src/models/catalogue.js';
import { type FetchedModel, type FetchOptions, fetchModel } from '../../src/models/fetch.js';
import type { FetchEvent } from '../../src/models/progress.js';

/** Short times, much disk, no packages. */
export const world: NonNullable<FetchOptions['world']> = {
	answerMs: 1000,
	stallMs: 1000,
	pollMs: 5,
	partsOf: {},
	freeBytes: async () => 1e12,
};

export const never = () => new AbortController().signal;

/** Fetches to the end; `onEvent` sees each event. */
export async function fetched(
	entry: CatalogueEntry,
	options: Partial<FetchOptions> = {},
	onEvent: (event: FetchEvent) => void = () => {},
): Promise<FetchedModel & { notes: string[]; progress: number[] }> {
	const notes: string[] = [];
	const progress: number[] = [];
	const fetching = fetchModel(entry, { signal: never(), ...options, world: { ...world, ...options.world } });
	for (;;) {
		const step = await fetching.next();
		if (step.done) return { ...step.value, notes, progress };
		if (step.value.type === 'note') notes.push(step.value.text);
		else progress.push(step.value.done);
		onEvent(step.value);
	}
}

/** The sentence that a fetch ends with. */
export const failure = (
	entry: CatalogueEntry,
	options: Partial<FetchOptions> = {},
	onEvent?: (event: FetchEvent) => void,
): Promise<string> =>
	fetched(entry, options, onEvent).then(
		() => 'it came',
		error => (error instanceof Error ? error.message : String(error)),
	);
