import type { Work } from '../../agent/loop.js';
import { writerOf } from '../../agent/writer.js';
import { echoed } from '../../sanitise.js';
import { type AgentEvent, type Ending, Refusal } from '../../types.js';
import { callId, conclude, fails, speak, writeAll } from '../speak.js';
import { lateForAll } from '../time.js';
import { askedFor } from './asked.js';
import { type Format, formatOf, type Segment, withWords } from './format.js';
import { glossaryFrom, type Term, termsAt } from './glossary.js';
import { oddlyLong } from './judge.js';
import { type Language, languageOf } from './language.js';
import { openMemory } from './memory.js';
import { doubtsIn } from './reliability.js';
import { intact, reportOf } from './report.js';
import { sound, wordsOf } from './sound.js';
import { type Desk, hasWords, translated } from './words.js';

/** A file to translate: its texts in order, and where the translation goes. */
export type Source = { path: string; text: string; format: Format; target: string; segments: Segment[] };
/** What became of one text, in which there were so many terms of a glossary: new words, perhaps of an odd length, or why it stays. */
export type Done = { segment: Segment; line: number; terms: number; words?: string; odd?: boolean; why?: string };

/**
 * Writes the translation of each file beside it, or of code into it, text by text. What must stay is kept from the model, and a text
 * is taken only when all of that is there again; others stay as they were. What was translated once is remembered.
 */
export async function* translate(words: readonly string[], work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending> {
	const asked = askedFor(words);
	const language = languageOf(asked.to);
	const glossary = await glossaryOf(asked.glossary, work);
	const sources: Source[] = [];
	for (const file of asked.files) sources.push(await sourceOf(file, { language, glossary }, work));
	refuseClashes(sources);
	const { agent } = work;
	const failure = yield* agent.engine.warm(undefined, signal);
	if (failure) return failure;
	const memory = openMemory(agent.workspace.root, language.tag, agent.engine.model);
	const all: { source: Source; done: Done[] }[] = [];
	let doubts: string | undefined;
	try {
		for (const source of sources) {
			const done = yield* search(source, { language, memory, glossary }, work, signal);
			if (signal.aborted) return { reason: 'interrupted' };
			all.push({ source, done });
		}
		if (all.some(isMade)) doubts = yield* doubtsIn(language, memory, work, signal);
		if (signal.aborted) return { reason: 'interrupted' };
		if (doubts) yield { type: 'note', text: doubts };
	} finally {
		memory.close();
	}
	const doubt = doubts ? ` ${doubts}` : '';
	const told = all.map(({ source, done }) => `${source.target}: ${reportOf(done)}`).join('\n');
	const made = all.filter(isMade);
	if (made.length === 0)
		return yield* fails(`Nothing could be translated into ${language.name}, and nothing was written. ${told}${doubt}`, work);
	for (const { source, done } of made) {
		const files = new Map([[source.target, withWords(source.text, source.segments, wordsOf(done, source))]]);
		const signing = { kind: `translate-${source.target}`, verified: intact(done), writer: writerOf(agent.engine.model, agent.sampling) };
		const stopped = yield* writeAll(files, signing, work, signal);
		if (stopped) return stopped;
	}
	return yield* speak(`${told} The words are the model's.${doubt}`, work);
}

const isMade = ({ done }: { done: readonly Done[] }): boolean => done.some(({ words }) => words !== undefined);

async function glossaryOf(file: string | undefined, { agent }: Work): Promise<Term[]> {
	if (file === undefined) return [];
	const { path, text } = await agent.workspace.files.read(file);
	return glossaryFrom(text, path);
}

type Into = { language: Language; glossary: readonly Term[] };

/** Throws `Refusal` 42 for a file that there is no format for, or that would be written over itself. */
async function sourceOf(word: string, { language: { tag, name }, glossary }: Into, { agent }: Work): Promise<Source> {
	const known = formatOf(word, tag);
	if (!known)
		throw new Refusal(
			`translate knows Markdown, JSON, YAML, .properties and .po files, and the strings of Python, JavaScript, TypeScript, Go, Java and Rust; ${echoed(word)} is none of them.`,
			42,
		);
	const { path, text } = await agent.workspace.files.read(word);
	const { format, target } = formatOf(path, tag) ?? known;
	if (target === path && !format.inPlace)
		throw new Refusal(`By its name ${echoed(path)} is in ${name} already; name the file to translate.`, 42);
	return { path, text, format, target, segments: (await format.segments(text, path)).filter(({ words }) => hasWords(words, glossary)) };
}

function refuseClashes(sources: readonly Source[]): void {
	for (const [index, { path, target }] of sources.entries()) {
		const other = sources.slice(0, index).find(one => one.target === target);
		if (other)
			throw new Refusal(`${echoed(other.path)} and ${echoed(path)} would both be written to ${echoed(target)}; translate one of them.`, 42);
	}
}

/** The texts of a file, one after the other, as one call that the person can watch. */
async function* search(source: Source, desk: Omit<Desk, 'format'>, work: Work, stop: AbortSignal): AsyncGenerator<AgentEvent, Done[]> {
	const { path, text, format, segments } = source;
	const signal = AbortSignal.any([stop, lateForAll(work.agent.limits, segments.length)]);
	const call = { id: callId(`search-${path}`, work), tool: 'translate', args: { file_path: path } };
	yield { type: 'call', call, title: `translating ${path} into ${desk.language.name}` };
	const done: Done[] = [];
	for (const [index, segment] of segments.entries()) {
		if (stop.aborted) break;
		const line = text.slice(0, segment.from).split('\n').length;
		const about = {
			type: 'candidate',
			callId: call.id,
			number: index + 1,
			what: `${path}:${line}  ${segment.words.slice(0, 60)}`,
		} as const;
		yield { ...about, state: 'proposed' };
		const found = segment.left === undefined ? yield* translated(segment.words, { ...desk, format }, work, signal) : { why: segment.left };
		const terms = termsAt(segment.words, desk.glossary).length;
		if ('why' in found) done.push({ segment, line, terms, why: found.why });
		else done.push({ segment, line, terms, words: found.words, odd: oddlyLong(segment.words, found.words) });
		yield { ...about, state: 'why' in found ? 'rejected' : 'verified', why: 'why' in found ? found.why : found.words.slice(0, 60) };
	}
	const proven = await sound(source, done);
	yield* conclude(call, { ok: proven.some(({ words }) => words !== undefined), text: reportOf(proven) }, work);
	return proven;
}
