import { z } from 'zod';
import { plainOutput } from '../checks/plain.js';
import { say } from '../prompts.js';
import type { Outcome } from '../types.js';
import type { Finished } from '../workspace/workspace.js';
import { aliases, looseObject, wholeNumber } from './arguments.js';
import { clip } from './clip.js';
import { existingFolder } from './lookup.js';
import { defineTool } from './tool.js';

/** Milliseconds. Less than a second is no time for a program to start in. */
const time = { usual: 120_000, least: 1000, most: 600_000 };

export const runShellCommand = defineTool({
	name: 'run_shell_command',
	risk: 'runs',
	args: looseObject(
		{ command: z.string().min(1), timeout: wholeNumber.optional(), description: z.string().optional(), directory: z.string().optional() },
		{
			...aliases,
			command: ['cmd', 'script', 'shell', 'code'],
			directory: ['dir', 'cwd', 'path', 'working_directory'],
			timeout: ['timeout_ms'],
		},
	),
	title: ({ command, directory }) => `$ ${command}${directory ? `  (in ${directory})` : ''}`,
	async *run({ command, timeout = time.usual, directory }, { workspace, signal, outputTokens }): AsyncGenerator<string, Outcome> {
		const timeoutMs = Math.min(time.most, Math.max(time.least, timeout));
		const cwd = directory ? await existingFolder(workspace.files, directory) : '';
		const finished = yield* workspace.processes.run({ shell: command }, { timeoutMs, signal, ...(cwd !== '' && { cwd }) });
		const output = plainOutput(finished.output).trimEnd();
		const note = ended(finished, timeoutMs);
		const body = output === '' ? say('tools/run_shell_command#no-output') : clip(output, outputTokens, 'both');
		const show = { kind: 'terminal', command, output: finished.output, exitCode: finished.exitCode } as const;
		return { ok: finished.exitCode === 0 && !finished.timedOut && !finished.aborted, text: `${body}\n${note}`, show };
	},
});

function ended({ exitCode, signal, timedOut, aborted }: Finished, timeoutMs: number): string {
	if (timedOut) return say('tools/run_shell_command#timed-out', { seconds: timeoutMs / 1000 });
	if (aborted) return say('tools/run_shell_command#interrupted');
	if (exitCode === null) return say('tools/run_shell_command#killed', { signal: signal ?? 'SIGKILL' });
	return say('tools/run_shell_command#exit-code', { exitCode });
}
