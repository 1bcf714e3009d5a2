/**
 * The paths that a message names with `@`, in order, each once. `@src/a.ts`, `@"my notes.md"` and `@my\ notes.md` are
 * mentions; an address (`ann@example.org`), code between backticks and a lone `@` are not. Punctuation that ends a
 * sentence is not part of a path. Whether a path exists is for the caller to find out.
 */
export function mentions(text: string): string[] {
	const found = new Set<string>();
	for (const match of withoutCode(text).matchAll(mention)) {
		const { double, single, bare = '' } = match.groups ?? {};
		const path = double ?? single ?? bare.replace(/\\ /g, ' ').replace(/[.,;:!?)\]}'"»”]+$/, '');
		if (path.trim() !== '') found.add(path);
	}
	return [...found];
}

/** A path as it is written after `@`: quoted when it holds a space, or a character that would end a bare mention. */
export const mentionOf = (path: string): string => (/[\s"'\\]|[.,;:!?)\]}]$/.test(path) ? `@"${path}"` : `@${path}`);

/** Where a mention may begin: at the start, or after a space, an opening bracket or an opening quote. */
export const mayPrecedeMention = (character: string | undefined): boolean => character === undefined || /[\s([{"'«“,;:]/.test(character);

const mention = /(?<=^|[\s([{"'«“,;:])@(?:"(?<double>[^"\n]+)"|'(?<single>[^'\n]+)'|(?<bare>(?:\\ |[^\s"'`@])+))/g;

/** Decorators, addresses and tags in quoted code are no mentions: the code is blanked, the rest keeps its place. */
const withoutCode = (text: string): string =>
	text.replace(/^(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^\1|$(?![\s\S]))|(`+)(?!`)[^\n]*?[^`]\2(?!`)/gm, code => code.replace(/[^\n]/g, '\0'));
