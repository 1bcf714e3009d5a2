import type { LlamaModel, Token } from 'node-llama-cpp';
import type { Hole } from '../engine.js';
import type { Lane } from './lane.js';
import type { News } from './messages.js';
import type { Pace } from './pace.js';
import { resuming, unsettledEnd } from './resuming.js';
import type { Tokens } from './tokens.js';
import { write } from './writing.js';

type Means = { lane: Lane; tokens: Tokens; pace: Pace; tell(news: News): void };

/**
 * The text for a hole, by the model's fill-in-the-middle tokens. What is furthest from the hole is left out when the context
 * cannot take it all. Undefined without such tokens and on `signal`.
 */
export async function fill(hole: Hole, { lane, tokens, pace, tell }: Means, signal: AbortSignal): Promise<string | undefined> {
	const { sequence } = lane;
	const { model } = sequence;
	const marks = marksOf(model);
	if (!marks) return undefined;
	const begun = marks.suffixFirst ? unsettledEnd(hole.before) : '';
	const maxTokens = hole.maxTokens + tokens.quoted(begun).length;
	const settled = tokens.quoted(hole.before.slice(0, hole.before.length - begun.length));
	const head = tokens.quoted(hole.head ?? '').slice(-Math.floor(sequence.contextSize / 4));
	const room = sequence.contextSize - maxTokens - 8 - head.length;
	const { before, after } = around(settled, tokens.quoted(hole.after), room);
	const { prefix, suffix, middle } = marks;
	const ids = marks.suffixFirst
		? [prefix, ...head, suffix, ...after, middle, ...before]
		: [prefix, ...head, ...before, suffix, ...after, middle];
	await lane.read(ids, () => {}, signal);
	if (signal.aborted) return undefined;
	// llama.cpp ends on padding and file separators, but not on the three that mark the hole.
	const ends = (id: Token) => id === prefix || id === suffix || id === middle || model.getTokenAttributes(id).control;
	const heads = begun === '' ? undefined : await resuming(model, begun);
	const order = { ids, begin: '', stops: hole.until ?? [], maxTokens, sampling: hole.sampling, pace, heads, ends };
	let told = -begun.length;
	const say = (text: string) => {
		const fresh = text.slice(Math.max(0, -told));
		told += text.length;
		if (fresh) tell({ type: 'text', text: fresh });
	};
	const written = await write(lane, order, say, signal);
	return written.stop === 'aborted' ? undefined : written.text.slice(begun.length);
}

type Marks = { prefix: Token; suffix: Token; middle: Token; suffixFirst: boolean };

/**
 * The tokens that mark a hole. Qwen's models were trained with the text before the hole first (arXiv 2409.12186, section 3.2.2),
 * and yet look at the text behind it far more when that comes first and the text before it follows the third mark (the second
 * variant of arXiv 2207.14255, section 3), so that they go on from there. A head goes before both: of 40 holes the 0.5B fills 33 with
 * the description of the function there, 33 without, and reads half as much for the next hole of the same function.
 */
function marksOf(model: LlamaModel): Marks | undefined {
	const { prefix, suffix, middle, prefixString } = model.tokens.infill;
	if (prefix === null || suffix === null || middle === null) return undefined;
	return { prefix, suffix, middle, suffixFirst: prefixString === '<|fim_prefix|>' };
}

/** The nearest `room` tokens: three quarters of them before the hole, unless one side needs less. */
function around(before: Token[], after: Token[], room: number): { before: Token[]; after: Token[] } {
	if (before.length + after.length <= room) return { before, after };
	const space = Math.max(0, room);
	const behind = Math.min(after.length, Math.max(Math.floor(space / 4), space - before.length));
	return { before: before.slice(-Math.max(1, space - behind)), after: after.slice(0, behind) };
}
