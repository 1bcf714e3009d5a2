import { basename, dirname, extname, join } from 'node:path/posix';
import { languageOf } from '../../checks/syntax/languages.js';
import { code } from './formats/code.js';
import { json } from './formats/json.js';
import { markdown } from './formats/markdown.js';
import { po } from './formats/po.js';
import { properties } from './formats/properties.js';
import { yaml } from './formats/yaml.js';

/**
 * One text for people: `words` are what it says, from `from` up to `to` it stands in the file, spelled by `spell`. `left` says why it
 * cannot be translated at all, `empty` that nothing is written there yet; those of one `group` are written together or not at all.
 */
export type Segment = {
	from: number;
	to: number;
	words: string;
	spell(words: string): string;
	left?: string;
	empty?: true;
	group?: number;
};

/** A kind of file: where its texts are, what of it has to be the same in every language, and what the translation is called. */
export type Format = {
	/** Throws `Refusal` 42 for a file that is not well formed. */
	segments(text: string, path: string): Segment[] | Promise<Segment[]>;
	/** The file without its words; two files that are the same but for their words have the same. */
	skeleton(text: string, path: string): string | Promise<string>;
	/** What in the words of one text must be the same, where there is more to it than its pieces. */
	shape?(words: string): string;
	/** Its translation is written into it. */
	inPlace?: true;
	/** Beside `folder/stem`, in the language of this tag; `ext` has its dot. */
	named(stem: string, tag: string, ext: string): string;
};

const formats: Readonly<Record<string, Format>> = {
	'.md': markdown,
	'.markdown': markdown,
	'.json': json,
	'.yaml': yaml,
	'.yml': yaml,
	'.properties': properties,
};

/** The format of a file, and the path of its translation; undefined where there is none for it. */
export function formatOf(path: string, tag: string): { format: Format; target: string } | undefined {
	const ext = extname(path);
	const format = ext.toLowerCase() === '.po' ? po(tag) : (formats[ext.toLowerCase()] ?? (isCode(path) ? code : undefined));
	return format && { format, target: join(dirname(path), format.named(basename(path, ext), tag, ext)) };
}

/** Languages whose strings are read. */
const isCode = (path: string): boolean => /^(?:python|javascript|typescript|tsx|go|java|rust)$/.test(languageOf(path) ?? '');

/** The file with these words in the place of its own; those that are undefined, or the same as what is there, stay as they are, to the byte. */
export const withWords = (text: string, segments: readonly Segment[], words: readonly (string | undefined)[]): string =>
	segments.reduceRight((all, { from, to, words: own, spell, empty }, index) => {
		const now = words[index];
		return now === undefined || (now === own && !empty) ? all : all.slice(0, from) + spell(now) + all.slice(to);
	}, text);
