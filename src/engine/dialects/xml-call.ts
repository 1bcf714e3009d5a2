import { say } from '../../prompts.js';
import { offered, typed } from './arguments.js';
import { cutCall, type Found, near, type Reading, unreadable } from './found.js';

/** What may come after the end of a parameter; any other `</parameter>` belongs to the value. */
const afterParameter = ['<parameter=', '</function>', '</tool_call>', '<tool_call>', '<function='];
const ends = ['</function>', '</tool_call>', '<tool_call>', '<function='];

/**
 * The call `<function=NAME><parameter=KEY>value</parameter>…</function>` that begins at `start`. Values are raw text,
 * typed by the tool's schema. A parameter may be closed by the function's own end.
 */
export function xmlCall(text: string, start: number, reading: Reading): Found {
	const head = /^<function=([^>\n]*)>/.exec(text.slice(start, start + 200));
	if (!head)
		return /^<function=[^>\n]*$/.test(text.slice(start, start + 200)) && reading.final === 'no'
			? { kind: 'wait' }
			: { kind: 'text', length: start + 1 };
	const name = head[1]!.trim();
	const spec = offered(name, reading.tools);
	const tool = spec?.name ?? name.toLowerCase();
	const args: Record<string, unknown> = {};
	let at = start + head[0].length;
	for (;;) {
		at = skipSpace(text, at);
		const rest = text.slice(at, at + 200);
		const parameter = /^<parameter=([^>\n]*)>/.exec(rest);
		const end = ends.find(tag => rest.startsWith(tag));
		if (parameter) {
			const key = parameter[1]!.trim();
			const value = parameterValue(text, at + parameter[0].length, reading);
			if (value === 'wait') return { kind: 'wait', tool };
			if (value === 'cut') return cutCall(text.length, tool);
			if (value === 'open') return unreadable(text.length, say('dialects/unreadable#parameter', { tool, field: key }), reading.form);
			Object.defineProperty(args, key, { value: value.value, enumerable: true, configurable: true, writable: true });
			at = value.end;
		} else if (end) {
			return { kind: 'calls', length: end === '</function>' ? at + end.length : at, calls: [{ tool, args: typed(args, spec) }] };
		} else if (
			reading.final === 'no' &&
			(rest === '' || ['<parameter=', ...ends].some(tag => tag.startsWith(rest)) || /^<parameter=[^>\n]*$/.test(rest))
		) {
			return { kind: 'wait', tool };
		} else if (rest === '') {
			return reading.final === 'cut'
				? cutCall(text.length, tool)
				: { kind: 'calls', length: text.length, calls: [{ tool, args: typed(args, spec) }] };
		} else if (reading.final === 'cut') return cutCall(text.length, tool);
		else return strayText(text, at, tool, reading);
	}
}

/** Something other than a parameter stands inside the call: all of it up to its end is unreadable. */
function strayText(text: string, at: number, tool: string, reading: Reading): Found {
	const closer = text.indexOf('</function>', at);
	if (closer < 0 && reading.final === 'no') return { kind: 'wait', tool };
	const end = closer < 0 ? text.length : closer + '</function>'.length;
	return unreadable(end, say('dialects/unreadable#function', { tool, near: near(text, at, end) }), reading.form);
}

/** The value up to the `</parameter>` that ends it, without the one line break at each end. */
function parameterValue(text: string, start: number, reading: Reading): { value: string; end: number } | 'wait' | 'cut' | 'open' {
	const closer = /<\/parameter>|<\/function>/g;
	closer.lastIndex = start;
	for (let found = closer.exec(text); found; found = closer.exec(text)) {
		const own = found[0] === '</parameter>';
		const next = text.slice(skipSpace(text, found.index + found[0].length)).slice(0, 20);
		const followers = own ? afterParameter : ['</tool_call>', '<tool_call>'];
		const value = { value: trimmed(text.slice(start, found.index)), end: own ? found.index + found[0].length : found.index };
		if (followers.some(tag => next.startsWith(tag))) return value;
		if (reading.final === 'no' && followers.some(tag => tag.startsWith(next))) return 'wait';
		if (next === '' && reading.final === 'end') return value;
	}
	return reading.final === 'no' ? 'wait' : reading.final === 'cut' ? 'cut' : 'open';
}

const trimmed = (value: string): string => value.replace(/^\n/, '').replace(/\n$/, '');

function skipSpace(text: string, from: number): number {
	let at = from;
	while (at < text.length && ' \n\r\t'.includes(text[at]!)) at++;
	return at;
}
