/** The pairs of neighbouring characters of a text without its spaces, counted: what two texts are compared by. */
export type Pairs = { counts: ReadonlyMap<string, number>; total: number };

export function pairsOf(text: string): Pairs {
	const plain = text.replace(/\s+/g, '').toLowerCase();
	const counts = new Map<string, number>();
	for (let at = 0; at + 1 < plain.length; at++) {
		const pair = plain.slice(at, at + 2);
		counts.set(pair, (counts.get(pair) ?? 0) + 1);
	}
	if (plain.length === 1) counts.set(plain, 1);
	return { counts, total: Math.max(plain.length === 1 ? 1 : 0, plain.length - 1) };
}

/** How alike two texts are, from 0 to 1: twice the pairs in common by the pairs of both (Dice's coefficient). */
export function likeness(a: Pairs, b: Pairs): number {
	if (a.total + b.total === 0) return 1;
	const [few, many] = a.counts.size <= b.counts.size ? [a, b] : [b, a];
	let common = 0;
	for (const [pair, count] of few.counts) common += Math.min(count, many.counts.get(pair) ?? 0);
	return (2 * common) / (a.total + b.total);
}

/** `count` lines of a file from index `from` on. */
export type Region = { from: number; lines: string[] };

/** The lines of `file` that are most like `wanted`, with a little around them, 15 at most. Undefined when none is alike. */
export function closestLines(file: readonly string[], wanted: readonly string[], most = 15): Region | undefined {
	const sought = wanted
		.filter(line => line.trim() !== '')
		.slice(0, most)
		.map(pairsOf);
	const solid = file.flatMap((line, index) => (line.trim() === '' ? [] : [{ index, pairs: pairsOf(line) }]));
	if (sought.length === 0 || solid.length === 0) return undefined;
	let best = { first: 0, last: 0, score: 0 };
	for (let at = 0; at < solid.length; at++) {
		const there = solid.slice(at, at + sought.length);
		const score = there.reduce((sum, { pairs }, index) => sum + likeness(sought[index]!, pairs), 0);
		if (score > best.score) best = { first: there[0]!.index, last: there.at(-1)!.index, score };
	}
	if (best.score / sought.length < 0.3) return undefined;
	const around = Math.max(0, Math.min(2, Math.floor((most - (best.last - best.first + 1)) / 2)));
	const from = Math.max(0, best.first - around);
	return { from, lines: file.slice(from, best.last + 1 + around).slice(0, most) };
}
