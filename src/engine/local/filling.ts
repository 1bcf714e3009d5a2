import type { Token } from 'node-llama-cpp';
import type { Hole } from '../engine.js';
import type { Lane } from './lane.js';
import type { News } from './messages.js';
import type { Pace } from './pace.js';
import type { Tokens } from './tokens.js';
import { write } from './writing.js';

type Means = { lane: Lane; tokens: Tokens; pace: Pace; tell(news: News): void };

/**
 * The text for a hole, by the model's fill-in-the-middle tokens (Qwen2.5-Coder, arXiv 2409.12186, section 3.2.2). What is
 * furthest from the hole is left out when the context cannot take it all. Undefined without such tokens and on `signal`.
 */
export async function fill(hole: Hole, { lane, tokens, pace, tell }: Means, signal: AbortSignal): Promise<string | undefined> {
	const { sequence } = lane;
	const { prefix, suffix, middle } = sequence.model.tokens.infill;
	if (prefix === null || suffix === null || middle === null) return undefined;
	const { before, after } = around(tokens.quoted(hole.before), tokens.quoted(hole.after), sequence.contextSize - hole.maxTokens - 8);
	const ids = [prefix, ...before, suffix, ...after, middle];
	await lane.read(ids, () => {}, signal);
	if (signal.aborted) return undefined;
	// llama.cpp ends on padding and file separators, but not on the three that mark the hole.
	const ends = (id: Token) => id === prefix || id === suffix || id === middle || sequence.model.getTokenAttributes(id).control;
	const order = { ids, begin: '', stops: hole.until ?? [], maxTokens: hole.maxTokens, sampling: hole.sampling, pace, ends };
	const written = await write(lane, order, text => tell({ type: 'text', text }), signal);
	return written.stop === 'aborted' ? undefined : written.text;
}

/** The nearest `room` tokens: three quarters of them before the hole, unless one side needs less. */
function around(before: Token[], after: Token[], room: number): { before: Token[]; after: Token[] } {
	if (before.length + after.length <= room) return { before, after };
	const space = Math.max(0, room);
	const behind = Math.min(after.length, Math.max(Math.floor(space / 4), space - before.length));
	return { before: before.slice(-Math.max(1, space - behind)), after: after.slice(0, behind) };
}
