import type { Engine, Prompt, TokenScore } from '../engine/engine.js';

/** An engine that remembers the last reply of the conversation, so that one can ask how sure the model was of it. */
export type Remembering = Engine & {
	/** How likely each token of the last reply was; undefined when there is none here, or the engine cannot tell. */
	lastScores(signal: AbortSignal): Promise<TokenScore[] | undefined>;
};

export function remembering(engine: Engine): Remembering {
	let last: { prompt: Prompt; raw: string } | undefined;
	return {
		get model() {
			return engine.model;
		},
		warm: (prompt, signal) => engine.warm(prompt, signal),
		async *reply(prompt, signal) {
			const reply = yield* engine.reply(prompt, signal);
			// The messages grow while the task goes on; these are the ones it was asked with.
			const { begin: _isInRaw, ...asked } = prompt;
			if (!prompt.aside && reply.message.raw !== '')
				last = { prompt: { ...asked, messages: [...prompt.messages] }, raw: reply.message.raw };
			return reply;
		},
		fill: (hole, signal, see) => engine.fill(hole, signal, see),
		score: (...asked) => engine.score(...asked),
		measure: prompt => engine.measure(prompt),
		close: () => engine.close(),
		lastScores: async signal => (last ? engine.score(last.prompt, last.raw, signal) : undefined),
	};
}
