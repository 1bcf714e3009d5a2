import { openFiles } from './files.js';
import { openGit } from './git.js';
import { rootAt } from './inside.js';
import { openProcesses } from './processes.js';
import type { Workspace } from './workspace.js';

/**
 * The doors to the outside, for one conversation in one folder. `state` is an absolute path of ours where undo data is
 * kept; all conversations of the folder share it. Refuses a root that does not exist.
 */
export async function openWorkspace({
	root,
	state,
	conversation,
}: {
	root: string;
	state: string;
	conversation: string;
}): Promise<Workspace> {
	const { path } = rootAt(root);
	return { root: path, files: await openFiles({ root: path, state, conversation }), git: openGit(path), processes: openProcesses(path) };
}
