import { showFiles } from './agent/material.js';
import { runChat } from './chat/chat.js';
import type { TerminalHold } from './chat/terminal.js';
import { chatProgram } from './chat-program.js';
import type { Options } from './options.js';
import { setupOf, whichConversation } from './start.js';

type Run = { options: Options; text: string | undefined; version: string; terminal: TerminalHold };

/** Opens the chat in a terminal that is held: `qwill`. Gives the exit code. Nothing here waits for a model. */
export async function runChatFace({ options, text, version, terminal }: Run): Promise<number> {
	const notes: string[] = [];
	const setup = setupOf(options, { warn: sentence => void notes.push(sentence) });
	notes.push(...setup.config.notes);
	const program = await chatProgram(setup, whichConversation(setup.root, options), version);
	program.pickFirst = options.conversation.kind === 'pick';
	if (text !== undefined || options.paths.length > 0) {
		const shown = await showFiles(options.paths, program.conversation.workspace, { tokens: 16_000 });
		notes.push(...shown.notes, ...shown.missing.map(({ why }) => why));
		program.firstMessage = { text: text ?? '', material: shown.text };
	}
	for (const note of notes) program.conversation.note(note);
	return runChat(program, terminal);
}
