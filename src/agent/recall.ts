import { say } from '../prompts.js';
import type { AgentEvent, AssistantMessage, Call, Message } from '../types.js';
import { userText } from './loop.js';

/** `interrupted`: the last task has no ending, because the program was killed while it ran. */
export type Recalled = { messages: Message[]; interrupted: boolean };

/**
 * The conversation as the model knew it, from the events of its journal: exactly the messages that the loop had pushed. What a
 * kill left open is closed: text of an unfinished reply becomes an aborted reply, and every call that waited for its result
 * gets a failed one. Nothing is run.
 */
export function recall(events: readonly AgentEvent[]): Recalled {
	let messages: Message[] = [];
	let writing = '';
	let waiting: Call[] = [];
	let interrupted = false;
	const names = new Map<string, string>();

	/** What cannot go on any more once something new begins. */
	const settle = (): void => {
		for (const call of waiting) messages.push({ role: 'tool', callId: call.id, tool: call.tool, ok: false, text: say('repair/not-run') });
		waiting = [];
		if (writing !== '') messages.push(abortedReply(writing));
		writing = '';
	};

	for (const event of events) {
		switch (event.type) {
			case 'asked':
				settle();
				messages.push({ role: 'user', text: userText(event) });
				interrupted = true;
				break;
			case 'text':
				writing += event.text;
				break;
			case 'replied':
				writing = '';
				settle();
				messages.push(event.message);
				waiting = [...event.message.calls];
				break;
			case 'call':
				names.set(event.call.id, event.call.tool);
				if (!waiting.some(call => call.id === event.call.id)) waiting.push(event.call);
				break;
			case 'result':
				messages.push({
					role: 'tool',
					callId: event.callId,
					tool: names.get(event.callId) ?? '',
					ok: event.outcome.ok,
					text: event.outcome.text,
				});
				waiting = waiting.filter(call => call.id !== event.callId);
				break;
			case 'told':
				settle();
				messages.push({ role: 'user', text: event.text });
				break;
			case 'compacted':
				messages = structuredClone(event.messages);
				break;
			case 'done':
				// The loop came to its own end: calls that it left without a result stay so, byte for byte.
				waiting = [];
				settle();
				interrupted = false;
				break;
			case 'turn':
				settle();
				break;
			case 'reading':
			case 'loading':
			case 'writing-call':
			case 'output':
			case 'note':
				break;
			default:
				throw event satisfies never;
		}
	}
	settle();
	return { messages, interrupted };
}

const abortedReply = (text: string): AssistantMessage => ({ role: 'assistant', text, calls: [], stop: 'aborted', raw: text });
