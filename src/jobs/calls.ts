import type { Work } from '../agent/loop.js';
import { showFile } from '../agent/material.js';
import { escaped } from '../checks/escaped.js';
import { say } from '../prompts.js';
import { returned } from '../returned.js';
import { begun } from './begun.js';

/** A file, and how often the model is asked about it: `rounds` times, until there are `enough`; `most` are taken. */
export type Asking = { path: string; text: string; rounds: number; enough: number; most: number };

/**
 * What is called, of which the model reads `start` to `end` and its `name`: code calls it by that name, or, as a method, by its
 * `callee`, `Box` or `new Box`, and its `member` behind that: `.add(`, or `.size` of what is only read.
 */
export type Called = { name: string; start: number; end: number; callee?: string; member?: string };

const tokensForLines = 150;

/** Calls of this function with different arguments, as the model writes them. */
export async function callsOf(called: Called, asking: Asking, work: Work, signal: AbortSignal): Promise<string[]> {
	const calls = new Set<string>();
	const head = `${called.callee ?? called.name}(`;
	for (let round = 1; round <= asking.rounds && calls.size < asking.enough && !signal.aborted; round++) {
		const lines = await linesOf(called, { ...asking, page: 'jobs/change#calls', head, round }, work, signal);
		for (const line of lines) {
			const call = callIn(line, called)?.call;
			if (call !== undefined && calls.size < asking.most) calls.add(call);
		}
	}
	return [...calls];
}

/** What the model writes about the function when this page asks for lines of code, begun with `head`. */
export async function linesOf(
	{ name, start, end }: Called,
	{ path, text, page, head, round }: Pick<Asking, 'path' | 'text'> & { page: string; head: string; round: number },
	{ agent }: Work,
	signal: AbortSignal,
): Promise<string[]> {
	const asked = say(page, { file: showFile(path, `${text.slice(start, end)}\n`), name });
	const file = { path: `calls${path.slice(path.lastIndexOf('.'))}`, text: null };
	const prompt = { ...agent.head, messages: [{ role: 'user', text: asked }], tools: [], maxTokens: tokensForLines, aside: true } as const;
	const { message } = await returned(agent.engine.reply({ ...prompt, ...begun(file, round, { agent }, head) }, signal));
	const lines = message.raw.split('\n');
	// What was cut off may read as something else.
	return message.stop === 'end' ? lines : lines.slice(0, -1);
}

/** The first call of this in a line of code, to its closing bracket, and what stands behind it. */
export function callIn(line: string, { name, callee = name, member }: Pick<Called, 'name' | 'callee' | 'member'>): Call | undefined {
	const from = line.search(new RegExp(`(?<![\\w$.])${escaped(callee)}\\(`));
	const first = from < 0 ? undefined : closed(line, from);
	if (first === undefined || member === undefined) return first;
	const { call, behind } = first;
	if (!behind.startsWith(member)) return undefined;
	if (!member.endsWith('('))
		return /^[\w$(]/.test(behind.slice(member.length)) ? undefined : { call: call + member, behind: behind.slice(member.length) };
	const second = closed(behind, 0);
	return second && { call: call + second.call, behind: second.behind };
}

type Call = { call: string; behind: string };

/** From there to the end of the first bracket that opens there or behind. */
function closed(line: string, from: number): Call | undefined {
	let depth = 0;
	for (const { 0: token, index } of line.slice(from).matchAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[([{]|[)\]}]/g)) {
		if (/^[([{]/.test(token)) depth++;
		else if (/^[)\]}]/.test(token) && --depth === 0)
			return { call: line.slice(from, from + index + 1), behind: line.slice(from + index + 1) };
	}
	return undefined;
}
