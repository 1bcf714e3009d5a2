import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';

const base = (variable: string, fallback: string) => join(process.env[variable] || join(homedir(), fallback), 'qwill');

/** Where qwill keeps what is its own (XDG Base Directory Specification). Asked each time: tests change the environment. */
export const places = {
	config: () => base('XDG_CONFIG_HOME', '.config'),
	cache: () => base('XDG_CACHE_HOME', '.cache'),
	models: () => join(base('XDG_CACHE_HOME', '.cache'), 'models'),
	/** What models have read, to be read no more. */
	states: () => join(base('XDG_CACHE_HOME', '.cache'), 'states'),
	state: () => base('XDG_STATE_HOME', '.local/state'),
	/** Conversations, undo and rules of one project folder (an absolute, real path). */
	project: (root: string) => join(base('XDG_STATE_HOME', '.local/state'), 'projects', slug(root)),
};

/** Readable and unique: the folder's name and the beginning of its path's digest. */
const slug = (root: string) =>
	`${
		basename(root)
			.replace(/[^A-Za-z0-9._-]/g, '-')
			.slice(0, 40) || 'root'
	}-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`;
