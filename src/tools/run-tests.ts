import { z } from 'zod';
import { findTestCommand, runTests as run, type TestReport } from '../checks/tests.js';
import { isGreen, verdictOf } from '../checks/verdict.js';
import { say } from '../prompts.js';
import { type Outcome, Refusal } from '../types.js';
import { looseObject } from './arguments.js';
import { clip } from './clip.js';
import { defineTool } from './tool.js';

/** Milliseconds that a project's tests may take. */
const timeoutMs = 300_000;
/** Names of failing tests beyond the first that are told. */
const mostNames = 8;

export const runTests = defineTool({
	name: 'run_tests',
	risk: 'runs',
	args: looseObject({ target: z.string().optional() }, { target: ['path', 'file', 'file_path', 'test', 'name', 'filter', 'pattern'] }),
	title: ({ target }) => `run tests${target ? ` (${target})` : ''}`,
	async *run({ target }, { workspace, signal, outputTokens, testCommand, testMilliseconds = timeoutMs }): AsyncGenerator<string, Outcome> {
		if (target?.startsWith('-')) throw new Refusal(say('tools/run_tests#no-options'));
		const command = await findTestCommand(workspace, testCommand);
		if (!command) throw new Refusal(say('tools/run_tests#no-command'));
		const report = yield* run(workspace, command, { timeoutMs: testMilliseconds, signal, ...(target && { target }) });
		const ok = isGreen(report);
		const { command: line, output, exitCode } = report;
		const show = { kind: 'terminal', command: line, output, exitCode, verdict: verdictOf(report) } as const;
		return { ok, text: clip(ok ? green(report) : red(report, signal), outputTokens, 'head'), show };
	},
});

function green({ passed, command }: TestReport): string {
	if (passed === undefined) return say('tools/run_tests#green', { command });
	return passed === 0 ? say('tools/run_tests#none-ran', { command }) : say('tools/run_tests#passed', { passed });
}

/** The counts, the first failure in full, the names of the others. */
function red(report: TestReport, signal: AbortSignal): string {
	const { command, passed, failed, failures, firstFailure } = report;
	if (signal.aborted) return say('tools/run_tests#interrupted', { command });
	if (report.timedOut)
		return `${say('tools/run_tests#timed-out', { command, seconds: Math.round(report.milliseconds / 1000) })}\n${firstFailure}`;
	if (!report.ran) return `${say('tools/run_tests#not-run', { command, exitCode: String(report.exitCode) })}\n${firstFailure}`;
	const head =
		failed === undefined
			? say('tools/run_tests#red', { command, exitCode: String(report.exitCode) })
			: say('tools/run_tests#failed', { passed: passed ?? 0, failed });
	const names = failures.slice(1, 1 + mostNames).map(({ name }) => name);
	return [head, firstFailure, ...(names.length > 0 ? [say('tools/run_tests#also', { names: names.join('\n') })] : [])].join('\n');
}
