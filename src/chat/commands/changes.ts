import { Refusal } from '../../types.js';
import { shown } from '../../workspace/names.js';
import type { UndoReport } from '../../workspace/workspace.js';
import type { Command, CommandHost } from './command.js';

const moving = (name: 'undo' | 'redo', { purpose, done, next }: { purpose: string; done: string; next?: string }): Command => ({
	name,
	aliases: [],
	purpose,
	async run(_args, host) {
		const report = await host.program.conversation.workspace.files[name]();
		if (isEmpty(report)) throw new Refusal(`There is nothing to ${name}.`);
		tell(report, host, { done, ...(next !== undefined && { next }) });
	},
});
export const undo = moving('undo', {
	purpose: 'take back every file change since your last message',
	done: 'Brought back',
	next: '/redo makes the changes again. The model still knows of them.',
});
export const redo = moving('redo', { purpose: 'make the file changes again that were taken back', done: 'Changed again' });

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

/** Tells what became of which file, and, when none was left alone, what can be done `next`. */
export function tell({ restored, removed, kept }: UndoReport, host: CommandHost, { done = 'Brought back', next = '' } = {}): void {
	if (restored.length > 0) host.note(`${done}: ${restored.map(shown).join(', ')}`);
	if (removed.length > 0) host.note(`Removed: ${removed.map(shown).join(', ')}`);
	for (const { path, why } of kept) host.note(`${shown(path)} was left alone: ${why}`);
	if (next !== '' && kept.length === 0) host.note(next);
}

const isEmpty = ({ restored, removed, kept }: UndoReport): boolean => restored.length + removed.length + kept.length === 0;
