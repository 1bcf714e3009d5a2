import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sampling } from '../engine.js';
import { type Lane, laneOn } from './lane.js';
import type { Other } from './messages.js';
import type { Pace } from './pace.js';
import type { Weights } from './weights.js';
import { type Order, type Written, write } from './writing.js';

/**
 * Lanes in one context, whose steps are computed in one batch: four texts take about 2.4 times as long as one (two cores, 0.5B,
 * 27 instead of 45 ms for a token of each), six 3.3 times.
 */
export type Together = {
	/** Lanes for a prompt and its reply of so many `tokens`; undefined where there is no room, or no way to copy what was read. */
	lanes(tokens: number): Promise<Lane[] | undefined>;
};

/** Texts that are written side by side at the most: more need more memory than they save time. */
const mostTogether = 4;
/** Tokens of one of them at the most, and in what steps room is made. */
const longest = 4096;
const roomStep = 1024;

export function togetherOn(weights: Pick<Weights, 'several'>): Together {
	let own: { lanes: Lane[]; dispose(): Promise<void> } | undefined;
	return {
		async lanes(tokens) {
			if (tokens > longest) return undefined;
			if (own && own.lanes[0]!.sequence.contextSize >= tokens) return own.lanes;
			await own?.dispose();
			own = undefined;
			const context = await weights.several(mostTogether, Math.ceil(tokens / roomStep) * roomStep);
			// Less may be free than was asked for: then every text would find its lanes too small, and have new ones made.
			if (context && context.contextSize < tokens) await context.dispose();
			if (!context || context.contextSize < tokens) return undefined;
			own = { lanes: Array.from({ length: mostTogether }, () => laneOn(context)), dispose: () => context.dispose() };
			return own.lanes;
		},
	};
}

/** A text of more than so many times the tokens of the longest that came to its end is broken off, once half of all have. */
const straggling = 2;
const leastTokens = 64;

/**
 * Writes the text that was asked for in the first of the lanes, and those of `also` beside it, as far as there are lanes: all begin
 * with what is in the first. `say` is told the first; the others are given when they came to their ends.
 */
export async function writeTogether(
	lanes: readonly Lane[],
	{ also, ...order }: Order & { also: readonly Sampling[] },
	say: (text: string) => void,
	signal: AbortSignal,
): Promise<{ own: Written; others: Other[] }> {
	const used = lanes.slice(0, also.length + 1);
	if (used.length < 2 || !(await copied(used))) return { own: await write(lanes[0]!, order, say, signal), others: [] };
	const samplings = [order.sampling, ...also.slice(0, used.length - 1)];
	const steps = inStep(used.length);
	const texts = await Promise.all(
		samplings.map(async (sampling, i) => {
			let written = 0;
			const turn = () => steps.turn(written++);
			// A guess would make one text wait for the other, and a step over several takes longer without anything being wrong.
			const each = { ...order, sampling, turn, drafter: undefined, pace: patient };
			try {
				return await write(used[i]!, each, i === 0 ? say : () => {}, signal);
			} finally {
				steps.leave(written);
			}
		}),
	);
	const others = texts.flatMap(({ stop, text, output }, i) =>
		i === 0 || stop === 'aborted' ? [] : [{ sampling: samplings[i]!, stop, text, output }],
	);
	return { own: texts[0]!, others };
}

const patient: Pace = { took() {} };

/**
 * Gives the other lanes what is in the first; false where that cannot be done, as on a full disk. The library has no way to do it in
 * memory; the file is gone when this ends.
 */
async function copied([first, ...others]: readonly Lane[]): Promise<boolean> {
	let folder: string | undefined;
	try {
		folder = await mkdtemp(join(tmpdir(), 'qwill-'));
		const file = join(folder, 'state');
		await first?.sequence.saveStateToFile(file);
		for (const lane of others) {
			await lane.renew();
			await lane.sequence.loadStateFromFile(file, { acceptRisk: true });
		}
		return true;
	} catch {
		// Each text is then read and written for itself, which takes longer and nothing else.
		return false;
	} finally {
		if (folder !== undefined) await rm(folder, { recursive: true, force: true }).catch(() => {});
	}
}

/**
 * Lets each go on when all have come: the library computes together what is asked for together, and of writers that are not in step
 * one after the other, which is no faster than one alone.
 */
function inStep(count: number) {
	let members = count;
	let longestEnded = 0;
	let waiting: (() => void)[] = [];
	const go = () => {
		if (waiting.length < members) return;
		const all = waiting;
		waiting = [];
		for (const proceed of all) proceed();
	};
	return {
		async turn(written: number): Promise<boolean> {
			if (2 * members <= count && written > Math.max(leastTokens, straggling * longestEnded)) return false;
			await new Promise<void>(resolve => {
				waiting.push(resolve);
				go();
			});
			return true;
		},
		leave(written: number): void {
			longestEnded = Math.max(longestEnded, written);
			members--;
			go();
		},
	};
}
