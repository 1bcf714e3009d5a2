import type { Loss } from './host.js';
import type { Result, WriteRequest } from './messages.js';

/** Replies that were written beside one that was asked for, until they are asked for themselves. */
export type ReadyReplies = {
	/** Keeps what was written beside the reply to this request; of what is never asked for, the oldest go. */
	put(request: WriteRequest, outcome: Result | Loss): void;
	/** The raw reply to exactly this request, if there is one, and what it came to. It is given once. */
	take(request: WriteRequest): { raw: string; result: Result } | undefined;
};

const most = 32;

export function readyReplies(): ReadyReplies {
	const ready = new Map<string, { raw: string; result: Result }>();
	return {
		put(request, outcome) {
			if (outcome.kind !== 'written') return;
			for (const { sampling, text, stop, output } of outcome.others ?? []) {
				const usage = { prompt: outcome.usage.prompt, reused: outcome.usage.prompt, output, readMs: 0, writeMs: 0 };
				ready.set(keyOf({ ...request, sampling }), { raw: request.begin + text, result: { kind: 'written', stop, usage } });
			}
			for (const key of [...ready.keys()].slice(0, -most)) ready.delete(key);
		},
		take(request) {
			const key = keyOf(request);
			const known = ready.get(key);
			ready.delete(key);
			return known;
		},
	};
}

const keyOf = ({ turns, begin, until, maxTokens, sampling }: WriteRequest): string =>
	JSON.stringify([turns, begin, until, maxTokens, Object.entries(sampling).sort()]);
