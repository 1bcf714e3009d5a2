import { say } from '../../prompts.js';
import type { Call, ToolSpec } from '../../types.js';
import { isObject } from './arguments.js';
import type { Dialect } from './dialect.js';
import { headGrammar } from './head.js';
import { hermes, toolResponse } from './hermes.js';
import { readsBack } from './read-back.js';
import { tolerantReader } from './reader.js';
import { turnsOf } from './turns.js';

/** Qwen3-Coder and later: calls as `<function=…>` with raw parameter values (the families' chat templates). */
export const qwenXml: Dialect = {
	name: 'qwen-xml',
	render(prompt) {
		const tools = prompt.tools.map(signature).join('\n');
		return turnsOf(prompt, { tools: tools && say('dialects/qwen-xml#tools', { tools }), result: toolResponse, write });
	},
	write,
	head: tools => ({ sign: '<tool_call>', grammar: headGrammar(tools, '"\\n"? "<function="', '">"'), over: '<function=[^>]*>' }),
	reader: (tools, idPrefix) => tolerantReader({ tools, idPrefix, blocks: false, form: say('dialects/qwen-xml#form') }),
};

/** Raw values where they read back as they were; else JSON, which the reader takes too. */
function write(call: Call): string {
	if (!isObject(call.args)) return hermes.write(call);
	const parameters = Object.entries(call.args).map(
		([key, value]) => `<parameter=${key}>\n${typeof value === 'string' ? value : JSON.stringify(value)}\n</parameter>\n`,
	);
	const text = `<tool_call>\n<function=${call.tool}>\n${parameters.join('')}</function>\n</tool_call>`;
	return readsBack(qwenXml.reader, text, call) ? text : hermes.write(call);
}

function signature({ name, purpose, schema }: ToolSpec): string {
	const { properties, required } = schema as { properties?: Record<string, { type?: unknown; description?: string }>; required?: string[] };
	const parameters = Object.entries(properties ?? {}).map(([key, { type, description }]) =>
		[
			'<parameter>',
			`<name>${key}</name>`,
			`<type>${typeof type === 'string' ? type : 'string'}</type>`,
			...(description ? [`<description>${description}</description>`] : []),
			'</parameter>',
		].join('\n'),
	);
	const needed = required?.length ? [`<required>${JSON.stringify(required)}</required>`] : [];
	return [
		'<function>',
		`<name>${name}</name>`,
		`<description>${purpose}</description>`,
		'<parameters>',
		...parameters,
		...needed,
		'</parameters>',
		'</function>',
	].join('\n');
}
