/** What our own factory does with git, beside the operations of the cases, which are calls of a library. */
import { join } from 'node:path';
import { openGit, trackedFiles } from '../../src/workspace/git.js';
import { scratchCopy } from '../../src/workspace/scratch.js';
import type { Git } from '../../src/workspace/workspace.js';
import type { Repository } from './planted.js';
import { bash } from './play.js';

/** `made`: what has to be there before. `changes`: the repository is another one afterwards. `refused`: everywhere. */
export type Operation = {
	made?: string;
	changes?: true;
	refused?: true;
	run(git: Git, root: string): Promise<unknown>;
};

/** Wherever the repository says that its files are. */
const staged = 'echo new > new.txt; GIT_DIR=.git GIT_WORK_TREE=. git add new.txt f.bin';
const signal = new AbortController().signal;

/** Commits, and gives what the commit brings. What git says of it names an id, which is another one each time. */
const committed = async (git: Git, ...paths: string[]) => {
	await git.commit('m', paths);
	return (await git.brought(['f.txt', 'f.bin', 'f.filt', 'new.txt'])).files;
};

/** Every function of the factory, by what it is called here. */
export const operations: Readonly<Record<string, Operation>> = {
	branch: { run: git => git.branch() },
	'branch, detached': { made: 'git rev-parse HEAD~1 > id; mv id .git/HEAD', run: git => git.branch() },
	status: { run: git => git.status() },
	'status in bare.d': { made: 'mkdir -p bare.d', run: (_, root) => openGit(join(root, 'bare.d')).status() },
	diff: { run: git => git.diff() },
	'diff of a revision': { run: git => git.diff({ rev: 'HEAD~1' }) },
	'diff of a branch': { run: git => git.diff({ rev: 'feat' }) },
	'diff of what is staged': { made: staged, run: git => git.diff({ staged: true }) },
	'what is staged': { made: staged, run: git => git.staged() },
	log: { run: git => git.log() },
	'log of a file': { run: git => git.log({ path: 'f.txt' }) },
	blame: { run: git => git.blame('f.txt') },
	'blame of a filtered file': { run: git => git.blame('f.filt') },
	'who wrote lines': { run: git => git.lines('f.txt') },
	'what differs now': { run: git => git.differing() },
	'what differed between': { run: git => git.differing({ from: 'HEAD~1', to: 'HEAD' }) },
	'what a commit brings': { run: async git => (await git.brought(['f.txt', 'f.bin'])).files },
	'tracked files': { run: (_, root) => trackedFiles(root) },
	'scratch copy': { run: async (_, root) => (await scratchCopy(root, signal)).close() },
	'commit of a file': { changes: true, run: git => committed(git, 'f.txt') },
	'commit of a file with a diff driver': { changes: true, run: git => committed(git, 'f.bin') },
	'commit of a filtered file': { changes: true, refused: true, run: git => committed(git, 'f.filt') },
	'commit of what is staged': { made: staged, changes: true, run: git => committed(git) },
	'commit that fails': { made: 'touch .git/refs/heads/main.lock', changes: true, refused: true, run: git => git.commit('m', ['f.txt']) },
	'commit in parts': {
		made: staged,
		changes: true,
		async run(git) {
			const parcel = await git.parcel([]);
			const parts = await git.parts(
				parcel,
				parcel.files.map(({ path }) => [path]),
			);
			await git.commitParts(
				parcel,
				parts.map(({ tree }) => ({ tree, message: 'm' })),
			);
			return (await git.brought(['f.txt', 'f.bin', 'f.filt', 'new.txt'])).files;
		},
	},
	'a note, and reading it': {
		changes: true,
		async run(git) {
			const { commit } = await git.brought([]);
			await git.note(commit, 'a note');
			return [...(await git.notes(new Set([commit]))).values()];
		},
	},
};

/**
 * By the name of each operation of the cases, ours that do the same, or nothing, and then why: qwill takes up no other state of a
 * repository, deletes nothing through git, and reaches no remote.
 */
export const counterparts: Readonly<Record<string, readonly (keyof typeof operations)[] | { none: string }>> = {
	diffHEAD: ['diff of a revision', 'diff of a branch', 'what differed between'],
	log: ['log', 'log of a file'],
	show: ['what a commit brings', 'what differed between'],
	add: ['commit of a file', 'commit of a file with a diff driver', 'commit of a filtered file'],
	branch: ['branch', 'diff of a branch'],
	blame: ['blame', 'blame of a filtered file', 'who wrote lines'],
	revparse: ['branch, detached', 'diff of a revision'],
	lsfiles: ['tracked files', 'scratch copy', 'who wrote lines', 'what differs now'],
	reset: ['commit that fails'],
	bareStatus: ['status in bare.d'],
	checkout: { none: 'no tool and no command changes the branch' },
	restore: { none: 'undo puts back kept bytes, without git' },
	fetch: { none: 'nothing reaches a remote' },
	grep: { none: 'search reads the files itself' },
	cleann: { none: 'nothing is cleaned' },
	rebase: { none: 'no history is rewritten' },
};

/** Prepares an operation in the repository as it is now; what is planted may run then, and leaves no marker. */
export const prepare = (world: Repository, { made }: Operation): void => {
	if (made !== undefined) bash(world, `${made}; rm -rf $W/pwn/*`);
};
