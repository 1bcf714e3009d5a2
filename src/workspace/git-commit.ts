/** Committing: what is staged, else exactly the given paths. */
import { join } from 'node:path';
import { Refusal } from '../types.js';
import { plainDiff, quiet, type Repo, stagedIn } from './git-repository.js';
import { namesIn } from './gone.js';
import { shown } from './names.js';

/**
 * Commits what is staged, else exactly `paths`. Gives the short id, and which hooks of the repository did not run, if it
 * has any. Refuses without a message or an identity, without anything to commit, in the midst of a merge, on no branch.
 * When it fails the index is as it was.
 */
export async function commit(repo: Repo, { message, paths }: { message: string; paths: readonly string[] }): Promise<string> {
	const { git } = repo;
	if (message.trim() === '') throw new Refusal('The commit message is empty; nothing was committed.');
	if (message.includes('\0') || !message.isWellFormed())
		throw new Refusal('The commit message holds a character that git cannot store; nothing was committed.');
	const as = await readyToCommit(repo);

	const adding = (await stagedIn(repo, [])).length === 0;
	if (adding) await stage(repo, paths);
	try {
		await git({
			args: ['commit', '--quiet', '--no-verify', '--no-gpg-sign', '--cleanup=verbatim', '-F', '-'],
			input: message,
			as,
		});
	} catch (error) {
		// Nothing was staged before, so taking everything out again is the person's index as it was.
		if (adding) await quiet(git({ args: ['reset', '--quiet', '--', ...paths] }));
		throw error;
	}
	const id = (await git({ args: ['rev-parse', '--short', 'HEAD'] })).trim();
	const hooks = hooksOf(repo.dir);
	return hooks.length === 0 ? id : `${id} (the repository's hooks were not run: ${hooks.join(', ')})`;
}

/** Adds these paths to the index. Refuses where there is nothing to add, and what a filter of the repository would have to change. */
export async function stage({ git }: Repo, paths: readonly string[]): Promise<void> {
	if (paths.length === 0) throw new Refusal('Nothing to commit: nothing is staged, and no file was changed here.');
	const attributes = (await git({ args: ['check-attr', '-z', 'filter', '--', ...paths] })).split('\0');
	for (let index = 0; index + 2 < attributes.length; index += 3) {
		const filter = attributes[index + 2]!;
		if (filter === 'unspecified' || filter === 'unset') continue;
		throw new Refusal(
			`Not committed: ${shown(attributes[index]!)} uses the filter '${shown(filter)}', which qwill does not run. Stage it yourself: git add.`,
		);
	}
	await git({ args: ['add', '--', ...paths] });
	if ((await git({ args: ['diff', '--cached', '--name-only', '-z', ...plainDiff] })) === '')
		throw new Refusal('Nothing to commit: these files are as they were committed last.');
}

/** Who commits. Refuses without an identity, in the midst of a merge and the like, and on no branch. */
export async function readyToCommit({ dir, identity, git }: Repo): Promise<NonNullable<Repo['identity']>> {
	if (!identity)
		throw new Refusal(
			'git does not know who you are; nothing was committed. Set it once: git config user.name "Your Name" and git config user.email you@example.org.',
		);
	const doing = operationIn(dir);
	if (doing) throw new Refusal(`A ${doing} is under way; finish or abort it with git first. Nothing was committed.`);
	const ref = (await quiet(git({ args: ['symbolic-ref', '-q', 'HEAD'] }))).trim();
	if (!ref) throw new Refusal('HEAD is on no branch (detached); make one first: git switch -c name. Nothing was committed.');
	return identity;
}

/** What git was stopped in (git's wt-status.c looks for the same names). */
function operationIn(dir: string): string | undefined {
	const names = namesIn(dir);
	const found = [
		['MERGE_HEAD', 'merge'],
		['rebase-merge', 'rebase'],
		['rebase-apply', 'rebase'],
		['CHERRY_PICK_HEAD', 'cherry-pick'],
		['REVERT_HEAD', 'revert'],
	];
	return found.find(([name]) => names.includes(name!))?.[1];
}

const hooksOf = (dir: string): string[] =>
	namesIn(join(dir, 'hooks'))
		.filter(name => ['pre-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit', 'post-index-change'].includes(name))
		.sort();
