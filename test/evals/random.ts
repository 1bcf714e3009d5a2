/** The same order for the same seed on every machine (mulberry32 and Fisher and Yates). */
export function shuffled<T>(values: readonly T[], seed: number): T[] {
	const next = randomBy(seed);
	const all = [...values];
	for (let i = all.length - 1; i > 0; i--) {
		const j = Math.floor(next() * (i + 1));
		[all[i], all[j]] = [all[j]!, all[i]!];
	}
	return all;
}

function randomBy(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
