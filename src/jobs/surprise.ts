import type { Work } from '../agent/loop.js';
import { fenceFor, language } from '../agent/material.js';
import type { TokenScore } from '../engine/engine.js';
import { say } from '../prompts.js';
import { blockAt, blocksOf } from './blocks.js';
import type { Candidate } from './candidate.js';
import type { Suspect } from './locate.js';

/**
 * How surprising each line is to the model (nats of its least expected token), and what it would have written instead: one token, after
 * which the line goes on as it did.
 */
export type Surprise = { lines: ReadonlyMap<number, number>; guesses: Guess[] };
/** `begin` is the line (from 1) up to that token. */
export type Guess = Candidate & { line: number; begin: string };

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
	const begin = `${fence}${language(suspect.path)}\n${part.above}`;
	const prompt = {
		...agent.head,
		messages: [{ role: 'user', text: say('jobs/fix#read', { path: suspect.path }) } as const],
		tools: [],
		begin,
		aside: true,
	};
	const scores = await agent.engine.score(prompt, part.text, signal, 'the likeliest');
	return scores && read(scores, part, suspect);
}

/** A line that only says what else is needed, or what of the file others may use. */
export const isBystander = (line: string): boolean =>
	/^\s*(?:(?:import|from|use|using|package|#include|(?:const|let|var) .* = require)\b|export (?:\{|\*|default [\w$]+;?\s*$)|(?:module\.exports|exports\.[\w$]+)\s*=\s*(?:\{[^(]*\}|[\w$]+);?\s*$)/.test(
		line,
	);

/** What is judged, from line `from` (from 1) on, and what of the file is only read before it. */
type Part = { above: string; text: string; from: number };

/** The suspicious lines but for bystanders, where there are others. */
function judgedOf({ text, lines }: Pick<Suspect, 'text' | 'lines'>): readonly number[] {
	const all = text.split('\n');
	const judged = lines.filter(line => !isBystander(all[line - 1] ?? ''));
	return judged.length > 0 ? judged : lines;
}

/** The piece of the file around the most suspicious line, up to the limit; judged from the first line that is suspicious. */
function partOf({ text, lines }: Suspect): Part {
	const all = text.split('\n');
	const block = text.length <= most ? { from: 1, to: all.length } : (blockAt(blocksOf(text), lines[0] ?? 1) ?? { from: 1, to: 1 });
	const from = Math.max(block.from, Math.min(...judgedOf({ text, lines }), block.to));
	const above = all
		.slice(block.from - 1, from - 1)
		.map(line => `${line}\n`)
		.join('');
	return {
		above,
		text: all
			.slice(from - 1, block.to)
			.join('\n')
			.slice(0, Math.max(0, most - above.length)),
		from,
	};
}

function read(scores: readonly TokenScore[], { text, from }: Part, suspect: Suspect): Surprise {
	const lines = new Map<number, number>();
	const guesses: (Guess & { gain: number })[] = [];
	const before =
		suspect.text
			.split('\n')
			.slice(0, from - 1)
			.join('\n').length + (from > 1 ? 1 : 0);
	const judged = judgedOf(suspect);
	let at = 0;
	for (const score of scores) {
		const start = at;
		at += score.text.length;
		if (score.text.trim() === '') continue;
		if (text.slice(start, at) !== score.text) break; // A character in several tokens: from here on places are not known.
		const line = from + text.slice(0, start + score.text.length - score.text.trimStart().length).split('\n').length - 1;
		if (!judged.includes(line)) continue;
		lines.set(line, Math.max(lines.get(line) ?? 0, -score.logprob));
		for (const other of score.instead) {
			const gain = other.logprob - score.logprob;
			if (gain < likelier || other.text.trim() === '' || other.text.includes('\n')) continue;
			const changed = suspect.text.slice(0, before + start) + other.text + suspect.text.slice(before + at);
			const what = `${suspect.path}:${line}  ${(changed.split('\n')[line - 1] ?? '').trim()}`;
			const begin = changed.slice(changed.lastIndexOf('\n', before + start - 1) + 1, before + start + other.text.length);
			guesses.push({ path: suspect.path, text: changed, what, byModel: true, line, begin, gain });
		}
	}
	guesses.sort((a, b) => b.gain - a.gain);
	return { lines, guesses: guesses.slice(0, fewGuesses).map(({ gain: _gain, ...guess }) => guess) };
}
