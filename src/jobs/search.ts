import type { Work } from '../agent/loop.js';
import { writerOf } from '../agent/writer.js';
import { worseBy } from '../checks/syntax/faults.js';
import type { TestReport } from '../checks/tests.js';
import { isGreen } from '../checks/verdict.js';
import type { AgentEvent, Writer } from '../types.js';
import { type Candidate, knowsTheAnswer, weight } from './candidate.js';
import { type Frontier, openFrontier } from './further.js';
import { type Fault, type Hints, locate } from './locate.js';
import { propose, simplerThan } from './propose.js';
import { isQuick } from './quick.js';
import { type Files, overlaid, type Trials } from './trials.js';
import { failures, passes } from './verdicts.js';

/**
 * What a search came to: `files` are the new texts that make all tests pass, or why there are none. `writer` is the model that had
 * a part in them; undefined where the program found them alone.
 */
export type Found = { files: Files; what: string[]; report: TestReport; writer: Writer | undefined } | { problem: string };

/** `before` is what the tests say of the copy as it is; `seen` holds what has been tried. */
export type Search = {
	trials: Trials;
	before: TestReport;
	hints: Hints;
	callId: string;
	seen: Set<string>;
};

/** Milliseconds. A candidate that needs longer than this, or some times what the tests needed before, runs for ever. */
const leastPatience = 1500;
/** Where the tests did not end before: how many times as long as the longest run that ended by itself, and at least (ms). */
const timesEnded = 5;
const leastEnded = 800;
/** Changes upon a change that are tried together; how many others are tried before the first of them, and for each one. */
const handful = 24;
const othersFirst = 48;
const othersForOne = 2.5;
/** Milliseconds of a run of the tests that is a slow one. */
const slow = 1000;

/**
 * Looks for a change that makes all tests pass: one fault after the other, each tried until no test that blames its file fails
 * and none fails that passed before. Ends with the best so far when `signal` fires.
 */
export async function* search(given: Search, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Found> {
	const { trials, before, hints, callId } = given;
	const say = (text: string): AgentEvent => ({ type: 'output', callId, text: `${text}\n` });
	const state: State = {
		files: new Map(),
		what: [],
		report: before,
		number: 0,
		further: 0,
		closest: undefined,
		ended: 0,
		writer: undefined,
	};
	const abandoned = new Set<string>();
	for (;;) {
		const faults = await locate(state.report, overlaid(trials.workspace, state.files), hints);
		const fault = faults.find(({ names, suspects }) => !abandoned.has(keyOf(names, suspects[0]?.path)));
		if (!fault) break;
		yield say(`${failures(state.report)}; looking in ${fault.suspects.map(({ path }) => path).join(', ')}`);
		const solved = yield* solve(fault, state, given, work, signal);
		if (isGreen(state.report)) return { files: state.files, what: state.what, report: state.report, writer: state.writer };
		if (signal.aborted) break;
		if (!solved) abandoned.add(keyOf(fault.names, fault.suspects[0]?.path));
	}
	if (state.number === 0 && signal.aborted) return { problem: 'No change could be tried in that time; --max-wall-time gives more of it.' };
	if (state.number === 0) return { problem: 'No source file was found that the failing tests could be about. Name one with @.' };
	return { problem: problemOf(state, before) };
}

const keyOf = (names: readonly string[], path = ''): string => `${path}\n${names.join('\n')}`;

/** How far the search has come: what is changed already, and what the tests say of that. */
type State = {
	files: Map<string, string>;
	what: string[];
	report: TestReport;
	number: number;
	/** Of these, changes upon those with which the tests come further. */
	further: number;
	closest: Closest | undefined;
	/** Milliseconds of the longest run that ended by itself. */
	ended: number;
	writer: Writer | undefined;
};
type Closest = { candidate: Candidate; report: TestReport };
type Passed = { candidate: Candidate; report: TestReport; weight: number };

/** Tries proposals for one fault until one solves it, which is then part of `state`. */
async function* solve(fault: Fault, state: State, given: Search, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, boolean> {
	const attempt: Attempt = { fault, state, search: given, frontier: openFrontier(fault, state.report) };
	const { firstFailure: failure, timedOut } = state.report;
	const quick = isQuick(state.report);
	if (timedOut && state.ended === 0) state.ended = await shortest(attempt, signal);
	for await (const step of propose({ fault, failure, seen: given.seen, quick }, work, signal)) {
		if (signal.aborted) return false;
		if ('type' in step) {
			yield step;
			continue;
		}
		const [first] = [...(yield* tryAll(step, attempt, signal)), ...(yield* tryFurther(attempt, quick, signal))];
		if (!first) continue;
		const [lighter] = yield* tryAll(simplerThan(first.candidate, fault.suspects), attempt, signal);
		const best = lighter && lighter.weight < first.weight && isGreen(lighter.report) === isGreen(first.report) ? lighter : first;
		state.files.set(best.candidate.path, best.candidate.text);
		state.what.push(best.candidate.what.trim());
		state.report = best.report;
		if (best.candidate.byModel) state.writer = writerOf(work.agent.engine.model, work.agent.sampling);
		return true;
	}
	return false;
}

/** Milliseconds of a run that ends at once, because the file to blame is empty: what starting takes. 0 where that does not end either. */
async function shortest({ fault, state, search: { trials } }: Attempt, signal: AbortSignal): Promise<number> {
	const path = fault.suspects[0]?.path ?? '';
	for await (const { report } of trials.run([new Map([...state.files, [path, '']])], 2 * leastPatience, signal))
		if (report && !report.timedOut) return report.milliseconds;
	return 0;
}

type Attempt = { fault: Fault; state: State; search: Search; frontier: Frontier };

/** Changes upon those with which the tests come further: one such for every so many others, where trying is quick. */
async function* tryFurther(attempt: Attempt, quick: boolean, signal: AbortSignal): AsyncGenerator<AgentEvent, Passed[]> {
	const { state, frontier, search } = attempt;
	if (!quick || state.number < othersFirst + state.further * othersForOne) return [];
	const some = frontier.next(handful).filter(({ path, text }) => !search.seen.has(`${path}\n${text.trimEnd()}`));
	for (const { path, text } of some) search.seen.add(`${path}\n${text.trimEnd()}`);
	state.further += some.length;
	return yield* tryAll(some, attempt, signal);
}

/** Tries these changes on top of what is changed already. Gives those that solve the fault, the best first. */
async function* tryAll(
	candidates: readonly Candidate[],
	{ fault, state, search: { trials, callId }, frontier }: Attempt,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Passed[]> {
	const patience = patienceFor(state);
	const passed: Passed[] = [];
	const sound: { candidate: Candidate; about: ReturnType<typeof proposed> }[] = [];
	const proposed = ({ what }: Candidate) => ({ type: 'candidate', callId, number: ++state.number, what }) as const;
	for (const candidate of candidates) {
		const about = proposed(candidate);
		yield { ...about, state: 'proposed' };
		if (await worseBy(candidate.path, { before: originalOf(candidate, fault), after: candidate.text }))
			yield { ...about, state: 'rejected', why: 'does not parse' };
		else sound.push({ candidate, about });
	}
	const sets = sound.map(({ candidate: { path, text } }) => new Map([...state.files, [path, text]]));
	const enough = new AbortController();
	const weights = sound.map(({ candidate }) => weight(originalOf(candidate, fault), candidate.text));
	// Behind one that makes all tests pass, only lighter ones could be better.
	let heaviest = Number.POSITIVE_INFINITY;
	const lighter = (index: number): boolean => weights[index]! < heaviest;
	for await (const { index, report } of trials.run(sets, patience, AbortSignal.any([signal, enough.signal]), lighter)) {
		const { candidate, about } = sound[index]!;
		if (report && !report.timedOut) state.ended = Math.max(state.ended, report.milliseconds);
		const original = originalOf(candidate, fault);
		const why = !report ? 'not tried' : whyNot(report, { fault, before: state.report, original, text: candidate.text });
		yield { ...about, ...(why === undefined ? { state: 'verified', why: passes(report!) } : { state: 'rejected', why }) };
		if (why === undefined) {
			passed.push({ candidate, report: report!, weight: weights[index]! });
			if (isGreen(report!)) heaviest = Math.min(heaviest, weights[index]!);
			// Where a run takes long, the first that passes is not compared with others.
			if (state.report.timedOut || state.report.milliseconds > slow) enough.abort();
		}
		if (why !== undefined && report) frontier.heard(candidate, report);
		if (why !== undefined && report && isCloser(report, state.closest?.report ?? state.report)) state.closest = { candidate, report };
	}
	return passed.sort((a, b) => Number(isGreen(b.report)) - Number(isGreen(a.report)) || a.weight - b.weight);
}

/** Milliseconds that one run may take. What does not end shows nothing about how long the tests need; what fails meanwhile does. */
function patienceFor({ report, ended }: State): number {
	if (!report.timedOut) return Math.max(leastPatience, report.milliseconds * 4);
	return ended === 0 ? 2 * leastPatience : Math.min(2 * leastPatience, Math.max(leastEnded, ended * timesEnded));
}

const originalOf = ({ path }: Candidate, { suspects }: Fault): string => suspects.find(suspect => suspect.path === path)?.text ?? '';

type Weighed = { fault: Fault; before: TestReport; original: string; text: string };

/** Why this change is not taken; undefined when it solves the fault. */
function whyNot(report: TestReport, { fault, before, original, text }: Weighed): string | undefined {
	if (!isGreen(report)) {
		if (report.timedOut || !report.ran || fault.names.length === 0) return failures(report);
		const now = new Set(report.failures.map(({ name }) => name));
		const old = new Set(before.failures.map(({ name }) => name));
		if (now.size === 0 || now.size !== (report.failed ?? now.size) || now.size >= old.size) return failures(report);
		if (fault.names.some(name => now.has(name))) return failures(report);
		const broken = [...now].find(name => !old.has(name));
		if (broken !== undefined) return `breaks ${broken}`;
	}
	if (knowsTheAnswer(original, text, fault.tests)) return 'passes only because it knows the answers of the tests';
	return undefined;
}

const isCloser = (report: TestReport, than: TestReport): boolean =>
	!report.timedOut &&
	report.failed !== undefined &&
	report.failed > 0 &&
	report.failed < (than.failed ?? 0) &&
	(report.passed ?? 0) >= (than.passed ?? 0) &&
	// A module that cannot be loaded is one failing test, whatever it holds.
	(report.passed ?? 0) + report.failed >= (than.passed ?? 0) + (than.failed ?? 0);

function problemOf({ what, report, closest, number }: State, before: TestReport): string {
	const tried = `No change was found that makes the tests pass (${failures(before)}; ${number.toLocaleString('en-US')} tried).`;
	if (what.length > 0)
		return `${tried} The closest was ${what.map(one => `\`${one}\``).join(' and ')}, with which ${failures(report)} still.`;
	return closest ? `${tried} The closest was \`${closest.candidate.what.trim()}\`, with which ${failures(closest.report)} still.` : tried;
}
