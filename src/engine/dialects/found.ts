import { say } from '../../prompts.js';
import type { ToolSpec } from '../../types.js';
import type { Wanted } from './arguments.js';

/** What a reply is read with. `final`: whether more may come, the model ended, or it was cut. `form`: how a call is written. */
export type Reading = { tools: readonly ToolSpec[]; final: 'no' | 'end' | 'cut'; form: string };

/**
 * What stands at the beginning of a text. The same text read further never changes a decision once taken: that makes the
 * reading independent of how the reply arrives. `wait` comes only while more may come; with `tool`, a call is being written.
 */
export type Found =
	| { kind: 'text'; length: number }
	| { kind: 'calls'; length: number; calls: Wanted[]; malformed?: string }
	| { kind: 'wait'; tool?: string };

/** A call that ended before it was whole. */
export const cutCall = (length: number, tool: string): Found => ({
	kind: 'calls',
	length,
	calls: [],
	malformed: say('dialects/unreadable#cut', { tool }),
});

/** A call that is whole and cannot be read; `why` tells the model, and `form` how it is written. */
export const unreadable = (length: number, why: string, form = ''): Found => ({
	kind: 'calls',
	length,
	calls: [],
	malformed: form ? say('dialects/unreadable#form', { why, form }) : why,
});

/** The text around a fault, short and on one line. `end` is where the call ends: what follows is not looked at. */
export const near = (text: string, at: number, end: number): string =>
	JSON.stringify(text.slice(Math.max(0, at - 12), Math.min(at + 18, end))).slice(1, -1);
