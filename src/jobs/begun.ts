import type { Work } from '../agent/loop.js';
import { fenceFor, language } from '../agent/material.js';
import type { Prompt } from '../engine/engine.js';
import type { Target } from './targets.js';

/** The beginning of a reply that is the whole of this file. The first try is the model's best guess, the others differ. */
export function begun(file: Target, turn: number, { agent }: Pick<Work, 'agent'>): Partial<Prompt> {
	const fence = fenceFor(file.text ?? '');
	const sampling = turn === 1 ? { ...agent.sampling, temperature: 0 } : { ...agent.sampling, seed: agent.sampling.seed + turn };
	return { begin: `${file.path}\n${fence}${language(file.path)}\n`, until: [`\n${fence}`], sampling };
}
