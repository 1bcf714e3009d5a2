import { z } from 'zod';
import type { Workspace } from '../workspace/workspace.js';
import { answered } from './behaviour.js';
import { expressionOf } from './steps.js';

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
 * That runs the file: hand in a workspace on a copy.
 */
export async function probe(
	workspace: Pick<Workspace, 'processes'>,
	{ order, env, ...probing }: Probing & { order: 'forward' | 'backward' | 'alone'; env: Record<string, string> },
	limits: Limits,
): Promise<Probed | undefined> {
	const found = await asked(workspace, { probing, order, edits: [], shape: probed }, { ...limits, env });
	return found?.calls.length === probing.calls.length ? { ...found, calls: found.calls.map(one => one ?? undefined) } : undefined;
}

/** One line, from 1, and its new text. */
export type Edit = readonly [line: number, text: string];

const tried = z.array(z.array(z.string()).nullable());

/**
 * What every call does with each of the edits: undefined where the file does not run with it, or no time was left; '' where nothing is
 * known because a call before did not end.
 */
export async function probeEdits(
	workspace: Pick<Workspace, 'processes'>,
	{ edits, ...probing }: Probing & { edits: readonly Edit[] },
	limits: Limits,
): Promise<(string[] | undefined)[]> {
	const found = await asked(workspace, { probing, order: 'forward', edits, shape: tried }, { ...limits, env: {} });
	return edits.map((_, index) => found?.[index] ?? undefined);
}

function asked<T>(
	workspace: Pick<Workspace, 'processes'>,
	{ probing, order, edits, shape }: { probing: Probing; order: string; edits: readonly Edit[]; shape: z.ZodType<T> },
	{ seconds, signal, env }: Limits & { env: Record<string, string> },
): Promise<T | undefined> {
	const { path, calls } = probing;
	const request = { calls: calls.map(call => expressionOf(call, path)), order, edits, seconds };
	return answered(workspace, { caller: 'probe', path, asked: request, shape }, { timeoutMs: seconds * 1000 + slackMs, signal, env });
}
