import type { Edit } from '../probe.js';
import { isHashLanguage, tokensOf } from './lexer.js';
import { type MutantKind, mutantsOf, scopeOf } from './mutants.js';

/** Mutants of one function at the most; and of each kind for one line, the most telling kinds first. */
const most = 60;
const ofKind: readonly (readonly [MutantKind, number])[] = [
	['sign', 3],
	['word', 2],
	['value', 3],
	['part', 4],
	['removed', 1],
];

/** Lines of code between two lines of a text, both counted from 1 and inside, where something is done. */
export function codeLines(path: string, text: string, { from, to }: { from: number; to: number }): number[] {
	const hash = isHashLanguage(path);
	return text.split('\n').flatMap((line, index) => {
		const code = tokensOf(line, hash).filter(({ kind }) => kind !== 'space' && kind !== 'comment');
		const tells = code.some(({ kind }) => kind !== 'sign') && !/^\s*(?:\/?\*|else\b\W*$|\}?\s*(?:else|try|finally)\s*[:{]$)/.test(line);
		return index + 1 >= from && index < to && tells ? [index + 1] : [];
	});
}

/** A bounded number of mutants of these lines (from 1), every line in its turn. A removed line leaves the place it had. */
export function chosenMutants(path: string, text: string, lines: readonly number[]): Edit[] {
	const all = text.split('\n');
	const around = lines.map(line => all[line - 1]!);
	const each = lines.map((number, index) => {
		const line = around[index]!;
		const mutants = mutantsOf(line, scopeOf(path, around, index));
		const few = ofKind.flatMap(([kind, count]) => mutants.filter(one => one.kind === kind).slice(0, count));
		const nothing = `${/^\s*/.exec(line)![0]}${isHashLanguage(path) ? 'pass' : ';'}`;
		return few.map((one): Edit => [number, one.line ?? nothing]);
	});
	const longest = Math.max(0, ...each.map(edits => edits.length));
	return Array.from({ length: longest }, (_, turn) => each.flatMap(edits => (edits[turn] ? [edits[turn]] : [])))
		.flat()
		.slice(0, most);
}
