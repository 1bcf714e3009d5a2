import { pursue, type Task, tell, type Work } from '../agent/loop.js';
import { showFile } from '../agent/material.js';
import { isTestFile } from '../checks/coverage/merge.js';
import { say } from '../prompts.js';
import type { AgentEvent, Ending } from '../types.js';
import { begun } from './begun.js';
import type { Order } from './draft.js';
import { edit } from './edit.js';
import { partFor } from './part.js';
import type { Target } from './targets.js';
import { write } from './write.js';

/** Characters of a file that a small model can write again as a whole: several times within the time, and once without losing its way. */
const rewritable = 5_000;
const writableOnce = 12_000;

/**
 * A change of named files by a small model. When one file is meant, the program writes the path and the opening fence
 * itself and the model only the content: told to write the header, small models explain instead (baselines.md).
 */
export async function* change(
	job: { task: Task; targets: readonly Target[] },
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Ending> {
	const { task, targets } = job;
	const written = await writable(task.text, targets);
	if (written) {
		const ending = (yield* write({ task, ...written }, work, signal)) ?? (yield* edited({ task, ...written }, work, signal));
		if (ending) return ending;
	}
	const unshown = targets.filter(target => target.text !== null && !task.material.includes(showFile(target.path, target.text)));
	if (unshown.length > 0) yield* tell(unshown.map(target => showFile(target.path, target.text ?? '')).join('\n\n'), work);
	const [only, second] = targets;
	if (!only || second || (only.text?.length ?? 0) > writableOnce) return yield* pursue(work, signal);
	yield* tell(say(only.text === null ? 'jobs/change#create' : 'jobs/change', { path: only.path }), work);
	return yield* pursue(work, signal, turn => begun(only, turn, work));
}

/** Without tests, a file that is there is changed; one that is not is written before the person's eyes. */
async function* edited({ target, ...order }: Order, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending | undefined> {
	const { path, text } = target;
	return text === null ? undefined : yield* edit({ ...order, target: { path, text } }, work, signal);
}

/** The one file of code that is to be written, or the part of it, where it is the only one named and what else is named tells about it. */
async function writable(asked: string, targets: readonly Target[]): Promise<Omit<Order, 'task'> | undefined> {
	const code = targets.filter(({ path }) => isCode(path) && !isTestFile(path));
	const [target, second] = code;
	if (!target || second) return undefined;
	const part = target.text === null ? undefined : await partFor(asked, target.path, target.text);
	if (!part && (target.text?.length ?? 0) > rewritable) return undefined;
	return { target, part, others: targets.filter(other => other !== target) };
}

const isCode = (path: string): boolean => !/\.(md|txt|rst|json|ya?ml|toml|ini|cfg|lock)$/i.test(path);
