import { basename } from 'node:path';
import { type TestCommand, targeted } from '../checks/command.js';
import { canFork, forkedTests } from '../checks/forked.js';
import { runTests, type TestReport } from '../checks/tests.js';
import { returned } from '../returned.js';
import type { Workspace } from '../workspace/workspace.js';

/**
 * The quickest way to learn whether a change is wrong: `command` is all tests, or those of the one file with failures; `forks`: many runs
 * of it may come from one process (`forkedTests`). What passes that way is run again as a person would run it.
 */
export type Quick = { command: TestCommand; forks: boolean };

/** Milliseconds of a run of the tests that is quick. */
const quickMs = 500;
/** Milliseconds from which on a run of the tests is long; the share of it that running a part must stay below to be worth it. */
const slowMs = 1000;
const worthShare = 0.7;
/** Milliseconds that a forked run may take beyond some times what the run by itself took. */
const slackMs = 2_000;
const timesBefore = 4;

/** Whether trying one more change takes less than asking the model. */
export const isQuick = ({ timedOut, milliseconds }: TestReport): boolean => !timedOut && milliseconds < quickMs;

/** The same tests from one process, where they say the same there. In a box only: such a process would follow links that a trial leaves. */
export async function forked(workspace: Workspace, command: TestCommand, before: TestReport, signal: AbortSignal): Promise<Quick> {
	if (!workspace.processes.boxed.on || !canFork(command) || before.timedOut) return { command, forks: false };
	const once = { trials: [new Map<string, string>()], timeoutMs: before.milliseconds * timesBefore + slackMs, signal };
	for await (const report of forkedTests(workspace, command, once)) return { command, forks: isSame(report, before) };
	return { command, forks: false };
}

/**
 * The one file of failing tests, where running it alone tells the same and is worth it; of node's own tests without the program that
 * starts a process for each file. Undefined where all tests are as quick.
 */
export async function decisive(
	workspace: Workspace,
	{ command, before }: { command: TestCommand; before: TestReport },
	signal: AbortSignal,
): Promise<Quick | undefined> {
	const [target, other] = new Set(before.failures.map(({ file }) => file));
	if (target === undefined || other !== undefined || before.timedOut) return undefined;
	const part = before.milliseconds < slowMs ? undefined : targeted(command, target);
	const only = directly(command, target) ?? (part && { ...command, ...part });
	if (!only) return undefined;
	const report = await returned(runTests(workspace, only, { timeoutMs: before.milliseconds + slackMs, signal }));
	const isWorthIt = names(report) === names(before) && report.milliseconds < before.milliseconds * worthShare;
	return isWorthIt ? forked(workspace, only, report, signal) : undefined;
}

const loads = /^(?:--import|--require|-r|--loader|--experimental-loader)$/;

/** `node --test` as `node FILE`: a file of node's own tests runs by itself, with the same report. */
function directly(command: TestCommand, target: string): TestCommand | undefined {
	const { run, runner, cwd } = command;
	if ('shell' in run || runner !== 'node' || !/^node\b/.test(basename(run.program)) || !target.startsWith(cwd)) return undefined;
	const options = run.args.filter((word, i) => (word.startsWith('-') && !word.startsWith('--test')) || loads.test(run.args[i - 1] ?? ''));
	return { ...command, run: { ...run, args: [...options, target.slice(cwd === '' ? 0 : cwd.length + 1)] } };
}

const names = ({ failures }: TestReport): string =>
	failures
		.map(({ name }) => name)
		.sort()
		.join('\n');

const isSame = (one: TestReport, other: TestReport): boolean =>
	names(one) === names(other) && one.exitCode === other.exitCode && one.passed === other.passed && one.failed === other.failed;
