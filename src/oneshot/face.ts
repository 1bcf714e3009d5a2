import type { Conversation } from '../agent/conversation.js';
import type { AgentEvent } from '../types.js';
import type { Finish } from './exit.js';

export type OutputFormat = 'text' | 'json' | 'stream-json' | 'sarif';

/** What a run was opened with: the conversation, what goes before the question, and what the first line of stream-json says. */
export type Opened = {
	conversation: Conversation;
	/** The text of `@path` arguments; empty when there are none. */
	material: string;
	/** Lines for the person about what was found on the way: settings, files, the journal. */
	notes: readonly string[];
	/** Names of the tools offered, and of the slash commands that work in one-shot. */
	tools: readonly string[];
	slashCommands: readonly string[];
	version: string;
	seed: number | undefined;
};

/** One output format: what goes to stdout. Every method gives the text that is to be written now. */
export type Face = {
	/** Called once, when the conversation is open; never when the run ends before. */
	begin(opened: Opened): string;
	see(event: AgentEvent): string;
	/** Called once and last, whatever happened. */
	end(finish: Finish): string;
};
