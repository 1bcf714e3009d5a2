import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { places } from './places.js';

/** What the person said yes to, kept outside the project: the folder's real path and the digests of the files that act. */
const record = z.object({ root: z.string(), digests: z.array(z.string()) });

/** SHA-256, in hexadecimal, of a file that would act once its folder is trusted. */
export const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The digests the person said yes to in this folder (a real path); none when the record is absent, unreadable or not ours alone. */
export function trusted(root: string): readonly string[] {
	const bytes = readOwn(fileFor(root));
	if (bytes === undefined) return [];
	try {
		const found = record.safeParse(JSON.parse(bytes));
		return found.success && found.data.root === root ? found.data.digests : [];
	} catch {
		// Not JSON: nobody can say what was trusted, so nothing is.
		return [];
	}
}

/** Remembers a yes to this file of this folder. A changed file needs another yes; a folder below is not included. */
export function trust(root: string, digest: string): void {
	const path = fileFor(root);
	mkdirSync(places.project(root), { recursive: true, mode: 0o700 });
	const text = JSON.stringify({ root, digests: [...new Set([...trusted(root), digest])] });
	writeFileSync(`${path}.new`, text, { mode: 0o600 });
	renameSync(`${path}.new`, path);
}

const fileFor = (root: string): string => join(places.project(root), 'trust.json');

/** The text of a regular file that belongs to this user and that nobody else can write; undefined otherwise. */
function readOwn(path: string): string | undefined {
	let fd: number | undefined;
	try {
		fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
		const stat = fstatSync(fd);
		const ours = stat.isFile() && (stat.mode & 0o022) === 0 && stat.uid === (process.getuid?.() ?? stat.uid);
		return ours && stat.size < 1_000_000 ? readFileSync(fd, 'utf8') : undefined;
	} catch {
		// Absent or unreadable both mean: not trusted.
		return undefined;
	} finally {
		if (fd !== undefined) closeSync(fd);
	}
}
