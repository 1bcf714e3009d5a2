import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { places } from '../places.js';
import { Refusal } from '../types.js';

/** What a file must be. Undefined fields are not known beforehand. */
export type Expected = { bytes?: number | undefined; sha256?: string | undefined };

type Sidecar = { bytes: number; mtimeMs: number; sha256: string };

/**
 * The SHA-256 of a model file, as lower-case hex. Computed once and remembered until size or modification time change, so
 * that later starts need not read a gigabyte. Throws `Refusal` (41) when the file is not what is expected.
 */
export async function verifiedDigest(path: string, expected: Expected, signal?: AbortSignal): Promise<string> {
	const name = basename(path);
	const { size } = await stat(path);
	if (expected.bytes !== undefined && size !== expected.bytes) {
		throw new Refusal(
			`${name} has ${size} bytes and not the expected ${expected.bytes}: it is damaged or another file. Delete it and fetch it again.`,
			41,
		);
	}
	const remembered = await rememberedDigest(path);
	const sha256 = remembered ?? (await digestOf(path, signal));
	if (expected.sha256 !== undefined && sha256 !== expected.sha256) {
		throw new Refusal(
			`${name} has the SHA-256 ${sha256.slice(0, 12)}… and not the expected ${expected.sha256.slice(0, 12)}…: it is damaged or another file. Delete it and fetch it again.`,
			41,
		);
	}
	if (remembered === undefined) await rememberDigest(path, sha256).catch(unwritable);
	return sha256;
}

/** Where nothing can be noted, the file is hashed at every start: slower, and as safe. */
function unwritable(error: unknown): void {
	if (!(error instanceof Error && 'syscall' in error)) throw error;
}

/** The digest computed earlier, if the file has kept its size and modification time since. */
export async function rememberedDigest(path: string): Promise<string | undefined> {
	const [stats, text] = await Promise.all([stat(path), readFile(sidecarOf(path), 'utf8').catch(() => '')]);
	const sidecar = parse(text);
	return sidecar && sidecar.bytes === stats.size && sidecar.mtimeMs === stats.mtimeMs ? sidecar.sha256 : undefined;
}

/** Notes that the file, as it is now, has this digest. */
export async function rememberDigest(path: string, sha256: string): Promise<void> {
	const { size, mtimeMs } = await stat(path);
	await writeWhole(sidecarOf(path), `${JSON.stringify({ bytes: size, mtimeMs, sha256 } satisfies Sidecar)}\n`);
}

/** Forgets what was noted about a file. */
export const forgetDigest = (path: string): Promise<void> => rm(sidecarOf(path), { force: true });

/** SHA-256 of a file, read in pieces. Stops on `signal`. */
export async function digestOf(path: string, signal?: AbortSignal): Promise<string> {
	const hash = createHash('sha256');
	for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20, ...(signal && { signal }) })) hash.update(piece);
	return hash.digest('hex');
}

/** Replaces a small file as a whole: it never holds half of `text`. Folders are made, for this person only. */
export async function writeWhole(path: string, text: string): Promise<void> {
	await mkdir(dirname(path), { recursive: true, mode: 0o700 });
	const draft = `${path}.${process.pid}.new`;
	try {
		await writeFile(draft, text, { mode: 0o600 });
		const file = await open(draft, 'r+');
		await file.sync().finally(() => file.close());
		await rename(draft, path);
	} catch (error) {
		await rm(draft, { force: true });
		throw error;
	}
}

/** Beside files of our own cache; in our cache for files of other programs, whose folders are not ours to write in. */
function sidecarOf(path: string): string {
	if (dirname(path) === places.models()) return `${path}.verified.json`;
	return join(places.cache(), 'verified', `${createHash('sha256').update(path).digest('hex').slice(0, 24)}.json`);
}

function parse(text: string): Sidecar | undefined {
	try {
		const { bytes, mtimeMs, sha256 } = JSON.parse(text) as Partial<Sidecar>;
		if (typeof bytes !== 'number' || typeof mtimeMs !== 'number' || typeof sha256 !== 'string') return undefined;
		return /^[0-9a-f]{64}$/.test(sha256) ? { bytes, mtimeMs, sha256 } : undefined;
	} catch {
		return undefined; // An unreadable note is as good as none: the file is hashed again.
	}
}
