import { basename } from 'node:path';
import { type Ending, type EngineEvent, Refusal, type Tier, type Usage } from '../../types.js';
import { hermes } from '../dialects/hermes.js';
import type { Engine, ModelInfo, Prompt, Reply } from '../engine.js';
import { queue } from '../queue.js';
import { filled } from './fill.js';
import { measured, reckoned } from './measure.js';
import { type Order, orderFor, textDialect } from './order.js';
import { readReply } from './reply.js';
import { propertiesOf, type ServedModel, type Server } from './server.js';
import { type Outcome, type Pause, pauseFor, tryOften } from './tries.js';
import { endingOf, type Trouble } from './trouble.js';

export type RemoteOptions = { server: Server; model: ServedModel; tier: Tier; pause?: Pause };

/** Where a server does not say how much its model takes. */
const usualContext = 32_768;
const nothing: Usage = { prompt: 0, reused: 0, output: 0, readMs: 0, writeMs: 0 };
const closed = { reason: 'engine-lost', detail: 'The engine has been closed.' } as const;

/** What an engine on a server knows and remembers. `measured` is the last prompt that was counted. */
type Link = Required<RemoteOptions> & { contextSize: number; native: boolean; measured: { id: string; tokens: number } | undefined };

/**
 * A model on a server that speaks OpenAI's chat interface: vLLM, SGLang, llama-server and others. Asks for what only some of them
 * have where it knows the server. Models of tier T0 get the tools as words, the others as data if the server takes them.
 */
export async function remoteEngine(options: RemoteOptions, signal: AbortSignal): Promise<Engine> {
	const { server, model, tier } = options;
	const properties = await propertiesOf(server, model.id, signal);
	const link: Link = {
		pause: pauseFor,
		...options,
		contextSize: properties.contextSize ?? model.contextSize ?? usualContext,
		native: tier !== 'T0' && properties.tools !== false,
		measured: undefined,
	};
	const line = queue();
	const closing = new AbortController();
	const open = (asked: AbortSignal) => AbortSignal.any([asked, closing.signal]);
	return {
		model: infoOf(link),
		async *warm(prompt, asked) {
			if (closing.signal.aborted) return closed;
			const leave = prompt && (await line.enter(open(asked)));
			if (!leave) return undefined;
			try {
				yield* readAhead(prompt, link, open(asked));
				return undefined;
			} finally {
				leave();
			}
		},
		async *reply(prompt, asked) {
			if (closing.signal.aborted) return ended('lost', closed);
			const leave = await line.enter(open(asked));
			if (!leave) return ended('aborted');
			try {
				return yield* reply(prompt, link, open(asked));
			} finally {
				leave();
			}
		},
		async fill(hole, asked) {
			if (closing.signal.aborted) throw new Refusal(closed.detail);
			const leave = await line.enter(open(asked));
			try {
				return await filled(server, model.id, hole, open(asked));
			} finally {
				leave?.();
			}
		},
		// No two servers of the three tell the probabilities of a given text in the same way, and most tell none.
		score: async () => undefined,
		async measure(prompt) {
			const order = orderFor(prompt, formOf(link));
			const tokens = await measured(server, order, closing.signal);
			if (closing.signal.aborted) throw new Refusal('The engine was closed before the prompt could be measured.');
			link.measured = { id: order.id, tokens };
			return tokens;
		},
		async close() {
			closing.abort();
		},
	};
}

function infoOf({ server, model, tier, contextSize }: Link): ModelInfo {
	return {
		name: shownName(model.id),
		tier,
		contextSize,
		device: `${server.kind === 'other' ? 'server' : server.kind} at ${server.address.shown}`,
	};
}

/** What people are shown of a model's id: llama-server takes the path of the file for one. */
export const shownName = (id: string): string => (/\.gguf$/i.test(id) ? basename(id).slice(0, -'.gguf'.length) : id);

const formOf = ({ server, model, tier, native }: Link) => ({ kind: server.kind, model: model.id, tier, native });

const chat = ({ server }: Link, body: object, signal: AbortSignal) => ({
	path: `${server.address.base}/chat/completions`,
	body: {
		...body,
		stream: true,
		stream_options: { include_usage: true },
		...(server.kind === 'llama.cpp' && { return_progress: true }),
	},
	signal,
});

async function* reply(prompt: Prompt, link: Link, signal: AbortSignal): AsyncGenerator<EngineEvent, Reply> {
	const { server, model, tier } = link;
	const started = performance.now();
	const order = orderFor(prompt, formOf(link));
	const total = link.measured?.id === order.id ? link.measured.tokens : reckoned(order.body);
	yield { type: 'reading', done: 0, total, reused: 0 };
	const outcome = yield* answerTo(order, link, signal);
	if (signal.aborted) return leave(outcome);
	if ('trouble' in outcome) {
		if (!refusesTools(outcome.trouble, order)) return ended('lost', endingOf(outcome.trouble, link.contextSize));
		link.native = false;
		const why = outcome.trouble.said;
		yield { type: 'note', text: `The server takes no tools (${why}). They are offered to the model as words from now on.` };
		return yield* reply(prompt, link, signal);
	}
	const { tools } = prompt;
	// Servers that were not told how their model writes calls hand them on as text: the tolerant reader finds them there too.
	const dialect = link.native ? hermes : textDialect(model.id, tier);
	const means = { access: server, order, tools, reader: dialect.reader(tools, order.id), total, started };
	return yield* readReply(outcome.answer, means, signal);
}

/**
 * Asks for a reply. Servers refuse a prompt that has room, when the longest reply to it had none; and not all of them count a
 * prompt as we did. Without a limit they write what there is room for, which is less than was allowed.
 */
async function* answerTo(order: Order, link: Link, signal: AbortSignal): AsyncGenerator<EngineEvent, Outcome> {
	const { body } = order;
	const patience = { pause: link.pause, final: (trouble: Trouble) => refusesTools(trouble, order) };
	const outcome = yield* tryOften(link.server, chat(link, body, signal), patience);
	const { max_tokens: limit, ...unlimited } = body;
	if ('answer' in outcome || limit === undefined || endingOf(outcome.trouble, link.contextSize).reason !== 'context-full') return outcome;
	return yield* tryOften(link.server, chat(link, unlimited, signal), patience);
}

function leave(outcome: Outcome): Reply {
	if ('answer' in outcome) outcome.answer.destroy();
	return ended('aborted');
}

const refusesTools = ({ status = 0, said }: Trouble, { body }: Order): boolean =>
	body.tools !== undefined && [400, 404, 422, 500, 501].includes(status) && /\btools?\b|function.?call/i.test(said);

/** A reply of which nothing came. */
function ended(stop: 'aborted' | 'lost', failure?: Ending): Reply {
	return { message: { role: 'assistant', text: '', calls: [], stop, raw: '' }, usage: nothing, ...(failure ? { failure } : {}) };
}

/**
 * Lets llama-server read the prompt before there is anything to answer: on a slow machine that is a long time saved, and the
 * others share what they have read anyway. Whatever goes wrong here is only a head start lost; the reply will say it.
 */
async function* readAhead(prompt: Prompt, link: Link, signal: AbortSignal): AsyncGenerator<EngineEvent, void> {
	if (link.server.kind !== 'llama.cpp') return;
	const started = performance.now();
	const order = orderFor({ ...prompt, maxTokens: 0 }, formOf(link));
	const outcome = yield* tryOften(link.server, chat(link, order.body, signal), { pause: link.pause });
	if ('trouble' in outcome) return;
	const reader = hermes.reader([], order.id);
	const means = { access: link.server, order, tools: [], reader, total: reckoned(order.body), started };
	for await (const event of readReply(outcome.answer, means, signal)) if (event.type === 'reading') yield event;
}
