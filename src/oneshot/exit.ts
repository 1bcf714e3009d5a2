import { endingSentence } from '../agent/endings.js';
import type { TokenScore } from '../engine/engine.js';
import { type Ending, Refusal } from '../types.js';

/** How a run is reported: exit code, the words of the wire format, and the sentence for the person. */
/** `scores` are those of the last reply's tokens, where they were asked for; null when the engine cannot tell. */
export type Finish = { code: number; subtype: Subtype; reason: TerminalReason; sentence: string; scores?: readonly TokenScore[] | null };

export const subtypes = ['success', 'error_during_execution', 'error_max_turns', 'error_max_budget'] as const;
export type Subtype = (typeof subtypes)[number];

export const terminalReasons = [
	'completed',
	'interrupted',
	'max_turns',
	'max_tool_calls',
	'max_wall_time',
	'context_full',
	'stuck',
	'checks_failed',
	'denied',
	'engine_lost',
	'no_model',
	'bad_input',
	'bug',
] as const;
export type TerminalReason = (typeof terminalReasons)[number];

type Row = readonly [code: number, reason: TerminalReason, subtype: Subtype];

const rows = {
	answered: [0, 'completed', 'success'],
	// As linters do, so that a script can stop at it.
	remarked: [1, 'completed', 'success'],
	interrupted: [130, 'interrupted', 'error_during_execution'],
	denied: [1, 'denied', 'error_during_execution'],
	'turn-limit': [53, 'max_turns', 'error_max_turns'],
	'call-limit': [55, 'max_tool_calls', 'error_max_budget'],
	'time-limit': [55, 'max_wall_time', 'error_max_budget'],
	'context-full': [1, 'context_full', 'error_during_execution'],
	stuck: [1, 'stuck', 'error_during_execution'],
	'checks-failed': [1, 'checks_failed', 'error_during_execution'],
	'engine-lost': [1, 'engine_lost', 'error_during_execution'],
	'no-model': [41, 'no_model', 'error_during_execution'],
} as const satisfies Record<Ending['reason'], Row>;

/** How a task that came to this ending is reported. */
export function finishOf(ending: Ending): Finish {
	const [code, reason, subtype] = rows[ending.reason];
	return { code, subtype, reason, sentence: endingSentence(ending, 'script') };
}

/** How a run that never came to an ending is reported: a refusal with its own code, anything else as a bug (70). */
export function finishOfError(error: unknown): Finish {
	const sentence = error instanceof Error ? error.message : String(error);
	const subtype = 'error_during_execution';
	if (!(error instanceof Refusal)) return { code: 70, subtype, reason: 'bug', sentence };
	const reason = ({ 1: 'engine_lost', 41: 'no_model', 42: 'bad_input', 44: 'bad_input', 52: 'bad_input' } as const)[error.exitCode];
	return { code: error.exitCode, subtype, reason, sentence };
}
