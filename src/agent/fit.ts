import type { Engine, Prompt } from '../engine/engine.js';
import { say } from '../prompts.js';
import type { AgentEvent, Ending, Message } from '../types.js';

/** Tokens of context to reckon with while the model is not chosen yet. */
export const usualContext = 8192;
/** Part of the context kept free for the reply, and the fewest and most tokens that may be. */
const replyShare = 0.25;
const replyLeast = 256;
const replyMost = 4096;
/** Messages at the end of the conversation that are not shortened, where they leave room. */
const keptVerbatim = 4;
/** Characters of a summary. */
const summaryChars = 2400;

/** Tokens that the reply is sure to have in a context of this size. */
export const replyTokens = (contextSize: number) =>
	Math.max(Math.min(replyLeast, Math.floor(contextSize / 2)), Math.min(replyMost, Math.floor(contextSize * replyShare)));

/**
 * The prompt as it fits the engine's context, measured exactly. When it does not, `messages` is shortened in place, in one
 * cut, and a `compacted` event says so: first old results become one line, then old turns a summary made by the program.
 * The task stays verbatim, and as many of the last messages, up to four, as there is room for. When even that is too long, the
 * ending says how much too long.
 */
export async function* fit(prompt: Prompt, messages: Message[], engine: Engine): AsyncGenerator<AgentEvent, Prompt | Ending> {
	const available = engine.model.contextSize - replyTokens(engine.model.contextSize) - 1;
	const before = await engine.measure({ ...prompt, messages });
	if (before <= available) return { ...prompt, messages, maxTokens: engine.model.contextSize - before - 2 };
	for (const shorten of shortenings) {
		const shorter = shorten(messages);
		const after = await engine.measure({ ...prompt, messages: shorter });
		if (after > available * 0.6 && shorten === foldResults) continue;
		if (after >= before || after > available) continue;
		messages.splice(0, messages.length, ...shorter);
		yield { type: 'compacted', before, after, messages: structuredClone(shorter) };
		return { ...prompt, messages, maxTokens: engine.model.contextSize - after - 2 };
	}
	return { reason: 'context-full', needed: before, available };
}

/** What is tried in turn. */
const shortenings: ((messages: readonly Message[]) => Message[])[] = [
	foldResults,
	...[keptVerbatim, 2, 1].map(kept => (messages: readonly Message[]) => summarise(messages, '', kept)),
];

/** The conversation with the bodies of its older results taken out: what was done stays, what it printed goes. */
export function foldResults(messages: readonly Message[]): Message[] {
	const border = messages.length - keptVerbatim;
	return messages.map((message, index) => {
		if (message.role !== 'tool' || index >= border) return message;
		return {
			...message,
			text: say(message.ok ? 'jobs/compact#done' : 'jobs/compact#failed', { tool: message.tool, line: firstLine(message.text) }),
		};
	});
}

/**
 * The conversation as one summary message, made without a model, and its last messages word for word, from a person's
 * message on. The newest message of the person is always among those. A conversation of one message comes back as it is.
 */
export function summarise(messages: readonly Message[], focus = '', kept = keptVerbatim): Message[] {
	const newest = messages.findLastIndex(message => message.role === 'user');
	let border = Math.max(1, messages.length - kept);
	while (border < newest && messages[border]!.role !== 'user') border += 1;
	border = Math.min(border, newest);
	if (border < 1) return [...messages];
	const lines = foldResults(messages.slice(0, border))
		.map(line)
		.filter(text => text !== '');
	const text = say('jobs/compact', { focus: focus || '-', events: withinBudget(lines).join('\n') });
	return [{ role: 'user', text }, { role: 'assistant', text: 'OK.', calls: [], stop: 'end', raw: 'OK.' }, ...messages.slice(border)];
}

/** The first line, which is the task, and as many of the newest as a summary may be long. */
function withinBudget(lines: readonly string[]): string[] {
	const kept: string[] = [];
	let left = summaryChars - (lines[0]?.length ?? 0);
	for (const text of lines.slice(1).reverse()) {
		left -= text.length;
		if (left < 0) break;
		kept.unshift(text);
	}
	return lines.length === 0 ? [] : [lines[0]!, ...kept];
}

function line(message: Message): string {
	switch (message.role) {
		case 'user':
			return `user: ${shortened(message.text, 600)}`;
		case 'assistant':
			return message.text === '' ? '' : `assistant: ${shortened(message.text, 300)}`;
		case 'tool':
			return `${message.tool}: ${message.text}`;
		default:
			return message satisfies never;
	}
}

const firstLine = (text: string) => shortened(text.split('\n', 1)[0] ?? '', 120);
const shortened = (text: string, most: number) => (text.length <= most ? text : `${text.slice(0, most)} …`);
