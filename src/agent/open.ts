import { samplingFor } from '../engine/sampling.js';
import type { Engine } from '../engine/engine.js';
import { say } from '../prompts.js';
import type { AnyTool } from '../tools/tool.js';
import { type AgentEvent, type ApprovalMode, type Ending, type Message, Refusal } from '../types.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Conversation } from './conversation.js';
import { fit, replyTokens, summarise } from './fit.js';
import { createGuard } from './guard.js';
import type { Journal } from './journal.js';
import { createJudge } from './judge.js';
import { type Agent, type Limits, type Task, userText, type Work } from './loop.js';
import { showFiles } from './material.js';
import { mentions } from './mentions.js';

/** What a conversation is opened with. `past` are the events of a resumed one, `messages` what the model knows of them. */
export type Opening = {
	id: string;
	workspace: Workspace;
	engine: Engine;
	journal: Journal | undefined;
	past: readonly AgentEvent[];
	messages: Message[];
	tools: readonly AnyTool[];
	mode: ApprovalMode;
	seed: number;
	system?: { replace?: string | undefined; append?: string | undefined };
	limits: Limits;
	testCommand: string | undefined;
	/** Whether the project has tests to judge a change by. */
	testable(): Promise<boolean>;
	approve(conversation: { mode: ApprovalMode }): Agent['approve'];
	/** Works on a task that has been heard; `jobs/route.ts` has the one that is used. */
	approach(task: Task, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending>;
};

/** Opens a conversation. Every event that a task yields is in the journal before the face sees it. */
export function openConversation(opening: Opening): Conversation {
	const { workspace, engine, journal, messages } = opening;
	const events: AgentEvent[] = [...opening.past];
	const systemNow = () => `${opening.system?.replace ?? say(`system/${engine.model.tier}`)}${opening.system?.append ? `\n${opening.system.append}` : ''}`;
	const specs = (mode: ApprovalMode) => opening.tools.filter(tool => mode !== 'plan' || tool.readsOnly).map(tool => tool.spec(say(`tools/${tool.name}`)));

	const record = <E extends AgentEvent>(event: E): E => {
		events.push(event);
		journal?.append(event);
		return event;
	};
	const agentNow = (): Agent => ({
		engine, workspace,
		system: systemNow(),
		sampling: samplingFor(engine.model.name, opening.seed),
		tools: opening.tools,
		specs: specs(conversation.mode),
		limits: opening.limits,
		outputTokens: Math.min(2000, Math.floor(engine.model.contextSize / 10)),
		testCommand: opening.testCommand,
		approve: opening.approve(conversation),
		fit: (prompt, all) => fit(prompt, all, engine),
	});
	const conversation: Conversation = {
		id: opening.id, workspace, engine, events,
		mode: opening.mode,
		async *ask(task, signal) {
			const limit = opening.limits.seconds === undefined ? undefined : AbortSignal.timeout(opening.limits.seconds * 1000);
			const stop = limit ? AbortSignal.any([signal, limit]) : signal;
			const running = work(task, stop);
			for (;;) {
				const step = await running.next();
				if (!step.done) {
					if (step.value.type === 'call') journal?.sync();
					yield record(step.value);
					continue;
				}
				const late = limit?.aborted && !signal.aborted && step.value.reason === 'interrupted';
				const ending: Ending = late ? { reason: 'time-limit', seconds: opening.limits.seconds ?? 0 } : step.value;
				yield record({ type: 'done', ending });
				journal?.sync();
				return ending;
			}
		},
		async *warm(signal) {
			const failure = yield* engine.warm(undefined, signal);
			if (failure) return failure;
			const { system, specs, sampling } = agentNow();
			return yield* engine.warm({ system, messages, tools: specs, sampling }, signal);
		},
		async *compact(focus) {
			const prompt = { system: systemNow(), tools: agentNow().specs };
			const before = await engine.measure({ ...prompt, messages });
			const shorter = summarise(messages, focus);
			const after = await engine.measure({ ...prompt, messages: shorter });
			if (after >= before) {
				yield record({ type: 'note', text: 'There is nothing to shorten yet.' });
				return;
			}
			messages.splice(0, messages.length, ...shorter);
			yield record({ type: 'compacted', before, after, messages: structuredClone(shorter) });
		},
		note: text => record({ type: 'note', text }),
		messageFor: (diff, signal) => commitMessage(diff, engine, signal),
		rename: name => journal?.rename(name),
		async close() {
			journal?.close();
			await engine.close();
		},
	};
	return conversation;

	async function* work(task: Task, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending> {
		await workspace.files.mark(task.text);
		const attached = await showFiles(mentions(task.text), workspace, replyTokens(engine.model.contextSize || usualContext));
		for (const text of attached.notes) yield { type: 'note', text };
		const whole = { text: task.text, material: [task.material, attached.text].filter(part => part !== '').join('\n\n') };
		messages.push({ role: 'user', text: userText(whole) });
		yield { type: 'asked', ...whole };
		const failure = yield* engine.warm(undefined, signal);
		if (failure) return failure;
		const judge = createJudge({ verifyAtOnce: engine.model.tier === 'T0', testable: opening.testable });
		return yield* opening.approach(whole, { messages, agent: agentNow(), guard: createGuard(), judge }, signal);
	}
}

/** Tokens of context to reckon with while the model is not chosen yet. */
const usualContext = 8192;

/** A commit message for a diff: subject of at most 72 characters, then at most one paragraph. Greedy, so it can be repeated. */
async function commitMessage(diff: string, engine: Engine, signal: AbortSignal): Promise<string> {
	const most = Math.floor(engine.model.contextSize * 2);
	const message = { role: 'user', text: `${diff.slice(0, most)}\n\n${say('jobs/commit')}` } as const;
	const prompt = { system: say(`system/${engine.model.tier}`), messages: [message], tools: [], sampling: { ...samplingFor(engine.model.name, 1), temperature: 0 }, maxTokens: 120 };
	const running = engine.reply(prompt, signal);
	for (;;) {
		const step = await running.next();
		if (!step.done) continue;
		if (step.value.failure) throw new Refusal('The model could not write a commit message. Write one with: /commit your message');
		return tidy(step.value.message.text);
	}
}

function tidy(text: string): string {
	const lines = text.replace(/^```\w*\n|\n?```\s*$/g, '').trim().split('\n');
	const subject = (lines[0] ?? '').replace(/^["'`*]+|["'`*.]+$/g, '').slice(0, 72).trim();
	return [subject || 'Change files', ...lines.slice(1)].join('\n').trim();
}
