import type { Engine, Prompt } from '../engine/engine.js';
import type { AgentEvent, AssistantMessage } from '../types.js';

/**
 * One reply beside the conversation, which is not touched. What is read and noted on the way is handed on, the words are not.
 * Undefined where it failed or was stopped.
 */
export async function* aside(
	prompt: Omit<Prompt, 'tools' | 'aside'>,
	engine: Engine,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, AssistantMessage | undefined> {
	const running = engine.reply({ ...prompt, tools: [], aside: true }, signal);
	for (;;) {
		const step = await running.next();
		if (step.done) return step.value.failure || step.value.message.stop === 'aborted' ? undefined : step.value.message;
		if (step.value.type === 'reading' || step.value.type === 'note') yield step.value;
	}
}
