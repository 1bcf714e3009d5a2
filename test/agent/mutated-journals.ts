import type { AgentEvent } from '../../src/types.js';

/** An event of every kind that a journal keeps, in an order in which they may come. */
export const all: readonly AgentEvent[] = [
	{ type: 'asked', text: 'fix it', material: 'a file' },
	{ type: 'turn', number: 1 },
	{ type: 'text', text: 'I will.' },
	{
		type: 'replied',
		message: {
			role: 'assistant',
			text: 'I will.',
			calls: [{ id: 'c', tool: 'edit', args: { a: [1, null] } }],
			stop: 'calls',
			raw: 'I will.<>',
		},
		usage: { prompt: 1, reused: 0, output: 2, readMs: 3, writeMs: 4.5 },
	},
	{ type: 'call', call: { id: 'c', tool: 'edit', args: { a: [1, null] } }, title: 'edit a' },
	{ type: 'output', callId: 'c', text: 'line\n' },
	{
		type: 'result',
		callId: 'c',
		outcome: { ok: false, text: 'no', refused: 'denied', show: { kind: 'diff', path: 'a', before: null, after: 'x' } },
	},
	{
		type: 'result',
		callId: 't',
		outcome: { ok: false, text: 'no', show: { kind: 'terminal', command: 'npm test', output: 'log', exitCode: 1, verdict: '1 failed.' } },
	},
	{ type: 'result', callId: 'd', outcome: { ok: false, text: 'no', refused: 'not-run' } },
	{ type: 'told', text: 'again' },
	{ type: 'note', text: 'hm \u202e\u009b31m \ud83d\ude00 \u2028' },
	{
		type: 'compacted',
		before: 9,
		after: 3,
		messages: [
			{ role: 'user', text: 'short' },
			{ role: 'tool', callId: 'c', tool: 'edit', ok: true, text: '' },
		],
	},
	{ type: 'done', ending: { reason: 'context-full', needed: 9, available: 3 } },
];

/** A journal that a fault or another program has been at: bytes, whole lines, or its end. */
export function mutated(journal: Buffer, random: (below: number) => number): Buffer {
	const bytes = Buffer.from(journal);
	switch (random(6)) {
		case 0:
			return bytes.subarray(0, random(bytes.length));
		case 1:
			return ofLines(bytes, lines => lines.splice(random(lines.length), 1 + random(2)));
		case 2:
			return ofLines(bytes, lines => lines.splice(random(lines.length), 0, lines[random(lines.length)]!));
		case 3:
			return ofLines(bytes, lines => lines.push(...lines.splice(1 + random(lines.length - 1), 1)));
		default:
			for (let hit = random(4); hit >= 0; hit--) bytes[random(bytes.length)] = random(256);
			return bytes;
	}
}

function ofLines(bytes: Buffer, change: (lines: string[]) => void): Buffer {
	const lines = bytes.toString('utf8').trimEnd().split('\n');
	change(lines);
	return Buffer.from(`${lines.join('\n')}\n`);
}
