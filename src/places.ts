import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { Refusal } from './types.js';

/** The specification wants relative paths ignored: they would mean another place in every folder. */
function base(variable: string, fallback: string): string {
	const said = process.env[variable] ?? '';
	return join(isAbsolute(said) ? said : join(homedir(), fallback), 'qwill');
}

/** Where qwill keeps what is its own (XDG Base Directory Specification). Asked each time: tests change the environment. */
export const places = {
	config: () => base('XDG_CONFIG_HOME', '.config'),
	cache: () => base('XDG_CACHE_HOME', '.cache'),
	models: () => join(base('XDG_CACHE_HOME', '.cache'), 'models'),
	/** What models have read, to be read no more. */
	states: () => join(base('XDG_CACHE_HOME', '.cache'), 'states'),
	/** What compilers made in the sandbox, to be made no more; a folder for each project. */
	compiled: () => join(base('XDG_CACHE_HOME', '.cache'), 'compiled'),
	state: () => base('XDG_STATE_HOME', '.local/state'),
	/** Conversations, undo and rules of one project folder (an absolute, real path). */
	project: (root: string) => join(base('XDG_STATE_HOME', '.local/state'), 'projects', slug(root)),
};

/**
 * The folder of one project (an absolute, real path), made if need be, for this person only. Throws `Refusal` 42 when it cannot
 * be made or used.
 */
export function projectFolder(root: string): string {
	const path = places.project(root);
	try {
		mkdirSync(path, { recursive: true, mode: 0o700 });
		accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
		return path;
	} catch (error) {
		throw new Refusal(
			`qwill cannot keep conversations and undo in ${path}: ${troubleIn(error)}. Mend that, or let XDG_STATE_HOME name another folder.`,
			42,
		);
	}
}

/** What was wrong with a place of ours, in words; the system's own code or the error itself where there are none. */
export function troubleIn(error: unknown): string {
	const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
	return troubles[code] ?? code;
}

const troubles: Readonly<Record<string, string>> = {
	EACCES: 'permission denied',
	EPERM: 'permission denied',
	ENOTDIR: 'a file is in the way',
	EEXIST: 'a file is in the way',
	EROFS: 'the disk is read-only',
	ENOSPC: 'the disk is full',
};

/** Readable and unique: the folder's name and the beginning of its path's digest. */
export const slug = (root: string) =>
	`${
		basename(root)
			.replace(/[^A-Za-z0-9._-]/g, '-')
			.slice(0, 40) || 'root'
	}-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`;
