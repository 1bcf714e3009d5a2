import { findTestCommand, runTests, type TestReport } from '../../checks/tests.js';
import { type AgentEvent, type Outcome, Refusal } from '../../types.js';
import type { Command, CommandHost } from './command.js';

/** Ten minutes: the person is watching, and can stop it. */
const timeoutMs = 600_000;

export const test: Command = {
	name: 'test',
	aliases: [],
	purpose: "run the project's tests, without the model",
	argumentHint: '[file or name]',
	async run(args, host) {
		host.run(signal => carryOut(args, host, signal));
	},
};

async function* carryOut(target: string, { program }: CommandHost, signal: AbortSignal): AsyncGenerator<AgentEvent, void> {
	const { workspace, events } = program.conversation;
	const configured = program.settings().find(({ key }) => key === 'testCommand')?.value;
	const command = await findTestCommand(workspace, configured);
	if (!command) throw new Refusal('No tests were found here. Name the command in the settings: "testCommand": "npm test"');
	const id = `person-test-${events.length}`;
	yield { type: 'call', call: { id, tool: 'run_tests', args: target ? { target } : {} }, title: `$ ${command.line}` };
	const running = runTests(workspace, command, { timeoutMs, signal, ...(target && { target }) });
	for (;;) {
		const step = await running.next();
		if (step.done) return yield* finish(id, step.value);
		yield { type: 'output', callId: id, text: step.value };
	}
}

async function* finish(id: string, report: TestReport): AsyncGenerator<AgentEvent, void> {
	const { command, output, exitCode } = report;
	const ok = exitCode === 0 && !report.timedOut && (report.failed ?? 0) === 0;
	const outcome: Outcome = { ok, text: output, show: { kind: 'terminal', command, output, exitCode } };
	yield { type: 'result', callId: id, outcome };
	yield { type: 'note', text: sentence(report, ok) };
}

function sentence({ passed, failed, timedOut, milliseconds, exitCode }: TestReport, ok: boolean): string {
	const seconds = `${(milliseconds / 1000).toFixed(1)} s`;
	if (timedOut) return `The tests did not end within ${timeoutMs / 60_000} minutes and were stopped.`;
	if (ok) return passed === undefined ? `The tests are green (${seconds}).` : `${passed} passed (${seconds}).`;
	const counts = failed === undefined ? `The tests ended with code ${exitCode ?? 'none'}` : `${failed} failed, ${passed ?? 0} passed`;
	return `${counts} (${seconds}). Say "fix the failing tests" to have them mended.`;
}
