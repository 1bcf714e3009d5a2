import type { Finished, Workspace } from '../workspace/workspace.js';
import { type TestCommand, targeted } from './command.js';
import { condensed, firstPlace, type Ours, oursAmong } from './frames.js';
import { plainOutput } from './plain.js';
import { readReport } from './reports/all.js';
import type { Failure } from './reports/reading.js';

export type { TestCommand } from './command.js';
export { findTestCommand } from './find/find.js';

/**
 * What running a project's tests came to. `passed` and `failed` are undefined where the output does not tell. `ran` is
 * false when it did not come to testing: a missing program, an error of compiling. `firstFailure` is short enough for a
 * prompt: the name, the message, frames of the project's files only. `output` has no colours, and paths relative to the root.
 */
export type TestReport = {
	command: string;
	ran: boolean;
	passed: number | undefined;
	failed: number | undefined;
	failures: Failure[];
	firstFailure: string;
	exitCode: number | null;
	timedOut: boolean;
	milliseconds: number;
	output: string;
};

export type TestRun = { target?: string; timeoutMs: number; signal: AbortSignal };

/** Nothing that waits for a person, and no compiled Python that an edit within the same second would leave stale. */
export const testEnvironment = { CI: 'true', PYTHONDONTWRITEBYTECODE: '1' };

/** Runs the tests, all or the `target`'s (a file, or a name). Yields the raw output as it comes. Throws only what `processes` throws. */
export async function* runTests(workspace: Workspace, command: TestCommand, run: TestRun): AsyncGenerator<string, TestReport> {
	const part = run.target === undefined ? undefined : targeted(command, run.target);
	const { line, run: commandLine } = part ?? command;
	const options = { timeoutMs: run.timeoutMs, signal: run.signal, env: testEnvironment, ...(command.cwd !== '' && { cwd: command.cwd }) };
	const finished = yield* workspace.processes.run(commandLine, options);
	const { paths } = await workspace.files.list({ limit: 20_000 });
	return reportOf(finished, { line, root: workspace.root, paths });
}

type Source = { line: string; root: string; paths: readonly string[] };

/** The report of a run that has ended, from nothing but what it printed and how it ended. */
export function reportOf(finished: Finished, { line, root, paths }: Source): TestReport {
	const output = relative(plainOutput(finished.output), root);
	const reading = readReport(output);
	const ours = oursAmong(paths);
	const { exitCode, timedOut, milliseconds } = finished;
	const failures = (reading?.failures ?? []).map(failure => placed(failure, ours));
	const red = exitCode !== 0 || timedOut || (reading?.failed ?? 0) > 0;
	const [first] = failures;
	const firstFailure = !red ? '' : first ? [first.name, first.message].filter(Boolean).join('\n') : condensed(tail(output), ours);
	const counted = (reading?.passed ?? 0) + (reading?.failed ?? 0) > 0;
	const ran =
		exitCode === 0 ||
		counted ||
		failures.length > 0 ||
		(reading === undefined && exitCode !== 126 && exitCode !== 127 && exitCode !== null);
	return {
		command: line,
		ran,
		passed: reading?.passed,
		failed: reading?.failed,
		failures,
		firstFailure,
		exitCode,
		timedOut,
		milliseconds,
		output,
	};
}

/** The failure as it goes into a prompt, and its place in the project: as told, else as its stack has it. */
function placed(failure: Failure, ours: Ours): Failure {
	const file = failure.file === undefined ? undefined : ours(failure.file);
	const message = condensed(failure.message, ours);
	if (file !== undefined && failure.line !== undefined) return { name: failure.name, message, file, line: failure.line };
	const place = firstPlace(failure.message, path => (file === undefined || ours(path) === file ? ours(path) : undefined));
	return { name: failure.name, message, ...(file !== undefined && { file }), ...place };
}

const relative = (output: string, root: string): string => output.replaceAll(`file://${root}/`, '').replaceAll(`${root}/`, '');

/** The end of an output, where programs say what went wrong. */
const tail = (output: string): string => output.trimEnd().split('\n').slice(-30).join('\n');
