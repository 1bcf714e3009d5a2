import type { Limits } from '../agent/loop.js';

/** Seconds that a search may take when the person sets no limit, and the share of a limit that it may use. */
const usualSeconds = 60;
const share = 0.9;
/** The part of it that one run of the tests may take before they count as never ending. */
const runShare = 0.2;

/** Milliseconds that a search may take in all, and one run of the tests in it. */
export function timeFor({ seconds }: Pick<Limits, 'seconds'>): { search: number; run: number } {
	const search = Math.round((seconds === undefined ? usualSeconds : seconds * share) * 1000);
	return { search, run: Math.round(search * runShare) };
}

/** What is found by then; nothing where `late` fired first, for who is stopped while making ready has nothing, and that is no fault. */
export async function unlessLate<T>(begin: () => Promise<T[]>, late: AbortSignal): Promise<T[]> {
	try {
		return await begin();
	} catch (error) {
		if (late.aborted) return [];
		throw error;
	}
}
