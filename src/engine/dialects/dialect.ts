import type { Call, ToolSpec } from '../../types.js';
import type { Prompt } from '../engine.js';

/** How a model family is told about tools, and how it writes calls. The agent sees only `Call`s. */
export type Dialect = {
	name: 'fenced' | 'hermes' | 'qwen-xml';
	/**
	 * The prompt as turns of plain text; the engine frames them in the model's own template.
	 * Appending messages only appends turns or grows the last one: a prompt begins with the whole of the previous one.
	 * An assistant message that the engine generated is rendered as its `raw` text.
	 */
	render(prompt: Prompt): Turn[];
	/** The syntax of one call, as the model would write it. `reader` gives the same call back. */
	write(call: Call): string;
	/** How a call of one of these tools begins. Missing where calls do not begin with a sign of their own. */
	head?(tools: readonly ToolSpec[]): Head;
	/** Reads one reply, fed in any pieces. `tools` are those offered; ids are `${idPrefix}-1`, `-2`… */
	reader(tools: readonly ToolSpec[], idPrefix: string): Reader;
};

/**
 * The sign that a call begins with, and the grammar (GBNF) of what stands after it, whatever may follow included. What matches
 * `over` (a regular expression) is the whole head: from there on the call is free.
 */
export type Head = { sign: string; grammar: string; over: string };

export type Turn = { role: 'system' | 'user' | 'assistant'; text: string };

export type Reader = {
	/** What this piece adds. Text that may yet turn out to be the beginning of a call is held back. */
	read(piece: string): ReadEvent[];
	/** The reply is over: `cut` when it reached a limit or was stopped, so that an unfinished block is no call. */
	end(cut: boolean): { events: ReadEvent[]; text: string; calls: Call[]; malformed?: string };
};

export type ReadEvent = { type: 'text'; text: string } | { type: 'writing-call'; tool: string; chars: number };
