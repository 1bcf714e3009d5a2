import type { Work } from '../agent/loop.js';
import { definitions } from '../checks/syntax/definitions.js';
import { worseBy } from '../checks/syntax/faults.js';
import type { TestReport } from '../checks/tests.js';
import { isGreen } from '../checks/verdict.js';
import type { AgentEvent } from '../types.js';
import { type Candidate, knowsTheAnswer } from './candidate.js';
import { locate } from './locate.js';
import { propose } from './propose.js';
import { isQuick } from './quick.js';
import { overlaid, type Trials } from './trials.js';
import { breaksNothing, counted } from './verdicts.js';

/** Functions of other texts that are put in the place of a text's own, at the most. */
const mostExchanged = 60;
/** Milliseconds that a run of the tests may take at least, and how many times as long as that of the best text. */
const leastPatience = 1500;
const timesBest = 4;

/** A text for the file, and what the tests say of it. */
export type Tried = { text: string; report: TestReport };

/** `best` is the text to start from, `others` are those that were tried besides; candidates are counted from `number` on. */
export type Mending = {
	path: string;
	best: Tried;
	others: readonly string[];
	trials: Trials;
	callId: string;
	number: number;
};

/**
 * Brings a text closer to what the tests ask for, in steps that each make more of them pass and break none: a function of it exchanged for
 * that of another text, then what a fix would change. Ends with the closest text, when all tests pass, nothing more is found, or `signal` fires.
 */
export async function* mend(mending: Mending, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Tried> {
	const seen = new Set<string>();
	let { best, number } = mending;
	for (;;) {
		const step = yield* closer({ ...mending, best, number, seen }, work, signal);
		number = step.number;
		if (!step.found) return best;
		best = step.found;
		if (isGreen(best.report) || signal.aborted) return best;
	}
}

type Step = Mending & { seen: Set<string> };

/** The first change with which more tests pass, and the number behind the last that was tried. */
async function* closer(
	step: Step,
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, { found: Tried | undefined; number: number }> {
	const { path, best, trials, callId } = step;
	let { number } = step;
	const [fault] = await locate(best.report, overlaid(trials.workspace, new Map([[path, best.text]])), {
		named: [path],
		coverage: undefined,
	});
	for await (const proposed of changes(step, fault, work, signal)) {
		if (signal.aborted) break;
		if ('type' in proposed) {
			yield proposed;
			continue;
		}
		const sound: (Candidate & { number: number })[] = [];
		for (const candidate of proposed) {
			const knows = knowsTheAnswer(best.text, candidate.text, fault?.tests ?? '');
			if (knows || (await worseBy(path, { before: best.text, after: candidate.text }))) continue;
			sound.push({ ...candidate, number });
			yield { type: 'candidate', callId, number: number++, what: candidate.what, state: 'proposed' };
		}
		const found: Tried[] = [];
		for await (const { index, report } of trials.run(
			sound.map(({ text }) => new Map([[path, text]])),
			Math.max(leastPatience, best.report.milliseconds * timesBest),
			signal,
		)) {
			const { text, what, number } = sound[index]!;
			if (!report) continue;
			const isCloser = !report.timedOut && (report.passed ?? 0) > (best.report.passed ?? 0) && breaksNothing(report, best.report);
			if (isCloser) found.push({ text, report });
			yield { type: 'candidate', callId, number, what, state: isCloser ? 'verified' : 'rejected', why: counted(report) };
		}
		const [first] = found.sort((a, b) => (b.report.passed ?? 0) - (a.report.passed ?? 0));
		if (first) return { found: first, number };
	}
	return { found: undefined, number };
}

/** What may be changed in the best text, a handful at a time; what was `seen` does not come again. */
async function* changes(
	{ path, best, others, seen }: Step,
	fault: Awaited<ReturnType<typeof locate>>[number] | undefined,
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<Candidate[] | AgentEvent> {
	const exchanged = (await exchanges(path, best.text, others)).filter(({ text }) => !seen.has(text));
	for (const { text } of exchanged) seen.add(text);
	yield exchanged.slice(0, mostExchanged);
	const suspects = fault?.suspects.filter(suspect => suspect.path === path) ?? [];
	if (!fault || suspects.length === 0) return;
	yield* propose({ fault: { ...fault, suspects }, failure: best.report.firstFailure, seen, quick: isQuick(best.report) }, work, signal);
}

/** The text with one of its functions as another text has it. */
export async function exchanges(path: string, text: string, others: readonly string[]): Promise<Candidate[]> {
	const functions = async (of: string) =>
		((await definitions(path, of)) ?? []).filter(({ kind }) => kind === 'function' || kind === 'method');
	const own = await functions(text);
	const found = new Map<string, Candidate>();
	for (const other of others) {
		for (const { name, owner, start, end } of await functions(other)) {
			const place = own.find(one => one.name === name && one.owner === owner);
			if (!place) continue;
			const changed = text.slice(0, place.start) + other.slice(start, end) + text.slice(place.end);
			if (changed !== text) found.set(changed, { path, text: changed, what: `${path}  ${name} as in another text` });
		}
	}
	return [...found.values()];
}
