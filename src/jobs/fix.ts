import { carryOut, type Task, type Work } from '../agent/loop.js';
import { findTestCommand, type TestCommand, type TestReport } from '../checks/tests.js';
import { isGreen } from '../checks/verdict.js';
import type { Closed } from '../engine/engine.js';
import type { AgentEvent, Ending, Outcome } from '../types.js';
import { type Found, search } from './search.js';
import { callId, conclude, fails, speak, writeAll } from './speak.js';
import type { Target } from './targets.js';
import { timeFor, timeUp } from './time.js';
import { openTrials, type Trials } from './trials.js';
import { capital, passes, verified } from './verdicts.js';

/** Milliseconds that tests are watched in the copy when they did not end before. */
const briefly = 3_000;
/** What the model at work may use of that when a larger one is at hand. */
const smallShare = 0.5;

/**
 * Fixes failing tests: runs the project's tests, proposes changes, tries each in private copies of the work tree, and offers
 * the first that makes all tests pass. The person's files are touched by that change only, and only when it is approved. Says
 * so when nothing passes. Without failing tests there is nothing to do. Undefined where there are no tests: then it is another task.
 */
export async function* fix(
	job: { task: Task; targets: readonly Target[] },
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Ending | undefined> {
	const { agent } = work;
	const started = performance.now();
	const command = await findTestCommand(agent.workspace, agent.testCommand);
	if (!command) return undefined;
	const time = timeFor(agent.limits);
	const patient = { ...work, agent: { ...agent, testMilliseconds: time.run } };
	const baseline = yield* carryOut({ call: { id: callId('tests', work), tool: 'run_tests', args: {} }, because: '' }, patient, signal);
	if (signal.aborted) return { reason: 'interrupted' };
	if (baseline.refused) return { reason: 'denied', tool: 'run_tests' };
	if (baseline.ok) return yield* speak('All tests pass: there is nothing to fix.', work);

	const named = job.targets.map(target => target.path);
	const taken = performance.now() - started;
	// What did not end once does not end in a copy either: that needs no second proof.
	const patience = taken < time.run ? time.run : Math.min(time.run, briefly);
	const { found, before } = yield* look({ command, named, milliseconds: time.search - taken, patience }, work, signal);
	if (signal.aborted) return { reason: 'interrupted' };
	if ('problem' in found) return yield* fails(found.problem, work);
	return yield* apply({ found, before }, work, signal);
}

type Green = Extract<Found, { files: unknown }>;

/** Writes each file of the change as one call, which the person is asked about. */
async function* apply(
	{ found, before }: { found: Green; before: TestReport },
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Ending> {
	const says = verified(found.report, before);
	const many = found.files.size > 1 ? ` of ${found.files.size} files` : '';
	const tried = `${says}, in a copy of the folder with this change${many}`;
	const stopped = yield* writeAll(found.files, { kind: 'fix', verified: tried, writer: found.writer }, work, signal);
	return stopped ?? (yield* speak(`Fixed: ${found.what.map(what => `\`${what}\``).join(' and ')}. ${capital(says)}.`, work));
}

/** `milliseconds` for the search, `patience` for one run of the tests. */
type Look = { command: TestCommand; named: readonly string[]; milliseconds: number; patience: number };

/** The search as one call that the person can watch. What the model at work does not find, a larger one at hand looks for. */
async function* look(
	{ command, named, milliseconds, patience }: Look,
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, { found: Found; before: TestReport }> {
	const { agent } = work;
	const call = { id: callId('search', work), tool: 'fix', args: { command: command.line } };
	yield { type: 'call', call, title: 'looking for a change that makes the tests pass' };
	const larger = await agent.larger?.(agent.engine.model.name);
	const deadline = AbortSignal.timeout(Math.max(1, Math.round(milliseconds)));
	const stop = AbortSignal.any([signal, deadline]);
	const first = larger ? AbortSignal.any([stop, AbortSignal.timeout(Math.max(1, Math.round(milliseconds * smallShare)))]) : stop;
	let trials: Trials | undefined;
	try {
		trials = await openTrials(agent.workspace, command, signal);
		const before = await trials.baseline(patience, stop);
		// Where one test fails and none passes, what it runs tells nothing that the trace does not.
		const telling = !before.timedOut && (before.passed ?? 0) + (before.failed ?? 0) > 1;
		const coverage = telling && !isGreen(before) ? await trials.coverage(patience, stop) : undefined;
		if (!isGreen(before)) await trials.narrow(before, stop);
		const given = { trials, before, hints: { named, coverage }, callId: call.id, seen: new Set<string>() };
		let found: Found = isGreen(before)
			? { problem: 'The tests fail here but pass in a copy of this folder: they depend on something outside it.' }
			: yield* search(given, work, first);
		if (larger && 'problem' in found && !isGreen(before) && !stop.aborted) {
			yield { type: 'output', callId: call.id, text: `now with ${larger.name}\n` };
			found = yield* searchWith(larger, given, work, stop);
		}
		yield* conclude(call, outcomeOf(found, deadline.aborted), work);
		return { found, before };
	} finally {
		await trials?.close();
	}
}

/** The same search by another model, which is opened for it and closed again. */
async function* searchWith(
	larger: Closed,
	given: Parameters<typeof search>[0],
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Found> {
	const engine = larger.open();
	try {
		const failure = yield* engine.warm(undefined, signal);
		if (failure)
			return {
				problem: 'detail' in failure ? `No change was found, and ${larger.name} did not start: ${failure.detail}` : 'No change was found.',
			};
		return yield* search(given, { ...work, agent: { ...work.agent, engine } }, signal);
	} finally {
		await engine.close();
	}
}

function outcomeOf(found: Found, late: boolean): Outcome {
	if ('files' in found) return { ok: true, text: `${found.what.join('\n')}\n(${passes(found.report)})` };
	return { ok: false, text: late ? `${found.problem} ${timeUp}` : found.problem };
}
