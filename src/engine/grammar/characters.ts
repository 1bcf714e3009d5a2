import { type Expr, either, literal, nothing, oneIn } from './gbnf.js';

/** A character of a JSON string, in any of the ways to write it. Half of a surrogate pair is not one. */
export const anyCharacter: Expr = [
	'[^"\\\\\\x00-\\x1F\\x7F]',
	'"\\\\" ["\\\\/bfnrt]',
	'"\\\\u" ([0-9a-cA-CeEfF] [0-9a-fA-F]{3} | [dD] [0-7] [0-9a-fA-F]{2})',
	'"\\\\u" [dD] [89abAB] [0-9a-fA-F]{2} "\\\\u" [dD] [c-fC-F] [0-9a-fA-F]{2}',
].join(' | ');

/** Ranges of characters that stand for themselves in a JSON string, beyond ASCII; line separators are for nobody. */
const beyondAscii = '\u00a0\u2027\u202a\ud7ff\ue000\ufffd\u{10000}\u{10ffff}';

/** Printable ASCII characters, and whether all beyond ASCII belong to it too. */
export type CharacterSet = { ascii: string; beyond: boolean };

export const printable = Array.from({ length: 0x7f - 0x20 }, (_, i) => String.fromCharCode(0x20 + i)).join('');

/** One character of the set, as it is written in a JSON string. Undefined when the set is empty. */
export function oneOf({ ascii, beyond }: CharacterSet): Expr | undefined {
	const themselves = [...ascii].filter(char => char !== '"' && char !== '\\');
	const pairs = themselves.map(char => char + char).join('') + (beyond ? beyondAscii : '');
	return either([
		pairs === '' ? undefined : oneIn(joined(pairs)),
		ascii.includes('"') ? literal('\\"') : undefined,
		ascii.includes('\\') ? literal('\\\\') : undefined,
	]);
}

/**
 * The text within the quotes of a JSON string. What is not ASCII may also be written as an escape: a vocabulary may lack the
 * character, and then there would be no way on.
 */
export function written(text: string): Expr {
	const parts: Expr[] = [];
	let run = '';
	const flush = () => {
		if (run) parts.push(literal(run));
		run = '';
	};
	for (const char of text) {
		const plain = JSON.stringify(char).slice(1, -1);
		if (/^[\x20-\x7e]+$/.test(plain)) run += plain;
		else {
			flush();
			const units = Array.from({ length: char.length }, (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`);
			parts.push(`(${literal(char)} | ${literal(units.join(''))})`);
		}
	}
	flush();
	return parts.join(' ') || nothing;
}

/** Ranges that touch are one. */
function joined(pairs: string): string {
	const chars = [...pairs];
	const ranges: [number, number][] = [];
	for (let i = 0; i < chars.length; i += 2) {
		const [from, to] = [chars[i]!.codePointAt(0)!, chars[i + 1]!.codePointAt(0)!];
		const last = ranges.at(-1);
		if (last && last[1] + 1 === from) last[1] = to;
		else ranges.push([from, to]);
	}
	return ranges
		.flat()
		.map(code => String.fromCodePoint(code))
		.join('');
}
