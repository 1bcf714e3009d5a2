import type { Command } from './command.js';

export type { Command, CommandHost } from './command.js';

/** Every slash command, in the order in which the menu and /help list them. */
export const commands: readonly Command[] = [];
