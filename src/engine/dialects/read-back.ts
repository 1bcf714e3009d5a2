import { isDeepStrictEqual } from 'node:util';
import type { Call, ToolSpec } from '../../types.js';
import { isObject, typeName } from './arguments.js';
import type { Dialect } from './dialect.js';

/** Whether the reader makes exactly this call, and no text, out of `text`. So a writer knows that a form can say it. */
export function readsBack(reader: Dialect['reader'], text: string, call: Call): boolean {
	const reading = reader([specOf(call)], 'read-back');
	reading.read(text);
	const { calls, text: prose, malformed } = reading.end(false);
	const [only] = calls;
	return (
		malformed === undefined && prose === '' && calls.length === 1 && only?.tool === call.tool && isDeepStrictEqual(only.args, call.args)
	);
}

/** A tool that takes what this call gives. */
function specOf({ tool, args }: Call): ToolSpec {
	const entries = isObject(args) ? Object.entries(args) : [];
	return {
		name: tool,
		purpose: '',
		schema: { properties: Object.fromEntries(entries.map(([key, value]) => [key, { type: typeName(value) }])) },
	};
}
