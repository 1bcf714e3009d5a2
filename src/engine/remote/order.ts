import { createHash } from 'node:crypto';
import type { Tier } from '../../types.js';
import type { Dialect } from '../dialects/dialect.js';
import { fenced } from '../dialects/fenced.js';
import { declaration, hermes } from '../dialects/hermes.js';
import { qwenXml } from '../dialects/qwen-xml.js';
import type { Prompt, Sampling } from '../engine.js';
import { samplingFor } from '../sampling.js';
import { type ChatMessage, nativeMessages } from './messages.js';
import type { Kind } from './server.js';

/** How prompts are put to a server. `native`: it is given the tools, and gives calls back, as data. */
export type Form = { kind: Kind; model: string; tier: Tier; native: boolean };

/** What is asked for one reply. */
export type Order = {
	/** The body of the request, but for how the reply is to come. */
	body: { messages: ChatMessage[]; tools?: object[]; [field: string]: unknown };
	/** The words that the server makes the reply begin with. Empty where it cannot. */
	begun: string;
	/** Where writing ends. A stop that belongs to words the reply does not begin with would cut it anywhere. */
	stops: readonly string[];
	/** Different for every prompt of a conversation, equal for equal prompts. */
	id: string;
};

/** OpenAI's interface takes no more. */
const mostStops = 4;

export function orderFor(prompt: Prompt, { kind, model, tier, native }: Form): Order {
	// The three continue a last message of the assistant when told to; others may, or may answer it: nobody can tell.
	const begun = kind === 'other' ? '' : (prompt.begin ?? '');
	const stops = begun === (prompt.begin ?? '') ? [...(prompt.until ?? [])] : [];
	const messages: ChatMessage[] = native
		? nativeMessages(prompt)
		: textDialect(model, tier)
				.render(prompt)
				.map(({ role, text }) => ({ role, content: text }));
	const body = {
		model,
		messages: begun ? [...messages, { role: 'assistant' as const, content: begun }] : messages,
		...(begun && { continue_final_message: true, add_generation_prompt: false }),
		...(native && prompt.tools.length > 0 && { tools: prompt.tools.map(declaration) }),
		...(stops.length > 0 && { stop: stops.slice(0, mostStops) }),
		...(prompt.maxTokens !== undefined && { max_tokens: prompt.maxTokens }),
		...samplingFields(prompt.sampling ?? samplingFor(model, 0), kind),
	};
	const digest = createHash('sha256')
		.update(JSON.stringify([body.messages, prompt.tools]))
		.digest('hex');
	return { body, begun, stops, id: `c${digest.slice(0, 8)}` };
}

/** The dialect in which text is written and read where the server does not take tools. */
export function textDialect(model: string, tier: Tier): Dialect {
	if (tier === 'T0') return fenced;
	return /qwen-?3(?:\.\d|-coder)/i.test(model) ? qwenXml : hermes;
}

/** The common interface has only three of the values; a server that is not known may refuse a request with more. */
export function samplingFields({ temperature, topP, topK, minP, repeatPenalty, seed }: Sampling, kind: Kind): object {
	const common = { temperature, top_p: topP, seed };
	if (kind === 'other') return common;
	const penalty = kind === 'llama.cpp' ? 'repeat_penalty' : 'repetition_penalty';
	return { ...common, top_k: topK, min_p: minP, ...(repeatPenalty !== 1 && { [penalty]: repeatPenalty }) };
}
