import { say } from '../../prompts.js';
import type { Call, ToolMessage, ToolSpec } from '../../types.js';
import type { Dialect } from './dialect.js';
import { headGrammar } from './head.js';
import { tolerantReader } from './reader.js';
import { turnsOf } from './turns.js';

/** Qwen2.5 and Qwen3: tools as JSON schemas in `<tools>`, calls as JSON in `<tool_call>` (the families' chat templates). */
export const hermes: Dialect = {
	name: 'hermes',
	render(prompt) {
		const tools = prompt.tools.map(tool => JSON.stringify(declaration(tool))).join('\n');
		return turnsOf(prompt, { tools: tools && say('dialects/hermes#tools', { tools }), result: toolResponse, write });
	},
	write,
	head: tools => ({
		sign: '<tool_call>',
		grammar: headGrammar(tools, '"\\n"? "{" " "? "\\"name\\":" " "? "\\""', '"\\""'),
		over: '"name": ?"[^"]*"',
	}),
	reader: (tools, idPrefix) => tolerantReader({ tools, idPrefix, blocks: false, form: say('dialects/hermes#form') }),
};

/** A tool's result as the Qwen templates frame it, raw. */
export const toolResponse = (message: ToolMessage): string => `<tool_response>\n${message.text}\n</tool_response>`;

/** A call as JSON: the form that holds any arguments. */
export const jsonForm = (call: Call): string => JSON.stringify({ name: call.tool, arguments: call.args });

function write(call: Call): string {
	return `<tool_call>\n${jsonForm(call)}\n</tool_call>`;
}

/** A tool as the chat interface of OpenAI declares it, which is also how these families were shown theirs. */
export function declaration({ name, purpose, schema }: ToolSpec): object {
	return { type: 'function', function: { name, description: purpose, parameters: schema } };
}
