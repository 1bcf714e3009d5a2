/** Files that are either as before or as they should be, whatever happens in between. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import { behindWriting, codeOf } from './trouble.js';

/** What a file is to become. `owner` and `mode` are kept as given; without them the file is a new one of ours. */
export type Content = { bytes: Uint8Array; mode?: number; owner?: { uid: number; gid: number } };

/** Where to: `target`, with `temp` beside it (the same folder, a name nobody uses) and `folder` to make it last. */
export type Target = { target: string; temp: string; folder: string };

/** A name for a temporary file; after a crash `sweep` in undo.ts finds it through the log. */
export const tempName = (): string => `.qwill-${randomBytes(6).toString('hex')}.tmp`;

/**
 * Puts `content` at `target`: written beside it, synced, its size checked, then renamed over it. On any failure the old
 * file is untouched and the temporary one gone, but for an error that `isWritten`. `before` runs last of all ahead of the rename;
 * what it throws stops it. With `fresh` an existing target is an EEXIST error.
 */
export async function writeAtomically(
	{ target, temp, folder }: Target,
	content: Content,
	{ fresh, before }: { fresh?: boolean; before?: () => void },
): Promise<void> {
	const file = await open(temp, 'wx', content.mode === undefined ? 0o666 : 0o600);
	try {
		await fill(file, content).finally(() => file.close());
		before?.();
		if (fresh) await linkNew(temp, target);
		else await rename(temp, target);
	} catch (error) {
		// Of two failures the first is the one to tell.
		await rm(temp, { force: true }).catch(() => undefined);
		throw error;
	}
	try {
		await rm(temp, { force: true });
		await syncFolder(folder);
	} catch (error) {
		await rm(temp, { force: true }).catch(() => undefined);
		throw behindWriting(error);
	}
}

async function fill(file: FileHandle, { bytes, mode, owner }: Content): Promise<void> {
	await file.writeFile(bytes);
	if (owner) await keepOwner(file, owner);
	if (mode !== undefined) await file.chmod(mode);
	await file.sync();
	const { size } = await file.stat();
	// A nearly full disk can keep fewer bytes than write(2) acknowledged.
	if (size !== bytes.length) throw Object.assign(new Error('short write'), { code: 'ENOSPC' });
}

/** The owner, where the system lets us give files away; else the file becomes ours, as with other editors. */
async function keepOwner(file: FileHandle, { uid, gid }: { uid: number; gid: number }): Promise<void> {
	const own = await file.stat();
	if (own.uid === uid && own.gid === gid) return;
	try {
		await file.chown(uid, gid);
	} catch (error) {
		if (codeOf(error) !== 'EPERM') throw error;
	}
}

/** link(2) fails where something is by now, rename(2) would replace it. Disks without links get the rename. */
async function linkNew(temp: string, target: string): Promise<void> {
	try {
		await link(temp, target);
	} catch (error) {
		if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error) ?? '')) throw error;
		const claim = await open(target, 'wx');
		await claim.close();
		await rename(temp, target);
	}
}

/** Makes renames in a folder last. Where a folder cannot be synced, the system keeps no promise either. */
export async function syncFolder(path: string): Promise<void> {
	const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
	try {
		await folder.sync();
	} catch (error) {
		if (!['EINVAL', 'ENOTSUP', 'EISDIR'].includes(codeOf(error) ?? '')) throw error;
	} finally {
		await folder.close();
	}
}
