import { echoed } from '../../sanitise.js';
import { Refusal } from '../../types.js';

/** A language: its tag, its name in English and in itself, and the script that it is written in (`Latn`). */
export type Language = { tag: string; name: string; own: string; script: string | undefined };

/** The language of a BCP 47 tag. Throws `Refusal` 42 for what is no tag, or the tag of no known language. */
export function languageOf(word: string): Language {
	const tag = canonical(word);
	const name = tag === undefined ? undefined : new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' }).of(tag);
	if (tag === undefined || name === undefined)
		throw new Refusal(
			`"${echoed(word)}" is the tag of no known language; use one such as de, fr, pt-BR or zh-Hant: /translate --to de README.md`,
			42,
		);
	const own = new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? name;
	return { tag, name, own, script: new Intl.Locale(tag).maximize().script };
}

/** Whether a file's name is the tag of a language, such as `en` or `pt-BR`. */
export const tagged = (stem: string): boolean => /^[a-z]{2}(?:[-_][A-Za-z]{2,4})?$/.test(stem);

function canonical(word: string): string | undefined {
	try {
		return Intl.getCanonicalLocales(word.replaceAll('_', '-'))[0];
	} catch {
		return undefined;
	}
}
