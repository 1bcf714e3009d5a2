/** One failing test: its name, what it said, and where it stands, if that was told. `line` is counted from 1. */
export type Failure = { name: string; message: string; file?: string; line?: number };

/** What an output says of the tests. Counts are undefined where it does not give them. */
export type Reading = { passed: number | undefined; failed: number | undefined; failures: Failure[] };

/** Reads the output of one kind of test program; undefined when the output is of another kind. Never throws. */
export type Reader = (output: string) => Reading | undefined;

/** The number that the first group of `pattern` finds, 0 when it finds none. */
export const numberIn = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);

/** The sum of what the first group of `pattern` (with the flag g) finds. */
export const sumOf = (text: string, pattern: RegExp): number =>
	[...text.matchAll(pattern)].reduce((sum, found) => sum + Number(found[1] ?? 0), 0);

/** A part of a text: the match of a heading, and what follows up to the next heading or to `end`. */
export type Block = { head: RegExpExecArray; body: string };

/** The parts of a text that begin with `heading` (with the flags g and m). `end` cuts each of them. */
export function blocksOf(text: string, heading: RegExp, end?: RegExp): Block[] {
	const heads = [...text.matchAll(heading)];
	return heads.map((head, index) => {
		const body = text.slice(head.index + head[0].length, heads[index + 1]?.index ?? text.length).replace(/^\n/, '');
		const cut = end ? body.search(end) : -1;
		return { head, body: outdented(cut < 0 ? body : body.slice(0, cut)) };
	});
}

/** `text` without the indentation that all its lines have, and without blank lines at its ends. */
export function outdented(text: string): string {
	const lines = text
		.trimEnd()
		.replace(/^(?:[ \t]*\n)+/, '')
		.split('\n');
	const least = Math.min(...lines.filter(line => line.trim() !== '').map(line => /^[ \t]*/.exec(line)![0].length));
	return Number.isFinite(least) ? lines.map(line => line.slice(least)).join('\n') : '';
}
