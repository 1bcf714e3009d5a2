import { showFiles } from './agent/material.js';
import { runChat } from './chat/chat.js';
import type { TerminalHold } from './chat/terminal.js';
import { chatProgram } from './chat-program.js';
import { loadConfig } from './config.js';
import type { Options } from './options.js';
import { rootFolder, seedOf, whichConversation } from './start.js';

type Run = { options: Options; text: string | undefined; version: string; terminal: TerminalHold };

/** Opens the chat in a terminal that is held: `qwill`. Gives the exit code. Nothing here waits for a model. */
export async function runChatFace({ options, text, version, terminal }: Run): Promise<number> {
	const root = rootFolder();
	const config = await loadConfig({ root, env: process.env, options });
	const notes = [...config.notes];
	const setup = {
		version,
		root,
		config,
		options,
		seed: seedOf(options, config),
		onDenied: () => {},
		warn: (sentence: string) => void notes.push(sentence),
	};
	const program = await chatProgram(setup, whichConversation(root, options), undefined);
	program.pickFirst = options.conversation.kind === 'pick';
	if (text !== undefined || options.paths.length > 0) {
		const { text: material } = await showFiles(options.paths, program.conversation.workspace, 16_000);
		program.firstMessage = { text: text ?? '', material };
	}
	for (const note of notes) program.conversation.note(note);
	return runChat(program, terminal);
}
