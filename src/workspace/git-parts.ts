/** A commit in parts: made from git's own store, in an index of our own, so that the person's index and work tree stay as they are. */
import { copyFileSync, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Refusal } from '../types.js';
import { entriesIn, textIn } from './git-change.js';
import { readyToCommit, stage } from './git-commit.js';
import { plainDiff, quiet, type Repo, stagedIn } from './git-repository.js';
import { shown } from './names.js';
import { isPrivate } from './reach.js';
import type { Parcel, Part } from './workspace.js';

/** Files of one commit above which it is not taken apart. */
const mostFiles = 200;
/** What git writes where there is no object, as long as the ids of the repository are. */
const nothing = (id: string): string => '0'.repeat(id.length);

/**
 * What a commit would take: what is staged, else `paths` (from the top of the work tree: `top`). Refuses where nothing can be
 * committed, for a link or a submodule, and for what is staged outside of `root`.
 */
export async function parcel(repo: Repo, root: string, paths: readonly string[]): Promise<Parcel> {
	await readyToCommit(repo);
	const isStaged = (await stagedIn(repo, [])).length > 0;
	return await inIndex(repo, async own => {
		if (!isStaged) await stage(own, paths);
		const tree = (await own.git({ args: ['write-tree'] })).trim();
		const base = await head(repo);
		const from = base ?? (await emptyTree(repo));
		const raw = await repo.git({
			args: ['diff-tree', '-r', '--raw', '-z', '--no-abbrev', '--find-renames', ...plainDiff, '--end-of-options', from, tree],
		});
		const entries = entriesIn(raw);
		if (entries.length > mostFiles) throw new Refusal(`${entries.length} files are staged; up to ${mostFiles} are taken apart.`);
		const files: Parcel['files'] = [];
		for (const { path: name, was: oldName, before, after } of entries) {
			if ([before, after].some(side => side && !side.isFile))
				throw new Refusal(
					`${shown(name)} is a link or a submodule, which is not taken apart. Commit it by itself, or all at once: qwill commit.`,
				);
			const [path, was] = [below(repo, root, name), below(repo, root, oldName)];
			const isHidden = isPrivate(path) || isPrivate(was);
			files.push({
				path,
				was,
				before: isHidden ? undefined : await textIn(repo, before),
				after: isHidden ? undefined : await textIn(repo, after),
				entries: [
					...(name === oldName ? [] : [`0 ${nothing(tree)}\t${oldName}`]),
					after ? `${after.mode} ${after.id}\t${name}` : `0 ${nothing(tree)}\t${name}`,
				],
			});
		}
		return { base, tree, isStaged, files, beside: await beside(own) };
	});
}

/** What of the work tree is not in the index: by path the text that the index has, null for what git does not know. */
async function beside(own: Repo): Promise<Map<string, string | null>> {
	const raw = await own.git({ args: ['diff', '--raw', '-z', '--no-abbrev', '--no-renames', '--relative', ...plainDiff, '--', '.'] });
	const states = new Map<string, string | null>();
	for (const { path, before } of entriesIn(raw)) {
		const text = await textIn(own, before);
		if (text !== undefined) states.set(path, text);
	}
	const others = await own.git({ args: ['ls-files', '-z', '--others', '--exclude-standard', '--', '.'] });
	for (const path of others.split('\0').filter(Boolean)) if (!path.endsWith('/')) states.set(path, null);
	return states;
}

/** The trees of these parts, one upon the other, with what each changes. Each file of the parcel is in one of them. */
export async function partsOf(repo: Repo, { base, tree, files }: Parcel, parts: readonly (readonly string[])[]): Promise<Part[]> {
	const made: Part[] = [];
	await inIndex(repo, async own => {
		await own.git({ args: base === undefined ? ['read-tree', '--empty'] : ['read-tree', base] });
		let last = base ?? (await emptyTree(repo));
		for (const paths of parts) {
			const lines = files.filter(({ path }) => paths.includes(path)).flatMap(({ entries }) => entries);
			if (lines.length > 0) await own.git({ args: ['update-index', '-z', '--index-info'], input: lines.map(line => `${line}\0`).join('') });
			const next = (await own.git({ args: ['write-tree'] })).trim();
			const diff = await repo.git({ args: ['diff', '--find-renames', ...plainDiff, '--end-of-options', last, next] });
			made.push({ tree: next, diff });
			last = next;
		}
	});
	if (made.at(-1)?.tree !== tree) throw new Refusal('The parts do not come to what is staged; nothing was committed.');
	return made;
}

/**
 * Commits these trees, one upon the other, all or none: the branch moves once, at the end. Gives the full ids. Refuses where
 * something else was staged or committed since the parcel was made.
 */
export async function commitParts(
	repo: Repo,
	{ base, tree, isStaged, files }: Parcel,
	parts: readonly { tree: string; message: string }[],
): Promise<string[]> {
	const { git } = repo;
	const identity = await readyToCommit(repo);
	const changed = new Refusal('Something was staged or committed since the parts were shown; nothing was committed. Ask again.');
	if (parts.at(-1)?.tree !== tree || (await head(repo)) !== base) throw changed;
	if (isStaged !== (await stagedIn(repo, [])).length > 0) throw changed;
	if (isStaged && (await inIndex(repo, async own => (await own.git({ args: ['write-tree'] })).trim())) !== tree) throw changed;
	const ids: string[] = [];
	for (const part of parts) {
		const parent = ids.at(-1) ?? base;
		const args = ['commit-tree', ...(parent === undefined ? [] : ['-p', parent]), '-F', '-', part.tree];
		ids.push((await git({ args, input: part.message, as: identity })).trim());
	}
	const log = `commit: in ${parts.length} parts`;
	await git({ args: ['update-ref', '-m', log, 'HEAD', ids.at(-1)!, base ?? nothing(tree)], as: identity });
	// What was not staged before is now as it was committed: else the index would take it back.
	if (!isStaged)
		await git({ args: ['reset', '--quiet', '--', ...files.flatMap(({ path, was }) => (path === was ? [path] : [was, path]))] });
	return ids;
}

/** With an index of our own, which begins as a copy of the person's and is gone at the end. */
async function inIndex<T>(repo: Repo, work: (own: Repo) => Promise<T>): Promise<T> {
	const folder = await mkdtemp(join(tmpdir(), 'qwill-index-'));
	const index = join(folder, 'index');
	const own: Repo = { ...repo, git: asked => repo.git({ ...asked, index }) };
	try {
		if (existsSync(join(repo.dir, 'index'))) copyFileSync(join(repo.dir, 'index'), index);
		else await own.git({ args: ['read-tree', '--empty'] });
		return await work(own);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

const head = async ({ git }: Repo): Promise<string | undefined> =>
	(await quiet(git({ args: ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'] }))).trim() || undefined;
const emptyTree = async ({ git }: Repo): Promise<string> => (await git({ args: ['hash-object', '-t', 'tree', '-w', '/dev/null'] })).trim();

function below({ top }: Repo, root: string, name: string): string {
	const path = relative(root, join(top, name));
	if (path.startsWith('..'))
		throw new Refusal(`${shown(name)} is staged outside of this folder, and what is there cannot be tried. Start qwill in ${shown(top)}.`);
	return path;
}
