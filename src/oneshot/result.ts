import { randomUUID } from 'node:crypto';
import type { Engine, TokenScore } from '../engine/engine.js';
import type { AgentEvent, Call, CheckedClaim, Remark, Stop, Usage } from '../types.js';
import type { Finish } from './exit.js';
import type { ResultLine, StopReason, WireUsage } from './schema.js';

/** What a run adds up to, seen event by event. */
export type Tally = {
	see(event: AgentEvent): void;
	/** The text of the last reply; empty when there was none. */
	answer(): string;
	/** The last line. `about` is undefined when the run ended before a conversation was open. */
	result(finish: Finish, about: About | undefined): ResultLine;
};

export type About = { sessionId: string; model: Engine['model']; seed: number | undefined };

/** Begins to count; the clock of the run starts now. A `structured` answer is JSON, and stands in the result as data too. */
export function createTally(structured: boolean): Tally {
	const started = performance.now();
	const calls = new Map<string, Call>();
	const denied: Call[] = [];
	let claims: CheckedClaim[] = [];
	const remarks: Remark[] = [];
	const sum: Usage = { prompt: 0, reused: 0, output: 0, readMs: 0, writeMs: 0 };
	let turns = 0;
	let firstMs: number | undefined;
	let answer = '';
	let stop: Stop = 'aborted';
	let contextUsed = 0;

	return {
		see(event) {
			if (event.type === 'text' || event.type === 'writing-call') firstMs ??= performance.now() - started;
			if (event.type === 'remark') {
				const { type: _, ...remark } = event;
				remarks.push(remark);
			}
			if (event.type === 'call') calls.set(event.call.id, event.call);
			if (event.type === 'result' && event.outcome.refused === 'denied')
				denied.push(...[calls.get(event.callId)].filter(call => call !== undefined));
			if (event.type === 'claim') claims.push(claimOf(event));
			if (event.type !== 'replied') return;
			claims = [];
			turns += 1;
			answer = event.message.text;
			stop = event.message.stop;
			for (const key of ['prompt', 'reused', 'output', 'readMs', 'writeMs'] as const) sum[key] += event.usage[key];
			contextUsed = event.usage.prompt + event.usage.output || contextUsed;
		},
		answer: () => answer,
		result: (finish, about) => ({
			type: 'result',
			subtype: finish.subtype,
			uuid: randomUUID(),
			session_id: about?.sessionId ?? randomUUID(),
			is_error: finish.subtype !== 'success',
			duration_ms: Math.round(performance.now() - started),
			duration_api_ms: Math.round(sum.readMs + sum.writeMs),
			ttft_ms: firstMs === undefined ? null : Math.round(firstMs),
			num_turns: turns,
			...(finish.subtype === 'success' ? { result: answer } : { errors: [finish.sentence], error: { message: finish.sentence } }),
			...(finish.subtype === 'success' && structured ? dataOf(answer) : {}),
			stop_reason: stopReason(stop),
			terminal_reason: finish.reason,
			total_cost_usd: 0,
			usage: wireUsage(sum),
			permission_denials: denied.map(call => ({ tool_name: call.tool, tool_use_id: call.id, tool_input: call.args ?? {} })),
			...(claims.length > 0 && finish.code === 0 ? { claims } : {}),
			...(remarks.length > 0 && { remarks }),
			...(finish.scores === undefined ? {} : { logprobs: finish.scores?.map(wireScore) ?? null }),
			...(about && about.model.contextSize > 0 ? { local: local(about, sum, contextUsed) } : {}),
		}),
	};
}

const claimOf = ({ type: _claim, ...claim }: AgentEvent & { type: 'claim' }): CheckedClaim => claim;

/** A token's score in the form of OpenAI's chat completions. */
const wireScore = ({ text, logprob, instead }: TokenScore) => ({
	token: text,
	logprob,
	top_logprobs: instead.map(other => ({ token: other.text, logprob: other.logprob })),
});

/** The same twice: Claude Code's name and Qwen Code's. */
function dataOf(answer: string): Pick<ResultLine, 'structured_output' | 'structured_result'> {
	const data: unknown = JSON.parse(answer);
	return { structured_output: data, structured_result: data };
}

/** Tokens as the wire counts them: newly read, reused, written, and all three. */
export const wireUsage = ({ prompt, reused, output }: Usage): WireUsage => ({
	input_tokens: prompt - reused,
	cache_read_input_tokens: reused,
	output_tokens: output,
	total_tokens: prompt + output,
});

/** Why a reply ended, in the words of the wire; null for a reply that did not come to its end. */
export function stopReason(stop: Stop): StopReason {
	return ({ end: 'end_turn', calls: 'tool_use', length: 'max_tokens', aborted: null, lost: null } as const)[stop];
}

const local = ({ model, seed }: About, sum: Usage, contextUsed: number): NonNullable<ResultLine['local']> => ({
	model_sha256: model.sha256 ?? null,
	seed: seed ?? null,
	prefill_ms: Math.round(sum.readMs),
	decode_tps: sum.writeMs > 0 ? Math.round((sum.output / sum.writeMs) * 10_000) / 10 : null,
	context_used: contextUsed,
	context_size: model.contextSize,
});
