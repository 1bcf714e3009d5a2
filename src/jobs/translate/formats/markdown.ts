import { Lexer, type MarkedToken, type Token } from 'marked';
import { echoed } from '../../../sanitise.js';
import { Refusal } from '../../../types.js';
import type { Format, Segment } from '../format.js';
import { type Judged, linesOf } from './markdown-lines.js';

/** Characters; the lexer's regular expressions are not linear. */
const longest = 60_000;

/** Paragraphs, headings, items and cells of a Markdown file; code, HTML, front matter and the targets of links stay. */
export const markdown: Format = {
	segments(text, path) {
		if (text.length > longest)
			throw new Refusal(`${echoed(path)} is longer than ${longest} characters, more than can be proven intact; split it.`, 42);
		const segments: Segment[] = [];
		let open: { from: number; to: number } | undefined;
		const close = () => {
			if (open) segments.push(paragraph(text, open));
			open = undefined;
		};
		for (const line of linesOf(text)) {
			if (open && line.kind === 'more') {
				open.to = line.to;
				continue;
			}
			close();
			if (line.kind === 'row') segments.push(...cells(text, line));
			else if (line.kind !== 'kept') open = { from: line.from, to: line.to };
			if (line.kind === 'heading') close();
		}
		close();
		return segments.filter(({ from, to }) => from < to);
	},
	skeleton,
	shape: words => `${skeleton(words)}\n${words.split(/(?<!\\)\|/).length}`,
	named: (stem, tag, ext) => `${stem}.${tag}${ext}`,
};

function skeleton(text: string): string {
	return outline(new Lexer({ gfm: true }).lex(text)).join('\n');
}

/** The lines of a paragraph are one line for who translates it; where a break is wanted, it stays. */
function paragraph(text: string, { from, to }: { from: number; to: number }): Segment {
	const words = text.slice(from, to).replace(/( {2,}|\\)?\n[ \t>]*/g, (all, wanted?: string) => (wanted === undefined ? ' ' : all));
	return { from, to, words, spell: same };
}

function cells(text: string, { from, to }: Judged): Segment[] {
	const row = text.slice(from, to);
	return [...row.matchAll(/(?:\\.|`[^`|]*`|[^|\\])+/g)].map(({ 0: cell, index }) => {
		const at = from + index + cell.length - cell.trimStart().length;
		return { from: at, to: Math.max(at, from + index + cell.trimEnd().length), words: cell.trim(), spell: same };
	});
}

const same = (words: string): string => words;

/** One line for each block; what a block has in its lines is named in no order, since other languages have another one. */
const outline = (tokens: readonly Token[]): string[] => tokens.flatMap(token => (isKnown(token) ? blockOf(token) : [token.raw]));

function blockOf(token: MarkedToken): string[] {
	switch (token.type) {
		case 'space':
			return [];
		case 'list':
			return [`list ${token.ordered} ${token.start}`, ...token.items.flatMap(blockOf)];
		case 'list_item':
			return [`item ${token.task} ${token.checked ?? ''}`, ...outline(token.tokens), 'end'];
		case 'table':
			return ['table', ...[token.header, ...token.rows].map(row => row.map(({ tokens }) => inside(tokens)).join(' | '))];
		case 'blockquote':
			return ['quote', ...outline(token.tokens), 'end'];
		case 'heading':
			return [`heading ${token.depth} ${inside(token.tokens)}`];
		case 'paragraph':
		case 'text':
			return [`${token.type} ${inside(token.tokens ?? [])}`];
		default:
			return [`${token.type} ${token.raw.trimEnd()}`];
	}
}

const inside = (tokens: readonly Token[]): string => tokens.flatMap(leaves).toSorted().join(' ');

/** What in the lines must stay. Emphasis may be lost; a star that has become one of the words may not. */
function leaves(token: Token): string[] {
	if (!isKnown(token)) return [token.raw];
	const deeper = 'tokens' in token ? (token.tokens ?? []).flatMap(leaves) : [];
	if (token.type === 'link' || token.type === 'image') return [`${token.type} ${token.href} ${token.title ?? ''}`, ...deeper];
	if (token.type === 'codespan' || token.type === 'html' || token.type === 'br') return [token.raw];
	return token.type === 'text' && deeper.length === 0 ? [...token.raw.matchAll(/\*|~~/g)].map(String) : deeper;
}

/** The type has room for tokens of extensions, of which there are none here. */
const isKnown = (token: Token): token is MarkedToken => token.type !== 'extension';
