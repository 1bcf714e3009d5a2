import type { AskPerson, Conversation } from '../agent/conversation.js';
import type { FetchEvent } from '../models/progress.js';
import type { Boxed } from '../workspace/sandbox/box.js';

/** Everything the chat can ask of the program. `main.ts` makes it; tests make a small one. */
export type Program = {
	version: string;
	/** The conversation at hand: new, continued or resumed. Its engine may still be loading. */
	conversation: Conversation;
	/** Ends the conversation at hand and opens another: a new one, or the one with this id. */
	reopen(id: 'new' | string): Promise<Conversation>;
	/** Ends the conversation at hand and goes on in a copy of it, which holds the person's first `asked` messages and what followed them. */
	branch(asked: number): Promise<Conversation>;
	/**
	 * Ends the engine at hand and goes on with the same conversation on this model (catalogue id or path). Where the model is not
	 * on this machine, nothing changes, and it is what has to be fetched first. Throws `Refusal` for an unknown or damaged one.
	 */
	useModel(id: string): Promise<Conversation | Absent>;
	/** Fetches a known model. What has arrived when `signal` fires is kept. Throws `Refusal`: no source, disk full, stopped. */
	fetchModel(id: string, signal: AbortSignal): AsyncGenerator<FetchEvent, unknown>;
	/** Lines for the person about the conversation that was just opened, such as what waits for their trust. */
	notices(): Promise<readonly string[]>;
	/** What acts on conversations here, once it is trusted; `notes` are about files that cannot be used. */
	acting(): Promise<{ files: readonly ActingFile[]; notes: readonly string[] }>;
	/** Trusts these files as they were shown. False when instructions among them have to wait for the next conversation. */
	trust(files: readonly ActingFile[]): Promise<boolean>;
	/** The commands that the person and the project wrote. */
	ownCommands(): readonly WrittenCommand[];
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
	/** The settings in force. A key may hold dots: `attribution.commit`. */
	settings(): readonly { key: string; value: string }[];
	/** Keeps `name=value` as a setting of the person's own, and says what came of it. Throws `Refusal`. */
	set(assignment: string): Promise<string>;
	/** The tools that the model may be offered in this run, and what each is for. */
	tools(): readonly { name: string; purpose: string }[];
	/** A commit message with the trailer that the settings ask for. */
	signed(message: string): string;
	/** Notes on the newest commit which lines models wrote, where the settings ask for it. Gives a sentence where that failed. */
	noted(): Promise<string | undefined>;
	/** Writes a new file for the person, as nothing that /undo takes back, and gives its path. Refuses to replace one. */
	save(path: string, text: string): Promise<string>;
	/** Model ids or paths may be switched, `--yolo` allows the yolo mode. */
	yoloAllowed: boolean;
	/** The sandbox that commands run in, with its doors, or why there is none. */
	sandbox: Boxed;
	firstMessage?: { text: string; material: string };
	/** The chat begins with the list of conversations to choose from. */
	pickFirst?: boolean;
};

/** `own`: it is the person's. `before` is what was trusted of it last, where that is another text. */
export type ActingFile = {
	path: string;
	kind: 'settings' | 'instructions' | 'command';
	own: boolean;
	state: 'trusted' | 'changed' | 'new';
	bytes: Uint8Array;
	text: string;
	before: string | undefined;
};
/** A command that stands for a message. `message` throws `Refusal` for what is not carried out here. */
export type WrittenCommand = { name: string; purpose: string; argumentHint?: string; message(args: string): string };
/** A known model that is not on this machine. `licence` by its name. */
export type Absent = { absent: string; name: string; bytes: number; licence: string };
export type ConversationSummary = { id: string; title: string; turns: number; modified: Date; branch: string | undefined };
/** `bytes` is 0 for a model on a server. */
export type ModelSummary = { id: string; installed: boolean; bytes: number; why: string; current: boolean };
