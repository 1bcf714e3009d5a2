import { mentions } from '../../agent/mentions.js';
import { nearest } from '../../nearest.js';
import { type Cell, shownOf, textOf, typedAt, typedOf } from './cells.js';
import type { CommandName } from './completion.js';

/**
 * What Enter hands over. `text` is the message in full, `shown` has a label for each folded paste. `files` are the paths
 * mentioned in what was typed, in order: an `@` in a paste is no mention.
 */
export type Submission =
	| { kind: 'message'; text: string; shown: string; files: readonly string[] }
	| { kind: 'command'; name: string; args: string }
	| { kind: 'shell'; command: string };

/** What the cells come to: something to hand over, `!` alone, nothing, or a sentence about why it stays where it is. */
export type Reading = Submission | { kind: 'toggle-shell' } | { kind: 'nothing' } | { kind: 'kept'; why: string };

/** Reads what was typed. Only what was typed can be a command: a paste is always part of a message. */
export function readSubmission(cells: readonly Cell[], shell: boolean, commands: readonly CommandName[]): Reading {
	const text = textOf(cells).trim();
	if (text === '') return { kind: 'nothing' };
	const first = cells.findIndex(cell => cell.text.trim() !== '');
	const mark = typedAt(cells, first);
	if (mark === '!') return text === '!' ? { kind: 'toggle-shell' } : { kind: 'shell', command: text.slice(1).trim() };
	if (shell) return { kind: 'shell', command: text };
	const command = mark === '/' ? /^\/(?<name>[^\s/]*)(?:\s+(?<args>[\s\S]*))?$/.exec(text)?.groups : undefined;
	if (!command) return { kind: 'message', text, shown: shownOf(cells).trim(), files: mentions(typedOf(cells)) };
	const { name = '', args = '' } = command;
	const known = commands.find(each => each.name === name || each.aliases.includes(name));
	return known ? { kind: 'command', name: known.name, args: args.trim() } : { kind: 'kept', why: unknownCommand(name, commands) };
}

/** What other programs call something that has another name here. */
const elsewhere: Record<string, string> = {
	add: 'Name a file with @path in the message: its text goes to the model.',
	drop: 'Files are read for one message; /clear starts afresh.',
	run: 'Begin a line with ! to run a command: !npm test',
	ask: 'Type the question. /plan makes sure that nothing is changed.',
	lint: 'Begin a line with ! to run the linter: !npm run lint',
	login: 'There is nothing to log in to: the model runs on this machine.',
	logout: 'There is nothing to log out of: the model runs on this machine.',
};

/** One sentence about a command that does not exist, with what was probably meant. */
export function unknownCommand(name: string, commands: readonly CommandName[]): string {
	if (name === '') return 'A command has a name: /help lists them.';
	const hint = Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined;
	const near = nearest(
		name,
		commands.flatMap(command => [command.name, ...command.aliases]),
	);
	return `There is no command /${name}. ${hint ?? (near === undefined ? '/help lists the commands.' : `Did you mean /${near}?`)}`;
}
