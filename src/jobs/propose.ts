import type { Work } from '../agent/loop.js';
import type { AgentEvent } from '../types.js';
import { type Candidate, weight } from './candidate.js';
import { type Filling, fillAt } from './holes.js';
import type { Fault, Suspect } from './locate.js';
import { mutantsIn } from './mutated.js';
import { isAround, type Ranked, ranked } from './ranked.js';
import { rewritten } from './rewrite.js';
import { type Guess, type Surprise, surpriseAt } from './surprise.js';
import { throughout } from './throughout.js';

/** Mutants that are tried together, and at the least before the model is asked for the first time. */
const handful = 24;
/** The same, where trying one takes as long as asking the model. */
const fewSlow = 6;
/** Milliseconds for which more of them are tried while it loads and reads. */
const meanwhileMs = 2_000;
/** Lines for which the model is asked between two handfuls. */
const fewLines = 3;
/**
 * The likeliest text for a line is right four times of five, where the line is at fault. Other texts for it come behind the likeliest of
 * so many lines; where trying is slow, with it.
 */
const twice = 2 * fewLines;
/** Changes of what the model wrote for a line. */
const fewNear = 10;
/** Lighter changes of a line that are tried behind one that passes. */
const fewSimpler = 8;
/** Suspects that the model reads, and whose lines it fills. */
const read = 2;

/** `quick`: trying a change takes less than half a second. What is in `seen` does not come again. */
export type Proposing = { fault: Fault; failure: string; seen: Set<string>; quick: boolean };

/**
 * Proposals for one fault, a handful at a time, in the order that pays per second: where it is quick, some lines changed by
 * program while the model loads and reads; what the model would have written instead; more lines changed by program, with lines
 * filled in and put in by the model between, and once the function written again with the failure shown; then spans replaced; then
 * all that with growing freedom.
 */
export async function* propose(proposing: Proposing, work: Work, signal: AbortSignal): AsyncGenerator<Candidate[] | AgentEvent> {
	const reading = new AbortController();
	try {
		yield* inOrder(proposing, work, { signal, reading: AbortSignal.any([signal, reading.signal]) });
	} finally {
		reading.abort(); // Who found something before the model had read needs it no more.
	}
}

/** Changes by program: of single lines, with those of whole functions behind the likeliest. */
function earliest(places: readonly Ranked[]): Candidate[] {
	const mutants = mutantsIn(places);
	return [...mutants.slice(0, handful), ...throughout(places), ...mutants.slice(handful)];
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
	const early = quick ? earliest(ranked(fault.suspects, new Map())) : [];
	const until = performance.now() + meanwhileMs;
	while (early.length > 0) {
		yield fresh(early.splice(0, handful));
		if (isRead || performance.now() > until) break;
	}
	const surprises = await surprising;
	const places = ranked(fault.suspects, surprises);
	const mutants = earliest(places);
	const own = places.filter(({ suspect }) => fault.suspects.indexOf(suspect) < read);
	const inner = own.filter(place => !isAround(place));
	const [some, lag] = quick ? [handful, twice] : [fewSlow, 0];
	const ask = { fresh, work, signal, quick, suspects: fault.suspects };

	const guesses = [...surprises.values()].flatMap(({ guesses }) => guesses);
	yield fresh(guesses);
	yield fresh(quick ? guesses.slice(0, fewLines).flatMap(guess => near(guess, fault.suspects)) : []);
	yield* continued(guesses.slice(0, fewLines), ask);
	for (let i = 0; i < inner.length + lag || i <= twice || mutants.length > 0; i += fewLines) {
		yield fresh(mutants.splice(0, i < twice ? some : 2 * some));
		yield* fills(inner.slice(i, i + fewLines), { span: 1, temperatures: [0] }, ask);
		const behind = i < lag ? [] : inner.slice(i - lag, i - lag + fewLines);
		yield* fills(behind, { span: 0, temperatures: [0] }, ask);
		yield* fills(behind, { span: 1, temperatures: [0.8], keep: true }, ask);
		if (i === twice) yield* rewrites([first], [1], failure, ask);
	}
	yield* fills(own.slice(0, 5), { span: 2, temperatures: [0, 0.8] }, ask);
	yield* fills(own.filter(isAround), { span: 1, temperatures: [0], keep: true }, ask);
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

/** The line (from 1) in which alone the texts differ, where it has another text, or is new; undefined where more is changed. */
function changedLine(before: string, after: string): { line: number; isNew: boolean } | undefined {
	const [old, lines] = [before.split('\n'), after.split('\n')];
	const at = lines.findIndex((one, i) => one !== old[i]);
	const isNew = lines.length > old.length;
	const isAlone = at >= 0 && old.slice(isNew ? at : at + 1).join('\n') === lines.slice(at + 1).join('\n');
	return isAlone ? { line: at + 1, isNew } : undefined;
}

/** What the model wrote for a line, changed a little by program: it is often right but for a sign or a number. */
function near({ path, text }: Candidate, suspects: readonly Suspect[]): Candidate[] {
	const suspect = suspects.find(one => one.path === path);
	const changed = suspect && changedLine(suspect.text, text);
	if (!changed) return [];
	const { line } = changed;
	return mutantsIn([{ suspect: { path, text, lines: [line] }, line }])
		.slice(0, fewNear)
		.map(candidate => ({ ...candidate, byModel: true }));
}

/** Changes of the same single line that only take something away, and weigh less than this one. */
export function simplerThan({ path, text }: Candidate, suspects: readonly Suspect[]): Candidate[] {
	const suspect = suspects.find(one => one.path === path);
	const changed = suspect && changedLine(suspect.text, text);
	if (!changed || changed.isNew) return [];
	const { line } = changed;
	const own = weight(suspect.text, text);
	return mutantsIn([{ suspect, line }])
		.map(candidate => ({ candidate, weight: weight(suspect.text, candidate.text) }))
		.filter(({ candidate, weight }) => candidate.text.length < suspect.text.length && weight < own)
		.sort((a, b) => a.weight - b.weight)
		.slice(0, fewSimpler)
		.map(({ candidate }) => candidate);
}

type Ask = {
	fresh(candidates: readonly (Candidate | undefined)[]): Candidate[];
	work: Work;
	signal: AbortSignal;
	quick: boolean;
	suspects: readonly Suspect[];
};

/** `keep`: once more for each line, with what it begins with left as it is. */
type Fills = { span: number; temperatures: readonly number[]; keep?: true };

/**
 * A few places at a time, the likeliest filling of each first. Where trying is quick, each is tried, and what is near to it, before the
 * model is asked for more; else they are tried together.
 */
async function* fills(
	places: readonly Ranked[],
	{ span, temperatures, keep }: Fills,
	{ fresh, work, signal, quick, suspects }: Ask,
): AsyncGenerator<Candidate[]> {
	const ways = temperatures.map((temperature, round): Filling => ({ temperature, round: round + span * 10 + (keep ? 1 : 0) }));
	const [first, ...others] = keep ? [{ temperature: 0, round: 0, keep }, ...ways] : ways;
	const rounds = [first ? [first] : [], others];
	for (let i = 0; i < places.length; i += fewLines) {
		const found: (Candidate | undefined)[] = [];
		for (const ways of rounds)
			for (const { suspect, line } of places.slice(i, i + fewLines)) {
				for (const way of ways) {
					if (signal.aborted) return;
					found.push(await fillAt({ suspect, line, span }, way, work, signal));
				}
				if (!quick) continue;
				const filled = fresh(found.splice(0));
				yield filled;
				yield fresh(filled.flatMap(one => near(one, suspects)));
			}
		yield fresh(found);
	}
}

/** What the model would have written instead, with the rest of the line as it goes on from there. */
async function* continued(guesses: readonly Guess[], { fresh, work, signal, suspects }: Ask): AsyncGenerator<Candidate[]> {
	const found: (Candidate | undefined)[] = [];
	for (const { path, line, begin } of guesses) {
		const suspect = suspects.find(one => one.path === path);
		if (signal.aborted || !suspect) return;
		found.push(await fillAt({ suspect, line, span: 1 }, { temperature: 0, round: 0, begin }, work, signal));
	}
	yield fresh(found);
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
