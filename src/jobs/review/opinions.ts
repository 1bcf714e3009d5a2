import type { Work } from '../../agent/loop.js';
import type { Prompt } from '../../engine/engine.js';
import { greedy } from '../../engine/sampling.js';
import { say } from '../../prompts.js';
import { mask } from '../../secrets.js';
import type { AgentEvent, Remark } from '../../types.js';
import { aside } from '../aside.js';
import { ungrounded } from '../commit/mentions.js';
import type { Change, FileChange } from './change.js';

/** Opinions at the most, of the smallest models and of others; files that are asked about, lines of each, and tokens of an answer. */
const most = { T0: 1, T1: 3, T2: 3 } as const;
const filesAsked = 4;
const linesShown = 60;
const longest = 60;
const begin = 'Line';

/** What the model thinks of the change, the surest first; `left` says why it was not asked, or not about all. */
export async function* opinions(
	{ files }: Change,
	{ verified, work }: { verified: readonly Remark[]; work: Work },
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, { remarks: Remark[]; left: string[] }> {
	const { engine } = work.agent;
	const failure = yield* engine.warm(undefined, signal);
	if (failure) {
		if ('detail' in failure) yield { type: 'note', text: `The opinions are left out. ${failure.detail}` };
		return { remarks: [], left: ['no model gave an opinion'] };
	}
	const largest = files.filter(({ added, after }) => added.size > 0 && after !== null).sort((a, b) => b.added.size - a.added.size);
	const found: { remark: Remark; sure: number }[] = [];
	for (const file of largest.slice(0, filesAsked)) {
		if (signal.aborted) break;
		const opinion = yield* opinionOn(file, work, signal);
		if (opinion && !verified.some(({ path, line }) => path === opinion.remark.path && line === opinion.remark.line)) found.push(opinion);
	}
	const remarks = found.sort((a, b) => b.sure - a.sure).map(({ remark }) => remark);
	const more = largest.length - filesAsked;
	return {
		remarks: remarks.slice(0, most[engine.model.tier]),
		left: more > 0 ? [`the model read ${filesAsked} of ${largest.length} files`] : [],
	};
}

async function* opinionOn(
	file: FileChange,
	{ agent }: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, { remark: Remark; sure: number } | undefined> {
	const { path, after } = file;
	const all = (after ?? '').split('\n');
	const numbers = [...file.added].filter(line => (all[line - 1] ?? '').trim() !== '').slice(0, linesShown);
	const lines = mask(numbers.map(line => `${line}: ${(all[line - 1] ?? '').slice(0, 200)}`).join('\n')).text;
	const prompt: Prompt = {
		system: agent.head.system,
		messages: [{ role: 'user', text: say('jobs/review', { path, lines }) }],
		tools: [],
		sampling: greedy,
		begin,
		until: ['\n'],
		maxTokens: longest,
	};
	const message = yield* aside(prompt, agent.engine, signal);
	if (!message || message.stop === 'length') return undefined;
	const [, number = '', text = ''] = /^(?:Line)?\s*(\d+)\s*:\s*(\S.*)$/.exec(message.raw.trim()) ?? [];
	const line = Number(number);
	if (!numbers.includes(line) || text.length < 8 || ungrounded(text, `${path}\n${lines}`).length > 0) return undefined;
	const scores = await agent.engine.score(prompt, message.raw, signal, 'the likeliest');
	const sure =
		scores && scores.length > 0 ? scores.reduce((sum, { logprob }) => sum + logprob, 0) / scores.length : Number.NEGATIVE_INFINITY;
	return { remark: { path, line, rule: 'opinion', certainty: 'opinion', text }, sure };
}
