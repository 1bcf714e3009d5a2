import chalk, { type ColorSupportLevel } from 'chalk';

/** How a piece of text looks. Meaning never rests on colour alone. */
export type Style = { bold?: true; italic?: true; underline?: true; strike?: true; dim?: true; colour?: Colour };
export type Colour = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';

/** The text in that style, with the terminal's own sequences; as it is when colour is off. The text must be safe already. */
export function paint(text: string, style: Style): string {
	if (chalk.level === 0 || text === '') return text;
	let pen = style.colour ? chalk[style.colour] : chalk;
	if (style.bold) pen = pen.bold;
	if (style.dim) pen = pen.dim;
	if (style.italic) pen = pen.italic;
	if (style.underline) pen = pen.underline;
	if (style.strike) pen = pen.strikethrough;
	return pen(text);
}

export const dim = (text: string) => paint(text, { dim: true });
export const bold = (text: string) => paint(text, { bold: true });

/**
 * How many colours to use: none for `NO_COLOR` (no-color.org) or a dumb terminal, `FORCE_COLOR` (0–3) wins over the
 * terminal, else what `TERM` and `COLORTERM` say. chalk does not read `NO_COLOR`, so the level is set by us.
 */
export function colourLevel(env: Record<string, string | undefined>, isTerminal: boolean): ColorSupportLevel {
	if (env.NO_COLOR) return 0;
	const forced = env.FORCE_COLOR;
	if (forced !== undefined) return forced === '0' || forced === 'false' ? 0 : forced === '2' ? 2 : forced === '3' ? 3 : 1;
	if (!isTerminal || env.TERM === 'dumb') return 0;
	if (/^(?:truecolor|24bit)$/.test(env.COLORTERM ?? '')) return 3;
	return /256/.test(env.TERM ?? '') ? 2 : 1;
}

/** Sets the level for the whole program. */
export function setColours(level: ColorSupportLevel): void {
	chalk.level = level;
}
