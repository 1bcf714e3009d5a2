import type { AgentEvent } from '../../types.js';
import { tell } from './changes.js';
import type { Choice, Command, CommandHost } from './command.js';

/** A message of the person; `asked` were before it. */
type Asked = Extract<AgentEvent, { type: 'asked' }> & { asked: number };

export const rewind: Command = {
	name: 'rewind',
	aliases: [],
	purpose: 'go back to before a message: the conversation, the files, or both',
	async run(_args, host) {
		const messages = messagesOf(host);
		if (messages.length === 0) return host.note('There is no message yet to go back to.');
		const message = messages[Number(await host.pick('Go back to before which message?', choicesOf(messages)))];
		if (!message) return;
		const { conversation } = host.program;
		const { files } = conversation.workspace;
		const changed = message.mark === undefined ? [] : (await files.changes(message.mark)).map(change => change.path);
		const what = await host.pick(`Back to before: ${lineOf(message)}`, waysBack(changed));
		const report = what === 'files' || what === 'both' ? await files.undo(message.mark) : undefined;
		const forgets = what === 'conversation' || what === 'both';
		if (forgets) {
			conversation.rewind(message.asked);
			host.drawAnew();
			host.draft(message.text);
			host.note('Back to before this message: change it and send it, or clear it with Ctrl-U.');
		}
		if (report)
			tell(report, host, { next: `/redo makes the changes again, message by message.${forgets ? '' : ' The model still knows of them.'}` });
	},
};

export const branch: Command = {
	name: 'branch',
	aliases: ['fork'],
	purpose: 'go on in a copy of this conversation, from here or from before a message',
	async run(_args, host) {
		const messages = messagesOf(host);
		if (messages.length === 0) return host.note('There is no message yet to branch from.');
		const here: Choice = { label: 'Here', detail: 'with all messages', value: String(messages.length) };
		const chosen = await host.pick('Go on in a copy from here, or from before which message?', [here, ...choicesOf(messages)]);
		if (chosen === undefined) return;
		host.replaced(await host.program.branch(Number(chosen)));
		const message = messages[Number(chosen)];
		if (message) host.draft(message.text);
		host.note('This is a copy of the conversation; /resume goes back to the one it was made from. Files stay as they are.');
	},
};

const messagesOf = ({ program }: CommandHost): Asked[] =>
	program.conversation.events.filter(event => event.type === 'asked').map((event, asked) => ({ ...event, asked }));

/** Newest first; the value is the place among the messages. */
const choicesOf = (messages: readonly Asked[]): Choice[] =>
	messages
		.map(message => ({
			label: lineOf(message),
			detail: `message ${message.asked + 1} of ${messages.length}`,
			value: String(message.asked),
		}))
		.reverse();

const lineOf = ({ text }: Asked): string => text.trim().split('\n', 1)[0] || '(without words)';

function waysBack(changed: readonly string[]): Choice[] {
	const paths = changed.join(', ');
	const leave: Choice = { label: 'Leave everything as it is', detail: '', value: 'leave' };
	if (changed.length === 0) return [{ label: 'Conversation', detail: 'no files were changed since', value: 'conversation' }, leave];
	return [
		{ label: 'Conversation and files', detail: paths, value: 'both' },
		{ label: 'Conversation only', detail: 'files stay as they are', value: 'conversation' },
		{ label: 'Files only', detail: paths, value: 'files' },
		leave,
	];
}
