import type { Place } from '../../checks/syntax/doc-place.js';
import type { Signature } from '../../checks/syntax/signatures.js';
import type { Style } from './styles.js';

/** Columns that a line of a description may have. */
const widest = 88;

/** These lines as a description, each behind `indent`; one that is not `whole` is left open behind its last line. */
export function framed(lines: readonly string[], style: Style, { indent, whole }: { indent: string; whole: boolean }): string {
	const inner = lines.map(line => `${style.margin}${indent.includes('\t') ? tabbed(line) : line}`.trimEnd()).join('\n');
	const end = whole ? `${style.open === '"""' && lines.length > 1 ? '\n' : ''}${style.close}` : '';
	return `${style.open}${inner}${end}`
		.split('\n')
		.map(line => (line === '' ? '' : indent + line))
		.join('\n');
}

const tabbed = (line: string): string => line.replace(/^(?: {4})+/, blanks => '\t'.repeat(blanks.length / 4));
const spaced = (line: string): string => line.replace(/^\t+/, tabs => '    '.repeat(tabs.length));

/** A line that may be too long, as several, the others behind `hang`; `taken` columns stand before each. */
export function wrapped(line: string, hang: string, taken: number): string[] {
	const lines: string[] = [];
	let last = /^\s*/.exec(line)![0];
	const room = widest - taken;
	for (const word of line.trim().split(' ')) {
		if (last.trim() !== '' && last.length + 1 + word.length > room) {
			lines.push(last);
			last = hang;
		}
		last += last.trim() === '' ? word : ` ${word}`;
	}
	return [...lines, last];
}

/** The text with a description in its place. */
export const withDescription = (text: string, { from, to, before, after }: Place, description: string): string =>
	`${text.slice(0, from)}${before}${description}${after}${text.slice(to)}`;

/** What a description says that there is. */
export type Named = { parameters: readonly string[]; gives: boolean; errors: readonly string[]; words: string };

/** Reads a description as it stands in a file. */
export function namedIn(doc: string, { found }: Style): Named {
	const words = bare(doc);
	const lines = (found.titles ? words.replace(found.titles, '## $1') : words).split('\n');
	const named = { parameters: [] as string[], gives: false, errors: [] as string[], words };
	let title = '';
	for (const line of lines) {
		title = /^## (\w+)$/.exec(line)?.[1] ?? title;
		const inPart = (part: RegExp) => found.titles === undefined || part.test(title);
		if (found.gives.test(line)) named.gives = true;
		const parameter = inPart(/^(?:Args|Parameters|Arguments)$/) && found.parameter.exec(line)?.[1];
		const error = inPart(/^(?:Raises|Errors|Panics)$/) && found.error.exec(line)?.[1];
		if (parameter) named.parameters.push(parameter.replace(/^\*+/, ''));
		if (error) named.errors.push(error);
	}
	return named;
}

/** The words of a description without what stands around them. */
function bare(doc: string): string {
	if (/^\s*\/\*/.test(doc))
		return doc
			.trim()
			.replace(/^\/\*\*?|\*\/$/g, '')
			.replace(/^[ \t]*\* ?/gm, '')
			.trim();
	if (/^\s*\/\//.test(doc)) return doc.replace(/^[ \t]*\/\/\/? ?/gm, '').trim();
	const [first = '', ...rest] = doc.replace(/^\w*(?:"""|'''|["'])|(?:"""|'''|["'])$/g, '').split('\n');
	const lines = rest.map(spaced);
	const margin = Math.min(...lines.filter(line => line.trim() !== '').map(line => /^\s*/.exec(line)![0].length));
	return [first.trim(), ...lines.map(line => line.slice(Number.isFinite(margin) ? margin : 0))].join('\n').trim();
}

/** What a description names that is not there, or leaves out; undefined where it names exactly what there is. */
export function unlike({ parameters = [], gives, errors }: Signature, named: Named): string | undefined {
	const names = parameters.map(({ name }) => name);
	const all = [
		['parameter', names, named.parameters],
		['error', errors, named.errors],
	] as const;
	for (const [what, are, said] of all) {
		const stray = said.find((name, index) => !are.includes(name) || said.indexOf(name) !== index);
		if (stray !== undefined) return `it has no ${what} ${stray}`;
		const missing = are.find(name => !said.includes(name));
		if (missing !== undefined) return `the ${what} ${missing} is missing`;
	}
	if (named.gives !== (gives !== undefined)) return gives ? 'what it returns is missing' : 'it returns nothing';
	return undefined;
}
