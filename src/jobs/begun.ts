import type { Work } from '../agent/loop.js';
import { fenceFor, language } from '../agent/material.js';
import type { Prompt } from '../engine/engine.js';
import type { AgentEvent } from '../types.js';
import type { Target } from './targets.js';

/** Tokens that one file may have when it is written as a whole, and those that what is new in it may have. */
const longest = 2000;
const roomForNew = 500;
/** Characters that a token has at the least, on the average of code. */
const shortestToken = 2.5;

/** The beginning of a reply that is the whole of this file. The first try is the model's best guess, the others differ. */
export function begun(file: Target, turn: number, { agent }: Pick<Work, 'agent'>, head = ''): Partial<Prompt> {
	const fence = fenceFor(file.text ?? '');
	const sampling = turn === 1 ? { ...agent.sampling, temperature: 0 } : { ...agent.sampling, seed: agent.sampling.seed + turn };
	return { begin: `${opening(file)}${head}`, until: [`\n${fence}`], sampling };
}

const roomFor = ({ text }: Target): number =>
	Math.min(longest, text === null ? longest : roomForNew + Math.ceil(text.length / shortestToken));

const opening = ({ path, text }: Target): string => `${path}\n${fenceFor(text ?? '')}${language(path)}\n`;

/**
 * The whole text of this file, from `head` on, as the model writes it when it is asked this. The conversation is not touched. Undefined when it
 * wrote something else (not every engine can begin a reply), or not to the end.
 */
export async function* wholeText(
	{ file, asked, round, head = '' }: { file: Target; asked: string; round: number; head?: string },
	{ agent }: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, string | undefined> {
	const own = { tools: [], ...begun(file, round, { agent }, head), maxTokens: roomFor(file), aside: true };
	const prompt: Prompt = { ...agent.head, messages: [{ role: 'user', text: asked }], ...own };
	const running = agent.engine.reply(prompt, signal);
	for (;;) {
		const step = await running.next();
		if (!step.done) {
			if (step.value.type === 'reading' || step.value.type === 'note') yield step.value;
			continue;
		}
		const { message, failure } = step.value;
		if (failure || message.stop === 'aborted' || message.stop === 'length' || !message.raw.startsWith(prompt.begin ?? '')) return undefined;
		return message.raw.slice(opening(file).length).replace(/\n*$/, '\n');
	}
}
