import type { FromChild, Result } from './messages.js';

/** What the parts of each message must be, as far as whoever hears it relies on them. */
const parts: { [T in FromChild['type']]: Readonly<Record<string, 'string' | 'number' | 'object'>> } = {
	loading: { fraction: 'number' },
	reading: { done: 'number', total: 'number', reused: 'number' },
	text: { text: 'string' },
	note: { text: 'string' },
	ready: { device: 'string', contextSize: 'number' },
	alive: {},
	unusable: { detail: 'string' },
	done: { result: 'object' },
};

const resultParts: { [K in Result['kind']]: Readonly<Record<string, 'string' | 'number' | 'object'>> } = {
	written: { stop: 'string', usage: 'object' },
	read: {},
	kept: {},
	scored: { tokens: 'object' },
	filled: {},
	measured: { tokens: 'number' },
	'too-long': { needed: 'number', available: 'number' },
	'no-grammar': {},
	failed: { detail: 'string' },
};

/** Whether this is something that the process which holds the model may say. One that says anything else is out of its mind. */
export function isSaid(message: unknown): message is FromChild {
	if (!has(message, { type: 'string' }) || !Object.hasOwn(parts, message.type)) return false;
	if (!has(message, parts[message.type as FromChild['type']])) return false;
	if (message.type !== 'done' || !('result' in message)) return true;
	const { result } = message;
	return (
		has(result, { kind: 'string' }) && Object.hasOwn(resultParts, result.kind) && has(result, resultParts[result.kind as Result['kind']])
	);
}

type Types = { string: string; number: number; object: object };

function has<P extends Readonly<Record<string, keyof Types>>>(value: unknown, wanted: P): value is { [K in keyof P]: Types[P[K]] } {
	if (typeof value !== 'object' || value === null) return false;
	const found = new Map(Object.entries(value));
	return Object.entries(wanted).every(([name, type]) => typeof found.get(name) === type && found.get(name) !== null);
}
