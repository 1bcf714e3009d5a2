import { say } from '../../prompts.js';
import type { ToolSpec } from '../../types.js';
import { offered, understand, type Wanted } from '../dialects/arguments.js';
import type { ReadEvent } from '../dialects/dialect.js';
import { near } from '../dialects/found.js';
import { readLoose } from '../dialects/json-repair.js';
import type { CallPart } from './chunk.js';

/** The calls that a server sends as data, piece by piece. */
export type Calls = {
	add(part: CallPart): ReadEvent;
	/** All of them; `cut` when the reply reached a limit, so that the last may be unfinished. `raw` is what came of the unreadable. */
	end(cut: boolean): { calls: Wanted[]; malformed?: string; raw: string };
	some(): boolean;
};

export function callsOf(tools: readonly ToolSpec[]): Calls {
	const parts = new Map<number, { name: string; args: string }>();
	return {
		add({ index, name, args }) {
			const call = parts.get(index) ?? { name: '', args: '' };
			call.name ||= name;
			call.args += args;
			parts.set(index, call);
			return { type: 'writing-call', tool: offered(call.name, tools)?.name ?? call.name, chars: call.args.length };
		},
		end(cut) {
			const read = [...parts.entries()].sort(([a], [b]) => a - b).map(([, call]) => readCall(call, tools, cut));
			const wrong = read.filter(one => 'wrong' in one);
			return {
				calls: read.flatMap(one => ('calls' in one ? one.calls : [])),
				...(wrong[0] ? { malformed: wrong[0].wrong } : {}),
				raw: wrong.map(one => one.raw).join('\n'),
			};
		},
		some: () => parts.size > 0,
	};
}

type Read = { calls: Wanted[] } | { wrong: string; raw: string };

function readCall({ name, args }: { name: string; args: string }, tools: readonly ToolSpec[], cut: boolean): Read {
	const text = args.trim() || '{}';
	// What the model put around its call is not told; these are the tags that every dialect reads.
	const raw = `<tool_call>\n{"name": ${JSON.stringify(name)}, "arguments": ${text}}\n</tool_call>`;
	const read = readLoose(text);
	if (read.kind === 'value' && text.slice(read.end).trim() === '') {
		const understood = understand({ ...(name && { name }), arguments: read.value }, tools, true);
		if (understood.kind === 'calls') return understood;
		return { wrong: understood.kind === 'wrong' ? understood.wrong : say('dialects/unreadable#name'), raw };
	}
	if (cut) return { wrong: say('dialects/unreadable#cut', { tool: offered(name, tools)?.name ?? name }), raw };
	const at = read.kind === 'value' ? read.end : read.at;
	const values = { field: read.kind === 'value' ? '' : read.field, near: near(text, at, text.length) };
	return { wrong: say(values.field ? 'dialects/unreadable#json' : 'dialects/unreadable#whole', values), raw };
}
