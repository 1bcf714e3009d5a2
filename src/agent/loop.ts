import type { Checks } from '../checks/complaints/complaints.js';
import type { Closed, Engine, Prompt, Sampling } from '../engine/engine.js';
import { say } from '../prompts.js';
import { type AnyTool, type Done, type ReadyCall, teaching, type Workbench } from '../tools/tool.js';
import type { AgentEvent, AssistantMessage, Call, Display, Ending, Message, Outcome, ToolSpec } from '../types.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Guard } from './guard.js';
import type { Judge } from './judge.js';
import type { Signs } from './writer.js';

/** What tasks are pursued with. Nothing in it changes while a task runs. */
export type Agent = {
	engine: Engine;
	/** What every prompt begins with. */
	head: Pick<Prompt, 'system' | 'instructions'>;
	/** The tools that exist; `specs` are those the model is offered. */
	tools: readonly AnyTool[];
	specs: readonly ToolSpec[];
	workspace: Workspace;
	sampling: Sampling;
	limits: Limits;
	/** Tokens that one tool result may take. */
	outputTokens: number;
	/** The project's test command, when the configuration names one. */
	testCommand: string | undefined;
	/** Milliseconds that one run of the project's tests may take, where a job has less than usual. */
	testMilliseconds?: number;
	/** A larger model at hand, for what the one of this name does not find. */
	larger?: ((name: string) => Promise<Closed | undefined>) | undefined;
	/** What the project's own linters say of changes. */
	checks?: Checks | undefined;
	signs?: Signs | undefined;
	/** Allowed or not, and what the model is told when not. The loop knows no keyboard. */
	approve(ask: Ask, signal: AbortSignal): Promise<Answer>;
	/** The prompt as it fits the context, with the news of what was cut, or why it cannot fit. */
	fit(prompt: Prompt, messages: Message[]): AsyncGenerator<AgentEvent, Prompt | Ending>;
};
/** One task under way. `messages` is the conversation; whoever works on the task is its only writer. */
export type Work = { messages: Message[]; agent: Agent; guard: Guard; judge: Judge };

/** `seconds` is the task's time, and what a search may use of it; it began at `started`, by the clock of `performance.now`. */
export type Limits = { turns: number; calls: number; seconds: number | undefined; started?: number };
/** `call.args` as checked by the tool: what is allowed is what will run, whatever names the model gave its arguments. */
export type Ask = { call: Call; title: string; risk: ReadyCall['risk']; preview: Display | undefined; because: string; verified?: string };
/** A no: `text` is for the model, `told` for the person where they are not the same. */
export type Answer = { yes: true } | { yes: false; text: string; told?: string };
/** `files` are those that the words mention, where a face knows better than the words: a pasted `@` names nothing. */
export type Task = { text: string; material: string; files?: readonly string[] };

/**
 * Works on what was last heard, and returns how that ended. For each turn: fit the prompt, let the engine reply, carry each
 * call out, ask the judge whether that was it. `shape` is what a job wants different about the prompt of a turn (from 1).
 */
export async function* pursue(
	work: Work,
	signal: AbortSignal,
	shape: (turn: number) => Partial<Prompt> = () => ({}),
): AsyncGenerator<AgentEvent, Ending> {
	const { agent, messages } = work;
	for (let turn = 1; turn <= agent.limits.turns; turn++) {
		yield { type: 'turn', number: turn };
		const wanted = { ...agent.head, messages, tools: agent.specs, sampling: agent.sampling, ...shape(turn) };
		const prompt = yield* agent.fit(wanted, messages);
		if ('reason' in prompt) return prompt;

		const { message, usage, malformed, failure } = yield* agent.engine.reply(prompt, signal);
		messages.push(message);
		yield { type: 'replied', message, usage };

		const stopped = yield* carryOutAll(message, work, signal);
		if (failure) return failure;
		if (message.stop === 'aborted') return { reason: 'interrupted' };
		if (stopped) return stopped;
		const verdict = yield* work.judge.afterTurn({ message, malformed }, work, signal);
		if ('reason' in verdict) return verdict;
		if (verdict.say !== undefined) yield* tell(verdict.say, work);
	}
	return { reason: 'turn-limit', limit: agent.limits.turns };
}

/** Says something to the model on the program's account. */
export async function* tell(text: string, { messages }: Work): AsyncGenerator<AgentEvent, void> {
	messages.push({ role: 'user', text });
	yield { type: 'told', text };
}

async function* carryOutAll(message: AssistantMessage, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending | undefined> {
	let ending: Ending | undefined;
	for (const call of message.calls) {
		const outcome = yield* carryOut({ call, because: message.text, late: ending !== undefined || signal.aborted }, work, signal);
		ending ??= signal.aborted ? { reason: 'interrupted' } : work.guard.after(call, outcome, work.agent.limits);
	}
	return ending;
}

/**
 * One call: checked, allowed, run, and answered by exactly one `result`, whatever happens on the way. A `late`
 * one is not run: the task has ended.
 */
export async function* carryOut(request: Request, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Outcome> {
	const { call, late } = request;
	const ready = work.agent.tools.find(tool => tool.name === call.tool)?.prepare(call.args) ?? {
		complaint: say('repair/unknown-tool', { tool: call.tool, tools: work.agent.tools.map(tool => tool.name).join(', ') }),
	};
	yield { type: 'call', call, title: 'title' in ready ? ready.title : call.tool };
	const { note, ...outcome }: Done = late
		? { ok: false, text: say('repair/not-run'), refused: 'not-run' }
		: 'complaint' in ready
			? { ok: false, text: say('repair/bad-arguments', { tool: call.tool, complaint: ready.complaint }) }
			: yield* teaching(attempt(ready, request, work.agent, signal));
	work.messages.push({ role: 'tool', callId: call.id, tool: call.tool, ok: outcome.ok, text: outcome.text });
	yield { type: 'result', callId: call.id, outcome };
	if (note !== undefined) yield { type: 'note', text: note };
	return outcome;
}
/** `because` is the text of the reply that asked for the call; `verified` what the program has found out about it. */
export type Request = { call: Call; because: string; verified?: string; late?: boolean };

async function* attempt(
	ready: ReadyCall,
	{ call, because, verified }: Request,
	agent: Agent,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Done> {
	const { workspace, outputTokens, testCommand, testMilliseconds, checks } = agent;
	const bench: Workbench = { workspace, signal, outputTokens, testCommand, testMilliseconds, checks };
	const preview = await ready.preview(bench);
	const answer = await agent.approve(
		{
			call: { ...call, args: ready.args },
			title: ready.title,
			risk: ready.risk,
			preview,
			because,
			...(verified === undefined ? {} : { verified }),
		},
		signal,
	);
	if (!answer.yes) {
		const show = answer.told === undefined ? {} : ({ show: { kind: 'text', text: answer.told } } as const);
		return { ok: false, text: answer.text, refused: 'denied', ...show };
	}
	const running = ready.run(bench);
	for (;;) {
		const step = await running.next();
		if (step.done) return step.value;
		yield { type: 'output', callId: call.id, text: step.value };
	}
}
