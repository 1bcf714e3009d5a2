import { jsonIn } from '../../json.js';
import { countAt, textAt, valueAt } from './json.js';

/** What one event of a reply says. Any part of it may be missing. */
export type Chunk = {
	text: string;
	/** The model is thinking; the words of that are no part of the reply. */
	thinks: boolean;
	calls: CallPart[];
	/** Why writing ended. */
	finish: string | undefined;
	usage: { prompt: number; reused: number; output: number } | undefined;
	/** llama-server: how far it has read. */
	progress: { done: number; total: number; reused: number } | undefined;
	/** The server's own words on what went wrong. */
	error: string | undefined;
};
/** A piece of the call number `index`: pieces of its arguments follow each other. */
export type CallPart = { index: number; name: string; args: string };

/** Reads the data of one event; undefined when it is no JSON. A reply that comes whole is read as one event. */
export function chunkOf(data: string): Chunk | undefined {
	const json = jsonIn(data);
	if (typeof json !== 'object' || json === null) return undefined;
	const choice = valueAt(json, 'choices', 0);
	const delta = valueAt(choice, 'delta') ?? valueAt(choice, 'message');
	const calls = valueAt(delta, 'tool_calls');
	const failed = valueAt(json, 'error');
	return {
		text: textAt(delta, 'content') ?? '',
		thinks: Boolean(textAt(delta, 'reasoning_content') ?? textAt(delta, 'reasoning')),
		calls: Array.isArray(calls) ? calls.map(callPart) : [],
		finish: textAt(choice, 'finish_reason'),
		usage: usageIn(json),
		progress: progressIn(json),
		error: failed ? (textAt(failed, 'message') ?? JSON.stringify(failed)) : undefined,
	};
}

function callPart(call: unknown, position: number): CallPart {
	const args = valueAt(call, 'function', 'arguments');
	return {
		index: countAt(call, 'index') ?? position,
		name: textAt(call, 'function', 'name') ?? '',
		// Text by the book; some servers send the object itself.
		args: typeof args === 'string' ? args : args ? JSON.stringify(args) : '',
	};
}

function usageIn(json: unknown): Chunk['usage'] {
	const prompt = countAt(json, 'usage', 'prompt_tokens');
	if (prompt === undefined) return undefined;
	const reused = countAt(json, 'usage', 'prompt_tokens_details', 'cached_tokens') ?? 0;
	return { prompt, reused, output: countAt(json, 'usage', 'completion_tokens') ?? 0 };
}

function progressIn(json: unknown): Chunk['progress'] {
	const total = countAt(json, 'prompt_progress', 'total');
	if (total === undefined) return undefined;
	return {
		done: countAt(json, 'prompt_progress', 'processed') ?? 0,
		total,
		reused: countAt(json, 'prompt_progress', 'cache') ?? 0,
	};
}
