import { namedIn, type Wanted } from './arguments.js';
import { type Fence, fenceBody, openFence } from './fence.js';
import { cutCall, type Found, type Reading } from './found.js';
import { closers, jsonCall, openers, taggedCall } from './tagged.js';

/** Languages of a block that may hold a call; any other block quotes something and is never read. */
const callInfo = /^(?:json[c5l]?|xml|tool_call|tool_calls|tool_code|tool|tools|function|text|plaintext|)$/i;

/** Whether a fence may hold a call, by its language and its first characters; `unknown` while too little is there. */
export function mayHoldCall(fence: Fence, text: string): 'yes' | 'no' | 'unknown' {
	if (!callInfo.test(fence.info)) return 'no';
	const start = text.slice(fence.bodyAt).trimStart().slice(0, 60);
	if (/^[[{]/.test(start))
		return /^[[{\s]*(?:$|["'“](?:$|\w*$|(?:name|type|id|function|tool|tool_name|arguments|parameters|args)["'”]))/.test(start)
			? start.length < 20
				? 'unknown'
				: 'yes'
			: 'no';
	if (openers.some(tag => start.startsWith(tag))) return 'yes';
	return openers.some(tag => tag.startsWith(start)) ? 'unknown' : 'no';
}

/** The fenced block at the start of `text` as calls; undefined when it is none. */
export function fencedCall(text: string, reading: Reading): Found | undefined {
	const fence = openFence(text, reading.final !== 'no');
	if (fence === 'wait') return { kind: 'wait' };
	if (!fence) return undefined;
	const may = mayHoldCall(fence, text);
	if (may === 'no') return undefined;
	const block = fenceBody(text, fence, { nested: false, edits: false }, reading.final !== 'no');
	const tool = namedIn(text.slice(fence.bodyAt), reading.tools);
	if (block === 'wait') return tool === undefined ? { kind: 'wait' } : { kind: 'wait', tool };
	if (!block.closed && reading.final === 'cut') return tool === undefined ? undefined : cutCall(text.length, tool);
	const inside = callsIn(block.body, reading);
	return inside && { kind: 'calls', length: block.length, ...inside };
}

/** A whole block's text as one call after another; undefined when anything else stands in it. */
export function callsIn(body: string, reading: Reading): { calls: Wanted[]; malformed?: string } | undefined {
	const calls: Wanted[] = [];
	let malformed: string | undefined;
	for (let rest = body.trim(); rest; ) {
		const closer = closers.find(tag => rest.startsWith(tag)) ?? (calls.length && rest.startsWith(',') ? ',' : undefined);
		if (closer === undefined) {
			const whole: Reading = { ...reading, final: 'end' };
			const found =
				/^[[{]/.test(rest) && !rest.startsWith('[TOOL_CALLS]')
					? jsonCall(rest, { at: 0, strict: false, closer: '\n\n' }, whole)
					: taggedCall(rest, whole);
			if (found?.kind !== 'calls') return undefined;
			calls.push(...found.calls);
			malformed ??= found.malformed;
			rest = rest.slice(found.length).trim();
		} else rest = rest.slice(closer.length).trim();
	}
	if (malformed !== undefined) return { calls, malformed };
	return calls.length ? { calls } : undefined;
}
