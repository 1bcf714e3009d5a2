import { isAlias, isMap, isScalar, isSeq, parse, parseAllDocuments, type Scalar } from 'yaml';
import { echoed } from '../../../sanitise.js';
import { Refusal } from '../../../types.js';
import type { Format, Segment } from '../format.js';
import { tagged } from '../language.js';

/** The string values of a YAML file; keys, anchors, tags, comments, quotation marks and layout stay. */
export const yaml: Format = {
	segments(text, path) {
		const documents = parsed(text);
		if (documents === undefined)
			throw new Refusal(`${echoed(path)} is not YAML as it stands, so nobody could tell its values from its keys: mend it first.`, 42);
		return documents.flatMap(valuesOf).flatMap(value => segmentsOf(value, text));
	},
	skeleton: text => JSON.stringify(parsed(text)?.map(outline) ?? 'none'),
	named: (stem, tag, ext) => `${tagged(stem) ? tag : `${stem}.${tag}`}${ext}`,
};

/** What each document holds. Undefined for what is no YAML, and for what is nested deeper than the parser goes. */
function parsed(text: string): unknown[] | undefined {
	try {
		const documents = [...parseAllDocuments(text, { logLevel: 'silent' })];
		return documents.some(({ errors }) => errors.length > 0) ? undefined : documents.map(({ contents }) => contents);
	} catch {
		return undefined;
	}
}

/** The strings below a node, keys left out. What has a tag of its own is no text, or one that only its program reads. */
function valuesOf(node: unknown): Scalar<string>[] {
	if (isMap(node)) return node.items.flatMap(({ value }) => valuesOf(value));
	if (isSeq(node)) return node.items.flatMap(valuesOf);
	if (!isText(node) || (node.tag !== undefined && node.tag !== 'tag:yaml.org,2002:str')) return [];
	return node.type !== 'PLAIN' || node.tag !== undefined || readAs(`k: ${node.value}`, '1.1') !== undefined ? [node] : [];
}

const isText = (node: unknown): node is Scalar<string> => isScalar(node) && typeof node.value === 'string';

/** A node without its words: two files that are the same but for their words have the same. */
function outline(node: unknown): unknown {
	if (isAlias(node)) return ['alias', node.source];
	if (isMap(node)) return ['map', node.anchor, node.tag, node.items.map(({ key, value }) => [keyOf(key), outline(value)])];
	if (isSeq(node)) return ['list', node.anchor, node.tag, node.items.map(outline)];
	if (!isScalar(node)) return ['nothing'];
	const lines = isText(node) && isBlock(node) ? node.value.split('\n').length : 1;
	return isText(node) ? ['words', node.anchor, node.tag, lines] : ['value', node.anchor, node.tag, String(node.value)];
}

const keyOf = (key: unknown): unknown => (isScalar(key) ? String(key.value) : outline(key));

const isBlock = ({ type }: Scalar): boolean => type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED';

function segmentsOf(value: Scalar<string>, text: string): Segment[] {
	const [from, to] = value.range ?? [0, 0];
	if (isBlock(value)) return paragraphs(text.slice(from, to), value.type === 'BLOCK_FOLDED').map(one => ({ ...one, ...moved(one, from) }));
	const single = value.type === 'QUOTE_SINGLE';
	const plain = value.type === 'PLAIN';
	const spell = (words: string): string => {
		if (plain && isPlain(words)) return words;
		return single && !/[\n\r\t]/.test(words) ? `'${words.replaceAll("'", "''")}'` : JSON.stringify(words);
	};
	return [{ from, to, words: value.value, spell }];
}

const moved = ({ from, to }: Segment, by: number): Pick<Segment, 'from' | 'to'> => ({ from: from + by, to: to + by });

/** Lines of a block; where lines that follow each other are one, as in a folded block, they are one here too, and are written as one. */
function paragraphs(block: string, folded: boolean): Segment[] {
	const found: Segment[] = [];
	let at = block.indexOf('\n') + 1;
	let [base, open] = [-1, false];
	for (const line of block.slice(at).split('\n')) {
		const words = line.trim();
		const indent = line.length - line.trimStart().length;
		if (words !== '' && base < 0) base = indent;
		const goesOn = folded && open && words !== '' && indent === base;
		const last = found.at(-1);
		if (goesOn && last) {
			last.words += ` ${words}`;
			last.to = at + indent + words.length;
		} else if (words !== '') found.push({ from: at + indent, to: at + indent + words.length, words, spell: one => one });
		open = words !== '' && indent === base;
		at += line.length + 1;
	}
	return found;
}

/** Whether words without quotation marks are read as those words, wherever they stand and by old readers too, to whom `no` is false. */
const isPlain = (words: string): boolean =>
	(['1.1', '1.2'] as const).every(version => [`k: ${words}`, `{k: ${words}}`].every(text => readAs(text, version) === words));

/** The string at the key `k`; undefined where it is none. */
function readAs(text: string, version: '1.1' | '1.2'): string | undefined {
	try {
		const { k, ...others }: Record<string, unknown> = parse(text, { version, logLevel: 'error' });
		return typeof k === 'string' && Object.keys(others).length === 0 ? k : undefined;
	} catch {
		return undefined;
	}
}
