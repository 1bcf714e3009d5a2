import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { returned } from '../returned.js';
import type { CommandLine, Workspace } from '../workspace/workspace.js';
import { languageOf } from './syntax/languages.js';

/** What calls of what a file defines gave, each as its language shows it, with what it printed; an error as `! ` and its kind. */
export type Behaviour = readonly string[];

/** The programs that make the calls come with us and are run by the machine's interpreters; they say how they are called. */
const callers = join(import.meta.dirname, '..', '..', 'bin', 'callers');
const node = { program: 'node', ending: '.mjs', options: ['--input-type=module', '-e'] } as const;
const interpreters: Readonly<Record<string, { program: string; ending: string; options: readonly string[] }>> = {
	python: { program: 'python3', ending: '.py', options: ['-c'] },
	javascript: node,
	typescript: node,
};

const interpreterOf = (path: string) => (/\.[jt]sx$/.test(path) ? undefined : interpreters[languageOf(path) ?? '']);

/** Whether calls can be made of what a file of this name defines. */
export const isCallable = (path: string): boolean => interpreterOf(path) !== undefined;

/** `env` is added to what every run has. */
export type CallerRun = { timeoutMs: number; signal: AbortSignal; env?: Record<string, string> };

/**
 * Makes `calls`, expressions in the file's language, against the file as it is in this workspace, all in one process. That runs
 * the file, and may leave others: hand in a workspace on a copy. Undefined where it cannot be run, or does not come to its end.
 */
export async function behaviour(
	workspace: Pick<Workspace, 'processes'>,
	{ path, calls }: { path: string; calls: readonly string[] },
	run: CallerRun,
): Promise<Behaviour | undefined> {
	const shape = z.array(z.string()).length(calls.length);
	return answered(workspace, { caller: 'call', path, asked: calls, shape }, run);
}

/** What a caller says of the file, in this shape: what was called may have written anything. Undefined where it says nothing. */
export async function answered<T>(
	{ processes }: Pick<Workspace, 'processes'>,
	{ caller, path, asked, shape }: { caller: 'call' | 'probe'; path: string; asked: unknown; shape: z.ZodType<T> },
	{ env, ...run }: CallerRun,
): Promise<T | undefined> {
	const interpreter = interpreterOf(path);
	if (!interpreter) return undefined;
	const { program, ending, options } = interpreter;
	const mark = `results-${randomBytes(8).toString('hex')} `;
	const args = [...options, readFileSync(join(callers, `${caller}${ending}`), 'utf8'), path, JSON.stringify(asked), mark];
	const command: CommandLine = { program, args };
	const { output } = await returned(processes.run(command, { ...run, env: { PYTHONHASHSEED: '0', PYTHONDONTWRITEBYTECODE: '1', ...env } }));
	const line = output.split('\n').findLast(one => one.startsWith(mark));
	if (line === undefined) return undefined;
	try {
		return shape.parse(JSON.parse(line.slice(mark.length)));
	} catch {
		return undefined;
	}
}
