import type { AssistantMessage, Ending, EngineEvent, Stop, ToolSpec, Usage } from '../../types.js';
import type { Reader } from '../dialects/dialect.js';
import type { Reply } from '../engine.js';
import { type Tail, tailOf } from '../tail.js';
import { type Calls, callsOf } from './calls.js';
import { type Chunk, chunkOf } from './chunk.js';
import type { Order } from './order.js';
import { type Access, type Answer, textOf } from './request.js';
import { eventsIn } from './sse.js';
import { wordsOf } from './trouble.js';

/** What a reply is read with. `total` is what the prompt is reckoned to be, in tokens. */
export type Means = { access: Access; order: Order; tools: readonly ToolSpec[]; reader: Reader; total: number; started: number };

/** A reply as far as it has come. `raw` is what the model wrote, as far as the server tells it as text. */
type Writing = {
	raw: string;
	pieces: number;
	tail: Tail;
	calls: Calls;
	usage: Chunk['usage'];
	total: number;
	reused: number;
	/** When the first piece came, by `performance.now()`. */
	firstAt: number | undefined;
};

/** How it ended; `lost` says why in a sentence. */
type End = { stop: Stop; lost?: string };

/** Reads the reply as it comes, to its end, or until `signal` fires or a stop is reached: then the connection is closed. */
export async function* readReply(answer: Answer, means: Means, signal: AbortSignal): AsyncGenerator<EngineEvent, Reply> {
	const { order, tools, total } = means;
	const writing: Writing = {
		raw: '',
		pieces: 0,
		tail: tailOf(order.stops, order.begun),
		calls: callsOf(tools),
		usage: undefined,
		total,
		reused: 0,
		firstAt: undefined,
	};
	const end = yield* follow(answer, { writing, means }, signal);
	yield* give(writing.tail.rest(), writing, means);
	return yield* conclude(end, writing, means);
}

type Now = { writing: Writing; means: Means };

async function* follow(answer: Answer, now: Now, signal: AbortSignal): AsyncGenerator<EngineEvent, End> {
	const { access } = now.means;
	let finish: string | undefined;
	try {
		for await (const data of dataOf(answer)) {
			if (signal.aborted) return { stop: 'aborted' };
			if (data === '[DONE]') return endOf(finish ?? 'stop', access);
			const chunk = chunkOf(data);
			if (!chunk) return lost(access, 'sent something in the middle of the reply that cannot be read');
			if (chunk.error !== undefined) return lost(access, `reports an error: ${wordsOf(chunk.error, access) || 'unknown'}`);
			finish = chunk.finish ?? finish;
			if (yield* take(chunk, now)) return { stop: 'end' };
			if (now.writing.tail.repeats()) return { stop: 'length' };
		}
	} catch (error) {
		if (signal.aborted) return { stop: 'aborted' };
		if (finish !== undefined) return endOf(finish, access);
		const code = error instanceof Error && 'code' in error ? error.code : error;
		return lost(access, `broke off in the middle of the reply (${String(code)})`);
	}
	return finish === undefined ? lost(access, 'ended in the middle of the reply') : endOf(finish, access);
}

/** A server that does not stream sends one JSON text, which is read as one event. */
async function* dataOf(answer: Answer): AsyncGenerator<string> {
	if (/event-stream/.test(answer.headers['content-type'] ?? '')) yield* eventsIn(answer);
	else {
		yield await textOf(answer);
		yield '[DONE]';
	}
}

function endOf(finish: string, access: Access): End {
	if (finish === 'length') return { stop: 'length' };
	return finish === 'abort' || finish === 'error' ? lost(access, 'gave up in the middle of the reply') : { stop: 'end' };
}

const lost = (access: Access, what: string): End => ({
	stop: 'lost',
	lost: `The server at ${access.address.shown} ${what}. What had come is kept.`,
});

/** Takes one event in; true when a stop is reached. */
function* take(chunk: Chunk, { writing, means }: Now): Generator<EngineEvent, boolean> {
	writing.usage = chunk.usage ?? writing.usage;
	if (chunk.progress) {
		const { done, total, reused } = chunk.progress;
		Object.assign(writing, { total, reused });
		if (done < total) yield { type: 'reading', done, total, reused };
	}
	const brings = chunk.text !== '' || chunk.thinks || chunk.calls.length > 0;
	if (!brings && chunk.finish === undefined) return false;
	if (writing.firstAt === undefined) {
		writing.firstAt = performance.now();
		yield { type: 'reading', done: writing.total, total: writing.total, reused: writing.reused };
		yield* give(means.order.begun, writing, means);
	}
	if (brings) writing.pieces++;
	const seen = writing.tail.add(chunk.text);
	yield* give(seen.text, writing, means);
	for (const part of chunk.calls) yield writing.calls.add(part);
	return seen.stopped;
}

function* give(text: string, writing: Writing, { reader }: Means): Generator<EngineEvent, void> {
	if (!text) return;
	writing.raw += text;
	yield* reader.read(text);
}

/** The reply as far as it got, whatever ended it. One that was broken off is not acted upon. */
function* conclude({ stop, lost }: End, writing: Writing, means: Means): Generator<EngineEvent, Reply> {
	const written = means.reader.end(stop !== 'end');
	yield* written.events;
	const sent = writing.calls.end(stop !== 'end');
	const broken = stop === 'aborted' || stop === 'lost';
	const calls = broken ? [] : [...written.calls, ...sent.calls].map((call, i) => ({ ...call, id: `${means.order.id}-${i + 1}` }));
	const message: AssistantMessage = {
		role: 'assistant',
		text: written.text,
		calls,
		stop: calls.length > 0 ? 'calls' : stop,
		raw: rawOf(writing, broken ? { calls: [], raw: '' } : sent),
	};
	const malformed = written.malformed ?? sent.malformed;
	const failure: Ending | undefined = lost === undefined ? undefined : { reason: 'engine-lost', detail: lost };
	return { message, usage: usageOf(writing, means), ...(malformed && !broken ? { malformed } : {}), ...(failure ? { failure } : {}) };
}

/**
 * What the model wrote around the calls that a server sends as data is not known: with them `raw` is empty, and the message
 * is put together from its parts. Calls that could not be read are shown to the model again as they came.
 */
function rawOf({ raw }: Writing, sent: ReturnType<Calls['end']>): string {
	if (sent.calls.length > 0) return '';
	return sent.raw ? [raw, sent.raw].filter(Boolean).join('\n') : raw;
}

/** The server's own count; a reply that was broken off is reckoned by its pieces, which are a token each with most servers. */
function usageOf({ usage, total, reused, pieces, firstAt }: Writing, { started }: Means): Usage {
	const now = performance.now();
	return {
		prompt: usage?.prompt ?? total,
		reused: usage?.reused ?? reused,
		output: usage?.output ?? pieces,
		readMs: Math.round((firstAt ?? now) - started),
		writeMs: Math.round(now - (firstAt ?? now)),
	};
}
