import type { CommandName } from '../input/completion.js';
import type { Program } from '../program.js';
import { config, doctor, editor, helpFor, quit, tools } from './about.js';
import { approvalMode, permissions, plan } from './approval.js';
import { diff, redo, undo } from './changes.js';
import type { Command } from './command.js';
import { commit } from './commit.js';
import { clear, compact, rename, resume } from './conversation.js';
import { fix } from './fix.js';
import { init } from './init.js';
import { model } from './model.js';
import { named } from './named.js';
import { branch, rewind } from './rewind.js';
import { sandbox } from './sandbox.js';
import { test } from './test.js';
import { memory, trust } from './trust.js';
import { context, stats } from './usage.js';
import { why } from './why.js';
import { copy, exportConversation } from './words.js';

export type { Command, CommandHost } from './command.js';

/** What can be typed after the slash: `given`, and what person and project wrote under names of their own. */
export const typeable = (given: readonly Command[], { ownCommands }: Pick<Program, 'ownCommands'>): readonly CommandName[] => [
	...given,
	...ownCommands()
		.filter(({ name }) => !given.some(command => command.name === name || command.aliases.includes(name)))
		.map(own => ({ ...own, aliases: [] })),
];

/** Every slash command, in the order in which the menu and /help list them. */
export const commands: readonly Command[] = [
	helpFor(program => typeable(commands, program)),
	clear,
	compact,
	resume,
	undo,
	redo,
	diff,
	commit,
	test,
	fix,
	...named,
	model,
	context,
	stats,
	why,
	approvalMode,
	plan,
	permissions,
	sandbox,
	rewind,
	branch,
	rename,
	editor,
	copy,
	exportConversation,
	init,
	memory,
	trust,
	tools,
	config,
	doctor,
	quit,
];
