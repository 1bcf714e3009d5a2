import { echoed } from '../../../sanitise.js';
import { Refusal } from '../../../types.js';
import type { Format, Segment } from '../format.js';
import { formsOf } from './plural-forms.js';

const literals = String.raw`"(?:[^"\\\n]|\\.)*"(?:\n[ \t]*"(?:[^"\\\n]|\\.)*")*`;
const entry = new RegExp(String.raw`^msgid[ \t]+(${literals})\nmsgstr[ \t]+(${literals})`, 'gm');
const form = String.raw`msgstr\[\d+\][ \t]+${literals}`;
const counted = new RegExp(String.raw`^msgid[ \t]+(${literals})\nmsgid_plural[ \t]+(${literals})\n(${form}(?:\n${form})*)`, 'gm');

/** What is still to be said in a gettext file: the empty msgstr, and all forms of what has a plural. Its head and what is translated stay. */
export const po = (tag: string): Format => ({
	segments(text, path) {
		const head = headOf(text);
		const language = /^Language:\s*([A-Za-z]+)/m.exec(head)?.[1]?.toLowerCase();
		if (language !== undefined && language !== new Intl.Locale(tag).language)
			throw new Refusal(`${echoed(path)} is in "${language}" by its head (Language: …), so nothing else is written into it.`, 42);
		const single = [...text.matchAll(entry)].flatMap(({ 0: whole, 1: id = '', 2: said = '', index }): Segment[] => {
			const to = index + whole.length;
			const words = read(id);
			return words === '' || read(said) !== '' ? [] : [{ from: to - said.length, to, words, spell, empty: true }];
		});
		const forms = formsOf(head, tag);
		return [...single, ...[...text.matchAll(counted)].flatMap(one => pluralOf(one, forms))].sort((one, other) => one.from - other.from);
	},
	skeleton: text =>
		text.replace(new RegExp(`^${form}(?:\\n${form})*`, 'gm'), 'msgstr[]').replace(new RegExp(`^(msgstr[ \\t]+)${literals}`, 'gm'), '$1'),
	inPlace: true,
	named: (stem, _tag, ext) => `${stem}${ext}`,
});

const headOf = (text: string): string => read([...text.matchAll(entry)].find(([, id = '']) => read(id) === '')?.[2] ?? '');

/** Where the number stands in what has a plural. */
const number = /%(?:\d+\$)?[hlqjzt]*[diu](?![a-z])|%\(\w+\)d|\{(?:n|count|num|number|total)\}/g;

/** A text for each form of the language, all or none; a form that the file has no line for gets one behind the last. */
function pluralOf(
	{ 0: whole, 1: id = '', 2: plural = '', 3: block = '', index }: RegExpExecArray,
	forms: number[][] | undefined,
): Segment[] {
	const at = index + whole.length - block.length;
	const lines = [...block.matchAll(new RegExp(String.raw`^msgstr\[(\d+)\][ \t]+(${literals})`, 'gm'))];
	if (lines.some(([, , said = '']) => read(said) !== '')) return [];
	const end = at + block.length;
	if (forms === undefined || lines.some(([, digits], line) => Number(digits) !== line) || lines.length > forms.length)
		return [{ from: at, to: end, words: read(id), spell, left: 'its plural forms are not told by Plural-Forms in the head' }];
	return forms.map((numbers, one): Segment => {
		const line = lines[one];
		const to = line ? at + line.index + line[0].length : end;
		const { words, back } = wordsFor(numbers, read(id), read(plural));
		const spelled = (said: string) => `${line ? '' : `\nmsgstr[${one}] `}${spell(back(said))}`;
		return { from: line ? to - (line[2] ?? '').length : end, to, words, spell: spelled, empty: true, group: index };
	});
}

/** What to translate for a form that these numbers take: with one of them in it, since its words depend on it. `back` takes it out. */
function wordsFor(numbers: readonly number[], id: string, plural: string): { words: string; back(said: string): string } {
	const here = numbers.find(one => one > 1 && !plural.includes(String(one))) ?? numbers.find(one => one === 1) ?? numbers[0] ?? 0;
	const places = [...plural.matchAll(number)];
	const [place = ''] = places[0] ?? [];
	if (here === 1 && (numbers.length === 1 || id.includes(place))) return { words: id, back: said => said };
	if (places.length !== 1 || plural.includes(String(here))) return { words: plural, back: said => said };
	return { words: plural.replace(place, String(here)), back: said => said.replace(String(here), () => place) };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

const read = (all: string): string =>
	[...all.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)]
		.map(([, inside = '']) => inside.replace(/\\(.)/g, (_all, one: string) => escapes[one] ?? one))
		.join('');

function spell(words: string): string {
	const names: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\\': '\\\\', '"': '\\"' };
	return `"${words.replace(/[\n\t\r\\"]/g, one => names[one] ?? one)}"`;
}
