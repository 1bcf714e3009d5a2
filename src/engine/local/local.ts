import { createHash } from 'node:crypto';
import { type AssistantMessage, type Ending, type EngineEvent, Refusal, type Stop, type Tier, type Usage } from '../../types.js';
import type { Dialect, Head, Reader, Turn } from '../dialects/dialect.js';
import type { Engine, ModelInfo, Prompt, Reply } from '../engine.js';
import { samplingFor } from '../sampling.js';
import { type Host, hostFor, type Loss, type Patience } from './host.js';
import type { News, Opening, Result, WriteRequest } from './messages.js';
import { type ReadyReplies, readyReplies } from './ready.js';

/** `contextSize` and `batchSize` in tokens; patience as in `host.ts`. */
export type LocalOptions = Omit<Opening, 'speculate' | 'kvType'> &
	Partial<Patience> & {
		speculate?: boolean;
		kvType?: Opening['kvType'];
		name: string;
		tier: Tier;
		dialect: Dialect;
		sha256?: string;
		plan?: string;
	};

const defaultLoadTimeoutMs = 60_000;
/** How long the process may give no sign of life before it is taken for hung. */
export const usualSilentMs = 15_000;
const nothing: Usage = { prompt: 0, reused: 0, output: 0, readMs: 0, writeMs: 0 };

/** The model in a process of its own. Nothing is loaded before something is asked of it. */
export function localEngine(options: LocalOptions): Engine {
	const { modelPath, contextSize, threads, batchSize, useMmap, gpu, states, speculate = true, kvType = 'f16', dialect } = options;
	const opening = { modelPath, contextSize, threads, batchSize, useMmap, gpu, speculate, kvType, ...(states ? { states } : {}) };
	const host = hostFor(opening, {
		loadTimeoutMs: options.loadTimeoutMs ?? defaultLoadTimeoutMs,
		silentMs: options.silentMs ?? usualSilentMs,
		program: options.program,
	});
	const ready = readyReplies();
	return {
		get model() {
			return infoOf(options, host);
		},
		async *warm(prompt, signal) {
			const outcome = yield* host.run({ type: 'read', turns: prompt ? dialect.render(prompt) : [] }, signal);
			return failureOf(outcome);
		},
		reply: (prompt, signal) => reply(prompt, { host, options, ready }, signal),
		async fill(hole, signal, see) {
			const outcome = await resultOf(host.run({ type: 'fill', hole }, signal), news => news.type === 'text' && see?.(news.text));
			return outcome.kind === 'filled' ? outcome.text : undefined;
		},
		async score(prompt, text, signal, others = 'three') {
			const outcome = await resultOf(
				host.run(
					{ type: 'score', turns: dialect.render(prompt), begin: prompt.begin ?? '', text, others, aside: prompt.aside ?? false },
					signal,
				),
			);
			return outcome.kind === 'scored' && !signal.aborted ? outcome.tokens : undefined;
		},
		async measure(prompt) {
			const request = { type: 'measure', turns: dialect.render(prompt), begin: prompt.begin ?? '' } as const;
			const outcome = await resultOf(host.run(request, new AbortController().signal));
			if (outcome.kind !== 'measured') throw new Refusal('The engine was closed before the prompt could be measured.');
			return outcome.tokens;
		},
		close: () => host.close(),
	};
}

function infoOf({ name, tier, contextSize, threads, sha256, plan }: LocalOptions, host: Host): ModelInfo {
	const ready = host.ready();
	const device = ready ? ready.device : 'loading';
	return {
		name,
		tier,
		contextSize: ready?.contextSize ?? contextSize,
		device: device === 'CPU' ? `CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}` : device,
		...(sha256 === undefined ? {} : { sha256 }),
		...(plan === undefined ? {} : { plan }),
	};
}

type Means = { host: Host; options: LocalOptions; ready: ReadyReplies };

async function* reply(prompt: Prompt, { host, options, ready }: Means, signal: AbortSignal): AsyncGenerator<EngineEvent, Reply> {
	const turns = options.dialect.render(prompt);
	const reader = options.dialect.reader(prompt.tools, idFor(turns));
	let raw = '';
	const request = requestFor(prompt, turns, options);
	const known = signal.aborted ? undefined : ready.take(request);
	if (known) {
		yield* reader.read(known.raw);
		return yield* conclude(known.result, known.raw, reader);
	}
	const running = host.run(request, signal);
	try {
		for (;;) {
			const step = await running.next();
			if (step.done) {
				ready.put(request, step.value);
				return yield* conclude(step.value, raw, reader);
			}
			if (step.value.type !== 'text') yield step.value;
			else {
				raw += step.value.text;
				yield* reader.read(step.value.text);
			}
		}
	} finally {
		await running.return({ kind: 'stopped' });
	}
}

function requestFor(prompt: Prompt, turns: Turn[], { name, dialect }: LocalOptions): WriteRequest {
	return {
		type: 'write',
		turns,
		begin: prompt.begin ?? '',
		until: [...(prompt.until ?? [])],
		...shapeOf(prompt, dialect),
		maxTokens: prompt.maxTokens ?? Number.MAX_SAFE_INTEGER,
		sampling: prompt.sampling ?? samplingFor(name, 0),
		aside: prompt.aside ?? false,
		...(prompt.also && { also: [...prompt.also] }),
	};
}

/** What the reply is held to: all of it to a grammar, or the beginnings of its calls to the names of the tools. */
function shapeOf({ grammar, tools }: Prompt, { head }: Dialect): { grammar?: string; head?: Head } {
	if (grammar !== undefined) return { grammar };
	return head && tools.length > 0 ? { head: head(tools) } : {};
}

/** The reply as far as it got, whatever ended it. */
function* conclude(outcome: Result | Loss, raw: string, reader: Reader): Generator<EngineEvent, Reply> {
	const stop = stopOf(outcome);
	const end = reader.end(stop !== 'end');
	yield* end.events;
	// A reply that was broken off is not acted upon.
	const calls = stop === 'aborted' || stop === 'lost' ? [] : end.calls;
	const message: AssistantMessage = { role: 'assistant', text: end.text, calls, stop: calls.length > 0 ? 'calls' : stop, raw };
	const failure = failureOf(outcome);
	return {
		message,
		usage: outcome.kind === 'written' ? outcome.usage : nothing,
		...(end.malformed === undefined ? {} : { malformed: end.malformed }),
		...(failure ? { failure } : {}),
	};
}

function stopOf(outcome: Result | Loss): Stop {
	if (outcome.kind === 'written') return outcome.stop;
	return outcome.kind === 'stopped' ? 'aborted' : 'lost';
}

function failureOf(outcome: Result | Loss): Ending | undefined {
	switch (outcome.kind) {
		case 'lost':
			return { reason: 'engine-lost', detail: outcome.detail };
		case 'failed':
			return { reason: 'engine-lost', detail: `The engine reported an error: ${outcome.detail}. The next message starts it again.` };
		case 'unusable':
			return { reason: 'no-model', detail: outcome.detail };
		case 'too-long':
			return { reason: 'context-full', needed: outcome.needed, available: outcome.available };
		case 'no-grammar':
			return { reason: 'engine-lost', detail: 'It cannot read the grammar that its reply was to be held to.' };
		default:
			return undefined;
	}
}

/** The outcome, when at most `see` watches how it comes about. A failure is thrown as a `Refusal`. */
async function resultOf(running: AsyncGenerator<News, Result | Loss>, see: (news: News) => void = () => {}): Promise<Result | Loss> {
	for (;;) {
		const step = await running.next();
		if (!step.done) {
			see(step.value);
			continue;
		}
		const failure = failureOf(step.value);
		if (failure && 'detail' in failure) throw new Refusal(failure.detail, failure.reason === 'no-model' ? 41 : 1);
		return step.value;
	}
}

/** Different for every prompt of a conversation, equal for equal prompts. */
const idFor = (turns: readonly Turn[]) => `c${createHash('sha256').update(JSON.stringify(turns)).digest('hex').slice(0, 8)}`;
