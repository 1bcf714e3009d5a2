import type { Work } from '../../agent/loop.js';
import { escaped } from '../../checks/escaped.js';
import type { AgentEvent } from '../../types.js';
import { aside } from '../aside.js';
import { begun, opening } from '../begun.js';

/** The likeliest words, and others when those cannot stand. */
const tries = 3;
/** Where a line ends that may begin on the next one, as some write it. */
const ends = ['.\n', '\n\n'];
/** Tokens of one line. */
const longest = 64;

/** What is asked for the line, and what of the file is written up to it; `judge` gives what can stand there, or why nothing can. */
export type Blank = { path: string; asked: string; begin: string };
export type Judged = { words: string } | { why: string };

/** The model's words for one line of a file that is written up to it, the first that can stand; else why the last could not. */
export async function* wordsFor(
	{ path, asked, begin }: Blank,
	judge: (raw: string) => Judged,
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Judged> {
	let judged: Judged = { why: 'time is up' };
	for (let round = 1; round <= tries && !signal.aborted; round++) {
		const raw = yield* line({ file: { path, text: asked }, asked, begin: begin.trimEnd(), round }, work, signal);
		if (raw === undefined) return { why: signal.aborted ? 'time is up' : 'the model wrote nothing' };
		judged = judge(raw);
		if ('words' in judged) return judged;
	}
	return judged;
}

type Ask = { file: { path: string; text: string }; asked: string; begin: string; round: number };

async function* line(
	{ file, asked, begin, round }: Ask,
	{ agent }: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, string | undefined> {
	const start = begun(file, round, { agent }, begin);
	const prompt = {
		...agent.head,
		messages: [{ role: 'user', text: asked }],
		...start,
		until: ends,
		maxTokens: longest,
	} as const;
	const message = yield* aside(prompt, agent.engine, signal);
	if (!message) return undefined;
	const whole = `${opening(file)}${begin}`;
	return message.raw.startsWith(whole) ? message.raw.slice(whole.length) : behind(message.raw, begin);
}

/** What a reply that could not be begun has behind the last words of what it was to begin with, where a line of it begins with those. */
function behind(raw: string, begin: string): string {
	const last = begin.split('\n').at(-1)!.trim();
	const found = new RegExp(`^[ \\t]*${escaped(last)}`, 'im').exec(raw);
	return found ? raw.slice(found.index + found[0].length) : '';
}
