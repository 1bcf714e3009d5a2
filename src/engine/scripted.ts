import { readFileSync } from 'node:fs';
import { type EngineEvent, Refusal, type Tier, type Usage } from '../types.js';
import type { Dialect, Turn } from './dialects/dialect.js';
import type { Engine, Prompt, Reply } from './engine.js';

/** Prepared raw replies, in order; `fills` answer the holes, in order. */
export type Script = { replies: readonly string[]; fills?: readonly string[] };
export type ScriptedOptions = { dialect: Dialect; tier?: Tier; contextSize?: number; millisecondsPerWord?: number };

/**
 * An engine that recites prepared replies, as raw model text. It refuses to improvise: a reply too many is an error.
 * It checks the promises of the agent on every prompt: each call has exactly one result, and each prompt begins with the
 * whole of the previous one, unless the conversation was shortened or went back. `prompts` are those it was given.
 */
export function scriptedEngine(script: Script, options: ScriptedOptions): Engine & { prompts: Prompt[] } {
	const { dialect, tier = 'T0', contextSize = 8192, millisecondsPerWord = 0 } = options;
	const prompts: Prompt[] = [];
	let filled = 0;
	let closed = false;
	const size = (turns: readonly Turn[]) => turns.reduce((sum, turn) => sum + Math.ceil(turn.text.length / 4) + 4, 0);
	return {
		prompts,
		model: { name: 'scripted', tier, contextSize, device: 'script' },
		// biome-ignore lint/correctness/useYield: nothing to load
		async *warm() {
			return undefined;
		},
		async *reply(prompt, signal) {
			if (closed) throw new Error('The scripted engine was closed and then asked.');
			check(prompt, prompts.at(-1), dialect);
			const raw = script.replies[prompts.length];
			prompts.push(structuredClone(prompt));
			if (raw === undefined) throw new Error(`The script has ${script.replies.length} replies and was asked for one more.`);
			const total = size(dialect.render(prompt));
			yield { type: 'reading', done: 0, total, reused: 0 };
			yield { type: 'reading', done: total, total, reused: 0 };
			const words = `${prompt.begin ?? ''}${untilStop(raw, prompt.until)}`.split(/(?<=\s)/);
			return yield* recite(
				{ words, prompt, total, pause: millisecondsPerWord, id: `s${prompts.length}.${prompt.messages.length}` },
				dialect,
				signal,
			);
		},
		async fill(_hole, signal, see) {
			if (signal.aborted) return undefined;
			const text = script.fills?.[filled++] ?? '';
			see?.(text);
			return text;
		},
		async score() {
			return undefined;
		},
		async measure(prompt) {
			return size(dialect.render(prompt));
		},
		async close() {
			closed = true;
		},
	};
}

/** A scripted conversation as a document: replies apart by lines of `---`; a part that begins with `~fill` fills a hole. */
export function readScript(path: string): Script {
	let source: string;
	try {
		source = readFileSync(path, 'utf8');
	} catch {
		throw new Refusal(`There is no scripted conversation at ${path}.`, 41);
	}
	const parts = source.split(/^---\n/m).map(part => part.replace(/\n$/, ''));
	const isFill = (part: string) => part.startsWith('~fill\n');
	return { replies: parts.filter(part => !isFill(part)), fills: parts.filter(isFill).map(part => part.slice('~fill\n'.length)) };
}

/** Words after which whatever else waits has its turn: keys, signals, the screen. */
const between = 200;

type Recital = { words: string[]; prompt: Prompt; total: number; pause: number; id: string };

async function* recite(
	{ words, prompt, total, pause, id }: Recital,
	dialect: Dialect,
	signal: AbortSignal,
): AsyncGenerator<EngineEvent, Reply> {
	const reader = dialect.reader(prompt.tools, id);
	const started = performance.now();
	let raw = '';
	let aborted = false;
	for (const [index, word] of words.entries()) {
		if (index % between === between - 1) await new Promise(resolve => setImmediate(resolve));
		aborted = signal.aborted;
		if (aborted) break;
		raw += word;
		yield* reader.read(word);
		if (pause > 0) await new Promise(resolve => setTimeout(resolve, pause));
	}
	const { events, text, calls, malformed } = reader.end(aborted);
	yield* events;
	const usage: Usage = { prompt: total, reused: 0, output: words.length, readMs: 0, writeMs: Math.round(performance.now() - started) };
	const stop = aborted ? 'aborted' : calls.length > 0 ? 'calls' : 'end';
	const message = { role: 'assistant', text, calls, stop, raw } as const;
	return malformed === undefined ? { message, usage } : { message, usage, malformed };
}

function untilStop(raw: string, until: readonly string[] = []): string {
	const ends = until.map(stop => raw.indexOf(stop)).filter(index => index >= 0);
	return ends.length > 0 ? raw.slice(0, Math.min(...ends)) : raw;
}

function check(prompt: Prompt, previous: Prompt | undefined, dialect: Dialect): void {
	const results = prompt.messages.filter(message => message.role === 'tool').map(message => message.callId);
	for (const message of prompt.messages)
		if (message.role === 'assistant')
			for (const call of message.calls) {
				const count = results.filter(id => id === call.id).length;
				if (count !== 1) throw new Error(`The call ${call.id} (${call.tool}) has ${count} results in the prompt; it must have one.`);
			}
	// A reply always adds a message: a prompt that did not grow was shortened, or the conversation went back.
	if (!previous || prompt.messages.length <= previous.messages.length) return;
	const before = flat(dialect.render(previous));
	if (!flat(dialect.render(prompt)).startsWith(before))
		throw new Error('This prompt does not begin with the previous one: the cache would be lost.');
}

const flat = (turns: readonly Turn[]) => turns.map(turn => `<${turn.role}>${turn.text}`).join('');
