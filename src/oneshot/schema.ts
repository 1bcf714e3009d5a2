import { z } from 'zod';
import { claimKind } from '../agent/records.js';
import { subtypes, terminalReasons } from './exit.js';

/** Every line that stream-json can hold, after Claude Code's and Qwen Code's formats (conventions: "One-shot output"). */

const base = { uuid: z.uuid(), session_id: z.uuid() };
const count = z.int().min(0);
const usage = z.strictObject({ input_tokens: count, cache_read_input_tokens: count, output_tokens: count, total_tokens: count });
const stopReason = z.enum(['end_turn', 'tool_use', 'max_tokens']).nullable();
const textBlock = z.strictObject({ type: z.literal('text'), text: z.string() });
const toolUse = z.strictObject({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: z.unknown() });

const init = z.strictObject({
	type: z.literal('system'),
	subtype: z.literal('init'),
	...base,
	cwd: z.string(),
	model: z.string(),
	/** The same twice: Claude Code's spelling and Qwen Code's. */
	permissionMode: z.string(),
	permission_mode: z.string(),
	tools: z.array(z.string()),
	mcp_servers: z.array(z.never()),
	slash_commands: z.array(z.string()),
	agents: z.array(z.never()),
	skills: z.array(z.never()),
	qwill_version: z.string(),
});
const status = z.strictObject({
	type: z.literal('system'),
	subtype: z.literal('status'),
	...base,
	status: z.literal('reading'),
	done: count,
	total: count,
});
/** One change that a search tried, with `--include-partial-messages`. */
const candidate = z.strictObject({
	type: z.literal('system'),
	subtype: z.literal('status'),
	...base,
	status: z.literal('candidate'),
	number: count,
	what: z.string(),
	state: z.enum(['proposed', 'rejected', 'verified']),
	why: z.string().exactOptional(),
});
const compaction = z.strictObject({
	type: z.literal('system'),
	subtype: z.literal('compact_boundary'),
	...base,
	compact_metadata: z.strictObject({ trigger: z.literal('auto'), pre_tokens: count }),
});

/** One content block of one reply; blocks of a reply share `message.id`, whose usage counts once. */
const assistant = z.strictObject({
	type: z.literal('assistant'),
	...base,
	parent_tool_use_id: z.null(),
	message: z.strictObject({
		id: z.string(),
		type: z.literal('message'),
		role: z.literal('assistant'),
		model: z.string(),
		content: z.tuple([z.union([textBlock, toolUse])]),
		stop_reason: stopReason,
		usage,
	}),
});
const user = z.strictObject({
	type: z.literal('user'),
	...base,
	parent_tool_use_id: z.null(),
	message: z.strictObject({
		role: z.literal('user'),
		content: z.tuple([
			z.strictObject({ type: z.literal('tool_result'), tool_use_id: z.string(), is_error: z.boolean(), content: z.string() }),
		]),
	}),
});

const delta = z.union([
	z.strictObject({ type: z.literal('text_delta'), text: z.string() }),
	z.strictObject({ type: z.literal('input_json_delta'), partial_json: z.string() }),
]);
const partialEvent = z.discriminatedUnion('type', [
	z.strictObject({
		type: z.literal('message_start'),
		message: z.strictObject({ id: z.string(), type: z.literal('message'), role: z.literal('assistant'), model: z.string() }),
	}),
	z.strictObject({ type: z.literal('content_block_start'), index: count, content_block: z.union([textBlock, toolUse]) }),
	z.strictObject({ type: z.literal('content_block_delta'), index: count, delta }),
	z.strictObject({ type: z.literal('content_block_stop'), index: count }),
	z.strictObject({ type: z.literal('message_delta'), delta: z.strictObject({ stop_reason: stopReason }), usage }),
	z.strictObject({ type: z.literal('message_stop') }),
]);
const partial = z.strictObject({ type: z.literal('stream_event'), ...base, event: partialEvent, parent_tool_use_id: z.null() });

const measured = z.number().min(0);
/** Natural logarithms; -Infinity cannot stand in JSON and is null. */
const tokenScore = { token: z.string(), logprob: z.number().max(1e-6).nullable() };
/** The last line. `result` only on success; `errors`, `error` only on failure; `local` once a model was at hand. */
const result = z.strictObject({
	type: z.literal('result'),
	subtype: z.enum(subtypes),
	...base,
	is_error: z.boolean(),
	duration_ms: measured,
	duration_api_ms: measured,
	ttft_ms: measured.nullable(),
	num_turns: count,
	result: z.string().exactOptional(),
	/** With --json-schema: the answer as data, under the names of Claude Code and of Qwen Code. */
	structured_output: z.unknown().exactOptional(),
	structured_result: z.unknown().exactOptional(),
	errors: z.array(z.string()).exactOptional(),
	error: z.strictObject({ message: z.string() }).exactOptional(),
	stop_reason: stopReason,
	terminal_reason: z.enum(terminalReasons),
	total_cost_usd: z.literal(0),
	usage,
	permission_denials: z.array(z.strictObject({ tool_name: z.string(), tool_use_id: z.string(), tool_input: z.unknown() })),
	/** What the answer says of the repository, as far as it could be checked; missing when nothing was. */
	claims: z
		.array(
			z.strictObject({
				kind: claimKind,
				text: z.string(),
				ok: z.boolean(),
				truth: z.string().exactOptional(),
			}),
		)
		.exactOptional(),
	/** What a review remarked, of a program and of a model. */
	remarks: z
		.array(
			z.strictObject({
				path: z.string(),
				line: z.int().min(1),
				rule: z.string(),
				certainty: z.enum(['verified', 'opinion']),
				text: z.string(),
			}),
		)
		.exactOptional(),
	logprobs: z
		.array(z.strictObject({ ...tokenScore, top_logprobs: z.array(z.strictObject(tokenScore)) }))
		.nullable()
		.exactOptional(),
	local: z
		.strictObject({
			model_sha256: z.string().nullable(),
			seed: z.number().nullable(),
			prefill_ms: measured,
			decode_tps: measured.nullable(),
			context_used: count,
			context_size: count,
		})
		.exactOptional(),
});

/** Any line of stream-json; the one line of json is its `result`. */
export const wireLine = z.union([init, status, candidate, compaction, assistant, user, partial, result]);

export type Line = z.infer<typeof wireLine>;
export type ResultLine = z.infer<typeof result>;
export type PartialEvent = z.infer<typeof partialEvent>;
export type WireUsage = z.infer<typeof usage>;
export type StopReason = z.infer<typeof stopReason>;
