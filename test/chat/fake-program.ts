import assert from 'node:assert/strict';
import type { AskPerson, Conversation, Question, Task } from '../../src/agent/conversation.js';
import type { Program } from '../../src/chat/program.js';
import type { AgentEvent, ApprovalMode, AssistantMessage, Ending, EngineEvent, Usage } from '../../src/types.js';
import { closedDoors, type Doors } from '../../src/workspace/sandbox/doors.js';
import type { Workspace } from '../../src/workspace/workspace.js';

/** What happens when the person asks. `ask` puts a question to them. */
export type Script = (task: Task, signal: AbortSignal, ask: AskPerson) => AsyncGenerator<AgentEvent, Ending>;
/** `read` are the tasks that were read before they were sent, with the signal that stops that. */
export type Fake = { program: Program; asked: Task[]; read: { task: Task; signal: AbortSignal }[]; closed: () => number };
type Options = {
	script?: Script;
	warm?: (signal: AbortSignal) => AsyncGenerator<EngineEvent, Ending | undefined>;
	past?: AgentEvent[];
	yoloAllowed?: boolean;
	sandbox?: Program['sandbox'];
	firstMessage?: Task;
	notices?: string[];
	useModel?: Program['useModel'];
	fetchModel?: Program['fetchModel'];
	ownCommands?: ReturnType<Program['ownCommands']>;
	/** What a command of the person's writes before it ends with exit code 0. */
	commandOutput?: string[];
};

export const usage: Usage = { prompt: 100, reused: 60, output: 20, readMs: 400, writeMs: 1000 };
export const said = (text: string, stop: AssistantMessage['stop'] = 'end'): AssistantMessage => ({
	role: 'assistant',
	text,
	calls: [],
	stop,
	raw: text,
});

/** A program without a model: it plays a script. Nothing is on a disk. */
export function fakeProgram(options: Options = {}): Fake {
	const asked: Task[] = [];
	const read: Fake['read'] = [];
	let closes = 0;
	let askPerson: AskPerson = async () => ({ kind: 'no' });
	const script = options.script ?? answers('Hello there.');
	const conversation = {
		id: 'c1',
		workspace: fakeWorkspace(options.commandOutput ?? []),
		engine: { model: { name: 'fake-1b', tier: 'T0', contextSize: 8192, device: 'CPU' } },
		events: options.past ?? [],
		mode: 'default' as ApprovalMode,
		async *ask(task: Task, signal: AbortSignal) {
			asked.push(task);
			return yield* script(task, signal, (question, stop) => askPerson(question, stop));
		},
		async *warm(signal: AbortSignal) {
			return options.warm ? yield* options.warm(signal) : undefined;
		},
		async readAhead(task: Task, signal: AbortSignal) {
			read.push({ task, signal });
		},
		async close() {
			closes++;
		},
	} as unknown as Conversation;
	const program: Program = {
		version: '0.0.1',
		conversation,
		reopen: async () => conversation,
		branch: async () => conversation,
		useModel: options.useModel ?? (async () => conversation),
		fetchModel: options.fetchModel ?? async function* () {},
		acting: async () => ({ files: [], notes: [] }),
		trust: async () => true,
		ownCommands: () => options.ownCommands ?? [],
		notices: async () => options.notices ?? [],
		setAskPerson(ask) {
			askPerson = ask;
		},
		conversations: async () => [],
		models: async () => [],
		rules: async () => [],
		removeRule: async () => {},
		history: async () => [],
		remember: async () => {},
		doctor: async () => 'fine',
		settings: () => [],
		set: async assignment => `set ${assignment}`,
		tools: () => [],
		signed: message => message,
		noted: async () => undefined,
		save: async path => path,
		yoloAllowed: options.yoloAllowed ?? false,
		sandbox: options.sandbox ?? boxedIn(closedDoors('/w/app')),
		...(options.firstMessage ? { firstMessage: options.firstMessage } : {}),
	};
	return { program, asked, read, closed: () => closes };
}

/** A sandbox with these doors, in which nothing is ever run. */
export const boxedIn = (doors: Doors): Program['sandbox'] => ({
	on: true,
	wish: 'always',
	engine: 'bubblewrap',
	doors,
	box: { launch: () => assert.fail() },
});

/** A script that writes `text` in pieces of a few characters, and is done. */
export function answers(text: string): Script {
	return async function* ({ text: task, material }) {
		yield { type: 'asked', text: task, material };
		yield { type: 'turn', number: 1 };
		yield { type: 'reading', done: 60, total: 100, reused: 60 };
		yield { type: 'reading', done: 100, total: 100, reused: 60 };
		for (const piece of text.match(/[\s\S]{1,5}/g) ?? []) yield { type: 'text', text: piece };
		yield { type: 'replied', message: said(text), usage };
		yield { type: 'done', ending: { reason: 'answered' } };
		return { reason: 'answered' };
	};
}

export const editQuestion: Question = {
	call: { id: '1', tool: 'edit', args: {} },
	title: 'Edit sum.js',
	risk: 'writes',
	preview: { kind: 'diff', path: 'sum.js', before: 'a\nb\nc\n', after: 'a\nB\nc\n' },
	because: 'I will fix the sum.',
	rule: 'Edit(sum.js)',
};

/** A script that asks for a change and says what the person answered. */
export function asksFirst(question: Question = editQuestion): Script {
	return async function* ({ text, material }, signal, ask) {
		yield { type: 'asked', text, material };
		yield { type: 'turn', number: 1 };
		yield { type: 'replied', message: { ...said('I will fix the sum.'), stop: 'calls' }, usage };
		yield { type: 'call', call: question.call, title: question.title };
		const answer = await ask(question, signal);
		const ok = answer.kind !== 'no';
		yield {
			type: 'result',
			callId: '1',
			outcome: { ok, text: `answered ${JSON.stringify(answer)}`, ...(ok ? {} : { refused: 'denied' as const }) },
		};
		const ending: Ending = signal.aborted ? { reason: 'interrupted' } : ok ? { reason: 'answered' } : { reason: 'denied', tool: 'edit' };
		yield { type: 'done', ending };
		return ending;
	};
}

function fakeWorkspace(output: string[]): Workspace {
	return {
		root: '/w/app',
		git: { branch: async () => 'main' },
		files: { list: async () => ({ paths: [], more: false }) },
		processes: {
			async *run() {
				yield* output;
				return { exitCode: 0, signal: null, timedOut: false, aborted: false, output: output.join(''), milliseconds: 1 };
			},
		},
	} as unknown as Workspace;
}
