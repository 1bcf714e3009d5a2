/** What differs between two states of a repository, as whole texts. */
import { Refusal } from '../types.js';
import { commitOf, plainDiff, quiet, type Repo, refuseUnborn } from './git-repository.js';
import { rootAt, withSpot } from './inside.js';
import { shown } from './names.js';
import { isPrivate } from './reach.js';
import { readRegular } from './regular.js';
import { decode, lf } from './text.js';
import type { Differing } from './workspace.js';

/** Files that differ, above which nothing is read; characters of one file, above which it is data. */
const mostFiles = 500;
const mostCharacters = 1_000_000;

export type Side = { id: string; mode: string; isFile: boolean };
export type Entry = { path: string; was: string; before: Side | undefined; after: Side | undefined };

/** The files below `root` that differ from commit `from` to commit `to`, or to the work tree with what is new in it. */
export async function differing(repo: Repo, root: string, { from = 'HEAD', to }: { from?: string; to?: string }): Promise<Differing[]> {
	await refuseUnborn(repo.git);
	const ends = [await commitOf(repo, from), ...(to === undefined ? [] : [await commitOf(repo, to)])];
	const args = ['diff', '--raw', '-z', '--no-abbrev', '--find-renames', '--relative', ...plainDiff, '--end-of-options', ...ends, '--', '.'];
	const known = entriesIn(await repo.git({ args }));
	const untracked = to === undefined ? await untrackedIn(repo) : [];
	// What was taken out of the index, and is still there, is told twice.
	const entries = [...known, ...untracked.filter(path => !known.some(entry => entry.path === path && entry.after)).map(newAt)];
	if (entries.length > mostFiles)
		throw new Refusal(`${entries.length} files differ; up to ${mostFiles} are looked at. Name a commit that is nearer.`);
	const found: Differing[] = [];
	for (const { path, was, before, after } of entries) {
		const hidden = isPrivate(path) || isPrivate(was);
		const old = hidden ? undefined : await textIn(repo, before);
		const now = hidden ? undefined : to === undefined && after ? await atHand(root, path) : await textIn(repo, after);
		found.push({ path, was, before: old, after: now });
	}
	return found;
}

const untrackedIn = async ({ git }: Repo): Promise<string[]> =>
	(await git({ args: ['ls-files', '-z', '--others', '--exclude-standard', '--', '.'] })).split('\0').filter(Boolean);

const newAt = (path: string): Entry => ({ path, was: path, before: undefined, after: { id: '', mode: '100644', isFile: true } });

/** `:OLDMODE NEWMODE OLDID NEWID STATUS`, then one path, or two where a file was moved (git-diff(1), "Raw output format"). */
export function entriesIn(output: string): Entry[] {
	const fields = output.split('\0');
	const entries: Entry[] = [];
	for (let index = 0; index + 1 < fields.length; index += 2) {
		const [oldMode = '', newMode = '', oldId = '', newId = '', status = ''] = fields[index]!.slice(1).split(' ');
		const was = fields[index + 1]!;
		const isMoved = /^[RC]/.test(status);
		if (isMoved) index++;
		entries.push({ path: isMoved ? fields[index + 1]! : was, was, before: sideOf(oldMode, oldId), after: sideOf(newMode, newId) });
	}
	return entries;
}

const sideOf = (mode: string, id: string): Side | undefined =>
	/^0+$/.test(mode) ? undefined : { id, mode, isFile: mode.startsWith('100') };

/** The text of one side, null where it is not there, undefined where it is none. By its id, which git itself told: no name is ever read as a revision. */
export async function textIn({ git }: Repo, side: Side | undefined): Promise<string | null | undefined> {
	if (!side) return null;
	if (!side.isFile || !/^[0-9a-f]{40,64}$/.test(side.id)) return undefined;
	const size = Number(await quiet(git({ args: ['cat-file', '-s', side.id] })));
	if (!(size <= mostCharacters)) return undefined;
	const text = size === 0 ? '' : await quiet(git({ args: ['cat-file', 'blob', side.id] }));
	return /[\0\ufffd]/.test(text) ? undefined : lf(text.replace(/^\ufeff/, ''));
}

async function atHand(root: string, path: string): Promise<string | null | undefined> {
	try {
		const found = await withSpot(rootAt(root), path, spot => readRegular(rootAt(root), spot));
		if (!found) return null;
		return found.bytes.length > mostCharacters ? undefined : decode(found.bytes, shown(path)).text;
	} catch (error) {
		if (error instanceof Refusal) return undefined;
		throw error;
	}
}
