import type { Suspect } from './locate.js';
import { isBystander, type Surprise } from './surprise.js';

/** How far lines are put back that are hardly ever at fault, and those that open a function, which seldom are. */
const last = 100;
const rarely = 3;
const opens = /^\s*(?:export\s+|default\s+|pub\s+|async\s+)*(?:def|function|func|fn|fun)\b|=>\s*\{\s*$/;

/** A line (from 1) of a suspect. */
export type Ranked = { suspect: Suspect; line: number };

/** All lines of all suspects: those of the first file first, and of a file the more surprising ones. */
export function ranked(suspects: readonly Suspect[], surprises: ReadonlyMap<Suspect, Surprise>): Ranked[] {
	return suspects.flatMap(suspect => {
		const { lines } = surprises.get(suspect) ?? {};
		const texts = suspect.text.split('\n');
		// The order by the trace and the tests counts as much as the model's surprise, which also comes from rare words.
		// What a file needs is at fault where that is what failed; else every test only passes by it.
		const behind = (text: string, place: number): number => (place > 0 && isBystander(text) ? last : opens.test(text) ? rarely : 0);
		const score = (line: number, place: number): number => (lines?.get(line) ?? 0) - place * 0.4 - behind(texts[line - 1] ?? '', place);
		const order = suspect.lines.map((line, place) => ({ line, score: score(line, place) })).sort((a, b) => b.score - a.score);
		return order.map(({ line }) => ({ suspect, line }));
	});
}

/** Whether the line stands around what is done: it says what is needed, or what others may use, or opens a function. */
export function isAround({ suspect, line }: Ranked): boolean {
	const text = suspect.text.split('\n')[line - 1] ?? '';
	return isBystander(text) || opens.test(text);
}
