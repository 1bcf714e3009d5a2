import type { Engine, TokenScore } from '../engine/engine.js';
import type { AgentEvent, ApprovalMode, Ending, EngineEvent } from '../types.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Instruction } from './instructions.js';
import type { Answer, Ask, Task } from './loop.js';

/** One conversation with one person in one folder: what both faces talk to. */
export type Conversation = {
	readonly id: string;
	readonly workspace: Workspace;
	readonly engine: Engine;
	/**
	 * What has happened, in order, without the output of running calls, whose results have what is kept of it; folding it through
	 * `reduce` rebuilds the screen.
	 */
	readonly events: readonly AgentEvent[];
	mode: ApprovalMode;
	/** Carries a task out. One at a time. Journalled as it happens. */
	ask(task: Task, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending>;
	/** Loads the model and reads the fixed prompt ahead. */
	warm(signal: AbortSignal): AsyncGenerator<EngineEvent, Ending | undefined>;
	/** Lets the model read a task that may come next. Says nothing, and nothing is kept of it but in the engine's cache. */
	readAhead(task: Task, signal: AbortSignal): Promise<void>;
	/** Tells the model this at its head, in the place of other instructions. False when a message was sent already. */
	instruct(files: readonly Instruction[]): boolean;
	/** Shortens what the model sees of the conversation so far. */
	compact(focus: string, signal: AbortSignal): AsyncGenerator<AgentEvent, void>;
	/**
	 * Goes back to before the person's message `asked` (the first is 0): `events`, the model and the journal know of it and of
	 * what followed no more. Files stay as they are. Not while a task runs.
	 */
	rewind(asked: number): void;
	/** Notes a line for the person in the journal, and gives it back as the event. */
	note(text: string): AgentEvent;
	/** How likely each token of the last reply was; undefined when there is none, or the engine cannot tell. */
	scores(signal: AbortSignal): Promise<TokenScore[] | undefined>;
	rename(name: string): void;
	close(): Promise<void>;
};

/** A question to the person. `rule` is exactly what "always" would save, when it can be saved. `why` is the part that makes it ask. */
export type Question = Ask & { rule: string | undefined; why?: string };
/** `always` saves the question's rule; `no` may carry the person's reason, which the model is told. */
export type PersonAnswer = { kind: 'yes' } | { kind: 'always' } | { kind: 'no'; reason?: string };
/** How a face asks. One-shot has nobody to ask and hands in none. */
export type AskPerson = (question: Question, signal: AbortSignal) => Promise<PersonAnswer>;
export type { Answer, Ask, Task };
