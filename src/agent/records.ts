import { z } from 'zod';
import { printableJson } from '../sanitise.js';
import type { AgentEvent, ClaimKind, Display, Message } from '../types.js';
import { writerRecord } from '../workspace/writer.js';

/** The lines of a journal, as zod reads them back: nothing on disk is believed before it has passed here. */

const call = z.object({ id: z.string(), tool: z.string(), args: z.unknown() });
const assistant = z.object({
	role: z.literal('assistant'),
	text: z.string(),
	calls: z.array(call),
	stop: z.enum(['end', 'calls', 'length', 'aborted', 'lost']),
	raw: z.string(),
});
const message = z.discriminatedUnion('role', [
	z.object({ role: z.literal('user'), text: z.string() }),
	assistant,
	z.object({ role: z.literal('tool'), callId: z.string(), tool: z.string(), ok: z.boolean(), text: z.string() }),
]) satisfies z.ZodType<Message>;

const display = z.discriminatedUnion('kind', [
	z.object({ kind: z.literal('text'), text: z.string() }),
	z.object({ kind: z.literal('diff'), path: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
	z.object({
		kind: z.literal('terminal'),
		command: z.string(),
		output: z.string(),
		exitCode: z.number().nullable(),
		verdict: z.string().exactOptional(),
	}),
	z.object({ kind: z.literal('paths'), paths: z.array(z.string()) }),
]) satisfies z.ZodType<Display>;
const outcome = z.object({
	ok: z.boolean(),
	text: z.string(),
	show: display.exactOptional(),
	refused: z.enum(['denied', 'not-run']).exactOptional(),
});

const usage = z.object({ prompt: z.number(), reused: z.number(), output: z.number(), readMs: z.number(), writeMs: z.number() });
/** What kinds of claims a reply can make. */
export const claimKind = z.enum(['path', 'line', 'symbol', 'command', 'flag', 'version']) satisfies z.ZodType<ClaimKind>;
const detail = z.string();
const ending = z.discriminatedUnion('reason', [
	z.object({ reason: z.literal('answered') }),
	z.object({ reason: z.literal('remarked'), verified: z.number() }),
	z.object({ reason: z.literal('interrupted'), kept: z.literal(true).exactOptional() }),
	z.object({ reason: z.literal('denied'), tool: z.string() }),
	z.object({ reason: z.literal('turn-limit'), limit: z.number() }),
	z.object({ reason: z.literal('call-limit'), limit: z.number() }),
	z.object({ reason: z.literal('time-limit'), seconds: z.number() }),
	z.object({ reason: z.literal('context-full'), needed: z.number(), available: z.number() }),
	z.object({ reason: z.literal('stuck'), detail }),
	z.object({ reason: z.literal('checks-failed'), detail, changed: z.literal(true).exactOptional() }),
	z.object({ reason: z.literal('engine-lost'), detail }),
	z.object({ reason: z.literal('no-model'), detail }),
]);

/** One event as it stands in a journal. Fields that a later version added are dropped. */
export const eventRecord = z.discriminatedUnion('type', [
	z.object({ type: z.literal('asked'), text: z.string(), material: z.string(), mark: z.string().exactOptional() }),
	z.object({ type: z.literal('instructed'), text: z.string() }),
	z.object({ type: z.literal('writer'), writer: writerRecord }),
	z.object({ type: z.literal('turn'), number: z.number() }),
	z.object({ type: z.literal('loading'), fraction: z.number() }),
	z.object({ type: z.literal('reading'), done: z.number(), total: z.number(), reused: z.number() }),
	z.object({ type: z.literal('text'), text: z.string() }),
	z.object({ type: z.literal('writing-call'), tool: z.string(), chars: z.number() }),
	z.object({ type: z.literal('replied'), message: assistant, usage }),
	z.object({ type: z.literal('claim'), kind: claimKind, text: z.string(), ok: z.boolean(), truth: z.string().exactOptional() }),
	z.object({ type: z.literal('call'), call, title: z.string() }),
	z.object({ type: z.literal('output'), callId: z.string(), text: z.string() }),
	z.object({
		type: z.literal('candidate'),
		callId: z.string(),
		number: z.number(),
		what: z.string(),
		state: z.enum(['proposed', 'rejected', 'verified']),
		why: z.string().exactOptional(),
	}),
	z.object({
		type: z.literal('remark'),
		path: z.string(),
		line: z.number(),
		rule: z.string(),
		certainty: z.enum(['verified', 'opinion']),
		text: z.string(),
	}),
	z.object({ type: z.literal('result'), callId: z.string(), outcome }),
	z.object({ type: z.literal('told'), text: z.string() }),
	z.object({ type: z.literal('note'), text: z.string() }),
	z.object({ type: z.literal('compacted'), before: z.number(), after: z.number(), messages: z.array(message) }),
	z.object({ type: z.literal('done'), ending }),
]) satisfies z.ZodType<AgentEvent>;

/** The first line of a journal. `parent` is the conversation that this one was forked from. */
export const headRecord = z.object({
	type: z.literal('conversation'),
	version: z.literal(1),
	id: z.uuid(),
	cwd: z.string(),
	model: z.string(),
	mode: z.enum(['plan', 'default', 'auto-edit', 'yolo']),
	started: z.iso.datetime(),
	branch: z.string().optional(),
	parent: z.string().optional(),
});
export type Head = z.infer<typeof headRecord>;

/** What a list of conversations shows of this one; the last one in the file counts, so that lists need only its end. */
export const summaryRecord = z.object({ type: z.literal('summary'), title: z.string(), turns: z.number(), name: z.string().optional() });
export type Summary = z.infer<typeof summaryRecord>;

/** The conversation went back: of the person's messages so far, only the first `asked` count, and what followed each. */
export const rewoundRecord = z.object({ type: z.literal('rewound'), asked: z.int().min(0) });

/** A record as one line of JSON, which can be printed. */
export const toLine = (record: object): string => `${printableJson(JSON.stringify(record))}\n`;
