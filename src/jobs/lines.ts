import { blocksOf, definedIn } from './blocks.js';

/**
 * What the failure and the tests say, and how suspicious each line is by what the tests ran (0 to 1), where that is known.
 * `endless`: the tests did not end.
 */
type Words = { mentioned: string; testText: string; ran?: ReadonlyMap<number, number> | undefined; endless?: boolean };

/** Lines worth trying, most suspicious first; blank lines, comments, imports and lone brackets are not. */
export function rankLines(text: string, traced: readonly number[], words: Words): number[] {
	const lines = text.split('\n');
	// Where it is known which lines the failing tests ran, the others cannot be to blame.
	const byRun = (line: number): number => (words.ran === undefined ? 0 : (words.ran.get(line) ?? 0) > 0 ? 2 * words.ran.get(line)! : -6);
	const looping = words.endless ? loopsIn(lines) : new Map<number, number>();
	const scored = blocksOf(text).flatMap(({ from, to, name }) => {
		const weight = !name ? 0 : hasWord(words.mentioned, name) ? 2 : hasWord(words.testText, name) ? 1 : 0;
		return lines.slice(from - 1, to).flatMap((line, i) => {
			if (!worthTrying(line)) return [];
			const number = from + i;
			return [
				{
					line: number,
					score: byRun(number) + (traced.includes(number) ? 4 : 0) + (looping.get(number) ?? 0) + weight + likely(line),
				},
			];
		});
	});
	const remarks = remarksIn(lines);
	const code = scored.filter(({ line }) => !inDocstring(lines, line) && !remarks.has(line));
	return code.sort((a, b) => b.score - a.score || a.line - b.line).map(({ line }) => line);
}

/** The lines (from 1) that may run for ever: the heads of loops with a condition most, then what stands in them, by indentation. */
function loopsIn(lines: readonly string[]): Map<number, number> {
	const found = new Map<number, number>();
	for (const [at, head] of lines.entries()) {
		if (!/^\W*(?:while|until|loop|for\s*\(\s*[^;)]*;|for\s*\{|for\s[^;{]*;)/.test(head)) continue;
		found.set(at + 1, 3);
		for (let i = at + 1; i < lines.length && (lines[i]!.trim() === '' || indentOf(lines[i]!) > indentOf(head)); i++)
			found.set(i + 1, Math.max(found.get(i + 1) ?? 0, 2));
	}
	return found;
}

/** What a line does is wrong more often than what it is called. */
const likely = (line: string): number => (definedIn(line) !== undefined ? -1 : /\breturn\b|[<>=+*/%-]/.test(line) ? 0.5 : 0);

/** Columns before the first letter. */
export const indentOf = (line: string): number => line.length - line.trimStart().length;

const hasWord = (text: string, word: string): boolean => new RegExp(`\\b${word}\\b`).test(text);

/** The lines (from 1) of comments that begin with `/*` on a line of their own, to the line that ends them. */
function remarksIn(lines: readonly string[]): Set<number> {
	const found = new Set<number>();
	let open = false;
	for (const [i, line] of lines.entries()) {
		open ||= /^\s*\/\*/.test(line);
		if (open) found.add(i + 1);
		if (line.includes('*/')) open = false;
	}
	return found;
}

/** Whether a line of Python stands inside a text of three quotes. */
const inDocstring = (lines: readonly string[], line: number): boolean =>
	(lines
		.slice(0, line - 1)
		.join('\n')
		.match(/"""|'''/g)?.length ?? 0) %
		2 ===
	1;

const worthTrying = (line: string) =>
	line.trim() !== '' &&
	!/^\s*(\/\/|#|\*|\/\*|"""|'''|import\b|from\b|use\b|package\b|export \{|\}?[)\]};,\s]*$|else\s*:?\s*\{?$|@)/.test(line);
