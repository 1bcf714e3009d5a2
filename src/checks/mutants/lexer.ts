/** A line of code as tokens, in the languages that share C's or Python's words and signs. Knows no grammar. */

export type TokenKind = 'space' | 'string' | 'comment' | 'number' | 'name' | 'word' | 'sign';
/** `at` is the offset in the line; `depth` counts the brackets around it that were opened on the line. */
export type LineToken = { kind: TokenKind; text: string; at: number; depth: number };

/** Words that are neither names nor values. */
const words = new Set(
	(
		'and as async await break case catch class const continue def del do elif else except export extends finally fn for from func ' +
		'function global if impl import in is lambda let match mut new nonlocal not of or pass pub public private protected raise return ' +
		'static struct switch throw try typeof var void while with yield unless end then int float bool boolean double long char'
	).split(' '),
);
/** Of these words the ones that programs call as well. */
const callable = new Set(['int', 'float', 'bool']);

const parts =
	/(?<space>\s+)|(?<string>[rbfu]{0,2}(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|`(?:\\.|[^`\\])*`)|(?<number>\d[\w.]*)|(?<name>[\p{L}_$][\p{L}\p{N}_$]*)|(?<sign>===|!==|\*\*=|\/\/=|>>=|<<=|&&|\|\||\?\?|==|!=|<=|>=|=>|->|:=|\+\+|--|[-+*/%&|^]=|\*\*|\/\/|<<|>>|.)/gsu;

/** Python and its like: `#` begins a comment, `//` divides. */
export const isHashLanguage = (path: string): boolean => /\.(py|pyi|rb|sh|pl|r|ex|exs)$/i.test(path);

/** The tokens of `line`, all of it. */
export function tokensOf(line: string, hash: boolean): LineToken[] {
	const tokens: LineToken[] = [];
	let depth = 0;
	for (const match of line.matchAll(parts)) {
		const { groups = {}, index } = match;
		const [text] = match;
		const kind = (Object.keys(groups).find(name => groups[name] !== undefined) ?? 'sign') as TokenKind;
		if (hash ? text === '#' : text === '//') {
			tokens.push({ kind: 'comment', text: line.slice(index), at: index, depth });
			return tokens;
		}
		if (/^[)\]}]$/.test(text) && kind === 'sign') depth--;
		tokens.push({ kind: kind === 'name' && isWord(text, line, index) ? 'word' : kind, text, at: index, depth });
		if (/^[([{]$/.test(text) && kind === 'sign') depth++;
	}
	return tokens;
}

const isWord = (text: string, line: string, at: number): boolean =>
	words.has(text) && !(callable.has(text) && line[at + text.length] === '(') && line[at - 1] !== '.';
