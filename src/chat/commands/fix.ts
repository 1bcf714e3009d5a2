import { mentions } from '../../agent/mentions.js';
import type { Command } from './command.js';

/** Said for the person: the words that lead to the job. */
const wish = 'The tests fail. Fix them.';

export const fix: Command = {
	name: 'fix',
	aliases: [],
	purpose: 'look for a change that makes the failing tests pass, and offer it',
	argumentHint: '[@file]',
	async run(args, host) {
		const text = [wish, args].filter(Boolean).join(' ');
		host.run(signal => host.program.conversation.ask({ text, material: '', files: mentions(text) }, signal));
	},
};
