/** Bytes to text and back, so that what an edit does not touch stays equal to the byte. Knows nothing of disks. */
import { Refusal } from '../types.js';
import { shown } from './names.js';
import type { Splice, TextFile } from './workspace.js';

/** `raw` is the file as it is, without its BOM; `text` has `\n` line ends. */
export type Decoded = Pick<TextFile, 'text' | 'eol' | 'bom'> & { raw: string };

/** UTF-8 with or without BOM. Anything else is refused with a sentence that names it; nothing is ever replaced by U+FFFD. */
export function decode(bytes: Uint8Array, path: string): Decoded {
	const wide = widths.find(({ mark }) => mark.every((byte, index) => bytes[index] === byte));
	if (wide) throw new Refusal(`${shown(path)} is ${wide.name} text; qwill edits UTF-8 only (iconv -f ${wide.name} -t UTF-8 converts it).`);
	if (bytes.includes(0)) throw new Refusal(`${shown(path)} is binary, ${bytes.length.toLocaleString('en')} bytes; qwill reads text only.`);
	const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
	const raw = utf8(bom ? bytes.subarray(3) : bytes, path);
	const pairs = raw.match(/\r\n/g)?.length ?? 0;
	const singles = raw.match(/(?<!\r)\n/g)?.length ?? 0;
	return { raw, text: lf(raw), bom, eol: pairs === 0 ? '\n' : singles === 0 ? '\r\n' : 'mixed' };
}

/** `\n` line ends, whatever `text` has. */
export const lf = (text: string): string => text.replaceAll('\r\n', '\n');

/** The bytes of a file with `raw` content. Refuses what UTF-8 text cannot hold. */
export function encode(raw: string, bom: boolean, path: string): Buffer {
	if (!raw.isWellFormed()) throw new Refusal(`The new text of ${shown(path)} holds half a character; nothing was written.`);
	if (raw.includes('\0')) throw new Refusal(`The new text of ${shown(path)} holds a NUL character; nothing was written.`);
	return Buffer.from(bom ? `\ufeff${raw}` : raw, 'utf8');
}

/**
 * The raw text after `edits`, whose offsets count in `file.text`. New line ends are the file's; in a file with both kinds,
 * those of the replaced lines, or of the line before. Offsets that are out of range or overlap are a caller's bug and throw.
 */
export function spliceRaw(file: Decoded, edits: readonly Splice[]): string {
	const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
	const rawOffset = file.eol === '\n' ? (offset: number) => offset : offsets(file.raw);
	let out = '';
	let done = 0;
	let last = 0;
	for (const { start, end, text } of sorted) {
		if (!(start >= last && end >= start && end <= file.text.length))
			throw new RangeError(`splice ${start}..${end} of ${file.text.length} overlaps or is out of range`);
		const from = rawOffset(start);
		const to = rawOffset(end);
		const eol = file.eol === 'mixed' ? eolNear(file.raw, from, to) : file.eol;
		out += file.raw.slice(done, from) + (eol === '\n' ? lf(text) : lf(text).replaceAll('\n', '\r\n'));
		done = to;
		last = end;
	}
	return out + file.raw.slice(done);
}

/** The one edit that turns `before` into `after`: what they have in common at both ends stays untouched. */
export function difference(before: string, after: string): Splice {
	const most = Math.min(before.length, after.length);
	let start = 0;
	while (start < most && before[start] === after[start]) start++;
	let tail = 0;
	while (tail < most - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
	return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}

/** From an offset into the text with `\n` to one into the raw text. Asked with rising offsets, it goes over the text once. */
function offsets(raw: string): (offset: number) => number {
	let text = 0;
	let at = 0;
	return offset => {
		while (text < offset) {
			at += raw[at] === '\r' && raw[at + 1] === '\n' ? 2 : 1;
			text++;
		}
		return at;
	};
}

/** The line end of the lines in `from..to`, else of the line before, else of the first line. */
function eolNear(raw: string, from: number, to: number): '\n' | '\r\n' {
	const replaced = /\r?\n/.exec(raw.slice(from, to))?.[0];
	const before = /\r?\n(?=[^\n]*$)/.exec(raw.slice(0, from))?.[0];
	return (replaced ?? before ?? /\r?\n/.exec(raw)?.[0]) === '\r\n' ? '\r\n' : '\n';
}

function utf8(bytes: Uint8Array, path: string): string {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch (error) {
		if (!(error instanceof TypeError)) throw error;
		throw new Refusal(
			`${shown(path)} is not UTF-8 text (perhaps Latin-1, or binary), ${bytes.length.toLocaleString('en')} bytes; qwill edits UTF-8 only.`,
		);
	}
}

/** Byte order marks (The Unicode Standard, 23.8); UTF-32's little end begins like UTF-16's, so it comes first. */
const widths = [
	{ name: 'UTF-32', mark: [0xff, 0xfe, 0, 0] },
	{ name: 'UTF-32', mark: [0, 0, 0xfe, 0xff] },
	{ name: 'UTF-16', mark: [0xff, 0xfe] },
	{ name: 'UTF-16', mark: [0xfe, 0xff] },
];
