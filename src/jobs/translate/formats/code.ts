import { type Node, withTree } from '../../../checks/syntax/trees.js';
import type { Format, Segment } from '../format.js';

/** Strings as the grammars name them, and the text between the tags of JSX. */
const strings = /^(?:string|template_string|interpreted_string_literal|string_literal)$/;
const markup = 'jsx_text';

/**
 * The texts for people in code: sentences in strings, and between the tags of JSX. Code, comments and strings that a program reads
 * stay: keys, names of modules, what is compared, queries, names of classes.
 */
export const code: Format = {
	segments: async (text, path) =>
		(await withTree(path, text, ({ root }) =>
			[...textsIn(root)].flatMap(node => (node.type === markup ? betweenTags(node) : isForPeople(node) ? inString(node) : [])),
		)) ?? [],
	skeleton: async (text, path) =>
		(await withTree(path, text, ({ root }) => {
			const words = [...textsIn(root)].flatMap(wordsIn).toReversed();
			return `${root.hasError} ${words.reduce((all, { from, to }) => all.slice(0, from) + all.slice(from, to).replace(/\S+/g, '').trim() + all.slice(to), text)}`;
		})) ?? text,
	inPlace: true,
	named: (stem, _tag, ext) => `${stem}${ext}`,
};

function* textsIn(node: Node): Generator<Node, void> {
	for (const child of node.children) {
		if (!child) continue;
		if (strings.test(child.type) || child.type === markup) yield child;
		yield* textsIn(child);
	}
}

type Range = { from: number; to: number };

const delimiter = /^([A-Za-z]*)("""|'''|["'`])/;
/** What a string is put together with. */
const insertedIn = ({ children }: Node): Node[] =>
	children.filter(child => child !== null).filter(({ type }) => /^(?:interpolation|template_substitution)$/.test(type));

/** Where the words of a node are, without what is inserted between them. */
function wordsIn(node: Node): Range[] {
	if (node.type === markup) return [{ from: node.startIndex, to: node.endIndex }];
	const { from, to } = inside(node);
	const ends = [from, ...insertedIn(node).flatMap(one => [one.startIndex, one.endIndex]), to];
	return ends.flatMap((at, index) => (index % 2 === 0 ? [{ from: at, to: ends[index + 1] ?? at }] : []));
}

/** A string without its marks. */
function inside({ text, startIndex, endIndex }: Node): Range {
	const [open = '', , quote = ''] = delimiter.exec(text) ?? [];
	return { from: startIndex + open.length, to: endIndex - quote.length };
}

/** Strings that a program reads, by where they stand. */
const read =
	/^(?:expression_statement|import_\w+|export_\w+|import_spec|subscript\w*|case_\w+|switch_case|switch_label|comparison_operator|annotation\w*|element_value_pair|attribute_item|literal_type|field_declaration|decorator|match_pattern|external_module_reference)$/;
const forEyes =
	/^(?:title|alt|label|placeholder|aria-label|aria-description|summary|caption|content|message|text|description|tooltip|helperText)$/;

/** Functions that look for what they are given, or keep something under that name. */
const reads =
	/(?:^|[.:])(?:require|import|equals\w*|includes|contains|startsWith|endsWith|starts_?with|ends_?with|indexOf|find|index|split|match\w*|replace\w*|sub|search|compile|querySelector\w*|getElement\w*|addEventListener|[gs]etItem|[gs]etAttribute|execute|query|prepare|strftime|strptime|getLogger|describe|it|test)$/i;

/** Whether a string says something to people: it reads like words, and nothing around it reads it as something else. */
function isForPeople(node: Node): boolean {
	const { parent, text } = node;
	const [, prefix = ''] = delimiter.exec(text) ?? [];
	if (!parent || node.hasError || /[rb]/i.test(prefix) || !readsLikeWords(text)) return false;
	if (read.test(parent.type)) return false;
	if (parent.type === 'jsx_attribute') return forEyes.test(parent.namedChildren[0]?.text ?? '');
	if (/^(?:pair|dictionary_entry|keyed_element)$/.test(parent.type)) return parent.childForFieldName('key')?.id !== node.id;
	if (/^binary_(?:expression|operator)$/.test(parent.type)) return !/[=!]=/.test(parent.childForFieldName('operator')?.text ?? '');
	return !(/^argument/.test(parent.type) && reads.test(parent.parent?.text.split('(', 1)[0] ?? ''));
}

/** Two words at least, or one that ends like a sentence; no list of class names, query, address, or pattern of a date. */
function readsLikeWords(text: string): boolean {
	const words = text
		.replace(delimiter, '')
		.replace(/["'`]+$/, '')
		.replace(/\$?\{[^{}]*\}/g, ' ')
		.trim();
	const tokens = words.split(/\s+/);
	const isPhrase = /\s/.test(words) && (words.match(/\p{L}{2,}/gu) ?? []).length > 1;
	if (!isPhrase && !/^\p{Lu}\p{L}+(?:[.!?…]|\.\.\.)$/u.test(words)) return false;
	if (tokens.some(token => /[-_:/[]\S/.test(token)) && tokens.every(token => /^[\p{Ll}\d_:/[\]().%#-]+$/u.test(token))) return false;
	if (
		/^(?:select|insert|update|delete|create|alter|drop|with|pragma)\b[\s\S]*\b(?:from|into|set|table|index|values|where|as)\b/i.test(words)
	)
		return false;
	return !/^[\w.+-]+\/[\w.+*-]+(?:;|$)|^[a-z][\w+.-]*:\/\/|^[yMdHhmsSaEz%\W\d]+$/.test(words);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', '"': '"', "'": "'", '`': '`', '\\': '\\' };

/** What a string says, with its escapes read; what is inserted stays as it is written. */
function inString(node: Node): Segment[] {
	const [, , quote = '"'] = delimiter.exec(node.text) ?? [];
	const { from, to } = inside(node);
	const written = node.text.slice(from - node.startIndex, to - node.startIndex);
	const range = { from, to };
	const inserted = insertedIn(node);
	const stays = (left: string): Segment[] => [{ ...range, words: written, spell: () => written, left }];
	if (inserted.some(({ text }) => !/^\$?\{[^{}\\]*\}$/.test(text))) return stays('what is inserted in it is too much');
	if (node.parent?.type === 'jsx_attribute')
		return [{ ...range, words: written, spell: said => said.replaceAll(quote, quote === '"' ? '&quot;' : '&#39;') }];
	const odd = /\\(?![nt"'`\\])[\s\S]?/.test(written);
	if (odd || (written.includes('\n') && written.includes('\\n'))) return stays('it has escapes that are not read');
	const isOpen = written.includes('\n');
	const words = written.replace(/\\([\s\S])/g, (_all, letter: string) => escapes[letter] ?? letter);
	return [{ ...range, words, spell: said => spelled(said, { quote, isOpen, keeps: inserted.length > 0 }) }];
}

/** Words as they are written between these marks; `keeps` what is inserted, and line ends where there were some. */
function spelled(words: string, { quote, isOpen, keeps }: { quote: string; isOpen: boolean; keeps: boolean }): string {
	const mark = quote[0] ?? '"';
	const plain = (part: string) =>
		part
			.replaceAll('\\', '\\\\')
			.replaceAll(mark, `\\${mark}`)
			.replaceAll('\t', '\\t')
			.replaceAll('\n', isOpen ? '\n' : '\\n');
	return keeps
		? words
				.split(/(\$?\{[^{}]*\})/)
				.map((part, index) => (index % 2 === 1 ? part : plain(part)))
				.join('')
		: plain(words);
}

/** The words between two tags, without the blanks around them. */
function betweenTags({ text, startIndex }: Node): Segment[] {
	const words = text.trim();
	const from = startIndex + text.indexOf(words);
	return words === '' ? [] : [{ from, to: from + words.length, words, spell: said => said }];
}
