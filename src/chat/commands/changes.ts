import { type AgentEvent, Refusal } from '../../types.js';
import type { UndoReport } from '../../workspace/workspace.js';
import type { Command, CommandHost } from './command.js';

const moving = (name: 'undo' | 'redo', purpose: string): Command => ({
	name,
	aliases: [],
	purpose,
	async run(_args, host) {
		tell(await host.program.conversation.workspace.files[name](), name, host);
	},
});
export const undo = moving('undo', 'take back every file change since your last message');
export const redo = moving('redo', 'make the file changes again that were taken back');

export const rewind: Command = {
	name: 'rewind',
	aliases: [],
	purpose: 'go back to before your last message: take its file changes back',
	async run(_args, host) {
		const { workspace, events } = host.program.conversation;
		const asked = events.findLast((event): event is Extract<AgentEvent, { type: 'asked' }> => event.type === 'asked');
		if (!asked) return host.note('There is no earlier message in this conversation.');
		const changes = await workspace.files.changes();
		if (changes.length === 0) return host.note('Your last message changed no files. /clear begins a new conversation.');
		const paths = changes.map(change => change.path).join(', ');
		const choice = await host.pick(`Go back to before: ${asked.text.split('\n', 1)[0]}`, [
			{ label: 'Take the file changes back', detail: paths, value: 'files' },
			{ label: 'Leave everything as it is', detail: '', value: 'nothing' },
		]);
		if (choice === 'files') tell(await workspace.files.undo(), 'undo', host);
	},
};

export const diff: Command = {
	name: 'diff',
	aliases: [],
	purpose: 'show what this conversation has changed, else what git says',
	async run(_args, host) {
		const { files, git } = host.program.conversation.workspace;
		const changes = await files.changes('ever');
		for (const { path, before, after } of changes) host.show({ kind: 'diff', path, before, after }, path);
		if (changes.length > 0) return;
		const text = (await git.branch()) === undefined ? '' : await git.diff();
		if (text.trim() === '') return host.note('Nothing has changed.');
		host.show({ kind: 'text', text }, 'This conversation has changed nothing. Changes that git sees:');
	},
};

function tell({ restored, removed, kept }: UndoReport, what: 'undo' | 'redo', host: CommandHost): void {
	if (restored.length + removed.length + kept.length === 0) throw new Refusal(`There is nothing to ${what}.`);
	if (restored.length > 0) host.note(`Brought back: ${restored.join(', ')}`);
	if (removed.length > 0) host.note(`Removed: ${removed.join(', ')}`);
	for (const { path, why } of kept) host.note(`${path} was left alone: ${why}`);
	if (what === 'undo' && kept.length === 0) host.note('/redo makes the changes again. The model still knows of them.');
}
