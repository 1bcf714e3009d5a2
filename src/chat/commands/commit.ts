import { createTwoFilesPatch } from 'diff';
import { changeOf, commitMessage } from '../../jobs/commit/message.js';
import { namedIn } from '../../jobs/named.js';
import { type AgentEvent, Refusal } from '../../types.js';
import type { Workspace } from '../../workspace/workspace.js';
import type { Command, CommandHost } from './command.js';

export const commit: Command = {
	name: 'commit',
	aliases: [],
	purpose: 'commit what is staged, else the files of this conversation',
	argumentHint: '[message | --split]',
	async run(args, host) {
		if (namedIn(`/commit ${args}`)) host.run(signal => host.program.conversation.ask({ text: `/commit ${args}`, material: '' }, signal));
		else host.run(signal => carryOut(args, host, signal));
	},
};

/** Names the files first, then has a message written and shows it: nothing is committed that was not seen. */
async function* carryOut(given: string, host: CommandHost, signal: AbortSignal): AsyncGenerator<AgentEvent, void> {
	const { program } = host;
	const { conversation } = program;
	const note = (text: string): AgentEvent => ({ type: 'note', text });
	const { paths, diff, staged } = await material(conversation.workspace);
	yield note(`To be committed${staged ? ' (staged)' : ''}: ${paths.join(', ')}`);

	const written = given ? undefined : await commitMessage(await changeOf(diff, conversation.workspace.git), conversation.engine, signal);
	const message = written?.text ?? given;
	if (signal.aborted) return yield note('Nothing was committed.');
	if (written) {
		host.show({ kind: 'text', text: message }, `The message (${written.checked}):`);
		const choice = await host.pick('Commit with this message?', [
			{ label: 'Yes', detail: message.split('\n', 1)[0] ?? '', value: 'yes' },
			{ label: 'No', detail: 'your own: /commit fix: the sum of nothing is 0', value: 'no' },
		]);
		if (choice !== 'yes' || signal.aborted) return yield note('Nothing was committed.');
	}
	const id = await conversation.workspace.git.commit(program.signed(message), staged ? [] : paths);
	yield note(`Committed ${id}: ${message.split('\n', 1)[0]}`);
	const trouble = await program.noted();
	if (trouble !== undefined) yield note(trouble);
}

type Material = { paths: string[]; diff: string; staged: boolean };

async function material({ git, files }: Workspace): Promise<Material> {
	if ((await git.branch()) === undefined) throw new Refusal('This folder is not in a git repository. Make one with: !git init');
	const staged = await git.staged();
	if (staged.length > 0) return { paths: staged, diff: await git.diff({ staged: true }), staged: true };
	const changes = await files.changes('ever');
	if (changes.length === 0) {
		throw new Refusal(
			'There is nothing to commit: nothing is staged, and this conversation has changed no files. Stage some with: !git add FILE',
		);
	}
	// git shows no difference for a file that it does not know yet.
	const diffs = await Promise.all(
		changes.map(
			async ({ path, before, after }) => (await git.diff({ path })) || createTwoFilesPatch(path, path, before ?? '', after ?? ''),
		),
	);
	return { paths: changes.map(change => change.path), diff: diffs.join('\n'), staged: false };
}
