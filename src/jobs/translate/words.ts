import type { Work } from '../../agent/loop.js';
import { say } from '../../prompts.js';
import type { AgentEvent } from '../../types.js';
import { aside } from '../aside.js';
import type { Format } from './format.js';
import { type Term, termsAt } from './glossary.js';
import { type Judged, judge } from './judge.js';
import type { Language } from './language.js';
import type { Memory } from './memory.js';
import { longest, type Marked, marked, piecesIn } from './pieces.js';

/** What all texts of a file are translated with. */
export type Desk = { format: Pick<Format, 'shape'>; language: Language; memory: Pick<Memory, 'get' | 'keep'>; glossary: readonly Term[] };

/** The likeliest words, and others when those cannot stand. */
const tries = 3;
/** Characters that a model translates at once; a longer text goes sentence by sentence. The smallest leave out or leave alone one of two. */
const readAtOnce = 300;

/** Tokens that a translation may have: these, and so many for each character. */
const roomBeside = 24;
const roomEach = 1.5;

/** What only a program reads: `not_found`, `errors.title`, `onClick`. */
const identifier = /^[A-Za-z]\w*(?:[_.#]\w+)+$|^[a-z]+[A-Z]\w*$/;

/** Why a text stays that the model gave no answer to at all. */
export const modelFailed = 'the model failed';

/** Whether a text says anything but what stays the same. */
export const hasWords = (text: string, glossary: readonly Term[]): boolean =>
	!identifier.test(text) && /\p{L}{2}/u.test(marked(text, termsAt(text, glossary).filter(stays)).shown);

const stays = ({ becomes }: Term): boolean => becomes === undefined;

/** One text in the other language, the first that can stand; from memory, whole, or part by part between what stays. Else why not. */
export async function* translated(words: string, desk: Desk, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Judged> {
	if (words.length > longest) return { why: 'it is too long' };
	const small = work.agent.engine.model.tier === 'T0';
	const sentences = small || words.length > readAtOnce ? sentencesIn(words) : [];
	if (sentences.length > 1) return yield* bySentences(sentences, desk, work, signal);
	const terms = termsAt(words, desk.glossary);
	const told = terms.filter(term => !stays(term));
	const freely = yield* asked({ words, told, ...marked(words, terms.filter(stays)), last: told.length === 0 }, desk, work, signal);
	if ('words' in freely || told.length === 0 || signal.aborted) return freely;
	// It would not use the glossary's words in its own way: they are put where the terms stood.
	return yield* asked({ words, told: [], ...marked(words, terms), last: true }, desk, work, signal);
}

/** A text as it is asked for: the terms whose words the model is told; behind the `last` way to ask there are only its parts. */
type Asked = Marked & { words: string; told: readonly (Term & { written: string })[]; last: boolean };

async function* asked(
	{ words, shown, pieces, told, last }: Asked,
	desk: Desk,
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Judged> {
	const wanted = { ...desk, words, pieces, terms: told };
	const terms = [...new Set(told.map(({ written, becomes }) => `"${written}" as "${becomes}"`))].join(', ');
	const key = terms === '' ? shown : `${shown}\n${terms}`;
	const known = desk.memory.get(key);
	let judged: Judged = known === undefined ? { why: 'time is up' } : judge(known, wanted);
	for (let round = 1; 'why' in judged && round <= tries && !signal.aborted; round++) {
		const raw = yield* said({ shown, terms, round }, desk.language, work, signal);
		if (raw === undefined) return { why: signal.aborted ? 'time is up' : modelFailed };
		judged = judge(raw, wanted);
		if ('words' in judged) desk.memory.keep(key, raw);
	}
	if ('words' in judged || pieces.length === 0 || !last || signal.aborted) return judged;
	const parts = yield* byParts(shown, desk, work, signal);
	const whole = parts === undefined ? judged : judge(parts, wanted);
	if (parts !== undefined && 'words' in whole) desk.memory.keep(key, parts);
	return 'words' in whole ? whole : judged;
}

/** The sentences of a text with the blanks behind them; the text itself where what stays would be cut. */
function sentencesIn(words: string): string[] {
	const all = [...new Intl.Segmenter('en', { granularity: 'sentence' }).segment(words)].map(({ segment }) => segment);
	const count = all.reduce((sum, one) => sum + piecesIn(one).length, 0);
	return count === piecesIn(words).length ? all : [words];
}

async function* bySentences(all: readonly string[], desk: Desk, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Judged> {
	let whole = '';
	for (const one of all) {
		const core = one.trimEnd();
		const judged: Judged = hasWords(core, desk.glossary) ? yield* translated(core, desk, work, signal) : { words: core };
		if ('why' in judged) return judged;
		whole += judged.words + one.slice(core.length);
	}
	return { words: whole };
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
		const raw = yield* said({ shown: core, terms: '', round: 1 }, desk.language, work, signal);
		if (raw === undefined) return undefined;
		const judged = judge(raw, { ...desk, words: core, pieces: [], terms: [] });
		if ('why' in judged) return undefined;
		whole += before + judged.words + behind;
	}
	return whole;
}

type Ask = { shown: string; terms: string; round: number };

async function* said(
	{ shown, terms, round }: Ask,
	{ name, own }: Language,
	{ agent }: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, string | undefined> {
	const language = own === name ? name : `${name} (${own})`;
	const usual = agent.sampling;
	const sampling = round === 1 ? { ...usual, temperature: 0 } : { ...usual, seed: usual.seed + round };
	const prompt = {
		system: say('jobs/translate#system'),
		messages: [
			{
				role: 'user',
				text:
					terms === '' ? say('jobs/translate', { language, text: shown }) : say('jobs/translate#terms', { language, terms, text: shown }),
			},
		],
		sampling,
		maxTokens: roomBeside + Math.ceil(shown.length * roomEach),
	} as const;
	const message = yield* aside(prompt, agent.engine, signal);
	if (!message) return undefined;
	return message.stop === 'end' ? message.text : '';
}
