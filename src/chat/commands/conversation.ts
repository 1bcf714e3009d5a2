import { Refusal } from '../../types.js';
import type { ConversationSummary } from '../program.js';
import type { Choice, Command } from './command.js';

export const clear: Command = {
	name: 'clear',
	aliases: ['new'],
	purpose: 'begin a new conversation; the old one is kept for /resume',
	async run(_args, host) {
		host.replaced(await host.program.reopen('new'));
	},
};

export const compact: Command = {
	name: 'compact',
	aliases: ['compress', 'summarize'],
	purpose: 'shorten what the model sees of the conversation',
	argumentHint: '[what to keep]',
	async run(args, host) {
		host.run(signal => host.program.conversation.compact(args, signal));
	},
};

export const resume: Command = {
	name: 'resume',
	aliases: ['sessions'],
	purpose: 'go on with an earlier conversation',
	argumentHint: '[name or id]',
	async run(args, host) {
		const all = (await host.program.conversations()).filter(({ id }) => id !== host.program.conversation.id);
		if (all.length === 0) return host.note('There is no earlier conversation in this folder.');
		const id = args ? named(all, args).id : await host.pick('Go on with which conversation?', all.map(choiceOf));
		if (id !== undefined) host.replaced(await host.program.reopen(id));
	},
};

export const rename: Command = {
	name: 'rename',
	aliases: [],
	purpose: 'give this conversation a name',
	argumentHint: 'name',
	async run(args, host) {
		if (args === '') throw new Refusal('Say the name too: /rename fixing the parser');
		host.program.conversation.rename(args);
		host.note(`This conversation is now called "${args}". /resume ${args} comes back to it.`);
	},
};

/** The one that is meant: by its name, by the beginning of its id, or by part of its name when that is only one. */
function named(all: readonly ConversationSummary[], wanted: string): ConversationSummary {
	const lower = wanted.toLowerCase();
	const ways = [
		({ title, id }: ConversationSummary) => title.toLowerCase() === lower || id === wanted,
		({ title, id }: ConversationSummary) => id.startsWith(lower) || title.toLowerCase().includes(lower),
	];
	for (const way of ways) {
		const found = all.filter(way);
		if (found.length === 1) return found[0]!;
		if (found.length > 1) throw new Refusal(`${found.length} conversations match "${wanted}"; /resume without a name lists them.`);
	}
	throw new Refusal(`No conversation is called "${wanted}"; /resume without a name lists them.`);
}

function choiceOf({ id, title, turns, modified, branch }: ConversationSummary): Choice {
	const when = modified.toISOString().slice(0, 16).replace('T', ' ');
	return {
		label: title || id.slice(0, 8),
		detail: [`${turns} ${turns === 1 ? 'message' : 'messages'}`, when, branch].filter(Boolean).join(' · '),
		value: id,
	};
}
