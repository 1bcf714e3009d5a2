import { randomUUID } from 'node:crypto';
import type { AgentEvent } from '../types.js';
import { createReplyLines } from './reply-lines.js';
import type { Line } from './schema.js';

/** What the first line says. */
export type Session = {
	id: string;
	cwd: string;
	model: string;
	mode: string;
	tools: readonly string[];
	slashCommands: readonly string[];
	version: string;
};

/** Turns what happens into lines of stream-json. */
export type Wire = {
	init(): Line;
	/** The lines that an event makes, in order; many make none. */
	lines(event: AgentEvent): Line[];
};

/** With `partial`, replies appear while they are written too (`stream_event` lines), and reading progress. */
export function createWire(session: Session, partial: boolean): Wire {
	const base = () => ({ uuid: randomUUID(), session_id: session.id });
	const replies = createReplyLines(base, session.model, partial);
	/** Calls that a line has shown, so that every tool result answers a call that the reader knows. */
	const shown = new Set<string>();

	return {
		init: () => ({ type: 'system', subtype: 'init', ...base(), ...aboutSession(session) }),
		lines(event) {
			switch (event.type) {
				case 'text':
					return replies.text(event.text);
				case 'replied':
					for (const call of event.message.calls) shown.add(call.id);
					return replies.replied(event.message, event.usage);
				case 'call':
					if (shown.has(event.call.id)) return [];
					shown.add(event.call.id);
					return [replies.ownCall(event.call)];
				case 'result':
					return [{ type: 'user', ...base(), parent_tool_use_id: null, message: { role: 'user', content: [blockOf(event)] } }];
				case 'reading':
					return partial ? [{ type: 'system', subtype: 'status', ...base(), status: 'reading', done: event.done, total: event.total }] : [];
				case 'candidate':
					return partial ? [{ type: 'system', subtype: 'status', ...base(), status: 'candidate', ...newsOf(event) }] : [];
				case 'compacted':
					return [
						{ type: 'system', subtype: 'compact_boundary', ...base(), compact_metadata: { trigger: 'auto', pre_tokens: event.before } },
					];
				case 'asked':
				case 'instructed':
				case 'writer':
				case 'turn':
				case 'loading':
				case 'writing-call':
				case 'output':
				case 'remark':
				case 'told':
				case 'claim':
				case 'note':
				case 'done':
					return [];
				default:
					throw event satisfies never;
			}
		},
	};
}

const aboutSession = ({ cwd, model, mode, tools, slashCommands, version }: Session) => ({
	cwd,
	model,
	permissionMode: mode,
	permission_mode: mode,
	tools: [...tools],
	mcp_servers: [],
	slash_commands: [...slashCommands],
	agents: [],
	skills: [],
	qwill_version: version,
});

const blockOf = ({ callId, outcome: { ok, text } }: AgentEvent & { type: 'result' }) =>
	({ type: 'tool_result', tool_use_id: callId, is_error: !ok, content: text }) as const;

/** What is told of a change that a search tried. */
const newsOf = ({ number, what, state, why }: AgentEvent & { type: 'candidate' }) => ({
	number,
	what,
	state,
	...(why === undefined ? {} : { why }),
});
