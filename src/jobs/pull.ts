import type { Work } from '../agent/loop.js';
import type { Prompt, TokenScore } from '../engine/engine.js';
import { opening } from './begun.js';
import type { Target } from './targets.js';

/** Characters of a text above which reading it twice for this takes longer than it is worth. */
const most = 2_500;
/** Where the two readings differ alike, the likelier word goes first. */
const forLikely = 0.5;

/** What is asked about a file, with the task, and in the same words without one. */
export type Asked = { file: Target; asked: string; idle: string };

/**
 * The beginning of a changed text: the old one up to a token, and there another one, which the task makes likelier. A small model
 * that is to write a file again tends to copy it whole; where the words of the task pull it away is seen when it reads the old text
 * with them and without (the contrast of Shi et al. 2023, "Trusting your evidence"). Undefined where the engine cannot tell, and for
 * a long text.
 */
export async function pulled({ file, asked, idle }: Asked, { agent }: Work, signal: AbortSignal): Promise<string | undefined> {
	const { text } = file;
	if (text === null || text.length > most) return undefined;
	const head = opening(file);
	const read = (words: string): Promise<TokenScore[] | undefined> => {
		const prompt: Prompt = { ...agent.head, messages: [{ role: 'user', text: words }], tools: [], aside: true };
		return agent.engine.score(prompt, head + text, signal, 'three');
	};
	const told = await read(asked);
	const untold = told && (await read(idle));
	if (!told || !untold) return undefined;
	let best: { begin: string; gain: number } | undefined;
	let at = -head.length;
	for (const [index, { text: token, logprob, instead }] of told.entries()) {
		const start = at;
		at += token.length;
		if (start < 0) continue;
		if (text.slice(start, at) !== token) break; // A character in several tokens: from here on places are not known.
		for (const other of instead.filter(({ text }) => text !== '' && text !== token)) {
			const gain = other.logprob - without(other.text, untold[index]) + forLikely * (other.logprob - logprob);
			if (!best || gain > best.gain) best = { begin: text.slice(0, start) + other.text, gain };
		}
	}
	return best?.begin;
}

/** How likely this token is without the task: of one that is not among the likeliest no more is known than that it is less so. */
function without(token: string, score: TokenScore | undefined): number {
	const known = score?.instead ?? [];
	return known.find(({ text }) => text === token)?.logprob ?? Math.min(...known.map(({ logprob }) => logprob), 0) - 1;
}
