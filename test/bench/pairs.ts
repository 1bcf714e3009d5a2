import { Refusal } from '../../src/types.js';
import type { Run } from './figures.js';
import type { Calm } from './machine.js';

/** How often to measure, and under which conditions. */
export type Effort = { pairs: number; calm: Calm };

export type Measured<T> = { runs: Run<T>[]; dropped: number };

/** A disturbed pair is repeated, up to this many times the wanted number. */
const patience = 3;

/**
 * Ours and the reference in turn (ABAB), so that what changes slowly changes both. A pair in which other programs were busy is
 * dropped, a slow one never. Throws `Refusal` when all were disturbed.
 */
export async function inPairs<T>(effort: Effort, ours: () => Promise<T>, reference?: () => Promise<T>): Promise<Measured<T>> {
	const runs: Run<T>[] = [];
	let dropped = 0;
	while (runs.length < effort.pairs && runs.length + dropped < patience * effort.pairs) {
		const mine = await effort.calm(ours);
		const theirs = reference && (await effort.calm(reference));
		if (!mine.quiet || theirs?.quiet === false) dropped++;
		else runs.push({ ours: mine.value, ...(theirs ? { reference: theirs.value } : {}) });
	}
	if (runs.length === 0) throw new Refusal('Other programs disturbed every run. End them and measure again.');
	return { runs, dropped };
}
