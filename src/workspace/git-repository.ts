/** Questions to an open repository. Nothing here chooses how git is started. */
import { Refusal } from '../types.js';
import { shown } from './names.js';

/** One run of git: its arguments, what it reads, who it commits as, and the index it works in where that is not the person's. */
export type Asked = { args: readonly string[]; input?: string; as?: { name: string; email: string }; index?: string };
/** An open repository: `dir` is git's folder, `top` the work tree; `identity` is undefined when git would have to guess. */
export type Repo = { dir: string; top: string; git(asked: Asked): Promise<string>; identity: { name: string; email: string } | undefined };

/** For every diff: neither programs of the repository nor a look into submodules. */
export const plainDiff = ['--no-ext-diff', '--no-textconv', '--no-color', '--submodule=short', '--ignore-submodules=dirty'];

/** Paths in the index that differ from the last commit, relative to the top of the work tree. */
export async function stagedIn({ git }: Repo, options: readonly string[]): Promise<string[]> {
	return (await git({ args: ['diff', '--cached', '--name-only', '-z', '--no-renames', ...plainDiff, ...options] }))
		.split('\0')
		.filter(Boolean);
}

/** The commit that `rev` names: HEAD, an existing branch or tag, or an id, each with `~2` or `^` behind it. */
export async function commitOf({ git }: Repo, rev: string): Promise<string> {
	const [, name = '', steps = ''] = /^([A-Za-z0-9_][A-Za-z0-9._/-]*)((?:[~^]\d*)*)$/.exec(rev) ?? [];
	const unknown = new Refusal(`${shown(rev)} is no commit, branch or tag of this repository.`);
	if (!name || name.includes('..') || name.endsWith('.lock') || name.endsWith('/')) throw unknown;
	const isId = name === 'HEAD' || /^[0-9a-f]{4,64}$/.test(name);
	const refs = isId ? [] : (await git({ args: ['for-each-ref', '--format=%(refname)'] })).split('\n');
	const ref = isId
		? name
		: ['refs/heads/', 'refs/tags/', 'refs/remotes/', ''].map(prefix => `${prefix}${name}`).find(full => refs.includes(full));
	if (!ref) throw unknown;
	const found = (await quiet(git({ args: ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}${steps}^{commit}`] }))).trim();
	if (!found) throw unknown;
	return found;
}

/** Refuses where there is no commit yet. */
export async function refuseUnborn(git: Repo['git']): Promise<void> {
	if (!(await quiet(git({ args: ['rev-parse', '--verify', '--quiet', 'HEAD'] })))) throw new Refusal('This repository has no commit yet.');
}

/** For questions whose answer may be no: git says it by its exit code. */
export async function quiet(answer: Promise<string>): Promise<string> {
	try {
		return await answer;
	} catch (error) {
		if (error instanceof Refusal) return '';
		throw error;
	}
}
