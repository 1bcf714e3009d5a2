import { openFiles } from './files.js';
import { openGit } from './git.js';
import { rootAt } from './inside.js';
import { openProcesses } from './processes.js';
import { type BoxOptions, boxOf, type Wish } from './sandbox/box.js';
import type { Workspace } from './workspace.js';

export type Opening = { root: string; state: string; conversation: string; box?: Wish } & BoxOptions;

/**
 * The doors to the outside, for one conversation in one folder. `state` is an absolute path of ours where undo data is
 * kept; all conversations of the folder share it. Programs are boxed where
 * that works, or as `box` wants it. Refuses a root that does not exist; with 44, a box that has to be and cannot.
 */
export async function openWorkspace({ root, state, conversation, box = 'where it works', ...options }: Opening): Promise<Workspace> {
	const { path } = rootAt(root);
	const [files, boxed] = await Promise.all([openFiles({ root: path, state, conversation }), boxOf(path, box, options)]);
	return { root: path, files, git: openGit(path), processes: openProcesses(path, boxed) };
}
