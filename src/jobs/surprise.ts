import type { Work } from '../agent/loop.js';
import { fenceFor, language } from '../agent/material.js';
import type { TokenScore } from '../engine/engine.js';
import { say } from '../prompts.js';
import { blockAt, blocksOf } from './blocks.js';
import type { Candidate } from './candidate.js';
import type { Suspect } from './locate.js';

/** How surprising each line is to the model (nats of its least expected token), and what it would have written instead. */
export type Surprise = { lines: ReadonlyMap<number, number>; guesses: Candidate[] };

/** Characters of a file that are read for it. */
const most = 4_000;
/** A token is a guess when another is likelier by this factor; and how many guesses are worth a try. */
const likelier = Math.log(2);
const fewGuesses = 12;

/**
 * Asks the model how likely it finds the suspicious part of a file, in one reading. Undefined where the engine cannot tell,
 * and on `signal`.
 */
export async function surpriseAt(suspect: Suspect, { agent }: Work, signal: AbortSignal): Promise<Surprise | undefined> {
	const part = partOf(suspect);
	const fence = fenceFor(part.text);
	const head = `${fence}${language(suspect.path)}\n`;
	const prompt = {
		...agent.head,
		messages: [{ role: 'user', text: say('jobs/fix#read', { path: suspect.path }) } as const],
		tools: [],
		aside: true,
	};
	const scores = await agent.engine.score(prompt, head + part.text, signal, 'the likeliest');
	return scores && read(scores, { ...part, skip: head.length }, suspect);
}

/** The pieces of the file around the most suspicious line, up to the limit. */
function partOf({ text, lines }: Suspect): { text: string; from: number } {
	if (text.length <= most) return { text, from: 1 };
	const block = blockAt(blocksOf(text), lines[0] ?? 1) ?? { from: 1, to: 1 };
	return {
		text: text
			.split('\n')
			.slice(block.from - 1, block.to)
			.join('\n')
			.slice(0, most),
		from: block.from,
	};
}

type Part = { text: string; from: number; skip: number };

function read(scores: readonly TokenScore[], { text, from, skip }: Part, suspect: Suspect): Surprise {
	const lines = new Map<number, number>();
	const guesses: (Candidate & { gain: number })[] = [];
	const before =
		suspect.text
			.split('\n')
			.slice(0, from - 1)
			.join('\n').length + (from > 1 ? 1 : 0);
	let at = -skip;
	for (const score of scores) {
		const start = at;
		at += score.text.length;
		if (start < 0 || score.text.trim() === '') continue;
		if (text.slice(start, at) !== score.text) break; // A character in several tokens: from here on places are not known.
		const line = from + text.slice(0, start + score.text.length - score.text.trimStart().length).split('\n').length - 1;
		if (!suspect.lines.includes(line)) continue;
		lines.set(line, Math.max(lines.get(line) ?? 0, -score.logprob));
		for (const other of score.instead) {
			const gain = other.logprob - score.logprob;
			if (gain < likelier || other.text.trim() === '' || other.text.includes('\n')) continue;
			const changed = suspect.text.slice(0, before + start) + other.text + suspect.text.slice(before + at);
			const what = `${suspect.path}:${line}  ${(changed.split('\n')[line - 1] ?? '').trim()}`;
			guesses.push({ path: suspect.path, text: changed, what, byModel: true, gain });
		}
	}
	guesses.sort((a, b) => b.gain - a.gain);
	return { lines, guesses: guesses.slice(0, fewGuesses).map(({ gain: _gain, ...guess }) => guess) };
}
