import { projectChecks } from '../checks/complaints/complaints.js';
import type { Engine, Prompt } from '../engine/engine.js';
import { samplingFor } from '../engine/sampling.js';
import { say } from '../prompts.js';
import type { AnyTool } from '../tools/tool.js';
import type { AgentEvent, ApprovalMode, Ending, Message, Sampling } from '../types.js';
import type { Workspace } from '../workspace/workspace.js';
import { readAhead } from './ahead.js';
import type { MayCheck } from './checking.js';
import type { Conversation } from './conversation.js';
import { withTraces } from './endings.js';
import { fit, replyTokens, summarise, usualContext } from './fit.js';
import { createGuard } from './guard.js';
import { type Instruction, type Told, toldBy } from './instructions.js';
import type { Journal } from './journal.js';
import { createJudge } from './judge.js';
import { remembering } from './last-reply.js';
import type { Agent, Limits, Task, Work } from './loop.js';
import { type About, materialOf, userText } from './material.js';
import { eventsUpTo } from './past.js';
import { recall } from './recall.js';
import { announcing, writerOf } from './writer.js';

/** What a conversation is opened with. `past` are the events of a resumed one, `messages` what the model knows of them. */
export type Opening = {
	workspace: Workspace;
	engine: Engine;
	journal: Journal;
	past: readonly AgentEvent[];
	messages: Message[];
	tools: readonly AnyTool[];
	mode: ApprovalMode;
	seed: number;
	/** In place of what suits the model, for what is to be written again. */
	sampling?: Sampling;
	system: { replace: string | undefined; append: string | undefined };
	/** What a new conversation tells the model at its head; a resumed one tells what it told before. */
	instructions: readonly Instruction[];
	limits: Limits;
	testCommand: string | undefined;
	/** A larger model at hand than the one of this name. */
	larger?: Agent['larger'];
	signs?: Agent['signs'];
	/** Whether the project's linters of these names may be run on changes; without it none is. */
	mayCheck?: MayCheck;
	/** Whether the project has tests to judge a change by. */
	testable(): Promise<boolean>;
	approve(conversation: { mode: ApprovalMode }): Agent['approve'];
	/** What is known of the first prompt of a task before it is sent; undefined when that is too early to tell. */
	ahead(task: Task, agent: Agent): Promise<Partial<Prompt> | undefined>;
	/** What the model has to be shown before this task, besides the files named with `@`. */
	about(task: Task, agent: Agent): Promise<About>;
	/** Whether a task is worked on where there is no model too: who works on it says what it left out. */
	needsNoModel?(task: Task): boolean;
	/** Works on a task that has been heard; `jobs/route.ts` has the one that is used. */
	approach(task: Task, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending>;
};

/** Tokens of one result at the most. */
const resultMost = 2000;

/** Opens a conversation. Every event that a task yields is in the journal before the face sees it. */
export function openConversation(given: Opening): Conversation {
	const engine = remembering(given.engine);
	const { workspace, journal, messages } = given;
	const events: AgentEvent[] = [...given.past];
	const told = toldBy({ engine, messages, events }, given.instructions);
	const opening: Held = { ...given, engine, told, announce: announcing() };
	const record = <E extends AgentEvent>(event: E): E => {
		// What a running call says is for who watches, and may be much; its result has what is kept of it.
		if (event.type !== 'output') events.push(event);
		journal.append(event);
		return event;
	};
	// What is read before anybody asked gives way to the first task, whose reading the person can stop.
	const ahead = new AbortController();
	const conversation: Conversation = {
		id: journal.id,
		workspace,
		engine,
		events,
		mode: opening.mode,
		async *ask(task, signal) {
			ahead.abort();
			const before = events.length;
			const came = yield* recorded(withinTime(task, opening, conversation, signal), record, journal);
			const ending = withTraces(came, events.slice(before));
			yield record({ type: 'done', ending });
			journal.sync();
			return ending;
		},
		async *warm(signal) {
			const failure = yield* engine.warm(undefined, signal);
			if (failure) return failure;
			await told.decide();
			const news = told.news();
			if (news) yield { type: 'note', text: news.sentence };
			const { head, specs, sampling } = agentFor(opening, conversation);
			if (ahead.signal.aborted) return undefined;
			return yield* engine.warm({ ...head, messages, tools: specs, sampling }, AbortSignal.any([signal, ahead.signal]));
		},
		readAhead: (task, signal) => readTyped(task, opening, conversation, signal),
		async *compact(focus) {
			yield record(await shortened(opening, conversation, focus));
		},
		instruct: told.replace,
		rewind(asked) {
			goBack({ events, messages }, asked);
			journal.rewind(asked);
		},
		note: text => record({ type: 'note', text }),
		scores: signal => engine.lastScores(signal),
		rename: name => journal.rename(name),
		async close() {
			journal.close();
			await engine.close();
		},
	};
	return conversation;
}

/** Reads what is being typed as the beginning of the next prompt, as far as that is known. */
async function readTyped(task: Task, opening: Held, conversation: { mode: ApprovalMode }, signal: AbortSignal): Promise<void> {
	const { engine, workspace, messages, told } = opening;
	if (!engine.model.contextSize) return;
	await told.decide();
	const agent = agentFor(opening, conversation);
	const known = await opening.ahead(task, agent);
	if (!known) return;
	const { head, specs: tools, sampling } = agent;
	const prompt = { ...head, tools, sampling, ...known };
	const about = await opening.about(task, agent);
	await readAhead(task, { engine, workspace, messages, prompt, about, tokens: replyTokens(engine.model.contextSize) }, signal);
}

/** The conversation with its older part as a summary, where that is shorter. */
async function shortened(opening: Held, conversation: { mode: ApprovalMode }, focus: string): Promise<AgentEvent> {
	const { engine, messages } = opening;
	const { head, specs: tools } = agentFor(opening, conversation);
	const before = await engine.measure({ ...head, tools, messages });
	const shorter = summarise(messages, focus);
	const after = await engine.measure({ ...head, tools, messages: shorter });
	if (after >= before) return { type: 'note', text: 'There is nothing to shorten yet.' };
	messages.splice(0, messages.length, ...shorter);
	return { type: 'compacted', before, after, messages: structuredClone(shorter) };
}

type Held = Opening & { told: Told; announce: ReturnType<typeof announcing> };

function goBack({ events, messages }: { events: AgentEvent[]; messages: Message[] }, asked: number): void {
	events.splice(0, events.length, ...eventsUpTo(events, asked));
	messages.splice(0, messages.length, ...recall(events).messages);
}

/** Hands the events on, each recorded first; what a call may have done is on disk before it is done. */
async function* recorded(
	running: AsyncGenerator<AgentEvent, Ending>,
	record: (event: AgentEvent) => AgentEvent,
	journal: Journal,
): AsyncGenerator<AgentEvent, Ending> {
	for (;;) {
		const step = await running.next();
		if (step.done) return step.value;
		const event = record(step.value);
		if (event.type === 'call') journal.sync();
		yield event;
	}
}

async function* withinTime(task: Task, opening: Held, conversation: Conversation, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending> {
	const { seconds } = opening.limits;
	if (seconds === undefined) return yield* hearAndWork(task, opening, conversation, signal);
	const limit = AbortSignal.timeout(seconds * 1000);
	const ending = yield* hearAndWork(task, opening, conversation, AbortSignal.any([signal, limit]));
	return limit.aborted && !signal.aborted && ending.reason === 'interrupted' ? { reason: 'time-limit', seconds } : ending;
}

/** The person is heard before the model is there: words are never lost to a model that cannot be loaded. */
async function* hearAndWork(
	task: Task,
	opening: Held,
	conversation: Conversation,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Ending> {
	const { workspace, engine, messages } = opening;
	const started = performance.now();
	const mark = await workspace.files.mark(task.text);
	const about = await opening.about(task, agentFor(opening, conversation));
	const tokens = replyTokens(engine.model.contextSize || usualContext);
	const attached = await materialOf(task, about, { workspace, messages, tokens });
	const heard = { text: task.text, material: attached.text };
	messages.push({ role: 'user', text: userText(heard) });
	yield { type: 'asked', ...heard, mark };
	for (const text of [...attached.notes, ...attached.missing.map(({ why }) => why)]) yield { type: 'note', text };
	// Which model it is decides how a task is worked on. Whether it is loaded matters to whoever needs it first.
	const failure = engine.model.contextSize > 0 ? undefined : yield* engine.warm(undefined, signal);
	if (failure && !(failure.reason === 'no-model' && opening.needsNoModel?.(task))) return failure;
	if (!failure) yield* tellHead(opening);
	const judge = createJudge({ verifyAtOnce: engine.model.tier === 'T0', testable: opening.testable });
	const agent = { ...agentFor(opening, conversation), limits: { ...opening.limits, started } };
	if (!failure) yield* opening.announce(writerOf(engine.model, agent.sampling));
	return yield* opening.approach(heard, { messages, agent, guard: createGuard(), judge }, signal);
}

/** Decides what this model is told at its head, and says where that had to be cut. */
async function* tellHead({ told }: Held): AsyncGenerator<AgentEvent, void> {
	await told.decide();
	const news = told.news();
	if (news?.cut) yield { type: 'note', text: news.sentence };
	yield* told.keep();
}

function agentFor(opening: Held, conversation: { mode: ApprovalMode }): Agent {
	const { engine, workspace, system, tools, limits, testCommand, told, larger, signs } = opening;
	const words = system.replace ?? say(`system/${engine.model.tier}`);
	const { mayCheck } = opening;
	const offered = tools.filter(tool => conversation.mode !== 'plan' || tool.readsOnly);
	const sampling = opening.sampling ?? samplingFor(engine.model.name, opening.seed);
	// What is written is the model's, where a job does not say otherwise.
	const files = workspace.files.signed(writerOf(engine.model, sampling));
	return {
		engine,
		workspace: { ...workspace, files },
		tools,
		limits,
		testCommand,
		larger,
		signs,
		checks: mayCheck && projectChecks(workspace, (names, signal) => mayCheck(names, conversation.mode, signal)),
		head: { system: [words, system.append ?? ''].filter(part => part !== '').join('\n'), instructions: told.text },
		specs: offered.map(tool => tool.spec(say(`tools/${tool.name}`))),
		sampling,
		outputTokens: Math.min(resultMost, Math.floor(engine.model.contextSize / 10)),
		approve: opening.approve(conversation),
		fit: (prompt, messages) => fit(prompt, messages, engine),
	};
}
