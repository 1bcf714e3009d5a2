import type { Work } from '../agent/loop.js';
import { showFile } from '../agent/material.js';
import type { Prompt } from '../engine/engine.js';
import { say } from '../prompts.js';
import type { AgentEvent } from '../types.js';
import { begun } from './change.js';
import type { Suspect } from './locate.js';

/** The whole new text of one file, and what it does in a few words for the person. */
export type Candidate = { path: string; text: string; what: string };

/** A hole is first filled greedily: where that gives another line than is there, the model is surprised by what is there. */
const greedy = [0];
/** Later with growing freedom, several times. */
const free = [0.8, 0.8, 1];
/** Lines around a hole that the model reads. */
const linesBefore = 60;
const linesAfter = 30;
/** Suspicious lines a file is tried at before the model is asked for the whole file. */
const firstLines = 12;

/**
 * Proposals for a failing test, in the order that pays per second: one line of the most suspicious places filled in, the
 * whole file rewritten with the failure shown, then lines inserted, and the rest of the lines. No proposal comes twice.
 */
export async function* propose(
	suspects: readonly Suspect[],
	failure: string,
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<Candidate | AgentEvent> {
	const seen = new Set(suspects.map(suspect => `${suspect.path}\n${suspect.text.trim()}`));
	const isNew = (candidate: Candidate) => {
		const key = `${candidate.path}\n${candidate.text.trim()}`;
		return seen.has(key) ? false : !!seen.add(key);
	};
	const fills = async function* (how: Place['how'], temperatures: readonly number[], [from, to]: readonly [number, number]) {
		for (const suspect of suspects)
			for (const line of suspect.lines.slice(from, to))
				for await (const candidate of fillLine({ suspect, line, how, temperatures }, work, signal)) if (isNew(candidate)) yield candidate;
	};
	const first = [0, firstLines] as const;
	const others = [firstLines, Number.POSITIVE_INFINITY] as const;
	yield* fills('replace', greedy, first);
	yield* fills('replace', free, first);
	for (let round = 1; round <= 2; round++)
		for (const suspect of suspects.slice(0, 3))
			for await (const step of rewrite({ suspect, failure, round }, work, signal)) if ('type' in step || isNew(step)) yield step;
	yield* fills('insert', [...greedy, ...free], first);
	yield* fills('replace', [...greedy, ...free], others);
	for (let round = 3; round <= 6; round++)
		for (const suspect of suspects.slice(0, 2))
			for await (const step of rewrite({ suspect, failure, round }, work, signal)) if ('type' in step || isNew(step)) yield step;
}

type Place = { suspect: Suspect; line: number; how: 'replace' | 'insert'; temperatures: readonly number[] };

/** The texts that come of filling one line (from 1), or a new one after it, by fill-in-the-middle. */
async function* fillLine({ suspect, line, how, temperatures }: Place, { agent }: Work, signal: AbortSignal): AsyncGenerator<Candidate> {
	const lines = suspect.text.split('\n');
	const old = lines[line - 1] ?? '';
	const kept = how === 'replace' ? line - 1 : line;
	const indent = `${/^\s*/.exec(old)?.[0] ?? ''}${how === 'insert' && /[:{]\s*$/.test(old) ? (old.includes('\t') ? '\t' : '    ') : ''}`;
	const before = `${lines.slice(Math.max(0, kept - linesBefore), kept).join('\n')}${kept > 0 ? '\n' : ''}${indent}`;
	const after = `\n${lines.slice(line, line + linesAfter).join('\n')}`;
	for (const [round, temperature] of temperatures.entries()) {
		if (signal.aborted) return;
		const sampling = {
			...agent.sampling,
			temperature,
			topP: 0.95,
			topK: 40,
			repeatPenalty: 1,
			seed: agent.sampling.seed * 1000 + line * 10 + round,
		};
		const filled = (await agent.engine.fill({ before, after, until: ['\n'], maxTokens: 48, sampling }, signal))?.trimEnd();
		if (filled === undefined) return;
		if (filled.trim() === '' || (how === 'replace' && filled.trim() === old.trim())) continue;
		const text = [...lines.slice(0, kept), indent + filled, ...lines.slice(line)].join('\n');
		yield { path: suspect.path, text, what: `${suspect.path}:${kept + 1}  ${filled.trim()}` };
	}
}

type Rewrite = { suspect: Suspect; failure: string; round: number };

/** The whole file as the model would correct it, with the failure before its eyes. The conversation is not touched. */
async function* rewrite({ suspect, failure, round }: Rewrite, work: Work, signal: AbortSignal): AsyncGenerator<Candidate | AgentEvent> {
	const { agent } = work;
	const text = say('jobs/fix', { file: showFile(suspect.path, suspect.text), failure, path: suspect.path });
	const prompt: Prompt = {
		...agent.head,
		messages: [{ role: 'user', text }],
		tools: [],
		...begun(suspect, round, work),
		maxTokens: 2000,
	};
	const running = agent.engine.reply(prompt, signal);
	for (;;) {
		const step = await running.next();
		if (!step.done) {
			if (step.value.type === 'reading' || step.value.type === 'note') yield step.value;
			continue;
		}
		const { message, failure } = step.value;
		if (failure || message.stop === 'aborted' || message.stop === 'length') return;
		// Not every engine can begin a reply; what such a model says of its own is no file.
		const header = prompt.begin ?? '';
		if (!message.raw.startsWith(header)) return;
		const written = message.raw.slice(header.length).replace(/\n*$/, '\n');
		yield { path: suspect.path, text: written, what: `${suspect.path}  written again` };
		return;
	}
}
