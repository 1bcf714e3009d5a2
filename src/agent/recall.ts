import { say } from '../prompts.js';
import type { AgentEvent, Call, Message } from '../types.js';
import { userText } from './material.js';

/** `interrupted`: the last task has no ending, because the program was killed while it ran. */
export type Recalled = { messages: Message[]; interrupted: boolean };

/**
 * The conversation as the model knew it, from the events of its journal: exactly the messages that the loop had pushed. What a
 * kill left open is closed: text of an unfinished reply becomes an aborted reply, and every call that waited for its result
 * gets a failed one; so does one whose result a damaged journal has lost, and of two results the first counts. Nothing is run.
 */
export function recall(events: readonly AgentEvent[]): Recalled {
	const recalled: Recalling = { messages: [], interrupted: false, writing: '', waiting: [], names: new Map() };
	for (const event of events) take(event, recalled);
	settle(recalled);
	return { messages: recalled.messages, interrupted: recalled.interrupted };
}

/** `writing` is the text of a reply that is not over, `waiting` are calls without a result. */
type Recalling = Recalled & { writing: string; waiting: Call[]; names: Map<string, string> };

function take(event: AgentEvent, now: Recalling): void {
	switch (event.type) {
		case 'asked':
			settle(now);
			now.messages.push({ role: 'user', text: userText(event) });
			now.interrupted = true;
			break;
		case 'text':
			now.writing += event.text;
			break;
		case 'replied':
			now.writing = '';
			if (event.message.calls.some(({ id }) => isKnown(id, now))) break;
			settle(now);
			now.messages.push(event.message);
			now.waiting = [...event.message.calls];
			break;
		case 'call':
			now.names.set(event.call.id, event.call.tool);
			if (!isKnown(event.call.id, now)) now.waiting.push(event.call);
			break;
		case 'result':
			if (!now.waiting.some(call => call.id === event.callId)) break;
			now.messages.push(resultMessage(event, now.names.get(event.callId) ?? ''));
			now.waiting = now.waiting.filter(call => call.id !== event.callId);
			break;
		case 'told':
			settle(now);
			now.messages.push({ role: 'user', text: event.text });
			break;
		case 'compacted':
			now.messages = structuredClone(event.messages);
			break;
		case 'done':
			settle(now);
			now.interrupted = false;
			break;
		case 'turn':
			settle(now);
			break;
		case 'reading':
		case 'loading':
		case 'writing-call':
		case 'output':
		case 'candidate':
		case 'claim':
		case 'remark':
		case 'note':
		case 'instructed':
		case 'writer':
			break;
		default:
			throw event satisfies never;
	}
}

/** Whether this call was taken already: a damaged journal may have lines twice, or behind those that follow from them. */
const isKnown = (id: string, { messages, waiting }: Recalling): boolean =>
	waiting.some(call => call.id === id) || messages.some(message => message.role === 'tool' && message.callId === id);

/** Closes what cannot go on any more once something new begins. */
function settle(now: Recalling): void {
	for (const call of now.waiting)
		now.messages.push({ role: 'tool', callId: call.id, tool: call.tool, ok: false, text: say('repair/not-run') });
	if (now.writing !== '') now.messages.push({ role: 'assistant', text: now.writing, calls: [], stop: 'aborted', raw: now.writing });
	now.waiting = [];
	now.writing = '';
}

const resultMessage = ({ callId, outcome }: AgentEvent & { type: 'result' }, tool: string): Message => ({
	role: 'tool',
	callId,
	tool,
	ok: outcome.ok,
	text: outcome.text,
});
