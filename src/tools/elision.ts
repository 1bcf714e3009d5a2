/** Signs that begin a comment, in the languages that models write most; also the star inside a block comment. */
const opener = /^(?:\/\/+|#+|--+|;+|\/\*+|<!--+|\{\s*\/\*+|%+|\*)\s*/;
const closer = /\s*(?:\*+\/\s*\}?|--+>)$/;
const dots = /^(?:\.{3,}|…)+|(?:\.{3,}|…)+$/g;

const part =
	'(?:code|file|function|functions|class|classes|implementation|methods?|content|contents|script|module|program|lines?|imports?|logic)';
const phrase = `(?:the )?(?:(?:rest|remainder) of (?:the |your )?(?:existing |original )?${part}|(?:your |my )?(?:existing|previous|original|remaining|other|unchanged) ${part}|${part} (?:here )?unchanged|unchanged|same as (?:before|above))`;
const ending =
	'(?: (?:here|goes here|below|above|omitted|for brevity|as before|unchanged|(?:remains?|stays?|is|are) (?:the same|unchanged|as is)))*';
const whole = new RegExp(`^${phrase}${ending}$`, 'i');
const within = new RegExp(`\\b${phrase}\\b|\\bomitted\\b|\\bfor brevity\\b|\\bremains? (?:the same|unchanged)\\b`, 'i');

/**
 * The first line of `text` that stands for code left out ("// ... rest of the code"), trimmed. Lines that `known`, the
 * present text of the file, has too are what they say, and so is Python's `...` as the body of something. In `prose` a heading is no comment.
 */
export function findElision(text: string, { known = '', prose = false }: { known?: string; prose?: boolean } = {}): string | undefined {
	const before = new Set(known.split('\n').map(line => line.trim()));
	let last = '';
	for (const line of text.split('\n').map(each => each.trim())) {
		if (line === '') continue;
		if ((prose ? isDotted(line) : isElision(line, last)) && !before.has(line)) return line;
		last = line;
	}
	return undefined;
}

function isElision(line: string, last: string): boolean {
	const commented = opener.test(line);
	const words = line.replace(opener, '').replace(closer, '').trim();
	const bare = words
		.replace(dots, '')
		.replace(/^[([]|[)\]]$/g, '')
		.trim();
	const dotted = bare !== words && /^(?:\.{3}|…)|(?:\.{3}|…)$/.test(words);
	if (dotted && bare === '') return commented || !/(?::|["'])$/.test(last);
	if (commented && whole.test(bare.replace(/[.,:;!]+$/, ''))) return true;
	return dotted && (commented || /^(?:\.{3}|…)\s/.test(words)) && within.test(bare);
}

/** Dots, and words about what they stand for, without a comment around them. */
const isDotted = (line: string): boolean => /^\W*(?:\.{3}|…)/.test(line) && within.test(line);

/** Whether a file holds text for people, in which nothing is a comment. */
export const isProse = (path: string): boolean => /\.(?:md|markdown|txt|rst|adoc|org|tex)$/i.test(path);
