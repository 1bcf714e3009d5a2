import type { Work } from '../../agent/loop.js';
import { say } from '../../prompts.js';
import type { AgentEvent } from '../../types.js';
import type { Format } from './format.js';
import { type Judged, judge } from './judge.js';
import type { Language } from './language.js';
import type { Memory } from './memory.js';
import { longest, marked } from './pieces.js';

/** What all texts of a file are translated with. */
export type Desk = { format: Format; language: Language; memory: Memory };

/** The likeliest words, and others when those cannot stand. */
const tries = 3;

/** Whether a text says anything but what stays the same. */
export const hasWords = (text: string): boolean => /\p{L}{2}/u.test(marked(text).shown);

/** One text in the other language, the first that can stand; from memory, whole, or part by part between what stays. Else why not. */
export async function* translated(words: string, desk: Desk, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Judged> {
	if (words.length > longest) return { why: 'it is too long' };
	const { shown, pieces } = marked(words);
	const wanted = { words, pieces, ...desk };
	const known = desk.memory.get(shown);
	let judged: Judged = known === undefined ? { why: 'time is up' } : judge(known, wanted);
	for (let round = 1; 'why' in judged && round <= tries && !signal.aborted; round++) {
		const raw = yield* said({ shown, round }, desk.language, work, signal);
		if (raw === undefined) return { why: signal.aborted ? 'time is up' : 'the model did not come to an end' };
		judged = judge(raw, wanted);
		if ('words' in judged) desk.memory.keep(shown, raw);
	}
	if ('words' in judged || pieces.length === 0 || signal.aborted) return judged;
	const parts = yield* byParts(shown, desk, work, signal);
	const last = parts === undefined ? judged : judge(parts, wanted);
	if (parts !== undefined && 'words' in last) desk.memory.keep(shown, parts);
	return 'words' in last ? last : judged;
}

/** The text with its marks, where what is between them was translated by itself; undefined where a part could not be. */
async function* byParts(shown: string, desk: Desk, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, string | undefined> {
	let whole = '';
	for (const part of shown.split(/(X\d+)/)) {
		const [, before = '', core = '', behind = ''] = /^([^\p{L}\p{N}]*)([\s\S]*?)([^\p{L}\p{N}]*)$/u.exec(part) ?? [];
		if (/^X\d+$/.test(part) || !/\p{L}{2}/u.test(core)) {
			whole += part;
			continue;
		}
		const raw = yield* said({ shown: core, round: 1 }, desk.language, work, signal);
		if (raw === undefined) return undefined;
		const judged = judge(raw, { ...desk, words: core, pieces: [] });
		if ('why' in judged) return undefined;
		whole += before + judged.words + behind;
	}
	return whole;
}

type Ask = { shown: string; round: number };

async function* said(
	{ shown, round }: Ask,
	{ name }: Language,
	{ agent }: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, string | undefined> {
	const sampling = round === 1 ? { ...agent.sampling, temperature: 0 } : { ...agent.sampling, seed: agent.sampling.seed + round };
	const prompt = {
		...agent.head,
		messages: [{ role: 'user', text: say('jobs/translate', { language: name, text: shown }) }],
		tools: [],
		sampling,
		maxTokens: 60 + shown.length,
		aside: true,
	} as const;
	const running = agent.engine.reply(prompt, signal);
	for (;;) {
		const step = await running.next();
		if (!step.done) {
			if (step.value.type === 'reading' || step.value.type === 'note') yield step.value;
			continue;
		}
		const { message, failure } = step.value;
		return failure || message.stop !== 'end' ? undefined : message.text;
	}
}
