import type { Limits } from '../agent/loop.js';

/** Seconds that a search may take when the person sets no limit, and the share of a limit that it may use. */
const usualSeconds = 60;
const share = 0.9;
/** The part of it that one run of the tests may take before they count as never ending. */
const runShare = 0.2;

/**
 * Milliseconds that a search which begins now may take in all, and one run of the tests in it. Of a person's limit, what the task
 * has taken already is gone, the loading of the model too: so what is found by then can still be written.
 */
export function timeFor(
	{ seconds, started }: Pick<Limits, 'seconds' | 'started'>,
	now = performance.now(),
): { search: number; run: number } {
	const all = (seconds === undefined ? usualSeconds : seconds * share) * 1000;
	const search = Math.max(0, Math.round(seconds === undefined ? all : all - (now - (started ?? now))));
	return { search, run: Math.min(search, Math.round(all * runShare)) };
}

/** Fires after so many milliseconds; at once where none is left. */
export const lateIn = (milliseconds: number): AbortSignal =>
	milliseconds <= 0 ? AbortSignal.abort() : AbortSignal.timeout(Math.ceil(milliseconds));

/** Fires when the time for so many pieces of work is up: a minute for each, where the person sets no limit for all. */
export const lateForAll = (limits: Limits, count: number): AbortSignal =>
	lateIn(timeFor(limits).search * (limits.seconds === undefined ? Math.max(1, count) : 1));

/** What is said where a search ended for no other reason. */
export const timeUp = 'The time for searching was up.';

/** What is found by then; nothing where `late` fired first, for who is stopped while making ready has nothing, and that is no fault. */
export async function unlessLate<T>(begin: () => Promise<T[]>, late: AbortSignal): Promise<T[]> {
	try {
		return await begin();
	} catch (error) {
		if (late.aborted) return [];
		throw error;
	}
}
