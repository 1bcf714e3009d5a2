import { escaped } from '../../checks/escaped.js';
/** What a sentence may speak of: the file's text, the paths of the folder. */
export type Known = { text: string; paths: readonly string[] };

/** Characters that the words of one line may have. */
const longest = 220;

/**
 * The words of one line, as a sentence, from what a model wrote: no more than its first, and none of what the program knows better.
 * `goesOn` where the sentence is begun already.
 */
export function sentenceIn(raw: string, { goesOn }: { goesOn: boolean }): string {
	const [line = ''] = raw.trim().split('\n');
	const open = line
		.replace(/(?:"""|'''|\*\/).*$/, '')
		.replace(/^(?:[-:*]|\/{2,3})\s+/, '')
		.replace(typeClaim, '')
		.replace(/\s*[,;(]?\s*(?:(?:which|it|and|the)\s+)?defaults?\s+(?:to|is|value)\b.*$/i, '')
		.trim();
	const [first = ''] = /^.*?[.!?](?=\s+\p{Lu}|\s*$)/u.exec(open) ?? [open];
	const whole = first.replace(/[\s,;:–-]+$/, '');
	const ended = whole === '' || /[.!?]$/.test(whole) ? whole : `${whole}.`;
	return goesOn ? ended.replace(/^if\s+/i, '') : ended.replace(/^\p{Ll}(?=\p{Ll}*\s)/u, letter => letter.toUpperCase());
}

/** A type that nobody has checked, at the beginning of the words. */
const typeClaim =
	/^(?:\(\w[^()]*\)|\{[^{}]*\}|(?:optional|int|integer|str|string|float|number|bool|boolean|list|dict|tuple|set|bytes|object|array|any|none|[\w.]+(?=[[<]))\b(?:[[<][^:]*[\]>])?)\s*[:-]\s+/i;

/** Why these words cannot stand in a description; undefined where nothing speaks against them. */
export function wrongWith(words: string, { name, known }: { name: string; known: Known }): string | undefined {
	if (words.length > longest) return 'it is too long';
	if (/\\|"""|'''|\*\/|\/\*|```|[\x00-\x1f\x7f]/.test(words)) return 'it would not stay a description';
	if (
		/^(?:Args|Arguments|Parameters|Returns?|Raises|Yields|Examples?|Notes?):|@(?:param|returns?|throws)\b|:(?:param|returns?|raises)\b|^-{3}|>>>/.test(
			words,
		)
	)
		return 'it is not about this';
	if (/^[*\w.]+(?: ?\([^)]*\))?:(?:\s|$)/.test(words)) return 'it is about something else';
	const meant = (words.match(/[\p{L}\p{N}_]+/gu) ?? []).filter(
		word => word !== name && !/^(?:a|an|the|of|if|parameter|argument|description|value|input)$/i.test(word),
	);
	if (meant.length === 0) return 'it says nothing';
	const stray = spokenOf(words).find(one => !isKnown(one, known));
	return stray === undefined ? undefined : `it speaks of ${stray}, which is not there`;
}

/** The names, paths, flags and addresses that a text speaks of. */
function spokenOf(words: string): string[] {
	const quoted = [...words.matchAll(/`([^`]*)`|(?<![\w])['"‘“]([A-Za-z_][\w.]*)['"’”]/g)].map(([, code, word]) => code ?? word ?? '');
	const rest = words.replace(/`[^`]*`/g, ' ');
	const bare = rest.match(
		/\bhttps?:\/\/\S+|(?<![\w-])--?[a-z][\w-]+|[\w./-]*\w\.(?:py|js|ts|go|rs|java|json|ya?ml|toml|txt|md|csv|cfg|ini|sh|html|css)\b|\b\w+\(\)|\b[A-Za-z]\w*_\w+|\b[a-z]+[A-Z]\w*|\b(?:parameter|argument|variable|function|method|class) (?=\w*[_A-Z0-9])\w+/g,
	);
	return [...quoted, ...(bare ?? []).map(one => one.replace(/^(?:parameter|argument|variable|function|method|class) /, ''))];
}

/** Words of the languages themselves. */
const everywhere =
	/^(?:None|True|False|null|undefined|true|false|NaN|nil|self|this|int|str|float|bool|bytes|list|dict|tuple|set|number|string|boolean|object|array|Array|Map|Set|Promise|Ok|Err|Some|-?\d+(?:\.\d+)?|['"].*['"]|\[\]|\{\}|\(\))$/;

function isKnown(spoken: string, { text, paths }: Known): boolean {
	const word = spoken.trim().replace(/\(\)$/, '').replace(/^\*+/, '');
	if (word === '' || everywhere.test(word)) return true;
	if (
		paths.some(path => path === word.replace(/^\.?\//, '') || path.endsWith(`/${word}`) || path.startsWith(`${word.replace(/\/$/, '')}/`))
	)
		return true;
	const [left, right] = [/^\w/.test(word) ? '(?<![\\w$])' : '', /\w$/.test(word) ? '(?![\\w$])' : ''];
	return new RegExp(`${left}${escaped(word)}${right}`).test(text);
}
