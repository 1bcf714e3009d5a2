import type { Token } from 'node-llama-cpp';
import type { Turn } from '../dialects/dialect.js';
import { drafterFor } from './drafts.js';
import { fill } from './filling.js';
import { frameOf } from './frame.js';
import { type Lane, laneOn } from './lane.js';
import type { News, Opening, Request, Result } from './messages.js';
import { paceOf } from './pace.js';
import { savedStates } from './saved.js';
import { score } from './scoring.js';
import type { Reading } from './sequence.js';
import { tokensOf } from './tokens.js';
import type { Weights } from './weights.js';
import { write } from './writing.js';

/** Carries out one request at a time. */
export type Desk = (request: Request, tell: (news: News) => void, signal: AbortSignal) => Promise<Result>;

/** What nobody has asked for yet gives way faster. */
const aheadSliceMs = 100;

type WriteRequest = Extract<Request, { type: 'write' }>;

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
	const longest = longestGuess(weights);
	let aside: Lane | undefined;
	let fresh = true;
	let keptPrefix = '';

	const sideLane = async (): Promise<Lane> => {
		if (!aside) {
			const more = await weights.another();
			aside = more ? laneOn(more) : main;
		}
		return aside;
	};

	/**
	 * Before the first prompt: what an earlier process read of it. Then the part that all conversations begin with. Gives the
	 * number of tokens that it had to read itself.
	 */
	async function prepare(turns: readonly Turn[], tell: (news: News) => void, signal: AbortSignal): Promise<number> {
		const [first] = turns;
		if (!saved || first?.role !== 'system') return 0;
		const say = (text: string | undefined) => text !== undefined && tell({ type: 'note', text });
		if (fresh) say(await saved.restore(main, () => frame.prompt(turns, '')));
		fresh = false;
		if (keptPrefix === first.text) return 0;
		const prefix = frame.ahead([first]);
		const whole = frame.prompt(turns, '');
		if (prefix.length === 0 || prefix.some((id, i) => id !== whole[i])) return 0;
		if (prefix.every((id, i) => id === main.sequence.contextTokens[i])) {
			keptPrefix = first.text;
			return 0;
		}
		const report = (reading: Reading) => reading.done < reading.total && tell({ type: 'reading', ...reading, total: whole.length });
		const reused = await main.read(whole.slice(0, prefix.length + 1), report, signal);
		const own = main.sequence.nextTokenIndex - reused;
		if (signal.aborted) return own;
		say(await saved.keep(main, 'prefix'));
		keptPrefix = first.text;
		return own;
	}

	async function reply(request: WriteRequest, tell: (news: News) => void, signal: AbortSignal): Promise<Result> {
		const { begin, maxTokens, sampling } = request;
		const lane = request.aside ? await sideLane() : main;
		const started = performance.now();
		const full = tooLong(frame.prompt(request.turns, begin), lane);
		if (full) return full;
		const own = request.aside ? 0 : await prepare(request.turns, tell, signal);
		// What was brought back may know replies by the tokens they were written with: only now are the tokens final.
		const ids = frame.prompt(request.turns, begin);
		const reused = (await lane.read(ids, reading => tell(progress(reading, own)), signal)) - own;
		const readMs = performance.now() - started;
		const usage = { prompt: ids.length, reused, output: 0, readMs, writeMs: 0 };
		if (signal.aborted) return { kind: 'written', stop: 'aborted', usage };
		const say = (text: string) => tell({ type: 'text', text });
		if (begin) say(begin);
		const stops = [...request.until, ...frame.stops];
		const drafter = speculate && !lane.sequence.needsCheckpoints ? drafterFor(ids, plain, longest) : undefined;
		const order = { ids, begin, stops, maxTokens, sampling, pace, drafter, ends: (id: Token) => !plain(id) };
		const { stop, text, pieces, output } = await write(lane, order, say, signal);
		if (!request.aside) tokens.remember(begin + text, [{ ids: tokens.words(begin), text: begin }, ...pieces]);
		return { kind: 'written', stop, usage: { ...usage, output, writeMs: performance.now() - started - readMs } };
	}

	return async (request, tell, signal) => {
		switch (request.type) {
			case 'read': {
				const full = tooLong(frame.ahead(request.turns), main);
				if (full) return full;
				const own = await prepare(request.turns, tell, signal);
				const ids = frame.ahead(request.turns);
				if (ids.length > 0) {
					await main.read(ids, reading => tell(progress(reading, own)), signal, aheadSliceMs);
				}
				return { kind: 'read' };
			}
			case 'write':
				return reply(request, tell, signal);
			case 'keep':
				await saved?.keep(main, 'conversation');
				return { kind: 'kept' };
			case 'score': {
				const ids = [...frame.prompt(request.turns, '')];
				const text = tokens.words(request.text);
				const full = tooLong([...ids, ...text], main);
				return full ?? { kind: 'scored', tokens: await score(main, ids, text, signal) };
			}
			case 'fill':
				return { kind: 'filled', text: await fill(request.hole, { lane: await sideLane(), tokens, pace }, signal) };
			case 'measure':
				return { kind: 'measured', tokens: frame.prompt(request.turns, request.begin).length };
			default:
				return request satisfies never;
		}
	};
}

/**
 * On a processor llama.cpp computes four tokens of a step together, in weights arranged for that, and rounds differently than
 * one by one: a longer guess there would change what is written. Weights of these types are never arranged so.
 */
function longestGuess({ model }: Weights): number {
	const evenly: number[] = [0, 1, 8, 30]; // F32, F16, Q8_0, BF16 (ggml.h, enum ggml_type)
	const exact = model.fileInfo.fullTensorInfo?.every(({ ggmlType }) => evenly.includes(ggmlType)) ?? false;
	return exact ? 15 : 2;
}

/** `own` tokens of those that were there had been read just before. */
const progress = (reading: Reading, own: number): News => ({ type: 'reading', ...reading, reused: Math.max(0, reading.reused - own) });

/** The last token of the context is never filled, and the reply needs room for one. */
function tooLong(ids: readonly Token[], { sequence }: Lane): Result | undefined {
	const available = sequence.contextSize - 2;
	return ids.length > available ? { kind: 'too-long', needed: ids.length, available } : undefined;
}
