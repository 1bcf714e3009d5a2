import type { Work } from '../agent/loop.js';
import { fenceFor, language } from '../agent/material.js';
import { fenceBody, openFence } from '../engine/dialects/fence.js';
import type { Prompt, Sampling } from '../engine/engine.js';
import type { AgentEvent } from '../types.js';
import { aside } from './aside.js';
import type { Target } from './targets.js';

/** Tokens that one file may have when it is written as a whole, and those that what is new in it may have. */
const longest = 2000;
const roomForNew = 500;
/** Characters that a token has at the least, on the average of code. */
const shortestToken = 2.5;

/** The beginning of a reply that is the whole of this file. The first try is the model's best guess, the others differ. */
export function begun(file: Target, turn: number, { agent }: Pick<Work, 'agent'>, head = ''): Partial<Prompt> & { sampling: Sampling } {
	const fence = fenceFor(file.text ?? '');
	return { begin: `${opening(file)}${head}`, until: [`\n${fence}`], sampling: samplingOf(turn, agent.sampling) };
}

const samplingOf = (turn: number, usual: Sampling): Sampling =>
	turn === 1 ? { ...usual, temperature: 0 } : { ...usual, seed: usual.seed + turn };

/** With what the same is asked next, when `together` texts are asked for at once: first the best guess alone, which may do. */
const nextOf = (turn: number, together: number, usual: Sampling): Sampling[] =>
	Array.from({ length: turn === 1 ? 0 : together - 1 }, (_, i) => samplingOf(turn + 1 + i, usual));

const roomFor = ({ text }: Target): number =>
	Math.min(longest, text === null ? longest : roomForNew + Math.ceil(text.length / shortestToken));

/** What a reply that is the whole of this file begins with. */
export const opening = ({ path, text }: Target): string => `${path}\n${fenceFor(text ?? '')}${language(path)}\n`;

/** `together` is how many texts are asked for at once, of one question in a search that asks for many. */
type Whole = { file: Target; asked: string; round: number; head?: string | undefined; together?: number | undefined };

/**
 * The whole text of this file, from `head` on, as the model writes it when it is asked this. The conversation is not touched. Undefined when it
 * wrote something else, or not to the end. Where the engine could not begin the reply, its one block counts.
 */
export async function* wholeText(
	{ file, asked, round, head = '', together }: Whole,
	{ agent }: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, string | undefined> {
	const also = together === undefined ? {} : { also: nextOf(round, together, agent.sampling) };
	const own = { ...begun(file, round, { agent }, head), ...also, maxTokens: roomFor(file) };
	const prompt = { ...agent.head, messages: [{ role: 'user', text: asked }], ...own } as const;
	const message = yield* aside(prompt, agent.engine, signal);
	if (!message || message.stop === 'length') return undefined;
	const begins = message.raw.startsWith(prompt.begin ?? '');
	return begins ? message.raw.slice(opening(file).length).replace(/\n*$/, '\n') : onlyBlock(message.raw, file.path);
}

/**
 * The one fenced block of a reply that could not be begun, as the text of the file that was asked for. Undefined when there is none,
 * when there are several, and when it has no end.
 */
export function onlyBlock(reply: string, path: string): string | undefined {
	const nested = /\.(?:mdx?|markdown|rst)$/i.test(path);
	const bodies: string[] = [];
	for (let at = 0; at < reply.length; ) {
		const fence = openFence(reply.slice(at), true);
		const body = fence && fence !== 'wait' ? fenceBody(reply.slice(at), fence, { nested, edits: false }, true) : undefined;
		if (body === 'wait' || body?.closed === false) return undefined;
		if (body) bodies.push(body.body);
		const line = reply.indexOf('\n', at) + 1;
		at = body ? at + body.length : line === 0 ? reply.length : line;
	}
	const [text, another] = bodies;
	if (text === undefined || another !== undefined) return undefined;
	// Some write the path, and the fence once more, into the block.
	const [first, ...rest] = text.split('\n');
	if (first?.trim() !== path) return text;
	return (/^(`{3,}|~{3,})/.test(rest[0] ?? '') ? rest.slice(1) : rest).join('\n');
}
