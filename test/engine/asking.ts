import type { Dialect } from '../../src/engine/dialects/dialect.js';
import type { Engine, Prompt, Reply, Sampling } from '../../src/engine/engine.js';
import { greedy } from '../../src/engine/sampling.js';
import type { EngineEvent, Message } from '../../src/types.js';

/** No calls, no changes: what the model writes is the text. For tests of the engine alone. */
export const plainDialect: Dialect = {
	name: 'fenced',
	render: ({ system, messages }) => [
		...(system ? [{ role: 'system' as const, text: system }] : []),
		...messages.map(message => ({
			role: message.role === 'assistant' ? ('assistant' as const) : ('user' as const),
			text: textOf(message),
		})),
	],
	write: call => JSON.stringify(call),
	reader() {
		let text = '';
		return {
			read(piece) {
				text += piece;
				return piece ? [{ type: 'text', text: piece }] : [];
			},
			end: () => ({ events: [], text, calls: [] }),
		};
	},
};

const textOf = (message: Message) => (message.role === 'assistant' ? message.raw : message.text);

export const varied: Sampling = { temperature: 1, topP: 1, topK: 40, minP: 0, repeatPenalty: 1, seed: 1 };
export const never = () => new AbortController().signal;

/** A prompt whose only message is `text`, answered in at most `maxTokens`. */
export const ask = (text: string, more: Partial<Prompt> = {}): Prompt => ({
	system: 'You are brief.',
	messages: [{ role: 'user', text }],
	tools: [],
	sampling: greedy,
	maxTokens: 12,
	...more,
});

/** `prompt` with the reply to it and the next message of the person. */
export const followedBy = (prompt: Prompt, reply: Reply, text: string): Prompt => ({
	...prompt,
	messages: [...prompt.messages, reply.message, { role: 'user', text }],
});

export type Run = { events: EngineEvent[]; reply: Reply };

/** Runs a reply to its end; `at` sees each event as it comes, and may stop it. */
export async function run(engine: Engine, prompt: Prompt, at: (event: EngineEvent, stop: () => void) => void = () => {}): Promise<Run> {
	const stopping = new AbortController();
	const events: EngineEvent[] = [];
	const running = engine.reply(prompt, stopping.signal);
	for (;;) {
		const step = await running.next();
		if (step.done) return { events, reply: step.value };
		events.push(step.value);
		at(step.value, () => stopping.abort());
	}
}

export const textIn = (events: readonly EngineEvent[]): string => events.map(event => (event.type === 'text' ? event.text : '')).join('');
export const readings = (events: readonly EngineEvent[]) => events.filter(event => event.type === 'reading');
