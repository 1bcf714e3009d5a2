import { randomBytes } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from '../../workspace/workspace.js';
import type { Runner } from '../command.js';
import { reportOf, type TestCommand, testEnvironment } from '../tests.js';
import { type Log, readLog } from './log.js';
import { testsOf } from './merge.js';

/**
 * One test and what it ran: lines, counted from 1, of files by their path relative to the root; neither tests nor dependencies
 * are among them. What ran while the project was loaded, before or between tests, is every test's that it can matter to.
 * Where the runner cannot be watched test by test, a process is one test. A test that did not come to its end is not `ok`.
 */
export type TracedTest = { name: string; ok: boolean; file?: string; lines: ReadonlyMap<string, ReadonlySet<number>> };
export type Coverage = { tests: TracedTest[] };

/** The tracers that come with the program: files that the project's own interpreters load. */
const tracers = join(import.meta.dirname, '..', '..', '..', 'bin', 'tracers');

/** What runs on Python or Node, or may. */
const watched: ReadonlySet<Runner> = new Set(['node', 'jest', 'vitest', 'mocha', 'script', 'pytest', 'unittest', 'make', 'shell']);

/**
 * Runs the project's tests once and tells which lines each of them runs. Only the environment is changed for it, but what is
 * watched writes into a folder at the root while it runs: hand in a workspace on a copy. Yields the output as it comes.
 * Undefined where nothing could be watched, and when it is told to stop. Throws only what `processes` throws.
 */
export async function* coverage(
	workspace: Workspace,
	command: TestCommand,
	run: { timeoutMs: number; signal: AbortSignal },
): AsyncGenerator<string, Coverage | undefined> {
	if (!watched.has(command.runner)) return undefined;
	// Inside the root, since that is all that a boxed program may write to; hidden, so that no runner looks for tests in it.
	const folder = join(workspace.root, `.qwill-trace-${randomBytes(4).toString('hex')}`);
	const logs = join(folder, 'logs');
	try {
		await cp(tracers, folder, { recursive: true });
		await mkdir(logs);
		const env = {
			...testEnvironment,
			PYTHONPATH: join(folder, 'python'),
			NODE_OPTIONS: `--require=${JSON.stringify(join(folder, 'node', 'trace.cjs'))}`,
			QWILL_TRACE_ROOT: workspace.root,
			QWILL_TRACE_LOGS: logs,
		};
		const finished = yield* workspace.processes.run(command.run, { ...run, env, ...(command.cwd !== '' && { cwd: command.cwd }) });
		if (finished.aborted) return undefined;
		const { paths } = await workspace.files.list({ limit: 20_000 });
		const report = reportOf(finished, { line: command.line, root: workspace.root, paths });
		const tests = testsOf(await logsIn(logs), report);
		return tests.length === 0 ? undefined : { tests };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function logsIn(folder: string): Promise<Log[]> {
	const names = (await readdir(folder)).filter(name => name.endsWith('.log')).map(name => name.slice(0, -'.log'.length));
	return Promise.all(
		names.sort().map(async name => {
			const text = await readFile(join(folder, `${name}.log`), 'utf8');
			const now = await readFile(join(folder, `${name}.now`), 'latin1').catch(() => '');
			return readLog(name, text, now);
		}),
	);
}
