import type { AskPerson, Conversation } from '../agent/conversation.js';

/** Everything the chat can ask of the program. `main.ts` makes it; tests make a small one. */
export type Program = {
	version: string;
	/** The conversation at hand: new, continued or resumed. Its engine may still be loading. */
	conversation: Conversation;
	/** Ends the conversation at hand and opens another: a new one, or the one with this id. */
	reopen(id: 'new' | string): Promise<Conversation>;
	/** Ends the engine at hand and goes on with the same conversation on this model (catalogue id or path). */
	useModel(id: string): Promise<Conversation>;
	/** Set once by the chat before anything is asked. */
	setAskPerson(ask: AskPerson): void;
	/** Newest first. */
	conversations(): Promise<ConversationSummary[]>;
	models(): Promise<ModelSummary[]>;
	rules(): Promise<{ rule: string; effect: 'allow' | 'ask' | 'deny'; from: string; removable: boolean }[]>;
	removeRule(rule: string): Promise<void>;
	/** The project's message history, oldest first, and one more for it. */
	history(): Promise<string[]>;
	remember(text: string): Promise<void>;
	/** Lines of `qwill doctor`. */
	doctor(): Promise<string>;
	/** Model ids or paths may be switched, `--yolo` allows the yolo mode. */
	yoloAllowed: boolean;
	firstMessage?: { text: string; material: string };
};

export type ConversationSummary = { id: string; title: string; turns: number; modified: Date; branch: string | undefined };
export type ModelSummary = { id: string; installed: boolean; bytes: number; why: string; current: boolean };
