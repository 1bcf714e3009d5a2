import { countAt, textAt, valueAt } from './json.js';
import type { Order } from './order.js';
import type { Server } from './server.js';
import { jsonOf, tryOnce } from './tries.js';

/** A server that is busy may leave this question lying. */
const answerMs = 10_000;
/** Tokens that a template puts around a message. */
const frame = 8;

/** Tokens of the prompt: counted by the server where it can count, else `reckoned`. */
export async function measured(server: Server, { body }: Order, signal: AbortSignal): Promise<number> {
	const { messages, tools, model, continue_final_message, add_generation_prompt } = body;
	const prompt = { model, messages, tools, continue_final_message, add_generation_prompt };
	const ask = async (path: string, question: object): Promise<unknown> => {
		const patience = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
		const request = { path: `${server.address.root}${path}`, body: question, signal: patience };
		const answer = await jsonOf(server, await tryOnce(server, request));
		return 'json' in answer ? answer.json : undefined;
	};
	switch (server.kind) {
		case 'llama.cpp': {
			const content = textAt(await ask('/apply-template', prompt), 'prompt');
			if (content === undefined) return reckoned(body);
			const tokens = valueAt(await ask('/tokenize', { model, content, add_special: true, parse_special: true }), 'tokens');
			return Array.isArray(tokens) ? tokens.length : reckoned(body);
		}
		case 'vLLM':
			return countAt(await ask('/tokenize', prompt), 'count') ?? reckoned(body);
		case 'SGLang': {
			// It counts texts, not conversations.
			const count = countAt(await ask('/tokenize', { model, prompt: textIn(body) }), 'count');
			return count === undefined ? reckoned(body) : count + frame * (messages.length + 1);
		}
		case 'other':
			return reckoned(body);
		default:
			return server.kind satisfies never;
	}
}

/**
 * Tokens of the prompt by its size: one for three bytes, and the template's. Words and code have three to five bytes to a token
 * and Chinese about three to six, so this is too many rather than too few; only text of digits alone has more.
 */
export function reckoned(body: Order['body']): number {
	return Math.ceil(Buffer.byteLength(textIn(body)) / 3) + frame * (body.messages.length + 1);
}

const textIn = ({ messages, tools }: Order['body']): string =>
	[
		...messages.map(message => message.content + (message.tool_calls ? JSON.stringify(message.tool_calls) : '')),
		...(tools ?? []).map(tool => JSON.stringify(tool)),
	].join('\n');
