/**
 * git, by one hardened factory: typed parameters only, no option of which comes from outside; nothing of the repository
 * runs; nothing outside the work tree is touched; what the person has staged stays as it is.
 */
import { join, relative } from 'node:path';
import { simpleGit } from 'simple-git';
import { exactLine } from '../sanitise.js';
import { Refusal } from '../types.js';
import { blamed } from './git-blame.js';
import { differing } from './git-change.js';
import { commit } from './git-commit.js';
import { baseEnvironment, guardedEnvironment, identityOf, parseSettings } from './git-guard.js';
import { broughtBy, readNotes, writeNote } from './git-notes.js';
import { commitParts, parcel, partsOf } from './git-parts.js';
import { findGit, findRepository, pathOutside } from './git-place.js';
import { type Asked, commitOf, plainDiff, quiet, type Repo, refuseUnborn, stagedIn } from './git-repository.js';
import { rootAt, withSpot } from './inside.js';
import { isProtected, shown } from './names.js';
import type { Git } from './workspace.js';

/** The git door of the folder `root`, a real path. Nothing is started before the first question. */
export function openGit(root: string): Git {
	const repo = () => openRepository(root);
	const inside = (path: string) => insidePath(root, path);

	return {
		async branch() {
			if (!findGit(root) || !findRepository(root)) return undefined;
			const { git } = await repo();
			const name = (await quiet(git({ args: ['symbolic-ref', '--short', '-q', 'HEAD'] }))).trim();
			return name || `detached at ${(await quiet(git({ args: ['rev-parse', '--short', 'HEAD'] }))).trim()}`;
		},
		async status() {
			const { git } = await repo();
			return git({
				args: ['status', '--porcelain=v1', '--branch', '--untracked-files=normal', '--ignore-submodules=dirty', '--no-renames', '--', '.'],
			});
		},
		async diff({ staged, path, rev } = {}) {
			const opened = await repo();
			const at = rev === undefined ? [] : ['--end-of-options', await commitOf(opened, rev)];
			const where = path === undefined ? '.' : await inside(path);
			return clipped(await opened.git({ args: ['diff', ...plainDiff, ...(staged ? ['--cached'] : []), ...at, '--', where] }));
		},
		async log({ limit = 20, path } = {}) {
			const { git, top } = await repo();
			await refuseUnborn(git);
			const where = path !== undefined ? ['--', await inside(path)] : top === root ? [] : ['--', '.'];
			const count = Math.min(Math.max(Math.trunc(limit), 1), 1000);
			const records = await git({
				args: [
					'log',
					'-z',
					`--max-count=${count}`,
					'--no-color',
					'--no-show-signature',
					'--date=short',
					'--format=%h %ad %an: %s',
					...where,
				],
			});
			return records.split('\0').filter(Boolean).map(exactLine).join('\n');
		},
		async blame(path, lines) {
			const { git } = await repo();
			const range = lines ? ['-L', `${Math.max(1, Math.trunc(lines.from))},${Math.max(1, Math.trunc(lines.to))}`] : [];
			return clipped(await git({ args: ['blame', '--date=short', '--no-textconv', ...range, '--', await inside(path)] }));
		},
		async differing(ends = {}) {
			return differing(await repo(), root, ends);
		},
		async commit(message, paths) {
			return commit(await repo(), { message, paths: await Promise.all(paths.map(inside)) });
		},
		async staged() {
			return stagedIn(await repo(), ['--relative']);
		},
		...inParts(root),
		...authorship(root),
	};
}

/** The part of the door that commits in parts. */
function inParts(root: string): Pick<Git, 'parcel' | 'parts' | 'commitParts'> {
	return {
		async parcel(paths) {
			return parcel(await openRepository(root), root, await Promise.all(paths.map(path => insidePath(root, path))));
		},
		async parts(parcel, paths) {
			return partsOf(await openRepository(root), parcel, paths);
		},
		async commitParts(parcel, parts) {
			return commitParts(await openRepository(root), parcel, parts);
		},
	};
}

/** The part of the door that tells who wrote what. */
function authorship(root: string): Pick<Git, 'lines' | 'brought' | 'note' | 'notes'> {
	const repo = () => openRepository(root);
	return {
		async lines(path) {
			return blamed(await repo(), await insidePath(root, path));
		},
		async brought(paths, commit) {
			const opened = await repo();
			return broughtBy(opened, new Map(paths.map(path => [relative(opened.top, join(root, path)), path])), commit);
		},
		async note(commit, text) {
			await writeNote(await repo(), commit, text);
		},
		async notes(commits) {
			return readNotes(await repo(), commits);
		},
	};
}

/** Paths in the index of the repository that `root` is in, relative to `root`; none where there is no git. */
export async function trackedFiles(root: string): Promise<string[]> {
	if (!findGit(root) || !findRepository(root)) return [];
	const { git } = await openRepository(root);
	return (await git({ args: ['ls-files', '-z', '--cached', '--', '.'] })).split('\0').filter(Boolean);
}

/** Every call first reads the settings anew: a driver may have been added since. */
async function openRepository(root: string): Promise<Repo> {
	const binary = findGit(root);
	if (!binary) throw new Refusal('git is not installed, or not on the PATH (apt install git).');
	const repository = findRepository(root);
	if (!repository) throw new Refusal('This folder is in no git repository (git init makes one).');
	const base = baseEnvironment(pathOutside(root), repository);
	const read = await runGit({ root, binary, env: base }, { args: ['config', '--list', '--show-scope', '-z'] });
	const settings = parseSettings(read);
	const env = guardedEnvironment(base, settings);
	return { ...repository, identity: identityOf(settings), git: asked => runGit({ root, binary, env }, asked) };
}

/** The one place where git is started. simple-git's own list of dangers forbids the very settings that make it safe. */
async function runGit(
	{ root, binary, env }: { root: string; binary: string; env: Record<string, string> },
	{ args, input, as, index }: Asked,
): Promise<string> {
	const author = as && { GIT_AUTHOR_NAME: as.name, GIT_AUTHOR_EMAIL: as.email, GIT_COMMITTER_NAME: as.name, GIT_COMMITTER_EMAIL: as.email };
	const whole = { ...env, ...author, ...(index !== undefined && { GIT_INDEX_FILE: index }) };
	try {
		// Where the folder is gone by now, it throws at once.
		const git = simpleGit({
			baseDir: root,
			binary,
			timeout: { block: 60_000 },
			completion: { onClose: true, onExit: false },
			allowEnvironment: Object.keys(whole),
			unsafe: Object.fromEntries(allowances.map(name => [name, true])),
			errors: (error, { exitCode, stdErr }) =>
				error ?? (exitCode === 0 ? undefined : Buffer.concat([...stdErr, Buffer.from(`git ended with code ${exitCode}`)])),
			...(input !== undefined && { input: () => input }),
		});
		return await git.env(whole).raw([...args]);
	} catch (error) {
		throw error instanceof Error ? refusalOf(error.message) : error;
	}
}

const allowances = [
	'allowUnsafeAlias',
	'allowUnsafeAskPass',
	'allowUnsafeCommandBinaries',
	'allowUnsafeConfigPaths',
	'allowUnsafeConfigEnvCount',
	'allowUnsafeCredentialHelper',
	'allowUnsafeEditor',
	'allowUnsafeMergeDriver',
	'allowUnsafePager',
	'allowUnsafeProtocolOverride',
	'allowUnsafePack',
	'allowUnsafeSshCommand',
	'allowUnsafeGitProxy',
	'allowUnsafeHooksPath',
	'allowUnsafeDiffExternal',
	'allowUnsafeFilter',
	'allowUnsafeFsMonitor',
	'allowUnsafeGpgProgram',
	'allowUnsafeCustomBinary',
];

async function insidePath(root: string, path: string): Promise<string> {
	const inside = await withSpot(rootAt(root), path, spot => spot.path);
	if (isProtected(inside) === 'git') throw new Refusal(`${shown(path)} is git's own data, not a file of the repository.`);
	return inside;
}

function refusalOf(message: string): Refusal {
	const line = message.split('\n').find(one => /^(?:fatal|error):/.test(one)) ?? message.split('\n')[0] ?? '';
	if (/index\.lock/.test(message))
		return new Refusal(
			'Another git program is at work in this repository, or one left its index.lock behind; qwill leaves that file alone.',
		);
	if (/index file (?:smaller|corrupt)|bad index/.test(message))
		return new Refusal('The index of this repository is damaged. git makes a new one: remove .git/index, then type git reset.');
	if (/not a git repository|git diff --no-index/.test(message))
		return new Refusal('git finds no sound repository here: its HEAD or its objects are damaged. Look with: git status');
	return new Refusal(
		`git: ${exactLine(line.replace(/^(?:fatal|error): /, ''))
			.trim()
			.replace(/[.\s]*$/, '.')}`,
	);
}

const mostCharacters = 4_000_000;
const clipped = (text: string) =>
	text.length <= mostCharacters
		? text
		: `${text.slice(0, mostCharacters)}\n[… ${(text.length - mostCharacters).toLocaleString('en')} more characters]\n`;
