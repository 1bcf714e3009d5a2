/** The candidate that `word` was most likely meant to be, or undefined when none is near (more than a third of it differs). */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
	const wanted = plain(word);
	let best: { name: string; distance: number } | undefined;
	for (const name of candidates) {
		const known = plain(name);
		const begins = wanted.length >= 3 && (known.startsWith(wanted) || wanted.startsWith(`${known}s`));
		const distance = begins ? 0.5 : editDistance(wanted, known);
		if (!best || distance < best.distance) best = { name, distance };
	}
	return best && best.distance <= Math.max(1, wanted.length / 3) ? best.name : undefined;
}

const plain = (word: string): string => word.toLowerCase().replace(/[-_. ]/g, '');

/** Insertions, deletions, replacements and swaps of neighbours that make `a` into `b` (optimal string alignment). */
function editDistance(a: string, b: string): number {
	let before: number[] = [];
	let last = Array.from({ length: b.length + 1 }, (_, column) => column);
	for (let row = 1; row <= a.length; row++) {
		const line = [row];
		for (let column = 1; column <= b.length; column++) {
			const same = a[row - 1] === b[column - 1];
			let cost = Math.min(line[column - 1]! + 1, last[column]! + 1, last[column - 1]! + (same ? 0 : 1));
			if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
				cost = Math.min(cost, before[column - 2]! + 1);
			line.push(cost);
		}
		before = last;
		last = line;
	}
	return last[b.length]!;
}
