import { type Document, documents } from './documents.js';
import { verdictOf } from './intact.js';
import type { Item, Suite } from './suite.js';

/** Two languages of each kind: near to English, other Latin letters, other letters. */
const languages = { de: 'German', fr: 'French', es: 'Spanish', ru: 'Russian', ja: 'Japanese', zh: 'Chinese' } as const;
type Tag = keyof typeof languages;
const tags = Object.keys(languages) as Tag[];

/** Documents into six languages: right when nothing that has to stay is lost, and half of the texts are in the language. */
export const translate: Suite = {
	name: 'translate',
	seconds: 120,
	read(data) {
		const all = documents(data);
		// Every document once before the first comes again, in another language.
		return tags.flatMap((_tag, round) => all.map((one, index) => itemOf(one, tags[(index + round) % tags.length]!)));
	},
};

const targets: Readonly<Record<string, (tag: Tag) => string>> = {
	'README.md': tag => `README.${tag}.md`,
	'texts.json': tag => `texts.${tag}.json`,
	'texts.po': () => 'texts.po',
	'texts.properties': tag => `texts_${tag}.properties`,
};

export function itemOf({ name, path, text }: Document, tag: Tag): Item {
	const target = targets[path]!(tag);
	const wanted = path.endsWith('.po') ? 'Write the translation of each msgid as its msgstr. ' : '';
	return {
		kind: 'repository',
		id: `${tag} ${name}`,
		files: { [path]: text },
		task: `/translate ${tag} ${path}`,
		plain: {
			question: `${text}\nTranslate this file, ${path}, to ${languages[tag]}; code, links, placeholders, tags and keys stay as they are. ${wanted}Answer with the whole file and nothing else.`,
			place: (code, answer = code) => ({ [target]: unfenced(answer) }),
		},
		async judge(after) {
			if (target !== path && after[path] !== text) return { right: false, broken: true, why: `${path} was changed` };
			return verdictOf(tag, { path, before: text }, target === path && after[path] === text ? undefined : after[target]);
		},
	};
}

/** An answer without the fence around the whole of it, which a page with code in it may have as well. */
const unfenced = (text: string): string => /^\s*```\w*\n([\s\S]*\n)```\s*$/.exec(text)?.[1] ?? `${text.trimEnd()}\n`;
