import type { Definition } from './definitions.js';
import type { LanguageName } from './languages.js';
import { isDocstring } from './tokens.js';
import type { Node } from './trees.js';

/**
 * Where the description of a definition belongs: it takes the place of `from` to `to`, between `before` and `after`, each of its lines
 * behind `indent`. Undefined where the definition begins in the middle of a line.
 */
export type Place = { from: number; to: number; before: string; after: string; indent: string };
/** `doc` is the description that is there, as it is written. */
export type DocPlace = { doc: string | undefined; place: Place | undefined };

type Source = { text: string; language: LanguageName };

/** The description of a definition, or where one goes: in Python at the head of its body, else above it. */
export const placeOf = (definition: Definition, node: Node, source: Source): DocPlace =>
	source.language === 'python' ? inside(node, source.text) : above(definition, source);

function inside(node: Node, text: string): DocPlace {
	const body = node.childForFieldName('body');
	const colon = body && node.children.findLast(child => child?.type === ':' && child.endIndex <= body.startIndex);
	if (!body || !colon) return { doc: undefined, place: undefined };
	const first = body.namedChildren.find(child => child && child.type !== 'comment');
	if (first && isDocstring(first)) return { doc: first.text, place: undefined };
	const from = colon.endIndex;
	const end = text.indexOf('\n', from);
	const sameLine = body.startPosition.row === colon.endPosition.row;
	const own = indentAt(text, node.startIndex);
	// A class keeps its description apart from its lines.
	const apart = node.type === 'class_definition' && text[end + 1] !== '\n' ? '\n\n' : '\n';
	if (sameLine) {
		const indent = `${own}${/^\t/m.test(text) ? '\t' : '    '}`;
		return { doc: undefined, place: { from, to: body.startIndex, before: '\n', after: `\n${indent}`, indent } };
	}
	return {
		doc: undefined,
		place: { from: end + 1, to: end + 1, before: '', after: apart, indent: indentAt(text, first?.startIndex ?? body.startIndex) },
	};
}

/** The blanks that the line of this offset begins with. */
const indentAt = (text: string, offset: number): string => /^[ \t]*/.exec(text.slice(lineAt(text, offset)))![0];
const lineAt = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

/** Lines that belong to what is below them: attributes, decorators, and remarks that are for a program. */
const belongs =
	/^\s*(?:#!?\[.*\]|@[\w.]+(?:\(.*\))?|\/\/\s*(?:@ts-|eslint-|biome-ignore|prettier-ignore|noinspection\b)[^\n]*|\/\/(?:go:|nolint)[^\n]*)\s*$/;

function above({ start }: Definition, { text, language }: Source): DocPlace {
	let from = lineAt(text, start);
	if (text.slice(from, start).trim() !== '') return { doc: undefined, place: undefined };
	const indent = text.slice(from, start);
	for (;;) {
		const line = lineAt(text, from - 1);
		const higher = from > 0 && belongs.test(text.slice(line, from - 1));
		const doc = higher ? undefined : commentAbove(text.slice(0, from), language);
		if (doc !== undefined) return { doc, place: undefined };
		if (!higher) return { doc, place: { from, to: from, before: '', after: '\n', indent } };
		from = line;
	}
}

function commentAbove(text: string, language: LanguageName): string | undefined {
	const lines = text.split('\n').slice(0, -1);
	const sign = { go: '//', rust: '///' }[language as string];
	if (sign !== undefined) {
		const first = lines.findLastIndex(line => !line.trim().startsWith(sign)) + 1;
		if (first < lines.length) return lines.slice(first).join('\n');
	}
	if (!/\*\/\s*$/.test(lines.at(-1) ?? '')) return undefined;
	const comment = lines.join('\n');
	const begins = comment.lastIndexOf('/*');
	return comment.startsWith('/**', begins) || language === 'go' ? comment.slice(begins) : undefined;
}
