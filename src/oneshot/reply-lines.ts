import { randomUUID } from 'node:crypto';
import type { AssistantMessage, Call, Usage } from '../types.js';
import { stopReason, wireUsage } from './result.js';
import type { Line, PartialEvent, StopReason, WireUsage } from './schema.js';

/** Fields that every line begins with, fresh each time. */
export type Base = () => { uuid: string; session_id: string };

/** The lines of replies, and with `partial` those of the reply while it is written. */
export type ReplyLines = {
	text(text: string): Line[];
	/** The reply is whole: one line per block, all with the same `message.id` and `usage`. */
	replied(message: AssistantMessage, usage: Usage): Line[];
	/** A call that the program makes on its own account, shown as if the model had asked for it, at no tokens. */
	ownCall(call: Call): Line;
};

type Block = { type: 'text'; text: string } | { type: 'tool_use'; id: string; name: string; input: unknown };

/** Begins before the first reply. */
export function createReplyLines(base: Base, model: string, partial: boolean): ReplyLines {
	let id = '';
	let textOpen = false;

	const event = (content: PartialEvent): Line => ({ type: 'stream_event', ...base(), event: content, parent_tool_use_id: null });
	const assistant = (message: { id: string; block: Block; stop: StopReason; usage: WireUsage }): Line => ({
		type: 'assistant',
		...base(),
		parent_tool_use_id: null,
		message: {
			id: message.id,
			type: 'message',
			role: 'assistant',
			model,
			content: [message.block],
			stop_reason: message.stop,
			usage: message.usage,
		},
	});
	const begin = (): Line[] => {
		if (id !== '') return [];
		id = newId();
		return partial ? [event({ type: 'message_start', message: { id, type: 'message', role: 'assistant', model } })] : [];
	};
	const writeText = (text: string): Line[] => {
		const lines = begin();
		if (!partial) return lines;
		if (!textOpen) lines.push(event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }));
		textOpen = true;
		return [...lines, event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })];
	};
	const finish = (message: AssistantMessage, usage: WireUsage): Line[] => {
		if (!partial) return [];
		const first = textOpen ? 1 : 0;
		return [
			...(textOpen ? [event({ type: 'content_block_stop', index: 0 })] : []),
			...message.calls.flatMap((call, index) => callBlock(call, first + index).map(event)),
			event({ type: 'message_delta', delta: { stop_reason: stopReason(message.stop) }, usage }),
			event({ type: 'message_stop' }),
		];
	};
	return {
		text: writeText,
		replied(message, usage) {
			const counted = wireUsage(usage);
			const lines = message.text !== '' && !textOpen ? writeText(message.text) : begin();
			const reply = { id, stop: stopReason(message.stop), usage: counted };
			lines.push(...finish(message, counted), ...blocksOf(message).map(block => assistant({ ...reply, block })));
			id = '';
			textOpen = false;
			return lines;
		},
		ownCall: call => assistant({ id: newId(), block: blockOf(call), stop: 'tool_use', usage: wireUsage(nothing) }),
	};
}

const newId = (): string => `msg_${randomUUID()}`;
const nothing: Usage = { prompt: 0, reused: 0, output: 0, readMs: 0, writeMs: 0 };

const blockOf = (call: Call): Block => ({ type: 'tool_use', id: call.id, name: call.tool, input: call.args ?? {} });
const blocksOf = ({ text, calls }: AssistantMessage): Block[] => [
	...(text === '' ? [] : [{ type: 'text' as const, text }]),
	...calls.map(blockOf),
];

const callBlock = (call: Call, index: number): PartialEvent[] => [
	{ type: 'content_block_start', index, content_block: { type: 'tool_use', id: call.id, name: call.tool, input: {} } },
	{ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: JSON.stringify(call.args ?? {}) } },
	{ type: 'content_block_stop', index },
];
