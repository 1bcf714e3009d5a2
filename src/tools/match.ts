import { likeness, pairsOf } from './similarity.js';

/**
 * Lines `from` up to (not with) `to` of a file that stand for the wanted lines; `at` gives for each wanted line its line in
 * the file, -1 where it has none.
 */
export type Match = { from: number; to: number; at: number[] };

/** A way to find lines. All matches, in order, that do not overlap. */
export type Strategy = (file: readonly string[], wanted: readonly string[]) => Match[];

/** A line as it reads, whatever quotes, dashes, spaces and letter forms it is written with, and without blanks at its end. */
export const readable = (line: string): string =>
	line
		.normalize('NFKC')
		.replace(/[‘’‚‛′`´]/g, "'")
		.replace(/[“”„‟″«»]/g, '"')
		.replace(/[‐‑‒–—―−]/g, '-')
		.replace(/\p{Zs}/gu, ' ')
		.replace(/\p{Cf}/gu, '')
		.trimEnd();

export const indentOf = (line: string): string => /^\s*/.exec(line)![0];

/** The same characters, but for their form and what stands at the end of lines. */
export const sameCharacters: Strategy = (file, wanted) => windows(file.map(readable), wanted.map(readable));

/** The same text in another indentation, when that differs in the same way throughout. */
export const sameButIndent: Strategy = (file, wanted) =>
	windows(file.map(trimmed), wanted.map(trimmed)).filter(match => alignable(match, file, wanted));

/** As `sameButIndent`, with blank lines more or fewer. */
export const sameButBlankLines: Strategy = (file, wanted) =>
	solidOnly(trimmed, file, wanted).filter(match => alignable(match, file, wanted));

/** The same signs, whatever the blanks between them. Only where there is one such place. */
export const sameButSpacing: Strategy = (file, wanted) => solidOnly(line => readable(line).replace(/\s/g, ''), file, wanted);

/**
 * The same first and last line, and much the same between them (likeness of 0.6). Of several ends for one beginning the
 * likest counts. More than one place is no match at all.
 */
export const sameEnds: Strategy = (file, wanted) => {
	const solid = wanted.flatMap((line, index) => (line.trim() === '' ? [] : [index]));
	if (solid.length < 3) return [];
	const [first, last] = [solid[0]!, solid.at(-1)!];
	const known = file.map(trimmed);
	const middle = pairsOf(wanted.slice(first + 1, last).join('\n'));
	const slack = Math.max(2, Math.floor((last - first) * 0.3));
	let found: Match | undefined;
	for (const [from, line] of known.entries()) {
		if (line !== trimmed(wanted[first]!)) continue;
		let best: { to: number; score: number } | undefined;
		for (let end = Math.max(from + 1, from + last - first - slack); end <= Math.min(known.length - 1, from + last - first + slack); end++) {
			if (known[end] !== trimmed(wanted[last]!)) continue;
			const score = likeness(middle, pairsOf(file.slice(from + 1, end).join('\n')));
			if (score >= 0.6 && (!best || score > best.score)) best = { to: end + 1, score };
		}
		if (best && found) return [];
		if (best)
			found = {
				from,
				to: best.to,
				at: endsOnly(wanted.length, [
					[first, from],
					[last, best.to - 1],
				]),
			};
	}
	return found ? [found] : [];
};

/** Where only some of the wanted lines have a place. */
const endsOnly = (length: number, places: readonly (readonly [number, number])[]): number[] => {
	const known = new Map(places);
	return Array.from({ length }, (_line, index) => known.get(index) ?? -1);
};

const trimmed = (line: string): string => readable(line).trimStart();

function windows(file: readonly string[], wanted: readonly string[]): Match[] {
	const found: Match[] = [];
	for (let from = 0; from + wanted.length <= file.length; ) {
		const same = wanted.every((line, index) => file[from + index] === line);
		if (same) found.push({ from, to: from + wanted.length, at: wanted.map((_line, index) => from + index) });
		from += same ? wanted.length : 1;
	}
	return found;
}

/** Compares the lines that are not blank, each reduced by `reduce`. */
function solidOnly(reduce: (line: string) => string, file: readonly string[], wanted: readonly string[]): Match[] {
	const solid = (lines: readonly string[]) => lines.flatMap((line, index) => (line.trim() === '' ? [] : [{ index, text: reduce(line) }]));
	const [known, sought] = [solid(file), solid(wanted)];
	return windows(
		known.map(({ text }) => text),
		sought.map(({ text }) => text),
	).map(({ from, to }) => {
		const at = wanted.map(() => -1);
		for (const [index, { index: place }] of sought.entries()) at[place] = known[from + index]!.index;
		return { from: known[from]!.index, to: known[to - 1]!.index + 1, at };
	});
}

/** Whether each indentation of the wanted lines stands for one indentation of the file. */
function alignable(match: Match, file: readonly string[], wanted: readonly string[]): boolean {
	const indents = new Map<string, string>();
	return wanted.every((line, index) => {
		const place = match.at[index]!;
		if (line.trim() === '' || place < 0) return true;
		const known = indents.get(indentOf(line)) ?? indentOf(file[place]!);
		indents.set(indentOf(line), known);
		return known === indentOf(file[place]!);
	});
}
