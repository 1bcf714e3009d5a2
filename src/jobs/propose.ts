import type { Work } from '../agent/loop.js';
import { type MutantKind, mutantsOf, scopeOf } from '../checks/mutants/mutants.js';
import type { AgentEvent } from '../types.js';
import { blockAt, blocksOf } from './blocks.js';
import { type Candidate, weight } from './candidate.js';
import { type Filling, fillAt } from './holes.js';
import type { Fault, Suspect } from './locate.js';
import { rewritten } from './rewrite.js';
import { isBystander, type Surprise, surpriseAt } from './surprise.js';

/** Mutants that are tried together, and at the least before the model is asked for the first time. */
const handful = 24;
/** Milliseconds for which more of them are tried while it loads and reads. */
const meanwhileMs = 2_000;
/** Lines for which the model is asked between two handfuls. */
const fewLines = 3;
/** Lighter changes of a line that are tried behind one that passes. */
const fewSimpler = 8;
/** Suspects that the model reads, and whose lines it fills. */
const read = 2;

/** `quick`: trying a change takes less than half a second. What is in `seen` does not come again. */
export type Proposing = { fault: Fault; failure: string; seen: Set<string>; quick: boolean };

/**
 * Proposals for one fault, a handful at a time, in the order that pays per second: where it is quick, some lines changed by
 * program while the model loads and reads; what the model finds surprising, and more lines changed by program, with lines filled
 * in by the model between; then the function written again with the failure shown, lines put in and spans replaced; then all that
 * with growing freedom.
 */
export async function* propose(proposing: Proposing, work: Work, signal: AbortSignal): AsyncGenerator<Candidate[] | AgentEvent> {
	const reading = new AbortController();
	try {
		yield* inOrder(proposing, work, { signal, reading: AbortSignal.any([signal, reading.signal]) });
	} finally {
		reading.abort(); // Who found something before the model had read needs it no more.
	}
}

async function* inOrder(
	{ fault, failure, seen, quick }: Proposing,
	work: Work,
	{ signal, reading }: { signal: AbortSignal; reading: AbortSignal },
): AsyncGenerator<Candidate[] | AgentEvent> {
	for (const { path, text } of fault.suspects) seen.add(`${path}\n${text.trimEnd()}`);
	const fresh = (candidates: readonly (Candidate | undefined)[]): Candidate[] =>
		candidates.flatMap(candidate => {
			const key = candidate && `${candidate.path}\n${candidate.text.trimEnd()}`;
			if (!candidate || key === undefined || seen.has(key)) return [];
			seen.add(key);
			return [candidate];
		});
	const [first] = fault.suspects;
	if (!first) return;
	const surprising = surprisesIn(fault.suspects.slice(0, read), work, reading);
	let isRead = false;
	surprising.catch(() => {}).finally(() => (isRead = true)); // It is awaited below, if it is needed.
	const early = quick ? mutantsIn(ranked(fault.suspects, new Map())) : [];
	const until = performance.now() + meanwhileMs;
	while (early.length > 0) {
		yield fresh(early.splice(0, handful));
		if (isRead || performance.now() > until) break;
	}
	const surprises = await surprising;
	const places = ranked(fault.suspects, surprises);
	const mutants = mutantsIn(places);
	const own = places.filter(({ suspect }) => fault.suspects.indexOf(suspect) < read);
	const ask = { fresh, work, signal, quick };

	yield fresh([...surprises.values()].flatMap(({ guesses }) => guesses));
	for (let i = 0; i < own.length || mutants.length > 0; i += fewLines) {
		yield fresh(mutants.splice(0, i < 2 * fewLines ? handful : 4 * handful));
		yield* fills(own.slice(i, i + fewLines), { span: 1, temperatures: [0, 0.8], keep: true }, ask);
		if (i === 2 * fewLines) yield* rewrites([first], [1], failure, ask);
	}
	if (own.length <= 2 * fewLines) yield* rewrites([first], [1], failure, ask);
	yield* fills(own.slice(0, 8), { span: 0, temperatures: [0] }, ask);
	yield* fills(own.slice(0, 5), { span: 2, temperatures: [0, 0.8] }, ask);
	yield* rewrites(fault.suspects.slice(0, 2), [2, 3], failure, ask);
	yield* fills(own, { span: 1, temperatures: [0.8, 1, 1] }, ask);
	yield* fills(own.slice(0, 8), { span: 0, temperatures: [0.8, 0.8] }, ask);
	yield* fills(own.slice(0, 5), { span: 3, temperatures: [0, 0.8] }, ask);
	yield* fills(own.slice(0, 3), { span: 5, temperatures: [0, 0.8] }, ask);
	yield* rewrites(fault.suspects.slice(0, 2), [4, 5, 6], failure, ask);
}

async function surprisesIn(suspects: readonly Suspect[], work: Work, signal: AbortSignal): Promise<Map<Suspect, Surprise>> {
	const surprises = new Map<Suspect, Surprise>();
	for (const suspect of suspects) {
		const surprise = await surpriseAt(suspect, work, signal);
		if (surprise) surprises.set(suspect, surprise);
	}
	return surprises;
}

/** How far lines are put back that are hardly ever at fault, and those that open a function, which seldom are. */
const last = 100;
const rarely = 3;
const opens = /^\s*(?:export\s+|default\s+|pub\s+|async\s+)*(?:def|function|func|fn|fun)\b|=>\s*\{\s*$/;

type Ranked = { suspect: Suspect; line: number };

/** All lines of all suspects: those of the first file first, and of a file the more surprising ones. */
function ranked(suspects: readonly Suspect[], surprises: ReadonlyMap<Suspect, Surprise>): Ranked[] {
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

/** How much a kind of mutant is put back against lines that are less suspicious. */
const later: Record<MutantKind, number> = { sign: 0, word: 1, value: 2, part: 2, indent: 3, removed: 3, name: 6 };

function mutantsIn(places: readonly Ranked[]): Candidate[] {
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

/** Changes of the same single line that only take something away, and weigh less than this one. */
export function simplerThan({ path, text }: Candidate, suspects: readonly Suspect[]): Candidate[] {
	const suspect = suspects.find(one => one.path === path);
	if (!suspect) return [];
	const [old, lines] = [suspect.text.split('\n'), text.split('\n')];
	const line = old.findIndex((one, i) => one !== lines[i]) + 1;
	if (line === 0 || old.length !== lines.length || old.slice(line).join('\n') !== lines.slice(line).join('\n')) return [];
	const own = weight(suspect.text, text);
	return mutantsIn([{ suspect, line }])
		.map(candidate => ({ candidate, weight: weight(suspect.text, candidate.text) }))
		.filter(({ candidate, weight }) => candidate.text.length < suspect.text.length && weight < own)
		.sort((a, b) => a.weight - b.weight)
		.slice(0, fewSimpler)
		.map(({ candidate }) => candidate);
}

type Ask = { fresh(candidates: readonly (Candidate | undefined)[]): Candidate[]; work: Work; signal: AbortSignal; quick: boolean };

/** `keep`: once more for each line, with what it begins with left as it is. */
type Fills = { span: number; temperatures: readonly number[]; keep?: true };

/**
 * A few places at a time, the likeliest filling of each first. Where trying is quick, each is tried before the model is asked for
 * more; else they are tried together.
 */
async function* fills(
	places: readonly Ranked[],
	{ span, temperatures, keep }: Fills,
	{ fresh, work, signal, quick }: Ask,
): AsyncGenerator<Candidate[]> {
	const [first, ...others] = temperatures.map((temperature, round): Filling => ({ temperature, round: round + span * 10 }));
	const rounds = [first ? [first] : [], [...(keep ? [{ temperature: 0, round: 0, keep }] : []), ...others]];
	for (let i = 0; i < places.length; i += fewLines) {
		const found: (Candidate | undefined)[] = [];
		for (const ways of rounds)
			for (const { suspect, line } of places.slice(i, i + fewLines)) {
				for (const way of ways) {
					if (signal.aborted) return;
					found.push(await fillAt({ suspect, line, span }, way, work, signal));
				}
				if (quick) yield fresh(found.splice(0));
			}
		yield fresh(found);
	}
}

async function* rewrites(
	suspects: readonly Suspect[],
	rounds: readonly number[],
	failure: string,
	{ fresh, work, signal }: Ask,
): AsyncGenerator<Candidate[] | AgentEvent> {
	for (const round of rounds)
		for (const suspect of suspects) {
			if (signal.aborted) return;
			yield fresh([yield* rewritten({ suspect, failure, round }, work, signal)]);
		}
}
