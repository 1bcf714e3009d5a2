/** What in a text stays as it is in every language: the model sees a mark for each, the text has them again afterwards. */

const kinds = ['piece of code', 'link', 'tag', 'URL', 'mail address', 'placeholder', 'name', 'line break', 'number'] as const;
export type Kind = (typeof kinds)[number] | 'term';
/** One piece, as often as it stands in the text. */
export type Piece = { kind: Kind; text: string };
/** A text with a mark for each piece, in order: `X1` is the first of `pieces`. */
export type Marked = { shown: string; pieces: readonly Piece[] };

const files = 'md|txt|json|jsonc|ya?ml|toml|ini|cfg|conf|lock|[cm]?[jt]sx?|py|go|rs|java|rb|php|sh|html?|css|c|h|cpp|po|properties|gguf';

/** The first form that fits at a place counts. A digit right behind one is part of it: its mark ends in one. Node.js is no file. */
const forms: Readonly<Record<(typeof kinds)[number], string>> = {
	'piece of code': String.raw`(?<tick>\x60+)(?!\x60)[\s\S]*?[^\x60]\k<tick>(?!\x60)`,
	link: String.raw`\[?!\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?|(?<=\]\()(?:[^()\s]|\([^()]*\))+(?:\s+"[^"]*")?(?=\))|(?<=\]\[)[^\]]+(?=\])`,
	tag: String.raw`</?[A-Za-z][^<>]*>|<!--[\s\S]*?-->|&(?:[A-Za-z]+|#\d+);`,
	URL: String.raw`\b[a-z][a-z0-9+.-]*://[^\s<>"')\]]*[^\s<>"')\].,;:!?]`,
	'mail address': String.raw`\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+`,
	placeholder: String.raw`\{\{[^{}]*\}\}|\$?\{[^{}]*\}|%\([\w ]+\)[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]|%(?:\d+\$)?[-+#0]*\d*(?:\.\d+)?[sdifgexXcuo@](?![a-z])|%%|\$[A-Z_]+\b`,
	name: String.raw`\bX\d+|(?<![\w.])(?![A-Z]\w*\.js\b)(?:[\w.-]+/)*[\w.-]*\w\.(?:${files})(?![\w/])|(?<![\w-])--?[a-z][\w-]*`,
	'line break': String.raw`(?: {2,}|\\)?\n[\s>]*`,
	number: String.raw`\d+(?:[.,:]\d+)*`,
};
const form = new RegExp(kinds.map((kind, index) => `(?<k${index}>${forms[kind]})${kind === 'number' ? '' : '\\d*'}`).join('|'), 'g');

/** Characters; looking for pieces is not linear, and no person reads a longer paragraph. */
export const longest = 4_000;

/** Every piece of a text, with where it is; none of one that is too long. */
export const piecesIn = (text: string): (Piece & { at: number })[] =>
	[...(text.length > longest ? '' : text).matchAll(form)].map(({ 0: whole, index, groups }) => ({
		kind: kinds[kinds.findIndex((_, number) => groups?.[`k${number}`] !== undefined)] ?? 'number',
		text: whole,
		at: index,
	}));

/**
 * Of eight sentences with such marks the 0.5B gave seven with each of them once, the 1.5B eight; `<1>` seven and seven, with
 * sentences left in English; `[1]` seven and eight, with links torn; `{1}` six.
 */
export const mark = /X(\d+)/g;

/** A word at this place of a text, and what is to stand there in the end. */
export type Placed = { at: number; written: string; becomes: string | undefined };

/** The text as the model sees it; `terms` are marked too. Numbers stay readable: words depend on them. */
export function marked(text: string, terms: readonly Placed[] = []): Marked {
	const pieces = [
		...piecesIn(text).map(({ kind, text: written, at }) => ({ kind, written, at, text: written })),
		...terms.map(({ at, written, becomes = written }) => ({ kind: 'term' as const, written, at, text: becomes })),
	]
		.filter(({ kind }) => kind !== 'number')
		.sort((one, other) => one.at - other.at);
	let [shown, from] = ['', 0];
	for (const [index, { at, written }] of pieces.entries()) {
		shown += `${text.slice(from, at)}X${index + 1}`;
		from = at + written.length;
	}
	return { shown: shown + text.slice(from), pieces };
}

/** A text with the pieces in the place of their marks; or, where one is not there exactly once, what became of it. */
export function unmarked(text: string, pieces: readonly Piece[]): { text: string } | { why: string } {
	const found = [...text.matchAll(mark)].map(([, number]) => Number(number));
	for (const [index, { kind }] of pieces.entries()) {
		const times = found.filter(number => number === index + 1).length;
		if (times !== 1) return { why: `a ${kind} was ${times === 0 ? 'lost' : 'doubled'}` };
	}
	if (found.length > pieces.length) return { why: 'something was made up' };
	return { text: text.replace(mark, (_all, number: string) => pieces[Number(number) - 1]?.text ?? '') };
}

const tagsIn = (text: string): string[] => piecesIn(text).flatMap(({ kind, text: tag }) => (kind === 'tag' ? [tag] : []));

/** Whether no tag is closed before it is opened, or around the end of another; one that is never closed, as a line break, is passed over. */
export function nested(text: string): boolean {
	const open: string[] = [];
	for (const tag of tagsIn(text)) {
		const [, closes, name] = /^<(\/?)([A-Za-z][\w-]*)/.exec(tag) ?? [];
		if (name === undefined) continue;
		const at = open.lastIndexOf(name);
		if (closes === '') open.push(name);
		else if (at < 0) return false;
		else open.splice(at);
	}
	return true;
}

/** A text without the blanks inside of its tags that `words`, which has the same tags, does not have there. */
export const tight = (text: string, words: string): string =>
	tagsIn(words).reduce((all, tag) => {
		const loose = tag.startsWith('</') ? ` ${tag}` : `${tag} `;
		return words.includes(loose) ? all : all.replaceAll(loose, () => tag);
	}, text);

/** What differs between the pieces of two texts, numbers among them; undefined where each is there exactly as often. */
export function differing(before: string, after: string): string | undefined {
	const left = piecesIn(after);
	for (const { kind, text } of piecesIn(before)) {
		const at = left.findIndex(one => one.kind === kind && one.text === text);
		if (at < 0) return `a ${kind} was lost`;
		left.splice(at, 1);
	}
	return left[0] && `a ${left[0].kind} was made up`;
}
