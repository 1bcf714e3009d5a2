import { createHash } from 'node:crypto';
import { say } from '../prompts.js';
import type { Call, Ending, Outcome } from '../types.js';

/** Watches the calls of one task, so that a model that goes round in circles is stopped and says so. */
export type Guard = {
	/** To be told of each call and what came of it. An ending when the task must stop here. */
	after(call: Call, outcome: Outcome, limits: { calls: number }): Ending | undefined;
	/** Words for the model when it has just repeated itself; each repetition is mentioned once. */
	nudge(): string | undefined;
	/** The tool of the last call when every call so far was refused. */
	allRefused(): string | undefined;
};

/** The same call with the same result: mentioned the second time, the third time it is the end. */
const repeatsAllowed = 2;

/** A guard for one task. Fingerprint of a call: tool, arguments in canonical order, and the digest of its result. */
export function createGuard(): Guard {
	const seen = new Map<string, number>();
	let calls = 0;
	let refusals = 0;
	let lastTool = '';
	let pending: string | undefined;
	return {
		after(call, outcome, limits) {
			calls += 1;
			refusals += outcome.refused ? 1 : 0;
			lastTool = call.tool;
			const print = fingerprint(call, outcome);
			const times = (seen.get(print) ?? 0) + 1;
			seen.set(print, times);
			if (times > repeatsAllowed)
				return { reason: 'stuck', detail: `${call.tool} was called ${times} times with the same arguments and the same result` };
			if (times === repeatsAllowed) pending = say('repair/repeated', { tool: call.tool });
			if (calls >= limits.calls) return { reason: 'call-limit', limit: limits.calls };
			return undefined;
		},
		nudge() {
			const words = pending;
			pending = undefined;
			return words;
		},
		allRefused: () => (calls > 0 && refusals === calls ? lastTool : undefined),
	};
}

function fingerprint(call: Call, outcome: Outcome): string {
	const digest = createHash('sha256').update(outcome.text).digest('hex');
	return `${call.tool} ${canonical(call.args)} ${digest}`;
}

function canonical(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
	if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'undefined';
	const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}
