import { maskAll } from '../../secrets.js';
import { Refusal } from '../../types.js';
import { copyText } from './clipboard.js';
import type { Command } from './command.js';
import { jsonOf, markdownOf, repliesOf } from './transcript.js';

export const copy: Command = {
	name: 'copy',
	aliases: [],
	purpose: 'copy the last reply, or the nth last',
	argumentHint: '[n]',
	async run(args, host) {
		const replies = repliesOf(host.program.conversation.events);
		if (replies.length === 0) throw new Refusal('There is no reply to copy yet.');
		const nth = args === '' ? 1 : Number(args);
		const text = replies[nth - 1];
		if (text === undefined) throw new Refusal(`/copy takes a number from 1, the last reply, to ${replies.length}.`);
		const way = await copyText(text);
		if (way === undefined) throw new Refusal('That reply is too long for the terminal to copy. /export writes the conversation to a file.');
		host.note(`Copied ${text.length.toLocaleString('en')} characters through ${way}.`);
	},
};

export const exportConversation: Command = {
	name: 'export',
	aliases: [],
	purpose: 'write the conversation to a file',
	argumentHint: '[md|json] [path]',
	async run(args, host) {
		const { id, events } = host.program.conversation;
		const first = /^(md|json)(?:\s+|$)/.exec(args);
		const named = first ? args.slice(first[0].length) : args;
		const form = first?.[1] ?? (named.endsWith('.json') ? 'json' : 'md');
		const safe = maskAll(events);
		const text = form === 'json' ? jsonOf(safe) : markdownOf(safe, `Conversation ${id.slice(0, 8)}`);
		host.note(`Written: ${await host.program.save(named || `qwill-${id.slice(0, 8)}.${form}`, text)}`);
	},
};
