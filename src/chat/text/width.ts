import stringWidth from 'string-width';

/** Columns that a text without control characters takes: wide characters and emoji 2, combining marks 0. Never throws. */
export function width(text: string): number {
	if (ascii.test(text)) return text.length;
	try {
		return stringWidth(text);
	} catch {
		return [...text].length; // string-width has thrown on lone prefix signs (U+0602); a guess beats a dead screen.
	}
}

/** What a person sees as the characters of a text. */
export function graphemes(text: string): string[] {
	if (ascii.test(text)) return text.split('');
	return Array.from(segmenter.segment(text), part => part.segment);
}

/** The longest beginning that fits in `columns`, with `…` where something was cut. */
export function clip(text: string, columns: number): string {
	if (width(text) <= columns) return text;
	let kept = '';
	let used = 1;
	for (const one of graphemes(text)) {
		used += width(one);
		if (used > columns) break;
		kept += one;
	}
	return columns > 0 ? `${kept}…` : '';
}

const ascii = /^[\x20-\x7e]*$/;
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
