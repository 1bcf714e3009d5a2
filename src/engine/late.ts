import { type Ending, type EngineEvent, Refusal } from '../types.js';
import type { Engine, ModelInfo } from './engine.js';
import { queue } from './queue.js';

/** What is known of a model before it is chosen. */
const unknown: ModelInfo = { name: '…', tier: 'T0', contextSize: 0, device: 'loading' };

/**
 * An engine that is opened when it is first needed: choosing, fetching and checking a model takes time in which a face can
 * already be drawn. From its last `loading` of 0 on it is known which model that is. `open` tells what it is doing; its `Refusal` becomes a `no-model` ending and the next use tries again.
 */
export function lateEngine(open: (signal: AbortSignal) => AsyncGenerator<EngineEvent, Engine>): Engine {
	let engine: Engine | undefined;
	const line = queue();
	const closing = new AbortController();

	async function* ready(signal: AbortSignal): AsyncGenerator<EngineEvent, Ending | undefined> {
		if (engine) return undefined;
		const failure = yield* chosen(signal);
		if (!failure) yield { type: 'loading', fraction: 0 };
		return failure;
	}
	async function* chosen(signal: AbortSignal): AsyncGenerator<EngineEvent, Ending | undefined> {
		const leave = await line.enter(signal);
		if (!leave) return { reason: 'interrupted' };
		try {
			if (!engine) engine = yield* open(AbortSignal.any([signal, closing.signal]));
			return undefined;
		} catch (error) {
			if (signal.aborted) return { reason: 'interrupted' };
			if (error instanceof Refusal) return { reason: 'no-model', detail: error.message };
			throw error;
		} finally {
			leave();
		}
	}
	const opened = async (): Promise<Engine> => {
		if (engine) return engine;
		const opening = ready(closing.signal);
		for (;;) {
			const step = await opening.next();
			if (!step.done) continue;
			if (engine) return engine;
			throw new Refusal(step.value && 'detail' in step.value ? step.value.detail : 'There is no model.', 41);
		}
	};

	return {
		get model() {
			return engine?.model ?? unknown;
		},
		async *warm(prompt, signal) {
			const failure = yield* ready(signal);
			return failure ?? (yield* engine!.warm(prompt, signal));
		},
		async *reply(prompt, signal) {
			const failure = yield* ready(signal);
			if (!failure) return yield* engine!.reply(prompt, signal);
			const message = { role: 'assistant', text: '', calls: [], stop: signal.aborted ? 'aborted' : 'lost', raw: '' } as const;
			return { message: { ...message, calls: [] }, usage: { prompt: 0, reused: 0, output: 0, readMs: 0, writeMs: 0 }, failure };
		},
		fill: async (hole, signal, see) => (await opened()).fill(hole, signal, see),
		score: async (...asked) => (await opened()).score(...asked),
		measure: async prompt => (await opened()).measure(prompt),
		async close() {
			closing.abort();
			await engine?.close();
		},
	};
}
