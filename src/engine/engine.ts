import type { AssistantMessage, Ending, EngineEvent, Message, Sampling, Tier, ToolSpec, Usage } from '../types.js';

export type { Sampling };

/**
 * Conversation in, text out. Knows nothing of files, tools, permissions or screens.
 * The caller always passes the whole conversation; the engine decides what of its cache it can reuse.
 */
export interface Engine {
	readonly model: ModelInfo;
	/**
	 * Makes the model ready, so that `model` is what it will stay, and reads `prompt`, if there is one, ahead: a later `reply`
	 * which begins with it starts sooner. Stops quietly on `signal`; a failure is returned, not thrown.
	 */
	warm(prompt: Prompt | undefined, signal: AbortSignal): AsyncGenerator<EngineEvent, Ending | undefined>;
	/**
	 * One reply. The `text` events joined are `message.text`; call syntax never appears in them.
	 * On `signal` it stops within one slice of reading or one token of writing, keeps what was written, and returns
	 * `stop: 'aborted'`. It does not throw: a lost engine or a full context comes back as `failure`.
	 * Calls made while another is running wait for their turn.
	 */
	reply(prompt: Prompt, signal: AbortSignal): AsyncGenerator<EngineEvent, Reply>;
	/**
	 * Fills a hole in a text with the model's own fill-in-the-middle tokens. Undefined when the model has none or was stopped.
	 * `see` is told the text piece by piece while it is written, where the engine can: what was told counts, also of a stopped one.
	 */
	fill(hole: Hole, signal: AbortSignal, see?: (text: string) => void): Promise<string | undefined>;
	/**
	 * How likely each token of `text` was as a reply to `prompt`, behind what that begins it with, whoever wrote it, and `others` that
	 * were: of each token the three likeliest, or only `the likeliest` where it was another one, which takes less than half the time.
	 * Undefined when the engine cannot tell or was stopped.
	 */
	score(prompt: Prompt, text: string, signal: AbortSignal, others?: Others): Promise<TokenScore[] | undefined>;
	/** The exact number of tokens of `prompt`; where a server cannot count them, rather too many than too few. */
	measure(prompt: Prompt): Promise<number>;
	/** Ends within two seconds whatever is going on. */
	close(): Promise<void>;
}

/** `contextSize` in tokens. `device` is shown to the person, and `plan`: why the context and the cache are what they are. */
export type ModelInfo = { name: string; tier: Tier; contextSize: number; device: string; sha256?: string; plan?: string };

/** A model that is not opened yet. Who opens it closes it. */
export type Closed = { name: string; open(): Engine };

/** What one reply is computed from. */
export type Prompt = {
	system: string;
	/** What the person and the project want of every reply: the last of the words that never change, behind the tools. */
	instructions?: string;
	messages: readonly Message[];
	tools: readonly ToolSpec[];
	/**
	 * The reply is begun with these words, as if the model had written them. They are part of `raw`. An engine that cannot begin
	 * a reply leaves them out, and `until` with them: then `raw` begins with other words.
	 */
	begin?: string;
	/** Writing ends as soon as the reply holds one of these; it is cut before it. */
	until?: readonly string[];
	/**
	 * GBNF that the reply, after `begin`, is held to: it stops with `end` only when it is a text of the grammar, and what breaks it
	 * off sooner is `length`. For structure, never for code. An engine that cannot do this leaves it out: check what comes.
	 */
	grammar?: string;
	sampling?: Sampling;
	/** Tokens to write at the most. Default: what the context leaves. */
	maxTokens?: number;
	/** Not a part of the conversation (a title, a commit message): what was read of that stays read. */
	aside?: boolean;
	/**
	 * What the same prompt, aside, will be answered with next, if this reply does not serve; nothing yet says that more may follow. An
	 * engine that writes several replies sooner together than one after the other has those ready when they are asked for.
	 */
	also?: readonly Sampling[];
};

/**
 * The text around a hole. Writing ends at `until` or at the model's own end. `head` stands above `before`, perhaps not right above it:
 * what several holes have in common there is read once.
 */
export type Hole = { head?: string; before: string; after: string; until?: readonly string[]; maxTokens: number; sampling: Sampling };

export type Others = 'three' | 'the likeliest';
/** A token's text and the natural logarithm of its probability, without any sampling; `instead` are the likeliest others. */
export type TokenScore = { text: string; logprob: number; instead: { text: string; logprob: number }[] };

/** `malformed` says what was wrong with a call that could not be read. `failure` ends the task. */
export type Reply = { message: AssistantMessage; usage: Usage; malformed?: string; failure?: Ending };
