import { join } from 'node:path';
import { places } from '../../places.js';
import { Refusal } from '../../types.js';
import type { CommandName } from '../input/completion.js';
import { keyHelp } from '../input/key-help.js';
import type { Program } from '../program.js';
import type { Command } from './command.js';

/** /help, which lists all the commands and so has to be given them. */
export const helpFor = (all: (program: Program) => readonly CommandName[]): Command => ({
	name: 'help',
	aliases: [],
	purpose: 'commands and keys',
	async run(_args, host) {
		const rows = all(host.program).map(command => ({
			left: [command.name, ...command.aliases].map(name => `/${name}`).join(' '),
			right: command.purpose,
		}));
		const keys = keyHelp.map(({ keys, does }) => ({ left: keys, right: does }));
		const column = Math.max(...[...rows, ...keys].map(({ left }) => left.length)) + 2;
		const line = ({ left, right }: { left: string; right: string }) => left.padEnd(column) + right;
		host.show({ kind: 'text', text: [...rows.map(line), '', ...keys.map(line)].join('\n') }, `qwill ${host.program.version}`);
	},
});

export const tools: Command = {
	name: 'tools',
	aliases: [],
	purpose: 'what the model may call',
	async run(_args, host) {
		const all = host.program.tools();
		if (all.length === 0) return host.note('The model has no tools in this run.');
		const column = Math.max(...all.map(({ name }) => name.length)) + 2;
		host.show({ kind: 'text', text: all.map(({ name, purpose }) => name.padEnd(column) + firstSentence(purpose)).join('\n') }, 'Tools');
	},
};

export const doctor: Command = {
	name: 'doctor',
	aliases: [],
	purpose: 'what works on this machine, and what is missing',
	async run(_args, host) {
		host.show({ kind: 'text', text: await host.program.doctor() }, 'Doctor');
	},
};

export const config: Command = {
	name: 'config',
	aliases: ['settings'],
	purpose: 'the settings in force, and changing one',
	argumentHint: '[part of a name | name=value]',
	async run(args, host) {
		const file = join(places.config(), 'config.json');
		if (args.includes('=')) return host.note(await host.program.set(args));
		const found = host.program.settings().filter(({ key }) => key.toLowerCase().includes(args.toLowerCase()));
		if (found.length === 0) throw new Refusal(`No setting has "${args}" in its name; /config lists them.`);
		const column = Math.max(...found.map(({ key }) => key.length)) + 2;
		host.show(
			{ kind: 'text', text: found.map(({ key, value }) => key.padEnd(column) + value).join('\n') },
			`Settings (yours are in ${file})`,
		);
	},
};

/** In the chat the key's own action stands in for it, because the draft is the composer's. */
export const editor: Command = {
	name: 'editor',
	aliases: [],
	purpose: 'write a message in your editor (Ctrl-G takes what is typed along)',
	async run(_args, host) {
		host.note('Ctrl-G opens what you type in your editor.');
	},
};

export const quit: Command = {
	name: 'quit',
	aliases: ['exit'],
	purpose: 'leave; the conversation is kept',
	async run(_args, host) {
		host.quit();
	},
};

const firstSentence = (text: string): string =>
	/^[\s\S]*?[.!?](?=\s|$)/.exec(text)?.[0].replace(/\s+/g, ' ') ?? text.split('\n', 1)[0] ?? '';
