/** qwill's own notes on commits (git-notes(1)), under a ref that nothing else uses. */
import { Refusal } from '../types.js';
import { quiet, type Repo } from './git-repository.js';
import type { Brought } from './workspace.js';

const ref = 'refs/notes/qwill';
/** Characters of a note that are read. */
const mostCharacters = 4_000_000;
const objectId = /^[0-9a-f]{40,64}$/;

/** Writes the note of a commit (a full id), in place of one that is there. */
export async function writeNote({ git, identity }: Repo, commit: string, text: string): Promise<void> {
	// A symbolic ref would have the note committed to a branch of the person's.
	if (await quiet(git({ args: ['symbolic-ref', '-q', ref] })))
		throw new Refusal(
			`${ref} of this repository points to another ref, so nothing was noted there; git symbolic-ref -d ${ref} removes it.`,
		);
	if (!identity || !objectId.test(commit)) throw new Refusal('git does not know who you are, or which commit is meant; nothing was noted.');
	await git({ args: ['notes', `--ref=${ref}`, 'add', '-f', '-F', '-', commit], input: text, as: identity });
}

/** The notes of these commits, by their ids; those that have none, or one that is no text of a sensible size, are left out. */
export async function readNotes({ git }: Repo, commits: ReadonlySet<string>): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	const list = await quiet(git({ args: ['notes', `--ref=${ref}`, 'list'] }));
	for (const [blob = '', commit = ''] of list.split('\n').map(line => line.split(' '))) {
		if (!commits.has(commit) || !objectId.test(blob)) continue;
		const size = Number(await quiet(git({ args: ['cat-file', '-s', blob] })));
		found.set(commit, size <= mostCharacters ? await quiet(git({ args: ['cat-file', 'blob', blob] })) : '');
	}
	return found;
}

/** What a commit (a full id), else the newest, brings of these files: `paths` has, by their names from the top of the work tree, what they are asked for as. */
export async function broughtBy({ git }: Repo, paths: ReadonlyMap<string, string>, id = 'HEAD'): Promise<Brought> {
	if (id !== 'HEAD' && !objectId.test(id)) throw new Refusal('Which commit is meant is not clear; nothing was noted.');
	const commit = (await git({ args: ['rev-parse', '--verify', `${id}^{commit}`] })).trim();
	const raw = await git({ args: ['diff-tree', '--root', '-r', '-z', '--raw', '--no-renames', '--no-commit-id', '--full-index', commit] });
	const fields = raw.split('\0');
	const files: Brought['files'] = [];
	for (let index = 0; index + 1 < fields.length; index += 2) {
		const [, mode = '', before = '', after = ''] = fields[index]!.replace(/^:/, '').split(' ');
		const name = fields[index + 1]!;
		const path = paths.get(name);
		if (path === undefined || !/^100/.test(mode)) continue;
		const text = (blob: string) => (/^0+$/.test(blob) ? Promise.resolve('') : git({ args: ['cat-file', 'blob', blob] }));
		files.push({ path, name, before: await text(before), after: await text(after) });
	}
	return { commit, files };
}
