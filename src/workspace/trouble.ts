/** What an operating system error means for a person. */
import { Refusal } from '../types.js';
import { shown } from './names.js';

/** The code of a system error (`ENOENT`), if `error` is one. */
export const codeOf = (error: unknown): string | undefined =>
	error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** What is being done (`doing` is how the sentence goes on: "writing"), and what is said of the file: before it is new, and `late`, once it is. */
export type About = { doing: string; path: string; intact?: string; late?: string };

/** Marks an error that came when the new content was there already, so that only how long it lasts is in doubt. */
export const behindWriting = (error: unknown): unknown => (error instanceof Error ? Object.assign(error, { isWritten: true }) : error);

/**
 * `error` as a `Refusal` with one sentence, when it is the disk's; anything else comes back as it is.
 */
export function refusalFor(error: unknown, { doing, path, intact: before = '', late = before }: About): unknown {
	const code = codeOf(error);
	if (error instanceof Refusal || code === undefined) return error;
	const intact = error instanceof Error && 'isWritten' in error ? late : before;
	const what = sentences[code];
	if (!what) return new Refusal(`The system refused ${doing} ${shown(path)} (${code})${intact && `; ${intact}`}.`);
	return new Refusal(`${what} while ${doing} ${shown(path)}${intact && `; ${intact}`}.`);
}

/** `work`, with the errors of the disk as sentences. */
export async function sayingWhy<T>(about: About, work: () => Promise<T> | T): Promise<T> {
	try {
		return await work();
	} catch (error) {
		throw refusalFor(error, about);
	}
}

const sentences: Record<string, string> = {
	ENOSPC: 'Disk full',
	EDQUOT: 'Disk quota used up',
	EROFS: 'The disk is read-only',
	EACCES: 'Permission denied',
	EPERM: 'Operation not permitted',
	EIO: 'The disk reported a fault',
	ENAMETOOLONG: 'The name is too long for this disk',
	ENOENT: 'A folder or file went missing',
	ENOTDIR: 'A folder on the way is not a folder',
	EISDIR: 'It is a folder, not a file',
	ELOOP: 'A link got in the way',
	EEXIST: 'Another program made it',
	EFBIG: 'The file would be too big for this disk',
	EMFILE: 'Too many files are open',
	ENFILE: 'Too many files are open',
	ETXTBSY: 'The file is being run',
	EBUSY: 'The file is busy',
};
