import { z } from 'zod';
import { hermes } from '../../../src/engine/dialects/hermes.js';
import type { Engine, Prompt } from '../../../src/engine/engine.js';
import { greedy } from '../../../src/engine/sampling.js';
import type { Message, ToolSpec } from '../../../src/types.js';
import { type Called, fits } from '../calls.js';
import { replied } from './asked.js';
import { type Answer, type EngineItem, lines, type Suite } from './suite.js';

const shape = z.object({
	id: z.string(),
	question: z.array(z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() }))).length(1),
	function: z.array(z.object({ name: z.string(), description: z.string(), parameters: z.looseObject({}) })),
	ground_truth: z.array(z.record(z.string(), z.record(z.string(), z.array(z.unknown())))).nullish(),
});
type Question = z.infer<typeof shape>;

const longest = 400;
const files = { 'bfcl-simple': 'bfcl-simple_python', 'bfcl-multiple': 'bfcl-multiple', 'bfcl-irrelevance': 'bfcl-irrelevance' } as const;

/**
 * One call to be made, or none. Ours is the engine with the hermes dialect, its grammar for names and its reader, for the fenced
 * dialect of small models tells of no tools; plain is the same words, of which only calls in the exact form are read.
 */
export const bfcl = (name: keyof typeof files): Suite => ({
	name,
	seconds: 60,
	read: data => lines(data, `${files[name]}.jsonl`, shape).map(itemOf),
});

function itemOf(question: Question): EngineItem {
	const messages: Message[] = question.question[0]!.flatMap(({ role, content }) => (role === 'user' ? [{ role, text: content }] : []));
	const said = question.question[0]!.find(({ role }) => role === 'system')?.content ?? '';
	const prompt: Prompt = { system: said, messages, tools: question.function.map(toolOf), sampling: greedy, maxTokens: longest };
	const called = async (engine: Engine): Promise<Answer> => {
		const { message, usage } = await replied(engine, prompt);
		const calls = message.calls.map(({ tool, args }) => ({ name: tool, arguments: args }));
		return { text: JSON.stringify(calls), read: usage.prompt, written: usage.output };
	};
	return {
		kind: 'engine',
		id: question.id,
		ours: called,
		served: called,
		plain: async engine => {
			const [system] = hermes.render(prompt);
			const { message, usage } = await replied(engine, { ...prompt, system: system?.role === 'system' ? system.text : '', tools: [] });
			return { text: JSON.stringify(exactCalls(message.raw || message.text)), read: usage.prompt, written: usage.output };
		},
		judge: async text => {
			const calls = JSON.parse(text) as Called[];
			const right = fits(calls, question.ground_truth ?? []);
			return { right, why: right ? '' : text.slice(0, 200) };
		},
	};
}

/** Types are named as in Python; JSON Schema has its own words. */
const types: Readonly<Record<string, string>> = { dict: 'object', float: 'number', tuple: 'array', String: 'string', Boolean: 'boolean' };

function toolOf({ name, description, parameters }: Question['function'][number]): ToolSpec {
	const words = JSON.stringify(parameters).replace(/"type":"(\w+)"/g, (all, type: string) => {
		if (type === 'any') return '"title":"any"';
		return types[type] ? `"type":"${types[type]}"` : all;
	});
	return { name, purpose: description, schema: JSON.parse(words) as object };
}

/** The calls in a reply that are exactly as the families' templates show them. */
export function exactCalls(text: string): Called[] {
	return [...text.matchAll(/<tool_call>\s*([\s\S]*?)\s*<\/tool_call>/g)].flatMap(([, json]) => {
		try {
			const { name, arguments: args } = JSON.parse(json!) as { name?: unknown; arguments?: unknown };
			return typeof name === 'string' ? [{ name, arguments: args }] : [];
		} catch {
			return [];
		}
	});
}
