import type { Format } from './format.js';
import { type Term, unsaid } from './glossary.js';
import type { Language } from './language.js';
import { differing, mark, type Piece, unmarked } from './pieces.js';

/** What can stand in the place of a text, or why what was written cannot. */
export type Judged = { words: string } | { why: string };
/** A text, what is marked in it, what it is translated into, and the terms that have to be in that. */
export type Wanted = { words: string; pieces: readonly Piece[]; format: Format; language: Language; terms: readonly Term[] };

/** A sentence has this many words at the least; shorter texts may be the same in two languages. */
const sentence = 4;

/** Judges what a model wrote for a text with marks. */
export function judge(raw: string, { words, pieces, format, language, terms }: Wanted): Judged {
	const said = bared(raw, words);
	if (!/\p{L}/u.test(said.replace(mark, ''))) return { why: 'no translation was written' };
	if (said.includes('\n')) return { why: 'more than the translation was written' };
	if (talks(said, words)) return { why: 'more than the translation was written' };
	const whole = unmarked(said, pieces);
	if ('why' in whole) return whole;
	const { text } = whole;
	const why = differing(words, text);
	if (why !== undefined) return { why };
	if (format.shape && format.shape(text) !== format.shape(words)) return { why: 'its form was lost' };
	if (language.script === 'Latn' && /(?!\p{Script=Latin}|\p{Script=Common})\p{L}/u.test(without(text, words)))
		return { why: 'it came back in another language' };
	const missed = unsaid(text, terms);
	if (missed) return { why: `"${missed.becomes}" of the glossary is not in it` };
	if (alike(text) === alike(words) && (words.split(/\s+/).length >= sentence || /[.!?]$/.test(words)))
		return { why: 'it came back as it was' };
	return { words: text };
}

/** Whether a model speaks of the text: with a colon or quotation marks that it did not have, or at a length that no language needs. */
const talks = (said: string, words: string): boolean =>
	(/^[^:]{1,40}:(?:\s|$)/.test(said) && !words.includes(':')) ||
	(quotes.test(said) && !quotes.test(words)) ||
	said.length > words.length * 3 + 15;

const quotes = /["“”„«»]/;

/** Whether a translation is so much longer or shorter that it is worth a look. */
export const oddlyLong = (before: string, after: string): boolean =>
	before.length >= 20 && (after.length > before.length * 2.5 || after.length < before.length * 0.3);

/** Without the fence or the quotation marks that a model puts around it, the full stop behind what is no sentence, and the blanks. */
function bared(raw: string, words: string): string {
	const inside = raw
		.trim()
		.replace(/^```\w*\n([\s\S]*?)\n?```$/, '$1')
		.trim();
	const alone = /^["“„«']/.test(words) ? inside : inside.replace(/^["“„«]([^"“”„«»]*)["”“»]$/, '$1');
	return /[.!?:…。]$/.test(words) ? alone : alone.replace(/(?<=\p{L}|\d)[.!?。]$/u, '');
}

/** Letters of another script that the text had before are no fault. */
const without = (text: string, words: string): string => [...text].filter(letter => !words.includes(letter)).join('');
const alike = (text: string): string =>
	text
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]+/gu, ' ')
		.trim();
