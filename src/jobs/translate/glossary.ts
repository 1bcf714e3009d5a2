import { escaped } from '../../checks/escaped.js';
import { echoed } from '../../sanitise.js';
import { Refusal } from '../../types.js';
import { piecesIn } from './pieces.js';

/** A term, and the words that it has to become; undefined where it stays as it is. */
export type Term = { term: string; becomes: string | undefined };

/**
 * The terms of a glossary file: a line each, `term = translation`, or the term alone; `#` begins a comment.
 * Throws `Refusal` 42 for a line without a term, and for a term that is to become two things.
 */
export function glossaryFrom(text: string, path: string): Term[] {
	const terms: Term[] = [];
	for (const [index, line] of text.split('\n').entries()) {
		if (/^\s*(?:#|$)/.test(line)) continue;
		const [, term = '', equals, said = ''] = /^([^=]*?)\s*(?:(=)\s*(.*))?$/.exec(line.trim()) ?? [];
		const at = `${echoed(path)}, line ${index + 1}`;
		if (term === '' || (equals !== undefined && said === ''))
			throw new Refusal(`${at}: a glossary has lines such as "cart = Warenkorb", or a term alone that stays as it is.`, 42);
		const becomes = said === '' || said === term ? undefined : said;
		const other = terms.find(one => one.term.toLowerCase() === term.toLowerCase());
		if (other && other.becomes !== becomes) throw new Refusal(`${at}: "${echoed(term)}" has another translation above; keep one.`, 42);
		if (!other) terms.push({ term, becomes });
	}
	return terms;
}

/** Where terms stand in a text as words of their own, outside what stays anyway; of two at one place the longer. In order. */
export function termsAt(text: string, terms: readonly Term[]): (Term & { at: number; written: string })[] {
	if (terms.length === 0) return [];
	const longestFirst = terms.toSorted((one, other) => other.term.length - one.term.length);
	const any = longestFirst.map(({ term }) => escaped(term)).join('|');
	const taken = piecesIn(text).filter(({ kind }) => kind !== 'number');
	return [...text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}_])(?:${any})(?![\\p{L}\\p{N}_])`, 'giu'))].flatMap(({ 0: written, index: at }) => {
		const found = terms.find(({ term }) => term.toLowerCase() === written.toLowerCase());
		const inside = taken.some(piece => at < piece.at + piece.text.length && piece.at < at + written.length);
		return found && !inside ? [{ ...found, at, written }] : [];
	});
}

/** Letters of a word that may be an ending, which other languages change, and from how many letters on. */
const ending = 2;
const longEnough = 6;

/** The first term whose words are not in a translation, in whatever form; undefined where all are. */
export const unsaid = (text: string, terms: readonly Term[]): Term | undefined =>
	terms.find(({ becomes = '' }) => !stems(becomes).every(stem => text.toLowerCase().includes(stem)));

const stems = (words: string): string[] =>
	words
		.toLowerCase()
		.split(/\s+/)
		.map(word => (word.length < longEnough ? word : word.slice(0, -ending)));
