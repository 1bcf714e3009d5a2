import { isAbsolute } from 'node:path';
import { returned } from '../returned.js';
import type { Workspace } from '../workspace/workspace.js';
import type { TestCommand } from './command.js';

/** Programs that can say where they are. */
const askers: readonly (readonly [name: RegExp, args: readonly string[]])[] = [
	[/^python[\d.]*$/, ['-c', 'import sys; print(sys.executable)']],
	[/^node$/, ['-p', 'process.execPath']],
	[/^ruby$/, ['-e', 'puts RbConfig.ruby']],
];
const patienceMs = 5_000;

/**
 * The same command by the interpreter itself, where its name is found first in a folder of shims: the scripts that version managers
 * (pyenv, asdf, rbenv) put there take longer than many a test. The line that people see stays. Where it does not say where it is, the
 * command stays as it is.
 */
export async function byInterpreter(
	{ processes }: Pick<Workspace, 'processes'>,
	command: TestCommand,
	signal: AbortSignal,
): Promise<TestCommand> {
	const { run, cwd } = command;
	const asker = 'shell' in run ? undefined : askers.find(([name]) => name.test(run.program));
	if ('shell' in run || !asker) return command;
	const options = { timeoutMs: patienceMs, signal, ...(cwd !== '' && { cwd }) };
	const { output, exitCode } = await returned(processes.run({ program: run.program, args: asker[1] }, options));
	const program = output.trim();
	return exitCode === 0 && isAbsolute(program) && !/\s/.test(program) ? { ...command, run: { ...run, program } } : command;
}
