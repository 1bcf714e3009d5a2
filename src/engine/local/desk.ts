import type { Token } from 'node-llama-cpp';
import type { Turn } from '../dialects/dialect.js';
import { type Beginning, beginningOn, progress } from './beginning.js';
import { drafterFor } from './drafts.js';
import { fill } from './filling.js';
import { type Frame, frameOf } from './frame.js';
import { headsOf } from './heads.js';
import { type Held, heldTo } from './held.js';
import { holds, type Lane, laneOn } from './lane.js';
import type { News, Opening, Request, Result, WriteRequest } from './messages.js';
import { type Pace, paceOf } from './pace.js';
import { type Saved, savedStates } from './saved.js';
import { score } from './scoring.js';
import { togetherOn, writeTogether } from './together.js';
import { type Tokens, tokensOf } from './tokens.js';
import type { Weights } from './weights.js';

/** Carries out one request at a time. */
export type Desk = (request: Request, tell: (news: News) => void, signal: AbortSignal) => Promise<Result>;

/** What nobody has asked for yet gives way faster. */
const aheadSliceMs = 100;

/**
 * The conversation has a lane of its own; holes and side questions have another, which is made when one comes. With `states`,
 * what was read is brought back from there when the first prompt comes, and kept there.
 */
export function deskFor(weights: Weights, { states: place, speculate }: Pick<Opening, 'states' | 'speculate'>): Desk {
	const { model, context } = weights;
	const tokens = tokensOf(model);
	const frame = frameOf(model, tokens);
	const main = laneOn(context);
	const saved = place && savedStates(place, weights, tokens);
	const { llama } = model;
	const pace = paceOf(llama.gpu === false ? llama.maxThreads : 1, threads => {
		llama.maxThreads = threads;
	});
	const plain = (id: Token) => !model.isEogToken(id) && !model.getTokenAttributes(id).control;
	const longest = speculate ? longestGuess(weights) : 0;
	const held = heldTo(model);
	const begin: Beginning = saved ? beginningOn({ frame, lane: main, saved }) : async () => 0;

	const side = sideOf({ weights, main, frame, saved });

	return async (request, tell, signal) => {
		switch (request.type) {
			case 'read': {
				const full = tooLong(frame.ahead(request.turns), main);
				if (full) return full;
				const own = await begin(request.turns, tell, signal);
				const ids = frame.ahead(request.turns);
				if (ids.length > 0) {
					await main.read(ids, reading => tell(progress(reading, own)), signal, aheadSliceMs);
				}
				return { kind: 'read' };
			}
			case 'write':
				return reply(request, { lanes: await side.lanes(request), begin, frame, tokens, pace, longest, held, plain }, { tell, signal });
			case 'keep':
				await saved?.keep(main, 'conversation');
				return { kind: 'kept' };
			case 'score': {
				const [ids, text] = [[...frame.prompt(request.turns, request.begin)], tokens.words(request.text)];
				const lane = request.aside ? await side.question(request.turns) : main;
				const full = tooLong([...ids, ...text], lane);
				return full ?? { kind: 'scored', tokens: await score(lane, { before: ids, text, others: request.others }, signal) };
			}
			case 'fill':
				return { kind: 'filled', text: await fill(request.hole, { lane: await side.lane(), tokens, pace, tell }, signal) };
			case 'measure':
				return { kind: 'measured', tokens: frame.prompt(request.turns, request.begin).length };
			default:
				return request satisfies never;
		}
	};
}

type Side = {
	lane(): Promise<Lane>;
	question(turns: readonly Turn[]): Promise<Lane>;
	/** Where a reply is written: in the first; with others beside it for what else is asked for, where there is room. */
	lanes(request: WriteRequest): Promise<readonly Lane[]>;
};
type SideMeans = { weights: Weights; main: Lane; frame: Frame; saved: Saved | undefined };

/** The lane of holes and side questions, which is made when one comes; the main one where there is no room for it. */
function sideOf({ weights, main, frame, saved }: SideMeans): Side {
	let aside: Lane | undefined;
	const together = togetherOn(weights);
	const lane = async (): Promise<Lane> => {
		if (!aside) {
			const more = await weights.another();
			aside = more ? laneOn(more) : main;
		}
		return aside;
	};
	/** A side question begins as the conversation does: what was read of that beginning is not read again for it. */
	const question = async ([first]: readonly Turn[]): Promise<Lane> => {
		const own = await lane();
		if (!saved || own === main || first?.role !== 'system') return own;
		const prefix = frame.ahead([first]);
		if (holds(own, prefix)) return own;
		await own.renew();
		await saved.restore(own, () => prefix, 'prefix');
		return own;
	};
	return {
		lane,
		question,
		async lanes({ aside, turns, begin, also, maxTokens }) {
			if (!aside) return [main];
			// What cannot be cut back cannot be read once for several texts.
			if (!also || main.sequence.needsCheckpoints) return [await question(turns)];
			const lanes = await together.lanes(frame.prompt(turns, begin).length + maxTokens + 2);
			return lanes ?? [await question(turns)];
		},
	};
}

/** `longest` is how many tokens a guess may have; `plain` tells those that do not end a text. */
type Means = {
	lanes: readonly Lane[];
	begin: Beginning;
	frame: Frame;
	tokens: Tokens;
	pace: Pace;
	longest: number;
	held: Held;
	plain(id: Token): boolean;
};
type Asker = { tell(news: News): void; signal: AbortSignal };

async function reply(request: WriteRequest, means: Means, { tell, signal }: Asker): Promise<Result> {
	const { lanes, frame, tokens, pace, longest, plain } = means;
	const lane = lanes[0]!;
	const { turns, begin, maxTokens, sampling, aside } = request;
	const started = performance.now();
	const full = tooLong(frame.prompt(turns, begin), lane);
	if (full) return full;
	const held = request.grammar === undefined ? undefined : await means.held(request.grammar);
	if (held === 'no-grammar') return { kind: 'no-grammar' };
	const restored = aside ? 0 : await means.begin(turns, tell, signal);
	// What was brought back may know replies by the tokens they were written with: only now are the tokens final.
	const ids = frame.prompt(turns, begin);
	const there = await lane.read(ids, reading => tell(progress(reading, restored)), signal);
	const reused = Math.max(0, there - restored);
	const readMs = performance.now() - started;
	const usage = { prompt: ids.length, reused, output: 0, readMs, writeMs: 0 };
	if (signal.aborted) return { kind: 'written', stop: 'aborted', usage };
	const say = (text: string) => tell({ type: 'text', text });
	if (begin) say(begin);
	const stops = [...request.until, ...frame.stops];
	const { model } = lane.sequence;
	const heads = request.head && headsOf(request.head, { model, held: means.held, last: ids.at(-1)! });
	// A guess ends where a call begins: what comes then is held to something.
	const guessed = (id: Token) => plain(id) && id !== heads?.sign;
	const drafter = longest > 0 && !held && !lane.sequence.needsCheckpoints ? drafterFor(ids, guessed, longest) : undefined;
	const order = { ids, begin, stops, maxTokens, sampling, pace, drafter, step: held?.(), heads, ends: (id: Token) => !plain(id) };
	const also = held || heads ? [] : (request.also ?? []);
	const { own: written, others } = await writeTogether(lanes, { ...order, also }, say, signal);
	const { stop, text, pieces, output } = written;
	// Where the next message may have to be taken back to.
	if (lane.sequence.needsCheckpoints) await lane.sequence.takeCheckpoint();
	if (!aside) tokens.remember(begin + text, [{ ids: tokens.words(begin), text: begin }, ...pieces]);
	return { kind: 'written', stop, usage: { ...usage, output, writeMs: performance.now() - started - readMs }, others };
}

/**
 * A guess may not change what is written, and llama.cpp rounds differently when it computes several tokens in one step. On a
 * processor it computes weights in 8 bits the same way for any number of tokens, others from four tokens on in another
 * arrangement, and unquantised ones from two tokens on by another program (ggml-cpu/llamafile/sgemm.cpp).
 */
function longestGuess({ model }: Weights): number {
	const unquantised: number[] = [0, 1, 30]; // F32, F16, BF16 (ggml.h, enum ggml_type)
	const q8 = 8;
	// Vectors, such as those of a norm, are multiplied one by one anyway.
	const types = (model.fileInfo.fullTensorInfo ?? []).filter(({ dimensions }) => dimensions.length > 1).map(({ ggmlType }) => ggmlType);
	if (types.length > 0 && types.every(type => type === q8)) return 15;
	return types.some(type => unquantised.includes(type)) ? 0 : 2;
}

/** The last token of the context is never filled, and the reply needs room for one. */
function tooLong(ids: readonly Token[], { sequence }: Lane): Result | undefined {
	const available = sequence.contextSize - 2;
	return ids.length > available ? { kind: 'too-long', needed: ids.length, available } : undefined;
}
