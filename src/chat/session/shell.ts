import { fenceFor } from '../../agent/material.js';
import { say } from '../../prompts.js';
import type { AgentEvent } from '../../types.js';
import type { Workspace } from '../../workspace/workspace.js';

/** Ten minutes: the person is watching, and can stop it. */
const timeoutMs = 600_000;

/**
 * A command that the person typed with `!`: run without the model and without a box, as in their shell; shown like a call. `keep` is given what the model is
 * told about it with the next message.
 */
export async function* personsCommand(command: string, { workspace, keep }: With, signal: AbortSignal): AsyncGenerator<AgentEvent, void> {
	const id = `person-${++count}`;
	yield { type: 'call', call: { id, tool: 'run_shell_command', args: { command } }, title: `$ ${command}` };
	const running = workspace.processes.run({ shell: command }, { timeoutMs, signal, unboxed: true });
	for (;;) {
		const step = await running.next();
		if (!step.done) {
			yield { type: 'output', callId: id, text: step.value };
			continue;
		}
		const { exitCode, output } = step.value;
		keep(materialOf(command, exitCode, output));
		yield {
			type: 'result',
			callId: id,
			outcome: { ok: exitCode === 0, text: output, show: { kind: 'terminal', command, output, exitCode } },
		};
		return;
	}
}

type With = { workspace: Workspace; keep(material: string): unknown };
let count = 0;

/** Head and tail of the output: what the model reads is paid for in seconds. */
function materialOf(command: string, exitCode: number | null, output: string): string {
	const text = output.length > 6000 ? `${output.slice(0, 2500)}\n…\n${output.slice(-3500)}` : output;
	const fence = fenceFor(text);
	return `${say('jobs/material#command', { command, code: exitCode ?? 'none' })}\n${fence}\n${text.replace(/\n*$/, '\n')}${fence}`;
}
