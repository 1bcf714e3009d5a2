import type { Conversation } from '../../agent/conversation.js';
import type { AgentEvent, ApprovalMode, Display } from '../../types.js';
import type { Absent, Program } from '../program.js';

/** What a slash command may do to the chat. */
export type CommandHost = {
	program: Program;
	dispatch(event: AgentEvent): void;
	/** One line for the person, which stays. */
	note(text: string): void;
	/** Something to read, in full. `exact`: it is about to be approved. */
	show(display: Display, title: string, exact?: 'exact'): void;
	clearScreen(): void;
	/** The chat goes on with this conversation. */
	replaced(conversation: Conversation): void;
	/** The conversation at hand went back: the screen is drawn anew from what is left. */
	drawAnew(): void;
	/** Puts words where the person types, to be changed and sent. */
	draft(text: string): void;
	/** Fetches a model behind the conversation, and changes to it when it is here and nothing else is going on. */
	fetch(model: Absent): void;
	/** Ends a fetch that goes on, if one does, and says so; what has arrived is kept. True when there was one. */
	stopFetching(): boolean;
	/** The id of the model that is being fetched. */
	arriving(): string | undefined;
	quit(): void;
	/** Carries something out like a task: it is drawn as it happens, and Esc stops it. */
	run(work: (signal: AbortSignal) => AsyncGenerator<AgentEvent, unknown>): void;
	/** Lets the person choose; undefined when they did not. */
	pick(title: string, choices: Choice[]): Promise<string | undefined>;
	setMode(mode: ApprovalMode): void;
};
export type Choice = { label: string; detail: string; value: string };

/**
 * A slash command. `purpose` is its line in the menu; `argumentHint` is there when it wants words. `run` throws `Refusal`
 * with a sentence for the person when it cannot be done.
 */
export type Command = {
	name: string;
	aliases: readonly string[];
	purpose: string;
	argumentHint?: string;
	run(args: string, host: CommandHost): Promise<void>;
};
