import { config, doctor, helpFor, quit, tools } from './about.js';
import { approvalMode, permissions, plan } from './approval.js';
import { diff, redo, undo } from './changes.js';
import type { Command } from './command.js';
import { commit } from './commit.js';
import { clear, compact, rename, resume } from './conversation.js';
import { init } from './init.js';
import { model } from './model.js';
import { branch, rewind } from './rewind.js';
import { test } from './test.js';
import { context, stats } from './usage.js';
import { why } from './why.js';
import { copy, exportConversation } from './words.js';

export type { Command, CommandHost } from './command.js';

/** Every slash command, in the order in which the menu and /help list them. */
export const commands: readonly Command[] = [
	helpFor(() => commands),
	clear,
	compact,
	resume,
	undo,
	redo,
	diff,
	commit,
	test,
	model,
	context,
	stats,
	why,
	approvalMode,
	plan,
	permissions,
	rewind,
	branch,
	rename,
	copy,
	exportConversation,
	init,
	tools,
	config,
	doctor,
	quit,
];
