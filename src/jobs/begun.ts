import type { Work } from '../agent/loop.js';
import { fenceFor, language } from '../agent/material.js';
import type { Prompt } from '../engine/engine.js';
import type { AgentEvent } from '../types.js';
import type { Target } from './targets.js';

/** Tokens that one file may have when it is written as a whole. */
const longest = 2000;

/** The beginning of a reply that is the whole of this file. The first try is the model's best guess, the others differ. */
export function begun(file: Target, turn: number, { agent }: Pick<Work, 'agent'>): Partial<Prompt> {
	const fence = fenceFor(file.text ?? '');
	const sampling = turn === 1 ? { ...agent.sampling, temperature: 0 } : { ...agent.sampling, seed: agent.sampling.seed + turn };
	return { begin: `${file.path}\n${fence}${language(file.path)}\n`, until: [`\n${fence}`], sampling };
}

/**
 * The whole text of this file as the model writes it when it is asked this. The conversation is not touched. Undefined when it
 * wrote something else (not every engine can begin a reply), or not to the end.
 */
export async function* wholeText(
	{ file, asked, round }: { file: Target; asked: string; round: number },
	{ agent }: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, string | undefined> {
	const own = { tools: [], ...begun(file, round, { agent }), maxTokens: longest, aside: true };
	const prompt: Prompt = { ...agent.head, messages: [{ role: 'user', text: asked }], ...own };
	const running = agent.engine.reply(prompt, signal);
	for (;;) {
		const step = await running.next();
		if (!step.done) {
			if (step.value.type === 'reading' || step.value.type === 'note') yield step.value;
			continue;
		}
		const { message, failure } = step.value;
		const header = prompt.begin ?? '';
		if (failure || message.stop === 'aborted' || message.stop === 'length' || !message.raw.startsWith(header)) return undefined;
		return message.raw.slice(header.length).replace(/\n*$/, '\n');
	}
}
