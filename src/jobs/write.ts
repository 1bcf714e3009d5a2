import { carryOut, type Work } from '../agent/loop.js';
import { showFile } from '../agent/material.js';
import { findTestCommand, type TestCommand, type TestReport } from '../checks/tests.js';
import { isGreen } from '../checks/verdict.js';
import type { AgentEvent, Ending } from '../types.js';
import { agreementIn, openAgreement } from './agreement.js';
import { attempts, type Verdict } from './attempts.js';
import type { Order } from './draft.js';
import { mend } from './mend.js';
import { callId, conclude, fails, speak, stopped } from './speak.js';
import { lateIn, timeFor, timeUp, unlessLate } from './time.js';
import { openTrials, type Trials } from './trials.js';
import { breaksNothing, capital, counted, passes, verified } from './verdicts.js';

/** Texts that are tried at the most. */
const mostTries = 40;
/** Texts that are written side by side, which takes less time for each. */
const textsTogether = 4;
/** The parts of the time in which whole texts are begun, and written; in the rest the best of them is brought closer. */
const shares = { begin: 0.6, write: 0.8 };
/** Milliseconds that a run of the tests may take at least, and how many times as long as before; what takes longer runs for ever. */
const leastPatience = 10_000;
const timesBefore = 10;
/** Characters of tests that the model is shown. */
const mostTests = 6_000;

/**
 * Writes one file so that the project's tests pass: proposes whole texts, tries each in a private copy, repairs one only where it
 * came closer, and offers one with which all tests pass, and which others of those agree with; when time is up, the best that breaks
 * nothing, and says how far it comes. The file is touched by that only, and only when it is approved. Undefined where there are no tests that may be run.
 */
export async function* write(order: Order, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending | undefined> {
	const { agent } = work;
	const time = timeFor(agent.limits);
	const late = lateIn(time.search);
	const command = await findTestCommand(agent.workspace, agent.testCommand);
	if (!command) return undefined;
	const patient = { ...work, agent: { ...agent, testMilliseconds: time.run } };
	const baseline = yield* carryOut({ call: { id: callId('tests', work), tool: 'run_tests', args: {} }, because: '' }, patient, signal);
	if (signal.aborted) return { reason: 'interrupted' };
	if (baseline.refused) return undefined;
	const searching = {
		command,
		patience: time.run,
		closing: lateIn(time.search * shares.begin),
		drafting: lateIn(time.search * shares.write),
		until: performance.now() + time.search * shares.write,
		late,
	};
	const { before, best } = yield* search(order, searching, work, signal);
	if (signal.aborted) return { reason: 'interrupted' };
	const ended = late.aborted ? ` ${timeUp}` : '';
	if (!before || !best)
		return yield* fails(`Nothing that was written for it kept what the tests ask for; nothing was changed.${ended}`, work);
	return yield* apply({ order, best, before, ended }, work, signal);
}

/** `agreed`: what else speaks for it than the tests. */
type Best = { text: string; report: TestReport; agreed?: string | undefined };

async function* apply(
	{ order, best, before, ended }: { order: Order; best: Best; before: TestReport; ended: string },
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Ending> {
	const { path, text } = order.target;
	if (text !== null) await work.agent.workspace.files.read(path);
	const call = { id: callId('write', work), tool: 'write_file', args: { file_path: path, content: best.text } };
	const says = isGreen(best.report) ? verified(best.report, before) : counted(best.report);
	const besides = best.agreed === undefined ? '' : `; ${best.agreed}`;
	const shown = `${says}, in a copy of the folder with this change${besides}`;
	const written = yield* carryOut({ call, because: '', verified: shown }, work, signal);
	if (written.refused) return { reason: 'denied', tool: 'write_file' };
	if (!written.ok) return { reason: 'checks-failed', detail: written.text };
	if (isGreen(best.report)) return yield* speak(`Written: \`${path}\`. ${capital(says)}${besides}.`, work);
	return yield* fails(`\`${path}\` is written, and not done: ${says}.${ended}`, work);
}

/** No text is begun behind `closing` if there is one that can be brought closer, none is written on behind `drafting`, and nothing is done behind `late`. */
type Searching = { command: TestCommand; patience: number; until: number } & Record<'closing' | 'drafting' | 'late', AbortSignal>;

/** The search as one call that the person can watch. */
async function* search(
	order: Order,
	{ command, patience, closing, drafting, until, late }: Searching,
	work: Work,
	person: AbortSignal,
): AsyncGenerator<AgentEvent, { before: TestReport | undefined; best: Best | undefined }> {
	const call = { id: callId('search', work), tool: 'write', args: { file_path: order.target.path, command: command.line } };
	yield { type: 'call', call, title: `writing ${order.target.path} until the tests pass` };
	const signal = AbortSignal.any([person, late]);
	let trials: Trials | undefined;
	const kept: { best?: Best } = {};
	const greens = new Map<string, TestReport>();
	const others: string[] = [];
	const agreeing = openAgreement({ path: order.target.path, before: order.target.text ?? '' }, work, signal);
	try {
		[trials] = await unlessLate(async () => [await openTrials(work.agent.workspace, command, signal)], signal);
		if (!trials) {
			yield* conclude(call, { ok: false, text: timeUp }, work);
			return { before: undefined, best: undefined };
		}
		const before = await trials.baseline(patience, signal);
		if (!isGreen(before)) await trials.narrow(before, signal);
		const tests = await testsOf(before, trials);
		const patient = Math.min(patience, Math.max(leastPatience, before.milliseconds * timesBefore));
		const { run } = trials;
		const judge = async (text: string): Promise<Verdict> => {
			const [report] = await collected(run([new Map([[order.target.path, text]])], patient, signal));
			if (!report) return { verified: false, why: 'not tried' };
			others.push(text);
			const green = isGreen(report);
			if (green) greens.set(text, report);
			if (green || (isBetter(report, kept.best?.report ?? before) && breaksNothing(report, before))) kept.best = { text, report };
			return { verified: green, why: green ? passes(report) : counted(report) };
		};
		const repair = repairs(() => (greens.size > 0 ? undefined : kept.best), before);
		const bounds = { most: mostTries, together: textsTogether, closing: () => closing.aborted && kept.best !== undefined, until };
		const texts = { callId: call.id, order, tests, repair, enough: agreeing.hear, ...bounds };
		const { tried: count } = yield* attempts(
			texts,
			judge,
			work,
			AbortSignal.any([signal, unlessLast(drafting, () => kept.best !== undefined)]),
		);
		if (kept.best && greens.size === 0 && !signal.aborted) {
			const mending = { path: order.target.path, best: kept.best, others, trials, callId: call.id, number: count + 1 };
			kept.best = yield* mend(mending, work, signal);
		}
		const agreed = agreeing.best();
		const best = agreed ? { text: agreed.text, report: greens.get(agreed.text)!, agreed: agreementIn(agreed) } : kept.best;
		const outcome = { ok: best !== undefined && isGreen(best.report), text: best ? counted(best.report) : 'nothing better was found' };
		yield* conclude(call, person.aborted ? stopped : outcome, work);
		return { before, best };
	} finally {
		await agreeing.close();
		await trials?.close();
	}
}

/** Fires with `signal` if there is something else to do by then. */
function unlessLast(signal: AbortSignal, isMore: () => boolean): AbortSignal {
	const stop = new AbortController();
	signal.addEventListener('abort', () => isMore() && stop.abort(), { once: true });
	return stop.signal;
}

/** Every third time the best so far is repaired, once, where it came closer than what was there: a small model repeats itself. */
function repairs(bestSoFar: () => Best | undefined, before: TestReport) {
	let repaired = '';
	return (round: number) => {
		const best = bestSoFar();
		if (round % 3 !== 0 || !best || best.text === repaired || (best.report.passed ?? 0) <= (before.passed ?? 0)) return undefined;
		repaired = best.text;
		return { text: best.text, failure: best.report.firstFailure };
	};
}

const collected = async (running: ReturnType<Trials['run']>) => {
	const reports: (TestReport | undefined)[] = [];
	for await (const { report } of running) reports.push(report);
	return reports;
};

const isBetter = (report: TestReport, than: TestReport): boolean => !report.timedOut && (report.passed ?? 0) > (than.passed ?? 0);

/** The failing tests' files, as the model is shown them. */
async function testsOf({ failures }: TestReport, { workspace }: Trials): Promise<string> {
	const paths = [...new Set(failures.flatMap(({ file }) => file ?? []))];
	const texts: string[] = [];
	for (const path of paths) {
		const room = mostTests - texts.join('').length;
		const { text } = await workspace.files.peek(path);
		// Of a long one the beginning says what is asked for.
		if (room > 0) texts.push(showFile(path, text.length <= room ? text : text.slice(0, text.lastIndexOf('\n', room) + 1)));
	}
	return texts.join('\n\n');
}
