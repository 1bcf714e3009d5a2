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
const node = { program: 'node', caller: 'call.mjs', options: ['--input-type=module', '-e'] } as const;
const interpreters: Readonly<Record<string, { program: string; caller: string; options: readonly string[] }>> = {
	python: { program: 'python3', caller: 'call.py', options: ['-c'] },
	javascript: node,
	typescript: node,
};

const interpreterOf = (path: string) => (/\.[jt]sx$/.test(path) ? undefined : interpreters[languageOf(path) ?? '']);

/** Whether calls can be made of what a file of this name defines. */
export const isCallable = (path: string): boolean => interpreterOf(path) !== undefined;

/**
 * Makes `calls`, expressions in the file's language, against the file as it is in this workspace, all in one process. That runs
 * the file, and may leave others: hand in a workspace on a copy. Undefined where it cannot be run, or does not come to its end.
 */
export async function behaviour(
	{ processes }: Pick<Workspace, 'processes'>,
	{ path, calls }: { path: string; calls: readonly string[] },
	run: { timeoutMs: number; signal: AbortSignal },
): Promise<Behaviour | undefined> {
	const interpreter = interpreterOf(path);
	if (!interpreter) return undefined;
	const { program, caller, options } = interpreter;
	const mark = `results-${randomBytes(8).toString('hex')} `;
	const args = [...options, readFileSync(join(callers, caller), 'utf8'), path, JSON.stringify(calls), mark];
	const command: CommandLine = { program, args };
	const { output } = await returned(processes.run(command, { ...run, env: { PYTHONHASHSEED: '0', PYTHONDONTWRITEBYTECODE: '1' } }));
	const line = output.split('\n').findLast(one => one.startsWith(mark));
	return line === undefined ? undefined : resultsIn(line.slice(mark.length), calls.length);
}

/** What was called may have written anything. */
function resultsIn(json: string, count: number): Behaviour | undefined {
	try {
		return z.array(z.string()).length(count).parse(JSON.parse(json));
	} catch {
		return undefined;
	}
}
