import { indentOf, type Match } from './match.js';

/** Gives a line that was written for the wanted text the indentation that it needs in the file. */
export type Reindent = (line: string) => string;

/**
 * Learns from matched lines how their indentation differs (deeper, shallower, tabs for spaces, two spaces for four) and
 * does the same to new lines, also to those that are deeper or shallower than any matched one.
 */
export function reindenter(
	match: Match,
	file: readonly string[],
	texts: { wanted: readonly string[]; added: readonly string[] },
): Reindent {
	const pairs = new Map<string, string>();
	for (const [index, line] of texts.wanted.entries()) {
		const place = match.at[index] ?? -1;
		if (place >= 0 && line.trim() !== '' && !pairs.has(indentOf(line))) pairs.set(indentOf(line), indentOf(file[place]!));
	}
	if (pairs.size === 0 || [...pairs].every(([from, to]) => from === to)) return line => line;
	const units: Units = { theirs: unitOf([...texts.wanted, ...texts.added]), ours: unitOf(file) };
	const shifted = uniform(pairs);
	const convert = shifted ? (indent: string) => indent : (indent: string) => converted(indent, units);
	return line => (line.trim() === '' ? '' : adapted(indentOf(line), pairs, convert) + line.slice(indentOf(line).length));
}

type Units = { theirs: string; ours: string };

function adapted(indent: string, pairs: ReadonlyMap<string, string>, convert: (indent: string) => string): string {
	const same = pairs.get(indent);
	if (same !== undefined) return same;
	const shallower = [...pairs].filter(([from]) => indent.startsWith(from)).sort(([a], [b]) => b.length - a.length)[0];
	if (shallower) return shallower[1] + convert(indent.slice(shallower[0].length));
	const [from, to] = [...pairs].sort(([a], [b]) => a.length - b.length)[0]!;
	const surplus = convert(from.slice(indent.length));
	return to.endsWith(surplus) ? to.slice(0, to.length - surplus.length) : convert(indent);
}

/** Whether the file is deeper, or shallower, by the same characters everywhere. */
function uniform(pairs: ReadonlyMap<string, string>): boolean {
	const all = [...pairs];
	const [from, to] = all[0]!;
	const deeper = to.endsWith(from) ? to.slice(0, to.length - from.length) : undefined;
	const shallower = from.endsWith(to) ? from.slice(0, from.length - to.length) : undefined;
	const mixed = all.some(([a, b]) => a.includes('\t') !== b.includes('\t') && a !== '' && b !== '');
	if (mixed) return false;
	return (
		(deeper !== undefined && all.every(([a, b]) => b === deeper + a)) ||
		(shallower !== undefined && all.every(([a, b]) => a === shallower + b))
	);
}

/** One step of indentation: a tab when any line begins with one, else the smallest step between lines. */
function unitOf(lines: readonly string[]): string {
	const indents = lines.filter(line => line.trim() !== '').map(indentOf);
	if (indents.some(indent => indent.startsWith('\t'))) return '\t';
	const depths = [...new Set(indents.map(indent => indent.length))].sort((a, b) => a - b);
	const steps = depths.slice(1).map((depth, index) => depth - depths[index]!);
	return ' '.repeat(Math.min(8, ...steps.filter(step => step > 1), steps.length > 0 ? 8 : 4));
}

function converted(indent: string, { theirs, ours }: Units): string {
	const steps = theirs === '\t' ? indent.split('\t').length - 1 : Math.floor(indent.length / theirs.length);
	const rest = theirs === '\t' ? indent.replaceAll('\t', '') : indent.slice(steps * theirs.length);
	return ours.repeat(steps) + rest;
}
