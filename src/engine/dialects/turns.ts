import type { AssistantMessage, Call, ToolMessage } from '../../types.js';
import type { Prompt } from '../engine.js';
import type { Turn } from './dialect.js';

/** What differs between dialects in a rendered prompt. */
export type Rendering = { tools: string; result(message: ToolMessage): string; write(call: Call): string };

/**
 * The turns of a prompt. What differs from one project to the next comes last in the system turn, so that what was read of
 * the words before it serves them all. Messages of the person and of tools that follow each other become one turn, so that appending a
 * message appends a turn or lengthens the last one.
 */
export function turnsOf({ system: words, instructions, messages }: Prompt, { tools, result, write }: Rendering): Turn[] {
	const system = [words, tools, instructions].filter(Boolean).join('\n\n');
	const turns: Turn[] = system ? [{ role: 'system', text: system }] : [];
	for (const message of messages) {
		const assistant = message.role === 'assistant';
		const text = assistant ? written(message, write) : message.role === 'tool' ? result(message) : message.text;
		const last = turns.at(-1);
		if (!assistant && last?.role === 'user') last.text += `${message.role === 'tool' ? '\n' : '\n\n'}${text}`;
		else if (text || !assistant) turns.push({ role: assistant ? 'assistant' : 'user', text });
	}
	return turns;
}

/** What the model wrote, byte for byte; a message it did not write is put together from its parts. */
function written(message: AssistantMessage, write: (call: Call) => string): string {
	return message.raw || [message.text, ...message.calls.map(write)].filter(Boolean).join('\n');
}
