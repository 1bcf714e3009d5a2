import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Dialect } from '../../src/engine/dialects/dialect.js';
import type { Engine, Prompt, Reply, Sampling } from '../../src/engine/engine.js';
import { type LocalOptions, localEngine } from '../../src/engine/local/local.js';
import { greedy } from '../../src/engine/sampling.js';
import { places } from '../../src/places.js';
import type { EngineEvent, Message } from '../../src/types.js';
import { tinyModel } from './tiny.js';

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

export function tinyEngine(options: Partial<LocalOptions> = {}): Engine {
	return localEngine({
		modelPath: options.modelPath ?? tinyModel(),
		name: 'tiny',
		tier: 'T0',
		dialect: plainDialect,
		contextSize: 4096,
		threads: 1,
		batchSize: 128,
		useMmap: true,
		gpu: false,
		...options,
	});
}

export const realEngine = (modelPath: string, more: Partial<LocalOptions> = {}): Engine =>
	tinyEngine({ modelPath, name: 'qwen2.5-coder-0.5b', threads: Math.min(2, availableParallelism()), useMmap: false, ...more });

/** The file of the real 0.5B; undefined where it is not installed. */
export function realModel(): string | undefined {
	const path = join(places.models(), 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf');
	return existsSync(path) ? path : undefined;
}

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
