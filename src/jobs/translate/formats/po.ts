import type { Format, Segment } from '../format.js';

const literals = String.raw`"(?:[^"\\\n]|\\.)*"(?:\n[ \t]*"(?:[^"\\\n]|\\.)*")*`;
const entry = new RegExp(String.raw`^msgid[ \t]+(${literals})\n(msgid_plural[ \t]+[\s\S]*?\n)?(msgstr(?:\[0\])?[ \t]+)(${literals})`, 'gm');

/** What is still to be said in a gettext file: the empty msgstr. Its head and what is translated stay. */
export const po: Format = {
	segments: text =>
		[...text.matchAll(entry)].flatMap(({ 0: whole, 1: id = '', 2: plural, 4: said = '', index }): Segment[] => {
			const words = read(id);
			if (words === '' || read(said) !== '') return [];
			const to = index + whole.length;
			const segment = { from: to - said.length, to, words, spell };
			return [plural === undefined ? segment : { ...segment, left: 'it has plural forms' }];
		}),
	skeleton: text => text.replace(new RegExp(`^(msgstr(?:\\[\\d+\\])?[ \\t]+)${literals}`, 'gm'), '$1'),
	inPlace: true,
	named: (stem, _tag, ext) => `${stem}${ext}`,
};

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

const read = (all: string): string =>
	[...all.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)]
		.map(([, inside = '']) => inside.replace(/\\(.)/g, (_all, one: string) => escapes[one] ?? one))
		.join('');

function spell(words: string): string {
	const names: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\\': '\\\\', '"': '\\"' };
	return `"${words.replace(/[\n\t\r\\"]/g, one => names[one] ?? one)}"`;
}
