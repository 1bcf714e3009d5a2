/**
 * Untrusted text on its way to a terminal: what comes out holds newline, tab and printable characters only. Two ways:
 * *display* for talk and output (sequences go, what is left of them becomes visible), *exact* for what is approved, and
 * for paths, diffs and names (nothing goes: each hidden character is written out as `<U+202E>`).
 * Sequences: ECMA-48, 5th edition, section 5.4 and 5.6. Invisible characters: Unicode's Default_Ignorable_Code_Point, UAX 9, UTS 51.
 */

/** Text in which every hidden character is written out, and how many there were. */
export type Exact = { text: string; hidden: number };

/**
 * For talk and output. Whole control sequences are removed, other control characters become visible signs, a line that
 * was overwritten with carriage returns keeps its last state. Emoji, flags and the joiners of real scripts pass.
 */
export function display(text: string): string {
	if (plain.test(text)) return text;
	const whole = strings(text.toWellFormed())
		.replace(sequences, '')
		.replace(/\r+\n/g, '\n')
		.replace(/^.*\r(?!$)/gm, '')
		.replace(/[\u2028\u2029]/g, '\n')
		.replace(controls, sign);
	return limitMarks(whole).replace(invisible, (found, offset: number) => (belongs(found, whole, offset) ? found : written(found)));
}

/**
 * For what a person approves or must be able to trust: escapes, removes nothing. Also marks look-alike letters of another
 * script inside a Latin word, and wide blanks that push text out of sight. Line ends and tabs stay as they are.
 */
export function exact(text: string): Exact {
	if (plain.test(text)) return { text, hidden: 0 };
	let hidden = 0;
	const mark = (found: string) => {
		hidden += [...found].length;
		return written(found);
	};
	const source = text.toWellFormed().replace(/\r\n/g, '\n');
	const shown = [...graphemes().segment(source)].map(({ segment }) =>
		isEmoji(segment) || segment === '\n' ? segment : segment.replace(unseen, mark).replace(surplusMarks, mark),
	);
	return { text: shown.join('').replace(mixedWord, word => word.replace(notLatin, mark)), hidden };
}

/** One line of exact text, for titles, paths and names: line ends are written out too. */
export const exactLine = (text: string): string => exact(text).text.replace(/\n/g, '<U+000A>');

/** JSON that can be printed: controls and direction marks that JSON leaves bare are escaped too. It means the same. */
export const printableJson = (json: string): string =>
	json.replace(
		/[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
		found => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);

/** What a person typed, given back in a sentence: on one line, hidden characters written out, cut where it is absurdly long. */
export const echoed = (text: string): string => exactLine(text.length > 80 ? `${text.slice(0, 80)}…` : text);

/**
 * `display` for text that comes in pieces: the beginning of a sequence, or of a joined character, waits for its end. Never
 * holds back more than 4,096 characters. `end` gives what is left.
 */
export function displayStream(): { push(chunk: string): string; end(): string } {
	let held = '';
	return {
		push(chunk) {
			const text = held + chunk;
			const ready = unfinished.exec(text)?.index ?? text.length;
			const last = ready - lastCharacter(text.slice(0, ready));
			// The last character may be the end of a sequence, which then waits with it.
			const from = unfinished.exec(text.slice(0, last))?.index ?? last;
			const cut = text.length - from > 4096 ? text.length : from;
			held = text.slice(cut);
			return display(text.slice(0, cut));
		},
		end() {
			const rest = held;
			held = '';
			return display(rest);
		},
	};
}

/** Nothing to do for these: printable ASCII and the commonest letters beyond it. */
const plain = /^[\t\n\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff]*$/;

/** String controls that end, whole: OSC, DCS, APC, PM, SOS. What does not end stays, and is made visible. */
const strings = (text: string) => text.replace(/(?:\x1b[\]P_^X]|[\x9d\x90\x9f\x9e\x98])[^\x07\x1b\x9c\n]{0,4096}(?:\x07|\x1b\\|\x9c)/g, '');
/** Control sequences, and escape sequences but for the beginnings of strings. Node's own way to strip them takes more than is theirs. */
const sequences = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[ -/]+[0-~]|\x1b[0-OQ-WYZ\\`-~]/g;
const controls = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
/** C0 as the pictures of Unicode's block "Control Pictures", which take one column; C1 has none. */
function sign(control: string): string {
	const code = control.charCodeAt(0);
	if (code === 0x7f) return '\u2421';
	return code < 0x20 ? String.fromCharCode(0x2400 + code) : written(control);
}
const written = (text: string) =>
	[...text].map(character => `<U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`).join('');

const invisible = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\ufff9-\ufffb]/gu;
const unseen =
	/[\x00-\x08\x0b-\x1f\x7f-\x9f\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\ufff9-\ufffb]/gu;
const surplusMarks = /(?<=\p{M}{4})\p{M}/gu;
/** RGI_Emoji (UTS 51) is a long list: as a literal it would cost every start 15 ms, for it is read with the file. */
let emoji: RegExp | undefined;
function isEmoji(text: string): boolean {
	// biome-ignore lint/complexity/useRegexLiterals: see above
	emoji ??= new RegExp('^\\p{RGI_Emoji}$', 'v');
	return emoji.test(text);
}
const mixedWord =
	/(?=[\p{L}\p{N}_-]*\p{Script=Latin})(?=[\p{L}\p{N}_-]*[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}])[\p{L}\p{N}_-]+/gu;
const notLatin = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/gu;
/** Made when it is first needed: it takes as long as the start of a small program. */
let segmenter: Intl.Segmenter | undefined;
function graphemes(): Intl.Segmenter {
	segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
	return segmenter;
}

/** A sequence whose end has not come yet, or a line whose carriage return may still be followed by a line feed. */
const unfinished =
	/(?:\x1b(?:\[[0-?]*[ -/]*|[ -/]*|[\]P_^X][^\x07\x1b\x9c\n]*\x1b?)?|\x9b[0-?]*[ -/]*|[\x9d\x90\x9f\x9e\x98][^\x07\x1b\x9c\n]*|[^\n]*\r|[\ud800-\udbff])$/;

/** UTF-16 units of a last character that may still be joined to what comes: all but ASCII other than keycaps. */
function lastCharacter(text: string): number {
	if (/(?:^|[\x00-\x7f])[\x00-\x22\x24-\x29\x2b-\x2f\x3a-\x7e]$/.test(text)) return 0;
	return Array.from(graphemes().segment(text.slice(-64)), part => part.segment).at(-1)?.length ?? 0;
}

/** More marks on one letter than any script writes are counted instead of drawn. */
const limitMarks = (text: string) =>
	text.replace(/(\p{M}{8})(\p{M}+)/gu, (_all, kept: string, rest: string) => `${kept}<+${[...rest].length} marks>`);

/** Whether an invisible character is where its script or emoji needs it. */
function belongs(found: string, text: string, offset: number): boolean {
	const before = text.slice(Math.max(0, offset - 24), offset);
	const after = text.slice(offset + found.length, offset + found.length + 2);
	const code = found.codePointAt(0)!;
	if (code === 0x200d)
		return (
			(/(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)$/u.test(before) && /^\p{Extended_Pictographic}/u.test(after)) ||
			joining.test(before)
		);
	if (code === 0x200c) return joining.test(before);
	if (code === 0xfe0e || code === 0xfe0f) return /\p{Emoji}$/u.test(before);
	if (code >= 0xe0020 && code <= 0xe007f) return /\u{1f3f4}[\u{e0020}-\u{e007e}]*$/u.test(before);
	if ((code >= 0xfe00 && code <= 0xfe02) || (code >= 0xe0100 && code <= 0xe01ef)) return /\p{Script=Han}$/u.test(before);
	return false;
}
/** Scripts whose letters change shape at a joiner or non-joiner (The Unicode Standard, 23.2). */
const joining =
	/[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Tibetan}]$/u;
