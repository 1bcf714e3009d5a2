import { type MutantKind, mutantsOf, scopeOf } from '../checks/mutants/mutants.js';
import { blockAt, blocksOf } from './blocks.js';
import type { Candidate } from './candidate.js';
import type { Ranked } from './ranked.js';

/** How much a kind of mutant is put back against lines that are less suspicious. */
const later: Record<MutantKind, number> = { sign: 0, word: 1, value: 2, part: 2, indent: 3, removed: 3, name: 6 };

/** The changes of these lines that a program can think of, the likeliest first. */
export function mutantsIn(places: readonly Ranked[]): Candidate[] {
	const scopes = new Map<string, ReturnType<typeof scopeOf>>();
	const found = places.flatMap(({ suspect, line }, place) => {
		const lines = suspect.text.split('\n');
		const block = blockAt(blocksOf(suspect.text), line) ?? { from: 1, to: lines.length };
		const key = `${suspect.path}:${line}`;
		const scope = scopes.get(key) ?? scopeOf(suspect.path, lines.slice(block.from - 1, block.to), line - block.from);
		scopes.set(key, scope);
		const count = new Map<MutantKind, number>();
		return mutantsOf(lines[line - 1] ?? '', scope).map(mutant => ({
			cost: later[mutant.kind] + place + nthOf(mutant.kind, count) * 0.05,
			path: suspect.path,
			text: [...lines.slice(0, line - 1), ...(mutant.line === undefined ? [] : [mutant.line]), ...lines.slice(line)].join('\n'),
			what: `${suspect.path}:${line}  ${mutant.line?.trim() ?? '(line removed)'}`,
		}));
	});
	return [...found, ...invertedIn(places)].sort((a, b) => a.cost - b.cost).map(({ cost: _cost, ...candidate }) => candidate);
}

function nthOf<T>(kind: T, count: Map<T, number>): number {
	const nth = count.get(kind) ?? 0;
	count.set(kind, nth + 1);
	return nth;
}

const truth = /^(\s*return\s+)(true|false)\b(?=\s*;?\s*(?:#.*|\/\/.*)?$)/i;
const begins = /^\s*(?:async\s+)?(?:def|function|fn|func)\b|=>\s*\{\s*$/;

/** Functions that say yes for no and no for yes: all that they return turned round at once, where both stand in one. */
function invertedIn(places: readonly Ranked[]): (Candidate & { cost: number })[] {
	const found = new Map<string, Candidate & { cost: number }>();
	for (const [place, { suspect, line }] of places.entries()) {
		const lines = suspect.text.split('\n');
		if (!truth.test(lines[line - 1] ?? '')) continue;
		const head = headOf(lines, line - 1);
		const own = lines.flatMap((text, i) => (truth.test(text) && headOf(lines, i) === head ? [i] : []));
		if (head === undefined || found.has(`${suspect.path}:${head}`) || new Set(own.map(i => truth.exec(lines[i]!)![2])).size < 2) continue;
		const text = lines
			.map((one, i) => (own.includes(i) ? one.replace(truth, (_, before, value) => before + opposite(value)) : one))
			.join('\n');
		const what = `${suspect.path}:${head + 1}  ${lines[head]!.trim()} the other way round`;
		found.set(`${suspect.path}:${head}`, { cost: 1 + place, path: suspect.path, text, what });
	}
	return [...found.values()];
}

const opposites: Readonly<Record<string, string>> = { true: 'false', false: 'true', True: 'False', False: 'True' };
const opposite = (value: string): string => opposites[value] ?? value;

/** The line (from 0) of the innermost function that this line is in, by indentation. */
function headOf(lines: readonly string[], at: number): number | undefined {
	const indent = (i: number) => lines[i]!.length - lines[i]!.trimStart().length;
	let inner = indent(at);
	for (let i = at - 1; i >= 0; i--) {
		if (lines[i]!.trim() === '' || indent(i) >= inner) continue;
		inner = indent(i);
		if (begins.test(lines[i]!)) return i;
	}
	return undefined;
}
