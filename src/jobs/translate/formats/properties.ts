import type { Format, Segment } from '../format.js';

/** A logical line: blanks, the key, what separates it, and the value with the lines it goes on in. */
const line = /^([ \t\f]*(?![#!\s])(?:[^\\\s=:]|\\[^\n])+[ \t\f]*[=: \t\f][ \t\f]*)((?:[^\\\n]|\\[\s\S])*)$|^[ \t\f]*[#!].*$/gm;

/** The values of a Java properties file; keys, comments and order stay. */
export const properties: Format = {
	segments: valuesOf,
	skeleton: text => valuesOf(text).reduceRight((all, { from, to }) => `${all.slice(0, from)}${all.slice(to)}`, text),
	named: (stem, tag, ext) => `${stem}_${tag.replaceAll('-', '_')}${ext}`,
};

function valuesOf(text: string): Segment[] {
	return linesOf(text).map(({ value, at }) => ({ from: at, to: at + value.length, words: read(value), spell }));
}

const linesOf = (text: string): { value: string; at: number }[] =>
	[...text.matchAll(line)].flatMap(({ 1: front, 2: value, index }) =>
		front === undefined || value === undefined ? [] : [{ value, at: index + front.length }],
	);

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f' };

const read = (value: string): string =>
	value.replace(/\\(?:u([0-9a-fA-F]{4})|(\n[ \t\f]*)|([\s\S]))/g, (_all, code?: string, goesOn?: string, letter = '') =>
		code !== undefined ? String.fromCharCode(Number.parseInt(code, 16)) : goesOn !== undefined ? '' : (escapes[letter] ?? letter),
	);

function spell(words: string): string {
	const names: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\f': '\\f', '\\': '\\\\' };
	return words.replace(/[\n\t\r\f\\]/g, one => names[one] ?? one).replace(/^ /, '\\ ');
}
