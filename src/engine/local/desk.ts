import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { fill } from './filling.js';
import { frameOf } from './frame.js';
import type { News, Request, Result } from './messages.js';
import { paceOf } from './pace.js';
import { type Reading, readerOf } from './sequence.js';
import { tokensOf } from './tokens.js';
import type { Weights } from './weights.js';
import { write } from './writing.js';

/** Carries out one request at a time on the model's one sequence. */
export type Desk = (request: Request, tell: (news: News) => void, signal: AbortSignal) => Promise<Result>;

type WriteRequest = Extract<Request, { type: 'write' }>;

export function deskFor({ model, context }: Weights): Desk {
	const sequence = context.getSequence({
		contextShift: {
			// By default the beginning of a full context is dropped silently; here a full context ends the reply instead.
			strategy: () => {
				throw new Error('the context is full');
			},
		},
	});
	const tokens = tokensOf(model);
	const frame = frameOf(model, tokens);
	const read = readerOf(sequence, context.batchSize);
	const { llama } = model;
	const pace = paceOf(llama.gpu === false ? llama.maxThreads : 1, threads => {
		llama.maxThreads = threads;
	});
	const isControl = (id: Token) => model.getTokenAttributes(id).control;

	async function reply(request: WriteRequest, tell: (news: News) => void, signal: AbortSignal): Promise<Result> {
		const { begin, maxTokens, sampling } = request;
		const ids = frame.prompt(request.turns, begin);
		const full = tooLong(ids, sequence);
		if (full) return full;
		const started = performance.now();
		const reused = await read(ids, reading => tell({ type: 'reading', ...reading }), signal);
		const readMs = performance.now() - started;
		const usage = { prompt: ids.length, reused, output: 0, readMs, writeMs: 0 };
		if (signal.aborted) return { kind: 'written', stop: 'aborted', usage };
		const say = (text: string) => tell({ type: 'text', text });
		if (begin) say(begin);
		const order = { ids, begin, stops: [...request.until, ...frame.stops], maxTokens, sampling, pace, ends: isControl };
		const { stop, text, pieces, output } = await write(sequence, order, say, signal);
		tokens.remember(begin + text, [{ ids: tokens.words(begin), text: begin }, ...pieces]);
		return { kind: 'written', stop, usage: { ...usage, output, writeMs: performance.now() - started - readMs } };
	}

	return async (request, tell, signal) => {
		const report = (reading: Reading) => tell({ type: 'reading', ...reading });
		switch (request.type) {
			case 'read': {
				const ids = frame.ahead(request.turns);
				const full = tooLong(ids, sequence);
				if (full) return full;
				if (ids.length > 0) await read(ids, report, signal);
				return { kind: 'read' };
			}
			case 'write':
				return reply(request, tell, signal);
			case 'fill':
				return { kind: 'filled', text: await fill(request.hole, { sequence, tokens, read, pace }, signal) };
			case 'measure':
				return { kind: 'measured', tokens: frame.prompt(request.turns, request.begin).length };
			default:
				return request satisfies never;
		}
	};
}

/** The last token of the context is never filled, and the reply needs room for one. */
function tooLong(ids: readonly Token[], sequence: LlamaContextSequence): Result | undefined {
	const available = sequence.contextSize - 2;
	return ids.length > available ? { kind: 'too-long', needed: ids.length, available } : undefined;
}
