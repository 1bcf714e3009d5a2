/** The whole new text of one file, and what it does in a few words for the person. `byModel`: a model wrote it, not the program. */
export type Candidate = { path: string; text: string; what: string; byModel?: true };

/** A line of `old` that this text writes differently, or has more. */
export function newLines(old: string, text: string): string[] {
	const known = new Set(old.split('\n').map(line => line.trim()));
	return text.split('\n').filter(line => line.trim() !== '' && !known.has(line.trim()));
}

/** What a change costs the reader: what is put in counts whole, what is taken away a little. */
export function weight(old: string, text: string): number {
	const { head, tail } = same(old, text);
	return text.length - head - tail + 0.3 * (old.length - head - tail);
}

/** How many characters are the same at both ends. */
function same(old: string, text: string): { head: number; tail: number } {
	const least = Math.min(old.length, text.length);
	let head = 0;
	while (head < least && old[head] === text[head]) head++;
	let tail = 0;
	while (tail < least - head && old.at(-1 - tail) === text.at(-1 - tail)) tail++;
	return { head, tail };
}

/**
 * Whether a change only knows the tests' answers: a new line asks for, or gives, a value that stands in the tests and nowhere
 * in the old text. Small numbers and empty strings are nobody's answer.
 */
export function knowsTheAnswer(old: string, text: string, tests: string): boolean {
	const values = (code: string): Set<string> =>
		new Set([...code.matchAll(/(["'])((?:\\.|(?!\1).){2,})\1|\b(\d{2,}(?:\.\d+)?|\d+\.\d+)\b/g)].map(match => match[2] ?? match[3] ?? ''));
	const answers = values(tests);
	// Written in another case is no answer that was not there.
	const known = values(old.toLowerCase());
	const given = (value: string): boolean => answers.has(value) && !known.has(value.toLowerCase());
	return newLines(old, text).some(line => /[=!]=|\bin\b|\bcase\b|\breturn\b|[{:]/.test(line) && [...values(line)].some(given));
}
