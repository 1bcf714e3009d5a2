import { z } from 'zod';
import { answered, isCallable } from './behaviour.js';
import { type Bench, compiledRuns, compilerOf } from './compiled/compiled.js';
import { expressionOf } from './steps.js';

export type { Bench };

/** Whether calls can be tried on what a file of this name defines. */
export const canBeProbed = (path: string): boolean => isCallable(path) || compilerOf(path) !== undefined;

/**
 * What a call does: the value as it is written in code, or `! ` and the error's name. Of `kind` `other` is what no test can be
 * written with. `waits`: it gives a promise. `touched` names what else than its arguments it may depend on.
 */
const done = z.object({
	does: z.string(),
	kind: z.enum(['value', 'error', 'other']),
	touched: z.string().nullable(),
	lines: z.array(z.number()),
	waits: z.boolean().optional(),
});
export type Done = z.infer<typeof done>;

/** Every call of the request as it went; undefined where it did not end. `lines` are those of functions that can run, where the language tells. */
export type Probed = { lines: number[]; calls: (Done | undefined)[] };

/** What is probed: calls, or steps as in `stepsOf`, of what the file at `path` defines. */
export type Probing = { path: string; calls: readonly string[] };
type Limits = { seconds: number; signal: AbortSignal };

/** Milliseconds that starting and ending the program may take beyond what it is told. */
const slackMs = 5_000;

const probed = z.object({ lines: z.array(z.number()), calls: z.array(done.nullable()) });

/**
 * Makes the calls one behind the other, in this order, or each in a process or module of its own. Undefined where the file cannot be run.
 * That runs the file.
 */
export async function probe(
	bench: Bench,
	{ order, env, ...probing }: Probing & { order: 'forward' | 'backward' | 'alone'; env: Record<string, string> },
	limits: Limits,
): Promise<Probed | undefined> {
	if (compilerOf(probing.path)) return compiledProbe(bench, { ...probing, order, env }, limits);
	const found = await asked(bench, { probing, order, edits: [], shape: probed }, { ...limits, env });
	return found?.calls.length === probing.calls.length ? { ...found, calls: found.calls.map(one => one ?? undefined) } : undefined;
}

async function compiledProbe(
	bench: Bench,
	{ path, calls, order, env }: Probing & { order: 'forward' | 'backward' | 'alone'; env: Record<string, string> },
	limits: Limits,
): Promise<Probed | undefined> {
	const all = [...calls.keys()];
	const ordered = order === 'backward' ? all.toReversed() : all;
	const runs = order === 'alone' ? all.map(one => ({ calls: [one] })) : [{ calls: ordered }];
	const ran = await compiledRuns(bench, { path, calls, edits: [], runs, env }, limits);
	if (!ran) return undefined;
	const found: (Done | undefined)[] = calls.map(() => undefined);
	for (const [index, run] of runs.entries()) for (const [at, call] of run.calls.entries()) found[call] = ran.runs[index]?.[at];
	return { lines: ran.lines, calls: found };
}

/** One line, from 1, and its new text. */
export type Edit = readonly [line: number, text: string];

const tried = z.array(z.array(z.string()).nullable());

/**
 * What every call does with each of the edits: undefined where the file does not run with it, or no time was left; '' where nothing is
 * known because a call before did not end.
 */
export async function probeEdits(
	bench: Bench,
	{ edits, ...probing }: Probing & { edits: readonly Edit[] },
	limits: Limits,
): Promise<(string[] | undefined)[]> {
	if (compilerOf(probing.path)) return compiledEdits(bench, { ...probing, edits }, limits);
	const found = await asked(bench, { probing, order: 'forward', edits, shape: tried }, { ...limits, env: {} });
	return edits.map((_, index) => found?.[index] ?? undefined);
}

async function compiledEdits(
	bench: Bench,
	{ path, calls, edits }: Probing & { edits: readonly Edit[] },
	limits: Limits,
): Promise<(string[] | undefined)[]> {
	const all = [...calls.keys()];
	const ran = await compiledRuns(bench, { path, calls, edits, runs: edits.map((_, edit) => ({ edit, calls: all })) }, limits);
	return edits.map((_, index) => {
		const run = ran?.runs[index];
		if (!run) return undefined;
		const ended = run.indexOf(undefined);
		return run.map((one, at) => (ended >= 0 && at >= ended ? (at === ended ? '! late' : '') : one!.does));
	});
}

function asked<T>(
	{ workspace }: Bench,
	{ probing, order, edits, shape }: { probing: Probing; order: string; edits: readonly Edit[]; shape: z.ZodType<T> },
	{ seconds, signal, env }: Limits & { env: Record<string, string> },
): Promise<T | undefined> {
	const { path, calls } = probing;
	const request = { calls: calls.map(call => expressionOf(call, path)), order, edits, seconds };
	return answered(workspace, { caller: 'probe', path, asked: request, shape }, { timeoutMs: seconds * 1000 + slackMs, signal, env });
}
