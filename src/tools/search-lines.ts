import { createContext, Script } from 'node:vm';
import { say } from '../prompts.js';
import { Refusal } from '../types.js';

/** Milliseconds that one file may take: a pattern that needs more backtracks without end. */
const longest = 1000;

/** A pattern made ready; `literal` when it is no regular expression and is sought as it stands. */
export type Search = { source: string; literal: boolean; ignoreCase: boolean };

export function searchFor(pattern: string): Search {
	const source = pattern.replace(/^\(\?i\)/, '');
	const ignoreCase = source !== pattern;
	try {
		new RegExp(source);
		return { source, literal: false, ignoreCase };
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
		return { source: pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), literal: true, ignoreCase: false };
	}
}

/**
 * The lines of `text`, counted from 1, that match. Runs where it can be stopped: the pattern comes from the model, and
 * some patterns never end. Refuses those.
 */
export function matchingLines(text: string, { source, ignoreCase }: Search): number[] {
	try {
		const found: unknown = script.runInContext(createContext({ text, source, flags: ignoreCase ? 'i' : '' }), { timeout: longest });
		return String(found).split(',').filter(Boolean).map(Number);
	} catch (error) {
		if (isTimeout(error)) throw new Refusal(say('tools/grep_search#too-slow'));
		throw error;
	}
}

const script = new Script(`
	const wanted = new RegExp(source, flags);
	text.split('\\n').flatMap((line, index) => (wanted.test(line.slice(0, 10000)) ? [index + 1] : [])).join(',');
`);

/** The error belongs to the context it was thrown in, so it is no `Error` of ours. */
const isTimeout = (error: unknown): boolean =>
	typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
