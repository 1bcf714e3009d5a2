import type { Engine, Prompt, Reply } from '../../../src/engine/engine.js';
import { Refusal } from '../../../src/types.js';

/** One reply, read to its end or until its seconds are up. Throws `Refusal` when the engine fails. */
export async function replied(engine: Engine, prompt: Prompt, seconds = 120): Promise<Reply> {
	const running = engine.reply(prompt, AbortSignal.timeout(seconds * 1000));
	for (;;) {
		const step = await running.next();
		if (!step.done) continue;
		const { failure } = step.value;
		if (failure && failure.reason !== 'context-full') throw new Refusal(`The model failed: ${JSON.stringify(failure)}`);
		return step.value;
	}
}
