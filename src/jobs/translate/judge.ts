import stringWidth from 'string-width';
import type { Format } from './format.js';
import { type Term, unsaid } from './glossary.js';
import type { Language } from './language.js';
import { differing, mark, nested, type Piece, tight, unmarked } from './pieces.js';
import { lettersOf } from './scripts.js';

/** What can stand in the place of a text, or why what was written cannot. */
export type Judged = { words: string } | { why: string };
/** A text, what is marked in it, what it is translated into, and the terms that have to be in that. */
export type Wanted = { words: string; pieces: readonly Piece[]; format: Pick<Format, 'shape'>; language: Language; terms: readonly Term[] };

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
	const text = tight(whole.text, words);
	const why = differing(words, text);
	if (why !== undefined) return { why };
	if (nested(words) && !nested(text)) return { why: 'a tag was moved' };
	if (format.shape && format.shape(text) !== format.shape(words)) return { why: 'its form was lost' };
	if (foreign(text, words, language)) return { why: 'it came back in another language' };
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

/** Whether there are letters in it that the language does not have and the text did not, or a sentence has none of its letters. */
function foreign(text: string, words: string, { script }: Language): boolean {
	const letters = lettersOf(script);
	if (!letters) return false;
	return letters.strange.test(without(text, words)) || (words.split(/\s+/).length >= sentence && !letters.own.test(text));
}

/**
 * Whether a translation takes so much more or less room on a screen that it is worth a look. A long text grows by half at the
 * most; a short one, such as the words on a button, may be twice as long and more.
 */
export function oddlyLong(before: string, after: string): boolean {
	const [was, is] = [stringWidth(before), stringWidth(after)];
	return is > was * 1.4 + 12 || (was >= 20 && is < was * 0.4);
}

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
