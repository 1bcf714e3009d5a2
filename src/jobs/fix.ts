import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { carryOut, pursue, type Task, type Work } from '../agent/loop.js';
import { findTestCommand, runTests, type TestCommand, type TestReport } from '../checks/tests.js';
import type { AgentEvent, Ending, Outcome } from '../types.js';
import { type Opening, openWorkspace } from '../workspace/open.js';
import { scratchCopy } from '../workspace/scratch.js';
import type { Workspace } from '../workspace/workspace.js';
import { locate } from './locate.js';
import { type Candidate, propose } from './propose.js';
import { speak } from './speak.js';
import type { Target } from './targets.js';

/** Seconds that a search may take when the person sets no limit. */
const searchSeconds = 120;

/**
 * Fixes a failing test: runs the project's tests, proposes changes of one line or one file, tries each in a private copy
 * of the work tree, and offers the first that makes all tests pass. The person's files are touched by that one change only,
 * and only when it is approved. Says so when nothing passes. Without failing tests it is an ordinary task.
 */
export async function* fix(
	job: { task: Task; targets: readonly Target[] },
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Ending> {
	const { agent } = work;
	const command = await findTestCommand(agent.workspace, agent.testCommand);
	if (!command) return yield* pursue(work, signal);
	const baseline = yield* carryOut({ call: { id: callId('tests', work), tool: 'run_tests', args: {} }, because: '' }, work, signal);
	if (signal.aborted) return { reason: 'interrupted' };
	if (baseline.refused) return { reason: 'denied', tool: 'run_tests' };
	if (baseline.ok) return yield* speak('All tests pass: there is nothing to fix.', work);

	const found = yield* search(command, job.targets, work, signal);
	if (signal.aborted) return { reason: 'interrupted' };
	if ('problem' in found) {
		yield* speak(found.problem, work);
		return { reason: 'checks-failed', detail: found.problem };
	}
	await agent.workspace.files.read(found.candidate.path);
	const call = { id: callId('fix', work), tool: 'write_file', args: { file_path: found.candidate.path, content: found.candidate.text } };
	const written = yield* carryOut(
		{ call, because: '', verified: `${passes(found.report)} with this change, tried in a copy of the folder` },
		work,
		signal,
	);
	if (written.refused) return { reason: 'denied', tool: 'write_file' };
	if (!written.ok) return { reason: 'checks-failed', detail: written.text };
	return yield* speak(`Fixed: \`${found.candidate.what.trim()}\`. ${passes(found.report)}.`, work);
}

type Found = { candidate: Candidate; report: TestReport } | { problem: string };

/** The search as one call that the person can watch: each candidate is a line, with what the tests said of it. */
async function* search(
	command: TestCommand,
	targets: readonly Target[],
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Found> {
	const call = { id: callId('search', work), tool: 'fix', args: { command: command.line } };
	yield { type: 'call', call, title: 'looking for a change that makes the tests pass' };
	const deadline = AbortSignal.timeout((work.agent.limits.seconds ?? searchSeconds) * 1000);
	const stop = AbortSignal.any([signal, deadline]);
	const copy = await scratchCopy(work.agent.workspace.root, signal);
	const state = await mkdtemp(join(tmpdir(), 'qwill-scratch-'));
	let found: Found = { problem: 'No change was found that makes the tests pass.' };
	try {
		const workspace = await openWorkspace({ root: copy.root, state, conversation: call.id, ...boxFor(work), links: copy.links });
		found = yield* tryAll({ command, workspace, named: targets.map(target => target.path), callId: call.id }, work, stop);
	} finally {
		await copy.close();
		await rm(state, { recursive: true, force: true });
	}
	const outcome = outcomeOf(found, deadline.aborted);
	work.messages.push({ role: 'tool', callId: call.id, tool: call.tool, ok: outcome.ok, text: outcome.text });
	yield { type: 'result', callId: call.id, outcome };
	return found;
}

/** What is tried is boxed where programs of the person's folder are. */
const boxFor = ({ agent }: Work): Pick<Opening, 'box' | 'thrownAway'> => ({
	box: agent.workspace.processes.boxed.on ? 'always' : 'never',
	thrownAway: true,
});

type Search = { command: TestCommand; workspace: Workspace; named: readonly string[]; callId: string };

async function* tryAll({ command, workspace, named, callId }: Search, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Found> {
	const before = await judged(command, workspace, 120_000, signal);
	if (before.failed === 0 && before.exitCode === 0)
		return { problem: 'The tests fail here but pass in a copy of this folder: they depend on something outside it.' };
	const suspects = await locate(before, workspace, named);
	if (suspects.length === 0) return { problem: 'No source file was found that the failing tests could be about. Name one with @.' };
	yield { type: 'output', callId, text: `${failures(before)}; looking in ${suspects.map(suspect => suspect.path).join(', ')}\n` };
	const patience = Math.max(5_000, before.milliseconds * 3);
	let closest: { candidate: Candidate; failed: number } | undefined;
	for await (const step of propose(suspects, before.firstFailure, work, signal)) {
		if (signal.aborted) break;
		if ('type' in step) {
			yield step;
			continue;
		}
		const original = suspects.find(suspect => suspect.path === step.path)?.text ?? '';
		await rewriteIn(workspace, step.path, step.text);
		const report = await judged(command, workspace, patience, signal);
		await rewriteIn(workspace, step.path, original);
		if (signal.aborted) break;
		const green = report.exitCode === 0 && (report.failed ?? 0) === 0;
		yield { type: 'output', callId, text: `${green ? '✓' : '✗'} ${step.what}  (${green ? passes(report) : failures(report)})\n` };
		if (green) return { candidate: step, report };
		if (report.failed !== undefined && report.failed > 0 && report.failed < (closest?.failed ?? before.failed ?? 0))
			closest = { candidate: step, failed: report.failed };
	}
	const near = closest ? ` The closest was \`${closest.candidate.what.trim()}\`, with ${closest.failed} still failing.` : '';
	return { problem: `No change was found that makes the tests pass (${failures(before)}).${near}` };
}

async function rewriteIn(workspace: Workspace, path: string, text: string): Promise<void> {
	await workspace.files.read(path);
	await workspace.files.write(path, text);
}

async function judged(command: TestCommand, workspace: Workspace, timeoutMs: number, signal: AbortSignal): Promise<TestReport> {
	const running = runTests(workspace, command, { timeoutMs, signal });
	for (;;) {
		const step = await running.next();
		if (step.done) return step.value;
	}
}

function outcomeOf(found: Found, late: boolean): Outcome {
	if ('candidate' in found) return { ok: true, text: `${found.candidate.what.trim()} (${passes(found.report)})` };
	return { ok: false, text: late ? `${found.problem} The time for searching was up.` : found.problem };
}

const passes = ({ passed }: TestReport) =>
	passed === undefined ? 'The tests pass' : `${passed} ${passed === 1 ? 'test passes' : 'tests pass'}`;
const failures = ({ failed, timedOut }: TestReport) =>
	timedOut ? 'timed out' : failed ? `${failed} ${failed === 1 ? 'test fails' : 'tests fail'}` : 'the tests do not run';
const callId = (what: string, { messages }: Work) => `${what}-${messages.length}`;
