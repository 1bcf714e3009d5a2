import { pursue, type Task, tell, type Work } from '../agent/loop.js';
import { fenceFor, language, showFile } from '../agent/material.js';
import type { Prompt } from '../engine/engine.js';
import { say } from '../prompts.js';
import type { AgentEvent, Ending } from '../types.js';
import type { Target } from './targets.js';

/** Characters of a file that a small model can write again as a whole without losing its way. */
const rewritable = 12_000;

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
	const unshown = targets.filter(target => target.text !== null && !task.material.includes(showFile(target.path, target.text)));
	if (unshown.length > 0) yield* tell(unshown.map(target => showFile(target.path, target.text ?? '')).join('\n\n'), work);
	const [only, second] = targets;
	if (!only || second || (only.text?.length ?? 0) > rewritable) return yield* pursue(work, signal);
	yield* tell(say(only.text === null ? 'jobs/change#create' : 'jobs/change', { path: only.path }), work);
	return yield* pursue(work, signal, turn => begun(only, turn, work));
}

/** The beginning of a reply that is the whole of this file. The first try is the model's best guess, the others differ. */
export function begun(file: Target, turn: number, { agent }: Pick<Work, 'agent'>): Partial<Prompt> {
	const fence = fenceFor(file.text ?? '');
	const sampling = turn === 1 ? { ...agent.sampling, temperature: 0 } : { ...agent.sampling, seed: agent.sampling.seed + turn };
	return { begin: `${file.path}\n${fence}${language(file.path)}\n`, until: [`\n${fence}`], sampling };
}
