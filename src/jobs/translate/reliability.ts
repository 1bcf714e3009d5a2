import type { Work } from '../../agent/loop.js';
import { say } from '../../prompts.js';
import type { AgentEvent } from '../../types.js';
import { callId, conclude } from '../speak.js';
import { lateIn, timeFor } from '../time.js';
import { type Language, languageOf } from './language.js';
import type { Memory } from './memory.js';
import { modelFailed, translated } from './words.js';

/** Letters of a word that are compared, and how many make one worth it: the rest is endings and small words. */
const compared = 5;
const counted = 4;
/** Milliseconds for all of it, where the person sets no limit. */
const patience = 240_000;
/** A language of which less comes back is unreliable. */
const enough = 0.5;

/**
 * Takes a few English sentences into the language and back, once for each model and language: `undefined` where enough of
 * their words come back, else the sentence to say; also where there was no time to tell.
 */
export async function* doubtsIn(
	language: Language,
	memory: Memory,
	work: Work,
	stop: AbortSignal,
): AsyncGenerator<AgentEvent, string | undefined> {
	const english = languageOf('en');
	if (new Intl.Locale(language.tag).language === english.tag) return undefined;
	const probes = say('jobs/translate#probes');
	const all = stems(probes).length;
	const known = memory.get(probes);
	const { limits } = work.agent;
	const late = lateIn(limits.seconds === undefined ? patience : timeFor(limits).run);
	const signal = AbortSignal.any([stop, late]);
	const kept = known === undefined ? yield* tried(probes.split('\n'), { language, english }, work, signal) : Number(known);
	if (stop.aborted || kept === undefined) return undefined;
	if (known === undefined && signal.aborted) return `There was no time to tell whether ${language.name} is reliable with this model.`;
	if (known === undefined) memory.keep(probes, String(kept));
	if (kept >= all * enough) return undefined;
	return `${language.name} is unreliable with this model: of ${all} English words that it took there and back ${kept} came back. Have someone read it who knows ${language.name}, or take a larger model (/model).`;
}

type Pair = { language: Language; english: Language };

/** The trial as one call that the person can watch. */
async function* tried(
	probes: readonly string[],
	pair: Pair,
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, number | undefined> {
	const call = { id: callId('probe', work), tool: 'translate', args: {} };
	yield { type: 'call', call, title: `taking ${probes.length} sentences into ${pair.language.name} and back` };
	const kept = yield* keptOf(probes, pair, work, signal);
	const text =
		kept === undefined ? modelFailed : signal.aborted ? 'time was up' : `${kept} of ${stems(probes.join(' ')).length} words came back`;
	yield* conclude(call, { ok: kept !== undefined && !signal.aborted, text }, work);
	return kept;
}

/** How many words of these sentences come back; undefined where the model fell silent. */
async function* keptOf(
	probes: readonly string[],
	{ language, english }: Pair,
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, number | undefined> {
	const desk = { format: {}, glossary: [], memory: { get: () => undefined, keep() {} } };
	let kept = 0;
	for (const probe of probes) {
		const there = yield* translated(probe, { ...desk, language }, work, signal);
		const back = 'why' in there ? there : yield* translated(there.words, { ...desk, language: english }, work, signal);
		if ('why' in back && back.why === modelFailed) return undefined;
		const found = 'why' in back ? [] : stems(back.words);
		kept += stems(probe).filter(stem => found.includes(stem)).length;
	}
	return kept;
}

const stems = (text: string): string[] =>
	[...text.toLowerCase().matchAll(/\p{L}+/gu)].filter(([word]) => word.length >= counted).map(([word]) => word.slice(0, compared));
