import type { Work } from '../agent/loop.js';
import { showFile } from '../agent/material.js';
import type { Definition } from '../checks/syntax/definitions.js';
import { say } from '../prompts.js';
import { returned } from '../returned.js';
import { begun } from './begun.js';

/** How often the model is asked for calls, and tokens of one answer. */
const asks = 2;
const longest = 150;

/** Calls of a function with different arguments, as the model writes them, `most` at the most; asked for once more below half of that. */
export async function callsOf(
	{ name, start, end }: Definition,
	{ path, text, most }: { path: string; text: string; most: number },
	{ agent }: Pick<Work, 'agent'>,
	signal: AbortSignal,
): Promise<string[]> {
	const asked = say('jobs/change#calls', { file: showFile(path, `${text.slice(start, end)}\n`), name });
	const file = { path: `calls${path.slice(path.lastIndexOf('.'))}`, text: null };
	const prompt = { ...agent.head, messages: [{ role: 'user', text: asked }], tools: [], maxTokens: longest, aside: true } as const;
	const calls = new Set<string>();
	for (let round = 1; round <= asks && calls.size < most / 2 && !signal.aborted; round++) {
		const { message } = await returned(agent.engine.reply({ ...prompt, ...begun(file, round, { agent }, `${name}(`) }, signal));
		for (const line of message.raw.split('\n')) {
			const call = callIn(line, name);
			if (call !== undefined && calls.size < most) calls.add(call);
		}
	}
	return [...calls];
}

/** The first call of this function in a line of code, to its closing bracket. */
function callIn(line: string, name: string): string | undefined {
	const from = line.search(new RegExp(`(?<![\\w$.])${name.replace(/[$]/g, '\\$&')}\\(`));
	if (from < 0) return undefined;
	let depth = 0;
	for (const { 0: token, index } of line.slice(from).matchAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[([{]|[)\]}]/g)) {
		if (/^[([{]/.test(token)) depth++;
		else if (/^[)\]}]/.test(token) && --depth === 0) return line.slice(from, from + index + 1);
	}
	return undefined;
}
