/** A generator of whole numbers below a bound, the same in every run (Numerical Recipes, LCG). */
export function seeded(seed: number): (below: number) => number {
	let state = seed;
	return below => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return Math.floor((state / 2 ** 32) * below);
	};
}
