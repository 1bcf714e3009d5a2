import { Refusal } from '../../types.js';
import type { ActingFile } from '../program.js';
import type { Command, CommandHost } from './command.js';

export const trust: Command = {
	name: 'trust',
	aliases: [],
	purpose: 'see what this folder wants of qwill, and let it count',
	async run(_args, host) {
		const { files, notes } = await host.program.acting();
		for (const note of notes) host.note(note);
		const waiting = files.filter(({ state }) => state !== 'trusted');
		if (waiting.length === 0) return host.note(nothingWaits(files));
		for (const file of waiting) show(file, host);
		const many = waiting.length > 1;
		const choice = await host.pick(many ? `Trust exactly these ${waiting.length} files?` : `Trust exactly this ${waiting[0]?.path}?`, [
			{ label: 'Yes', detail: `what is shown above counts; a change of ${many ? 'any' : 'it'} asks again`, value: 'yes' },
			{ label: 'No', detail: `${many ? 'they count' : 'it counts'} for nothing`, value: 'no' },
		]);
		if (choice !== 'yes') return host.note('Nothing more is trusted.');
		const commands = host.program.ownCommands();
		const atOnce = await host.program.trust(waiting);
		const fresh = host.program.ownCommands().filter(({ name }) => !commands.some(known => known.name === name));
		if (waiting.some(({ kind }) => kind === 'instructions'))
			host.note(`The instructions count ${atOnce ? 'from now' : 'from the next conversation: /clear'}.`);
		if (fresh.length > 0) host.note(`New commands: ${fresh.map(({ name }) => `/${name}`).join(', ')}.`);
		if (waiting.some(({ kind }) => kind === 'settings')) host.note('The settings count from the next start of qwill.');
		if (atOnce) host.replaced(host.program.conversation);
	},
};

export const memory: Command = {
	name: 'memory',
	aliases: [],
	purpose: 'the instruction files, and which of them count',
	async run(_args, host) {
		const { files, notes } = await host.program.acting();
		for (const note of notes) host.note(note);
		const all = files.filter(({ kind }) => kind === 'instructions');
		if (all.length === 0) throw new Refusal('There are no instruction files. /init writes an AGENTS.md for this folder.');
		const column = Math.max(...all.map(({ path }) => path.length)) + 2;
		const lines = all.map(file => `${file.path.padEnd(column)}${size(file)}, ${state(file)}`);
		host.show({ kind: 'text', text: lines.join('\n') }, 'Instructions, the later ones count where two differ');
	},
};

/** The whole of a file, or what has changed in it since it was trusted. */
function show(file: ActingFile, host: CommandHost): void {
	const { path, text, before } = file;
	if (before === undefined) host.show({ kind: 'text', text }, `${path}, ${size(file)}`, 'exact');
	else host.show({ kind: 'diff', path, before, after: text }, `${path} has changed since you trusted it`, 'exact');
}

function nothingWaits(files: readonly ActingFile[]): string {
	const own = files.filter(({ own }) => !own).map(({ path }) => path);
	return own.length > 0 ? `Trusted as they are now: ${own.join(', ')}.` : 'This folder has no settings, instructions or commands.';
}

/** A token of English prose has about four letters. */
const size = ({ text }: ActingFile): string => `about ${Math.max(1, Math.round(text.length / 4)).toLocaleString('en-US')} tokens`;

function state({ own, state }: ActingFile): string {
	if (own) return 'yours';
	return state === 'trusted' ? 'trusted' : `${state === 'changed' ? 'changed since you trusted it' : 'not trusted'}: /trust`;
}
