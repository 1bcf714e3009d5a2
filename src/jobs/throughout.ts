/** Changes that are made at every place of a function at once: a mistake in thinking is seldom made in one line only. Knows no model. */
import { isHashLanguage, type LineToken, tokensOf } from '../checks/mutants/lexer.js';
import { blockAt, blocksOf } from './blocks.js';
import type { Candidate } from './candidate.js';
import type { Ranked } from './ranked.js';

/** Pairs of signs and words of which one is taken for the other. */
const pairs: readonly (readonly [string, string])[] = [
	['&&', '||'],
	['and', 'or'],
	['true', 'false'],
	['True', 'False'],
	['<', '>'],
	['<=', '>='],
	['<', '<='],
	['>', '>='],
	['==', '!='],
	['===', '!=='],
	['+', '-'],
	['min', 'max'],
	['Math.min', 'Math.max'],
];

/** Different texts of one function that are exchanged with each other, at the most. */
const mostTexts = 5;

/** Ways to write the letters of a text. */
const cases: readonly ((text: string) => string)[] = [
	text => text.toUpperCase(),
	text => text.toLowerCase(),
	text => text.toLowerCase().replace(/\p{L}/u, letter => letter.toUpperCase()),
];

type Exchange = { what: string; of(token: LineToken): string | undefined };

/** What is changed throughout the function of the first of these places, in two lines or more. */
export function throughout([first]: readonly Ranked[]): Candidate[] {
	if (!first) return [];
	const { path, text } = first.suspect;
	const lines = text.split('\n');
	const { from, to } = blockAt(blocksOf(text), first.line) ?? { from: 1, to: lines.length };
	const hash = isHashLanguage(path);
	const tokens = lines.slice(from - 1, to).map(line => tokensOf(line, hash));
	return exchangesIn(tokens.flat()).flatMap(({ what, of }): Candidate[] => {
		const changed = tokens.map((line, index) => line.map(token => of(token) ?? token.text).join('') || lines[from - 1 + index]!);
		const count = changed.filter((line, index) => line !== lines[from - 1 + index]).length;
		const whole = [...lines.slice(0, from - 1), ...changed, ...lines.slice(to)].join('\n');
		return count > 1 ? [{ path, text: whole, what: `${path}:${from}  ${what}` }] : [];
	});
}

function exchangesIn(tokens: readonly LineToken[]): Exchange[] {
	const there = new Set(tokens.map(({ text }) => text));
	const texts = [...new Set(tokens.flatMap(({ kind, text }) => (kind === 'string' ? [text] : [])))].slice(0, mostTexts);
	const one = (before: string, after: string): Exchange => ({
		what: `${after} for ${before} everywhere`,
		of: ({ text, kind }) => (text === before && kind !== 'comment' ? after : undefined),
	});
	const both = (before: string, after: string): Exchange => ({
		what: `${before} and ${after} exchanged`,
		of: ({ text, kind }) => (kind === 'comment' ? undefined : text === before ? after : text === after ? before : undefined),
	});
	const signs = pairs.flatMap(([a, b]) => {
		if (there.has(a) && there.has(b)) return [both(a, b), one(a, b), one(b, a)];
		return there.has(a) ? [one(a, b)] : there.has(b) ? [one(b, a)] : [];
	});
	const swaps = texts.flatMap((text, index) => texts.slice(index + 1).map(other => both(text, other)));
	const inCase = cases.map((change, index): Exchange => {
		const way = ['capital letters', 'small letters', 'a capital letter first'][index]!;
		return { what: `texts in ${way}`, of: ({ kind, text }) => (kind === 'string' ? change(text) : undefined) };
	});
	return [...signs, ...swaps, ...inCase];
}
