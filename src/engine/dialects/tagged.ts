import { say } from '../../prompts.js';
import { namedIn, offered, understand } from './arguments.js';
import { cutCall, type Found, near, type Reading, unreadable } from './found.js';
import { type Loose, readLoose } from './json-repair.js';
import { xmlCall } from './xml-call.js';

/** What opens a call: the trained tag of the Qwen families, what they write instead, XML without its wrapper, Mistral's. */
export const openers = [
	'<tool_call>',
	'<tools>',
	'<function>',
	'<function-call>',
	'<function_call>',
	'<function=',
	'[TOOL_CALLS]',
] as const;
/** What may still follow a call that has been read. */
export const closers = [
	'</tool_call>',
	'</tools>',
	'</function>',
	'</function-call>',
	'</function_call>',
	'</tool>',
	'</s>',
	'```\n</tool_call>',
] as const;

/** The call that begins with one of the openers at the start of `text`. Only `<tool_call>` may name a tool that is not offered. */
export function taggedCall(text: string, reading: Reading): Found {
	const opener = openers.find(tag => text.startsWith(tag));
	if (!opener) return { kind: 'text', length: 1 };
	const prose: Found = { kind: 'text', length: opener.length };
	if (opener === '<function=') return known(xmlCall(text, 0, reading), text, reading) ?? prose;
	if (opener === '[TOOL_CALLS]') return mistralCall(text, reading);
	const strict = opener === '<tool_call>';
	const at = opener.length + (/^\s*(?:```\w*\s*)?/.exec(text.slice(opener.length))?.[0].length ?? 0);
	const rest = text.slice(at, at + 20);
	if (rest.startsWith('<function=')) return xmlCall(text, at, reading);
	if (rest.startsWith('{') || rest.startsWith('['))
		return jsonCall(text, { at, strict, closer: opener.replace('<', '</') }, reading) ?? prose;
	if (reading.final === 'no' && (rest === '' || '<function='.startsWith(rest) || /^`{1,3}\w*$/.test(rest))) return { kind: 'wait' };
	return strict ? (junkCall(text, at, reading) ?? prose) : prose;
}

/** XML whose wrapper is missing counts only when the name is an offered tool's. */
function known(found: Found, text: string, reading: Reading): Found | undefined {
	if (found.kind === 'text') return undefined;
	const name = /^<function=([^>\n]*)>/.exec(text)?.[1];
	return name === undefined || offered(name, reading.tools) ? found : undefined;
}

/** A tag with a closing tag and no JSON between is a call that went wrong; without one it is a word of prose. */
function junkCall(text: string, at: number, reading: Reading): Found | undefined {
	const end = text.indexOf('</tool_call>', at);
	const next = text.indexOf('<tool_call>', at);
	if (next >= 0 && (end < 0 || next < end)) return undefined;
	if (end >= 0)
		return unreadable(end + '</tool_call>'.length, say('dialects/unreadable#whole', { near: near(text, at, end) }), reading.form);
	return reading.final === 'no' ? { kind: 'wait' } : undefined;
}

/** `[TOOL_CALLS][{…}]` and, since 2507, `[TOOL_CALLS]name[ARGS]{…}` (Mistral's tokenizer versions 3 and 11). */
function mistralCall(text: string, reading: Reading): Found {
	const named = /^\[TOOL_CALLS\]\s*([\w.-]+)\[ARGS\]\s*/.exec(text);
	if (!named) {
		const start = /^\[TOOL_CALLS\]\s*/.exec(text)![0].length;
		if ('[{'.includes(text[start] ?? ' '))
			return jsonCall(text, { at: start, strict: true, closer: '</s>' }, reading) ?? { kind: 'text', length: 1 };
		return reading.final === 'no' && /^\[TOOL_CALLS\]\s*[\w.-]*(\[[ARGS]*\]?\s*)?$/.test(text)
			? { kind: 'wait' }
			: { kind: 'text', length: 1 };
	}
	const tool = offered(named[1]!, reading.tools)?.name ?? named[1]!.toLowerCase();
	const read = readLoose(text, named[0].length);
	if (read.kind === 'open' && reading.final === 'no') return { kind: 'wait', tool };
	if (read.kind === 'open' && reading.final === 'cut') return cutCall(text.length, tool);
	if (read.kind !== 'value') return unreadable(text.length, broken(text, read, text.length), reading.form);
	const understood = understand({ name: tool, arguments: read.value }, reading.tools, true);
	return understood.kind === 'calls'
		? { kind: 'calls', length: read.end, calls: understood.calls }
		: unreadable(read.end, understood.kind === 'wrong' ? understood.wrong : '', reading.form);
}

/** Where the JSON begins, whether its name may be any, and what would end it if it breaks. */
export type Json = { at: number; strict: boolean; closer: string };

/** The call in JSON at `json.at`; undefined when it is prose after all. */
export function jsonCall(text: string, json: Json, reading: Reading): Found | undefined {
	const read = readLoose(text, json.at);
	const name = namedIn(text.slice(json.at, read.kind === 'wrong' ? read.at : undefined), reading.tools);
	const tool = name ?? (json.strict ? 'the call' : undefined);
	if (read.kind === 'value') return whole(read.value, read.end, json, reading);
	if (read.kind === 'open') {
		if (reading.final === 'no') return name === undefined ? { kind: 'wait' } : { kind: 'wait', tool: name };
		if (tool === undefined) return undefined;
		if (reading.final === 'cut') return cutCall(text.length, tool);
		return read.closed
			? whole(read.closed.value, text.length, json, reading)
			: unreadable(text.length, broken(text, read, text.length), reading.form);
	}
	const rest = text.slice(read.at, read.at + 3);
	if (reading.final === 'no' && read.closed && ['</', '```'].some(end => end.startsWith(rest) && end !== rest)) return { kind: 'wait' };
	if (read.closed && (rest.startsWith('</') || rest === '```')) return whole(read.closed.value, read.at, json, reading);
	if (tool === undefined) return undefined;
	const closer = text.indexOf(json.closer, read.at);
	if (closer < 0 && reading.final === 'no') return { kind: 'wait', tool };
	const end = closer < 0 ? text.length : closer + json.closer.length;
	return unreadable(end, broken(text, read, end), reading.form);
}

function whole(value: unknown, end: number, json: Json, reading: Reading): Found | undefined {
	const understood = understand(value, reading.tools, json.strict);
	if (understood.kind === 'prose') return undefined;
	return understood.kind === 'wrong'
		? unreadable(end, understood.wrong, reading.form)
		: { kind: 'calls', length: end, calls: understood.calls };
}

function broken(text: string, read: Exclude<Loose, { kind: 'value' }>, end: number): string {
	const values = { field: read.field, near: near(text, read.at, end) };
	return read.field ? say('dialects/unreadable#json', values) : say('dialects/unreadable#whole', values);
}
