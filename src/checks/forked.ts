import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { jsonIn } from '../json.js';
import type { CommandLine, Workspace } from '../workspace/workspace.js';
import type { TestCommand } from './command.js';
import { reportOf, type TestReport, testEnvironment } from './tests.js';

/** What runs the trials comes with us, and is run by the project's own interpreter. */
const program = join(import.meta.dirname, '..', '..', 'bin', 'callers', 'trials.py');
/** Milliseconds that loading what runs tests may take. */
const slackMs = 10_000;

const trial = z.object({ code: z.number().nullable(), late: z.boolean(), seconds: z.number(), output: z.string() });

/** A command of `python -m unittest` or `python -m pytest`: its interpreter, and what that runs. */
function pythonOf({ run, runner }: TestCommand): { interpreter: string; module: string; rest: readonly string[] } | undefined {
	if ('shell' in run || (runner !== 'unittest' && runner !== 'pytest') || process.platform === 'win32') return undefined;
	const [option, module, ...rest] = run.args;
	return option === '-m' && module === runner && /^python[\d.]*$/.test(basename(run.program))
		? { interpreter: run.program, module, rest }
		: undefined;
}

/** Whether these tests can be run many times from one process that has loaded what runs them. */
export const canFork = (command: TestCommand): boolean => pythonOf(command) !== undefined;

/** `trials` are sets of new texts by path, each tried by itself; `timeoutMs` is what each may take. */
export type Forked = { trials: readonly ReadonlyMap<string, string>[]; timeoutMs: number; signal: AbortSignal };

/**
 * What the tests say with each set of new texts, in their order, as `runTests` would tell, only sooner: what runs the tests is loaded
 * once. Ends before the last where it cannot go on. The files are as before afterwards, but a trial may leave others: hand in a workspace
 * on a copy, with a box, for it writes through what a trial left. Throws only what `processes` throws.
 */
export async function* forkedTests(
	workspace: Workspace,
	command: TestCommand,
	{ trials, timeoutMs, signal }: Forked,
): AsyncGenerator<TestReport, void> {
	const python = pythonOf(command);
	if (!python) return;
	const { cwd, line } = command;
	const up = cwd === '' ? '' : '../'.repeat(cwd.split('/').length);
	const named = trials.map(files => Object.fromEntries([...files].map(([path, text]) => [`${up}${path}`, text])));
	// Inside the root, since that is all that a box lets a program read and write; hidden, so that no runner takes it for a test.
	const request = join(workspace.root, `.qwill-trials-${randomBytes(4).toString('hex')}.json`);
	const mark = `trial-${randomBytes(8).toString('hex')} `;
	const { paths } = await workspace.files.list({ limit: 20_000 });
	writeFileSync(request, JSON.stringify({ module: python.module, arguments: python.rest, trials: named, seconds: timeoutMs / 1000 }), {
		flag: 'wx',
	});
	try {
		const ran: CommandLine = { program: python.interpreter, args: ['-c', readFileSync(program, 'utf8'), request, mark] };
		const limits = { timeoutMs: timeoutMs * trials.length + slackMs, signal, env: testEnvironment, ...(cwd !== '' && { cwd }) };
		for await (const told of linesOf(workspace.processes.run(ran, limits))) {
			const found = told.startsWith(mark) ? trial.safeParse(jsonIn(told.slice(mark.length))).data : undefined;
			if (!found) continue;
			const { code: exitCode, late: timedOut, seconds, output } = found;
			const milliseconds = Math.round(seconds * 1000);
			yield reportOf({ exitCode, timedOut, output, milliseconds, signal: null, aborted: false }, { line, root: workspace.root, paths });
		}
	} finally {
		rmSync(request, { force: true });
	}
}

/** The lines of an output, each as soon as it is whole. */
async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string, void> {
	let open = '';
	for await (const piece of pieces) {
		const lines = (open + piece).split('\n');
		open = lines.pop() ?? '';
		yield* lines;
	}
}
