import { findTestCommand, runTests, type TestReport } from '../../checks/tests.js';
import { isGreen, verdictOf } from '../../checks/verdict.js';
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
	const ok = isGreen(report);
	const outcome: Outcome = { ok, text: output, show: { kind: 'terminal', command, output, exitCode, verdict: verdictOf(report) } };
	yield { type: 'result', callId: id, outcome };
	if (!ok && report.ran) yield { type: 'note', text: 'Say "fix the failing tests" to have them mended.' };
}
