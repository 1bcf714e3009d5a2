/** What a kept conversation needs to be held again, and how the replies of both compare. */
import { say } from '../prompts.js';
import type { AnyTool } from '../tools/tool.js';
import type { AgentEvent, AssistantMessage, Outcome, Writer } from '../types.js';
import type { Agent, Answer, Ask } from './loop.js';

/** A message of the person, as the model was told it, and what followed. */
export type KeptTask = { text: string; material: string; events: AgentEvent[] };
/** Messages that were answered by one model with one sampling, in one run of the program. */
export type Run = { writer: Writer; tasks: KeptTask[] };

/** The runs of a conversation; undefined where replies are older than what tells who wrote them. */
export function runsIn(events: readonly AgentEvent[]): Run[] | undefined {
	const runs: Run[] = [];
	for (const task of tasksIn(events)) {
		const { writer } = task.events.find(event => event.type === 'writer') ?? {};
		if (writer) runs.push({ writer, tasks: [task] });
		else if (runs.length > 0) runs.at(-1)?.tasks.push(task);
		else if (repliesIn(task.events).length > 0) return undefined;
	}
	return runs;
}

function tasksIn(events: readonly AgentEvent[]): KeptTask[] {
	const tasks: KeptTask[] = [];
	for (const event of events)
		if (event.type === 'asked') tasks.push({ text: event.text, material: event.material, events: [] });
		else tasks.at(-1)?.events.push(event);
	return tasks;
}

export const repliesIn = (events: readonly AgentEvent[]): AssistantMessage[] =>
	events.flatMap(event => (event.type === 'replied' ? [event.message] : []));

/**
 * Allows what was allowed then, and refuses the rest in the words of then: each call once, in its order. What was not asked for then
 * may only read. `mayRun` is whether programs are boxed; git is of another repository than the copy, or of none.
 */
export function asThen(tasks: readonly KeptTask[], { tools, mayRun }: { tools: readonly AnyTool[]; mayRun: boolean }): Agent['approve'] {
	const kept = outcomesIn(tasks, tools);
	const nobody: Answer = { yes: false, text: say('repair/refused#nobody') };
	return async ({ call, risk }: Ask) => {
		const outcome = kept.get(keyOf(call.tool, call.args))?.shift();
		if (outcome?.refused) return { yes: false, text: outcome.text };
		if (risk === 'reads') return { yes: true };
		return outcome && call.tool !== 'git' && (risk !== 'runs' || mayRun) ? { yes: true } : nobody;
	};
}

/** What came of each call, by what was asked for. */
function outcomesIn(tasks: readonly KeptTask[], tools: readonly AnyTool[]): Map<string, Outcome[]> {
	const outcomes = new Map<string, Outcome[]>();
	const open = new Map<string, string>();
	for (const event of tasks.flatMap(({ events }) => events)) {
		if (event.type === 'call') {
			const ready = tools.find(tool => tool.name === event.call.tool)?.prepare(event.call.args);
			if (ready && 'args' in ready) open.set(event.call.id, keyOf(event.call.tool, ready.args));
		}
		const key = event.type === 'result' ? open.get(event.callId) : undefined;
		if (event.type !== 'result' || key === undefined || event.outcome.refused === 'not-run') continue;
		outcomes.set(key, [...(outcomes.get(key) ?? []), event.outcome]);
		open.delete(event.callId);
	}
	return outcomes;
}

const keyOf = (tool: string, args: unknown): string => JSON.stringify([tool, args]);

/** How a reply compares: `at` is the first place (from 1) where the two differ, with what stands there in each. */
export type Compared =
	| { same: true; characters: number; stopped: boolean }
	| { same: false; at: { line: number; column: number }; was: string; is: string }
	| { same: false; only: 'then' | 'now' };

/** Each reply of then beside that of now. One that was stopped is the same as far as it went. */
export function compared(then: readonly AssistantMessage[], now: readonly AssistantMessage[]): Compared[] {
	return Array.from({ length: Math.max(then.length, now.length) }, (_, index) => {
		const [was, is] = [then[index], now[index]];
		if (!was || !is) return { same: false, only: was ? 'then' : 'now' };
		return comparedTexts(written(was), written(is), was.stop === 'aborted');
	});
}

/** What a model wrote; where only its parts are known, the parts. */
const written = ({ raw, text, calls }: AssistantMessage): string =>
	raw || [text, ...calls.map(({ tool, args }) => JSON.stringify([tool, args]))].join('\n');

function comparedTexts(was: string, is: string, stopped: boolean): Compared {
	if (was === is || (stopped && is.startsWith(was))) return { same: true, characters: was.length, stopped };
	let at = 0;
	while (at < was.length && was[at] === is[at]) at++;
	const lines = was.slice(0, at).split('\n');
	return { same: false, at: { line: lines.length, column: lines.at(-1)!.length + 1 }, was: was.slice(at), is: is.slice(at) };
}
