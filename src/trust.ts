import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { jsonIn } from './json.js';
import { places } from './places.js';

/** A file that acts, by its path from the project folder and its exact bytes. */
export type TrustedFile = { path: string; digest: string };

/** What the person said yes to, kept outside the project: the folder's real path and the files that act, oldest first. */
const record = z.object({ root: z.string(), files: z.array(z.object({ path: z.string(), digest: z.string() })) });

/** SHA-256, in hexadecimal, of a file that would act once its folder is trusted. */
export const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What the person said yes to in this folder (a real path); nothing when the record is absent, unreadable or not ours alone. */
export function trusted(root: string): readonly TrustedFile[] {
	const bytes = readOwn(fileFor(root));
	if (bytes === undefined) return [];
	// Of what is not JSON nobody can say what was trusted, so nothing is.
	const found = record.safeParse(jsonIn(bytes.toString('utf8')));
	return found.success && found.data.root === root ? found.data.files : [];
}

/** Remembers a yes to these bytes of this folder. A changed file needs another yes; a folder below is not included. */
export function trust(root: string, path: string, bytes: Uint8Array): void {
	const digest = digestOf(bytes);
	mkdirSync(copies(root), { recursive: true, mode: 0o700 });
	writeWhole(join(copies(root), digest), bytes);
	const others = trusted(root).filter(file => file.path !== path || file.digest !== digest);
	writeWhole(fileFor(root), JSON.stringify({ root, files: [...others, { path, digest }] }));
}

/** The bytes of this path that the person said yes to last, to show what has changed since; undefined when they are gone. */
export function lastTrusted(root: string, path: string): Buffer | undefined {
	const last = trusted(root).findLast(file => file.path === path);
	const bytes = last && readOwn(join(copies(root), last.digest));
	return bytes && digestOf(bytes) === last.digest ? bytes : undefined;
}

/** A project's settings, from its folder. */
export const settingsFile = join('.qwill', 'config.json');

const fileFor = (root: string): string => join(places.project(root), 'trust.json');
const copies = (root: string): string => join(places.project(root), 'trusted');

function writeWhole(path: string, content: string | Uint8Array): void {
	writeFileSync(`${path}.new`, content, { mode: 0o600 });
	renameSync(`${path}.new`, path);
}

/** The bytes of a regular file that belongs to this user and that nobody else can write; undefined otherwise. */
function readOwn(path: string): Buffer | undefined {
	let fd: number | undefined;
	try {
		fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
		const stat = fstatSync(fd);
		const ours = stat.isFile() && (stat.mode & 0o022) === 0 && stat.uid === (process.getuid?.() ?? stat.uid);
		return ours && stat.size <= 1_000_000 ? readFileSync(fd) : undefined;
	} catch {
		// Absent or unreadable both mean: not trusted.
		return undefined;
	} finally {
		if (fd !== undefined) closeSync(fd);
	}
}
