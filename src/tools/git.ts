import { z } from 'zod';
import { say } from '../prompts.js';
import { type Display, type Outcome, Refusal } from '../types.js';
import { withoutSecrets } from '../workspace/diff.js';
import { isPrivate } from '../workspace/reach.js';
import type { Workspace } from '../workspace/workspace.js';
import { looseObject } from './arguments.js';
import { clip } from './clip.js';
import { defineTool, type Workbench } from './tool.js';

const actions = ['status', 'diff', 'log', 'blame', 'commit'] as const;
type Args = { action: (typeof actions)[number]; path?: string | undefined; rev?: string | undefined; message?: string | undefined };
/** Commits that a log shows. */
const logLength = 15;

export const git = defineTool<Args>({
	name: 'git',
	risk: ({ action }) => (action === 'commit' ? 'writes' : 'reads'),
	args: looseObject(
		{ action: z.enum(actions), path: z.string().optional(), rev: z.string().optional(), message: z.string().optional() },
		{ action: ['command', 'subcommand', 'cmd'], path: ['file_path', 'file'], rev: ['revision', 'ref', 'commit'], message: ['msg'] },
	),
	title: ({ action, path, rev, message }) => ['git', action, rev, path, message && JSON.stringify(message)].filter(Boolean).join(' '),
	async preview(args, { workspace }): Promise<Display | undefined> {
		if (args.action !== 'commit') return undefined;
		return { kind: 'paths', paths: await toCommit(args, workspace) };
	},
	async run(args, bench): Promise<Outcome> {
		const text = await answer(args, bench);
		return { ok: true, text: clip(text.trimEnd(), bench.outputTokens, 'head'), show: { kind: 'text', text } };
	},
});

async function answer(args: Args, { workspace }: Workbench): Promise<string> {
	const { git } = workspace;
	const { action, path, rev } = args;
	switch (action) {
		case 'status':
			return statusInWords(await git.status());
		case 'diff': {
			const diff = await git.diff({ ...(path && { path }), ...(rev && { rev }) });
			// A secret that is named has been asked about.
			return (path && isPrivate(path) ? diff : withoutSecrets(diff)) || say('tools/git#no-changes');
		}
		case 'log':
			return (await git.log({ limit: logLength, ...(path && { path }) })) || say('tools/git#no-commits');
		case 'blame':
			if (!path) throw new Refusal(say('tools/git#needs-path'));
			return (await git.blame(path)) || say('tools/git#no-commits');
		case 'commit': {
			const paths = await toCommit(args, workspace);
			return say('tools/git#committed', { id: await git.commit(args.message!.trim(), paths), paths: paths.join(', ') });
		}
		default:
			return action satisfies never;
	}
}

/** The branch is told in any case, and that nothing changed where it is the only line. */
const statusInWords = (status: string): string =>
	/^(?!## )./m.test(status) ? status : `${status.trim()}\n${say('tools/git#clean')}`.trim();

/** What a commit would take: what is staged, else the path named, else the files changed in this conversation. */
async function toCommit({ message, path }: Args, { git, files }: Workspace): Promise<string[]> {
	if (!message?.trim()) throw new Refusal(say('tools/git#needs-message'));
	const staged = await git.staged();
	if (staged.length > 0) return staged;
	const paths = path ? [await files.inside(path)] : (await files.changes('ever')).map(change => change.path);
	if (paths.length === 0) throw new Refusal(say('tools/git#nothing-to-commit'));
	return paths;
}
