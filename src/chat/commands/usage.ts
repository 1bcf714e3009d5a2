import type { AgentEvent, Usage } from '../../types.js';
import type { Command } from './command.js';

export const context: Command = {
	name: 'context',
	aliases: ['tokens'],
	purpose: 'how full the context is, and why it is as long as it is',
	async run(_args, host) {
		const { engine, events } = host.program.conversation;
		const { contextSize: size, name, plan } = engine.model;
		const text = [contextText(events, size), plan && `planned for this machine: ${plan}`].filter(Boolean).join('\n');
		host.show({ kind: 'text', text }, size > 0 ? `Context of ${name}` : 'Context: the model is still loading');
	},
};

export const stats: Command = {
	name: 'stats',
	aliases: ['usage'],
	purpose: 'tokens, speed and tools of this conversation',
	async run(_args, host) {
		host.show({ kind: 'text', text: statsText(host.program.conversation.events) }, 'This conversation');
	},
};

/** What the model has in sight, from the last reply or shortening. `size` in tokens, 0 when it is not known yet. */
export function contextText(events: readonly AgentEvent[], size: number): string {
	const last = events.findLast(
		(event): event is Extract<AgentEvent, { type: 'replied' | 'compacted' }> => event.type === 'replied' || event.type === 'compacted',
	);
	if (!last) return size > 0 ? `0 of ${number(size)} tokens: nothing was asked yet.` : 'Nothing was asked yet.';
	const used = last.type === 'replied' ? last.usage.prompt + last.usage.output : last.after;
	const share =
		size > 0 ? ` of ${number(size)} tokens (${Math.round((used / size) * 100)} %), ${number(Math.max(0, size - used))} free` : ' tokens';
	const lines = [`${number(used)}${share}`];
	if (last.type === 'replied')
		lines.push(
			`last reply: ${number(last.usage.reused)} tokens were still known, ${number(last.usage.prompt - last.usage.reused)} read anew`,
		);
	return [...lines, '/compact shortens the conversation, /clear begins a new one'].join('\n');
}

/** Sums over a conversation. Speeds are left out where nothing was measured. */
export function statsText(events: readonly AgentEvent[]): string {
	const usages = events.flatMap(event => (event.type === 'replied' ? [event.usage] : []));
	const sum = (key: keyof Usage) => usages.reduce((total, usage) => total + usage[key], 0);
	const read = sum('prompt') - sum('reused');
	const lines = [
		`messages       ${number(events.filter(event => event.type === 'asked').length)}`,
		`replies        ${number(usages.length)}`,
		`read anew      ${number(read)} tokens${speed(read, sum('readMs'))}`,
		`still known    ${number(sum('reused'))} tokens`,
		`written        ${number(sum('output'))} tokens${speed(sum('output'), sum('writeMs'))}`,
	];
	const tools = toolCounts(events);
	if (tools.length > 0) lines.push('', ...tools);
	return [...lines, '', 'Nothing of this leaves the machine.'].join('\n');
}

function toolCounts(events: readonly AgentEvent[]): string[] {
	const outcomes = new Map(events.flatMap(event => (event.type === 'result' ? [[event.callId, event.outcome] as const] : [])));
	const counts = new Map<string, { calls: number; failed: number; refused: number }>();
	for (const event of events) {
		if (event.type !== 'call') continue;
		const count = counts.get(event.call.tool) ?? { calls: 0, failed: 0, refused: 0 };
		const outcome = outcomes.get(event.call.id);
		const refused = outcome?.refused;
		counts.set(event.call.tool, {
			calls: count.calls + 1,
			failed: count.failed + Number(outcome?.ok === false && !refused),
			refused: count.refused + Number(refused === 'denied'),
		});
	}
	return [...counts].map(([tool, { calls, failed, refused }]) => {
		const odd = [failed > 0 && `${failed} failed`, refused > 0 && `${refused} not allowed`].filter(Boolean).join(', ');
		return `${tool.padEnd(20)} ${calls}${odd ? ` (${odd})` : ''}`;
	});
}

const speed = (tokens: number, milliseconds: number): string =>
	milliseconds > 0 && tokens > 0 ? `, ${((tokens / milliseconds) * 1000).toFixed(1)} a second` : '';
const number = (value: number): string => value.toLocaleString('en');
