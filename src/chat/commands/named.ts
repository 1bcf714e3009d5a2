import { namedJobs } from '../../jobs/named.js';
import type { Command } from './command.js';

/** The jobs that have a name of their own, as commands: what is typed is what the conversation hears. */
export const named: readonly Command[] = namedJobs.map(({ name, purpose, argumentHint }) => ({
	name,
	aliases: [],
	purpose,
	argumentHint,
	async run(args, host) {
		host.run(signal => host.program.conversation.ask({ text: `/${name} ${args}`.trim(), material: '' }, signal));
	},
}));
