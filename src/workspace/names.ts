/** What can be told of a path from its text alone, before anything is opened. */
import { posix } from 'node:path';
import { exactLine } from '../sanitise.js';
import { Refusal } from '../types.js';

/** A path as a person may see it: on one line, every hidden character written out. */
export const shown = (path: string): string => exactLine(path);

export const outside = (input: string): Refusal =>
	new Refusal(`${shown(input)} is outside the workspace; only files inside this folder can be used.`);

/**
 * The components of `input` below `root`, without `.` and empty ones; `..` stays, for links decide what it means.
 * Refuses NUL, homes, addresses, drives, devices, and what climbs out of the root or looks as if it did.
 */
export function components(root: string, input: string): string[] {
	if (input === '') throw new Refusal('The path is empty; name a file or folder.');
	if (input.includes('\0')) throw new Refusal(`${shown(input)} holds a NUL character, which no file name can.`);
	if (!input.isWellFormed()) throw new Refusal(`${shown(input)} holds half a character; no file has that name.`);
	if (foreign.test(input)) throw outside(input);
	const parts = split(input);
	if (parts.some(looksLikeUp)) throw outside(input);
	const relative = input.startsWith('/') ? below(root, parts) : parts;
	if (!relative) throw outside(input);
	let depth = 0;
	for (const part of relative) {
		depth += part === '..' ? -1 : 1;
		if (depth < 0) throw outside(input);
	}
	return relative;
}

/** The components of `path` without the empty ones and `.`. */
export const split = (path: string): string[] => path.split('/').filter(part => part !== '' && part !== '.');

/** What remains of `parts` below the absolute path `root`; whole components are compared, so `/w/app2` is not below `/w/app`. */
export function below(root: string, parts: readonly string[]): string[] | undefined {
	const base = split(root);
	return base.every((part, index) => parts[index] === part) ? parts.slice(base.length) : undefined;
}

/** `~/x`, `~user/x`, `$HOME/x`, `scheme://x`, `file:x`, `C:\x`, `\\host\x`: other programs would look elsewhere for these. */
const foreign = /^(?:~[\w.+-]*(?:\/|$)|\$\{?[A-Z_][A-Z0-9_]*\}?\/|[a-z][a-z0-9+.-]+:\/\/|(?:file|data|git|ssh|https?):|[a-z]:[\\/]|\\\\)/i;

/** `..` in another spelling: with blanks, compatibility forms, or behind a backslash. */
const looksLikeUp = (part: string): boolean => part !== '..' && part.split('\\').some(piece => piece.normalize('NFKC').trim() === '..');

export type Protection = 'git' | 'secret' | 'startup';

/**
 * Why a write to `path` (relative to the root, links resolved) must be asked about every time, if it must: repository data,
 * a file of secrets, or a file that other programs run or obey later. Whatever the case, form or spelling of the name.
 */
export function isProtected(path: string): Protection | undefined {
	const parts = split(path.replaceAll('\\', '/')).map(folded);
	const name = parts.at(-1) ?? '';
	if (parts.some(part => part === '.git' || /^git~\d+$/.test(part))) return 'git';
	if (parts.some(part => part === '.qwill' || part === '.ssh' || startupFolders.has(part))) return 'startup';
	if (posix.dirname(parts.join('/')).endsWith('.github/workflows') || parts.join('/').includes('.github/actions/')) return 'startup';
	if (startupFiles.has(name)) return 'startup';
	return secret.test(name) && !sample.test(name) ? 'secret' : undefined;
}

/** One component as the most careless file system compares it (HFS+ and NTFS: CVE-2014-9390, CVE-2019-1352). */
const folded = (part: string): string =>
	part
		.normalize('NFKC')
		.replace(/\p{Default_Ignorable_Code_Point}/gu, '')
		.replace(/:.*$/s, '')
		.replace(/[. ]+$/, '')
		.toLowerCase();

const secret = /^(?:\.env(?:\..*)?|\.netrc|\.pgpass|\.git-credentials|id_(?:rsa|dsa|ecdsa|ed25519))$/;
const sample = /\.(?:example|sample|template|dist)$/;
const startupFolders = new Set(['.vscode', '.idea', '.husky', '.githooks', '.git-hooks', '.devcontainer', '.circleci', '.fleet', '.zed']);
const startupFiles = new Set([
	'.mcp.json',
	'.envrc',
	'.npmrc',
	'.yarnrc',
	'.yarnrc.yml',
	'.pnpmfile.cjs',
	'.gitattributes',
	'.gitmodules',
	'.gitconfig',
	'.gitlab-ci.yml',
	'.pre-commit-config.yaml',
	'lefthook.yml',
	'package.json',
	'agents.md',
	'claude.md',
	'gemini.md',
	'qwen.md',
	'qwill.md',
	'.bashrc',
	'.profile',
	'.zshrc',
	'.bash_profile',
	'.cursorrules',
	'.windsurfrules',
]);
