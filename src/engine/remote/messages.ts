import { createHash } from 'node:crypto';
import type { AssistantMessage, Message } from '../../types.js';
import type { Prompt } from '../engine.js';

/** A message in the form of the chat interface. */
export type ChatMessage = {
	role: 'system' | 'user' | 'assistant' | 'tool';
	content: string;
	tool_calls?: { id: string; type: 'function'; function: { name: string; arguments: string } }[];
	tool_call_id?: string;
};

/**
 * The prompt as messages with calls of their own, which the server renders in the model's own way. Servers refuse a call
 * without its result and a result without its call: the first is left out, the second is told as a person's words. Appending
 * messages only appends, or lengthens the last one.
 */
export function nativeMessages({ system: words, instructions, messages }: Prompt): ChatMessage[] {
	const system = [words, instructions].filter(Boolean).join('\n\n');
	const answered = new Set(messages.flatMap(message => (message.role === 'tool' ? [message.callId] : [])));
	const asked = new Set(messages.flatMap(message => (message.role === 'assistant' ? message.calls.map(call => call.id) : [])));
	const out: ChatMessage[] = system ? [{ role: 'system', content: system }] : [];
	for (const message of messages) {
		const next = message.role === 'assistant' ? spoken(message, answered) : heard(message, asked);
		const last = out.at(-1);
		if (next.role === 'user' && last?.role === 'user') last.content += `\n\n${next.content}`;
		else if (next.content || next.role !== 'assistant' || next.tool_calls) out.push(next);
	}
	return out;
}

function heard(message: Exclude<Message, AssistantMessage>, asked: ReadonlySet<string>): ChatMessage {
	if (message.role === 'user') return { role: 'user', content: message.text };
	if (asked.has(message.callId)) return { role: 'tool', content: message.text, tool_call_id: wireId(message.callId) };
	return { role: 'user', content: `[${message.tool}]\n${message.text}` };
}

function spoken(message: AssistantMessage, answered: ReadonlySet<string>): ChatMessage {
	const calls = message.calls.filter(call => answered.has(call.id));
	if (calls.length === 0) return { role: 'assistant', content: message.raw || message.text };
	return {
		role: 'assistant',
		content: message.text,
		tool_calls: calls.map(({ id, tool, args }) => ({
			id: wireId(id),
			type: 'function',
			function: { name: tool, arguments: JSON.stringify(args) },
		})),
	};
}

/** Mistral's templates take no id but one of nine letters and digits; the others take any. */
const wireId = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 9);
