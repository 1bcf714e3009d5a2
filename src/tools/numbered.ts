/** Lines as the model is shown them: number, two spaces, text. `from` is the number of the first. */
export const numbered = (lines: readonly string[], from: number): string =>
	lines.map((line, index) => `${from + index}  ${line}`.trimEnd()).join('\n');

/** What the number of a copied line looks like: ours, and those of other programs that models have read. */
const strong = /^\s*(\d+)(?:\t| ?[|│→] ?|: ?| {2}|\s*$)/;
const weak = /^\s*(\d+) /;

/**
 * `text` without line numbers that were copied along with it: only when every line has one and they count up. Undefined
 * when these are no line numbers.
 */
export function withoutNumbers(text: string): string | undefined {
	const lines = text.replace(/\n$/, '').split('\n');
	for (const form of lines.length > 1 ? [strong, weak] : [strong]) {
		const found = lines.map(line => form.exec(line));
		const first = Number(found[0]?.[1]);
		if (lines.every((_line, index) => Number(found[index]?.[1]) === first + index)) {
			return lines.map((line, index) => line.slice(found[index]![0].length)).join('\n') + (text.endsWith('\n') ? '\n' : '');
		}
	}
	return undefined;
}
