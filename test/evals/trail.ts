import { z } from 'zod';
import type { AgentEvent } from '../../src/types.js';
import type { Said } from './suites/suite.js';

const lastLine = z.looseObject({
	type: z.literal('result'),
	terminal_reason: z.string(),
	errors: z.array(z.string()).optional(),
	result: z.string().optional(),
	remarks: z
		.array(z.object({ path: z.string(), line: z.number(), rule: z.string(), certainty: z.enum(['verified', 'opinion']), text: z.string() }))
		.optional(),
	claims: z
		.array(
			z.object({
				kind: z.enum(['path', 'line', 'symbol', 'command', 'flag', 'version']),
				text: z.string(),
				ok: z.boolean(),
				truth: z.string().exactOptional(),
			}),
		)
		.optional(),
	usage: z.object({ input_tokens: z.number(), cache_read_input_tokens: z.number(), output_tokens: z.number() }),
});

/** How a run of the program went: how it ended, its tokens, on one line what it did on its way, and what it said. */
export type Trail = { read: number; written: number; why: string; said?: Said };

/** Reads what the program said (stream-json) and what it has kept of its conversation (the events of its journal). */
export function trailOf(stream: string, journal: readonly AgentEvent[]): Trail {
	const last = stream.trim().split('\n').at(-1) ?? '';
	const result = last.startsWith('{') ? lastLine.safeParse(JSON.parse(last)) : undefined;
	const steps = stepsOf(journal);
	if (!result?.success) return { read: 0, written: 0, why: ['no result line', ...steps].join('; ') };
	const { terminal_reason: ended, errors = [], usage, result: text = '', remarks = [], claims = [] } = result.data;
	const said = errors[0]?.replace(/\s+/g, ' ') ?? '';
	return {
		read: usage.input_tokens + usage.cache_read_input_tokens,
		written: usage.output_tokens,
		why: [ended, ...steps, said].filter(part => part !== '').join('; '),
		said: { text, remarks, claims },
	};
}

/** Each call with its outcome and, where it tried candidates, how many; a reply without calls is told by its length. */
function stepsOf(journal: readonly AgentEvent[]): string[] {
	const outcomes = new Map(journal.flatMap(event => (event.type === 'result' ? [[event.callId, event.outcome] as const] : [])));
	return journal.flatMap(event => {
		if (event.type === 'replied' && event.message.calls.length === 0) return [`said ${event.message.text.length} characters`];
		if (event.type !== 'call') return [];
		const output = journal.flatMap(other => (other.type === 'output' && other.callId === event.call.id ? [other.text] : [])).join('');
		const tried = output.match(/^[✗✓] /gm)?.length ?? 0;
		const looked = /looking in (.*)$/m.exec(output)?.[1];
		const outcome = outcomes.get(event.call.id);
		const sign = outcome === undefined ? 'open' : outcome.ok ? 'ok' : 'failed';
		return [`${event.call.tool} ${sign}${looked ? ` in ${looked}` : ''}${tried > 0 ? `, ${tried} tried` : ''}`];
	});
}
