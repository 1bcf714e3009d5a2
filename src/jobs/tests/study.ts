import type { Work } from '../../agent/loop.js';
import { compilerOf } from '../../checks/compiled/compiled.js';
import { chosenMutants, codeLines } from '../../checks/mutants/choose.js';
import { type Bench, type Edit, probeEdits } from '../../checks/probe.js';
import { languageOf } from '../../checks/syntax/languages.js';
import { callsOf } from '../calls.js';
import { type Contradiction, contradictions, examplesOf, expectedOf } from './expected.js';
import { varied } from './inputs.js';
import { sequencesOf, testedIn } from './methods.js';
import { type Shows, telling, together } from './select.js';
import { type Steady, steadyOf, type Tried } from './steady.js';
import { namesIn, type Subject } from './subjects.js';

/** A call with what it shows; `made` by the program. */
export type Candidate = Steady & { shows: Shows; made: boolean };

/** What was found out about one function: the cases worth keeping, and how much of it they tell, before and after. */
export type Study = {
	subject: Subject;
	kept: Candidate[];
	steady: readonly Steady[];
	refused: ReadonlyMap<string, number>;
	mutants: number;
	before: Shows;
	after: Shows;
	lines: number;
	contradictions: Contradiction[];
};

/** `known` are the names that a test of the file can import; `tests` is the text of the test file that is there; `seconds` is the time for all. */
export type Studying = {
	subject: Subject;
	path: string;
	text: string;
	tests: string;
	known: ReadonlySet<string>;
	copy: Bench;
	seconds: number;
};

const asking = { rounds: 3, enough: 16, most: 24 };
/** Calls that others are made of; calls that are tried on mutants. */
const mostBases = 3;
const mostCalls = 60;
/** The parts of the time that calling everything once may take, and that the mutants may take; seconds, where that is too little. */
const shares = { calls: 0.1, mutants: 0.25 };
const leastSeconds = 2;

/** Ways from a value to all that a language can do. */
const roundabout = /__|\b(?:constructor|prototype)\b/;

/** `strings.Repeat(` in Go: a test would have to import it. */
const otherPackages = /(?<![\w.)\]])[a-z]\w*\.[A-Z]/;

/** Finds calls of this function that tell something about it. `enough` ends the asking of the model. Undefined where the file cannot be run. */
export async function study(
	studying: Studying,
	work: Work,
	{ signal, enough }: { signal: AbortSignal; enough: AbortSignal },
): Promise<Study | undefined> {
	const { subject, path, text, tests, copy } = studying;
	const { called, code } = subject;
	const python = languageOf(path) === 'python';
	const file = { path, text };
	const examples = examplesOf(called, text);
	const expected = [...examples, ...(await expectedOf(called, file, work, enough))];
	const asked = await callsOf(called, { ...file, ...asking }, work, enough);
	const tested = testedIn(tests, called);
	const proposed = [...new Set([...tested, ...expected.map(one => one.call), ...asked])];
	const isKnown = compilerOf(path)
		? (call: string) => !otherPackages.test(call.replace(/"(?:[^"\\]|\\.)*"/g, '""'))
		: (call: string) => !roundabout.test(call) && namesIn(call).every(one => studying.known.has(one));
	const secondsFor = (share: number) => Math.max(leastSeconds, studying.seconds * share);
	const tried = async (calls: readonly string[]) =>
		steadyOf(copy, { path, calls, code, isKnown }, { seconds: secondsFor(shares.calls), signal });
	const first = await tried([...proposed, ...expected.map(({ gives }) => `(${gives})`)]);
	if (!first) return undefined;
	const bases = first.steady.filter(({ call, kind }) => kind === 'value' && proposed.includes(call)).slice(0, mostBases);
	const begun = bases.length > 0 || proposed.some(call => first.refused.size > 0 && first.gives.has(call));
	const own = begun ? bases.map(({ call }) => call) : subject.guesses;
	const sequences = sequencesOf(begun ? proposed : own, subject, python);
	const made = [...(begun ? [] : own), ...sequences, ...varied([...own, ...sequences.slice(0, mostBases)], code)];
	const second = made.length > 0 ? await tried(made) : undefined;
	const wrong = contradictions(expected, text => first.gives.get(text) ?? first.gives.get(`(${text})`));
	const doubted = new Set(wrong.map(({ call }) => call));
	const all = [...first.steady.filter(({ call }) => proposed.includes(call)), ...(second?.steady ?? [])].slice(0, mostCalls);
	const lines = linesFor(studying, first);
	// What can run tells of statements; those of Go and Rust have parts in lines of their own, as the arms of a match.
	const { from, to } = subject.definition;
	const edits = chosenMutants(path, text, compilerOf(path) ? codeLines(path, text, { from: Math.min(from + 1, to), to }) : lines);
	const shown = await shownBy(all, { studying, edits, lines, proposed }, { seconds: secondsFor(shares.mutants), signal });
	const isTested = ({ call }: Steady) => tested.includes(call);
	const before = together(shown.cases.filter(isTested).map(({ shows }) => shows));
	const fresh = shown.cases.filter(one => !isTested(one) && !doubted.has(one.call));
	const kept = telling(fresh, before);
	const after = together([before, ...kept.map(({ shows }) => shows)]);
	const refused = new Map(first.refused);
	for (const [why, count] of second?.refused ?? []) refused.set(why, (refused.get(why) ?? 0) + count);
	return { subject, kept, steady: all, refused, mutants: shown.mutants, before, after, lines: lines.length, contradictions: wrong };
}

/** The lines of the function where something can run: as its language tells, else by how they look. */
function linesFor({ subject: { definition }, path, text }: Studying, { lines }: Tried): number[] {
	const { from, to } = definition;
	if (from === to) return [from];
	const code = text.split('\n');
	const inside = lines.filter(line => from < line && line <= to && !/^\s*(?:async\s+)?def\s/.test(code[line - 1]!));
	return inside.length > 0 ? inside : codeLines(path, text, { from: from + 1, to: to - 1 });
}

/** What each of the calls shows, and how many of the mutants run. */
async function shownBy(
	all: readonly Steady[],
	{
		studying: { copy, path },
		edits,
		lines,
		proposed,
	}: { studying: Studying; edits: readonly Edit[]; lines: readonly number[]; proposed: readonly string[] },
	limits: { seconds: number; signal: AbortSignal },
): Promise<{ cases: Candidate[]; mutants: number }> {
	if (all.length === 0) return { cases: [], mutants: 0 };
	const calls = all.map(({ call }) => call);
	const found = await probeEdits(copy, { path, calls, edits }, limits);
	const cases = all.map((one, i): Candidate => {
		const kills = found.flatMap((does, mutant) => (does?.[i] && does[i] !== one.does ? [mutant] : []));
		const made = !proposed.includes(one.call);
		return { ...one, made, shows: { kills: new Set(kills), lines: new Set(one.lines.filter(line => lines.includes(line))) } };
	});
	return { cases, mutants: found.filter(Boolean).length };
}
