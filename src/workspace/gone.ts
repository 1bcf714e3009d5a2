import { readdirSync, realpathSync } from 'node:fs';
import { codeOf } from './trouble.js';

/** Looking at what may be gone, or closed to us: neither is a failure here. */

/** The real path, in the capitals that the disk has; the given one where there is none. */
export function realOr(path: string): string {
	return unlessClosed(() => realpathSync.native(path), path);
}

/** The names in a folder; none where there is no such folder. */
export function namesIn(folder: string): string[] {
	return unlessClosed(() => readdirSync(folder), []);
}

function unlessClosed<T>(look: () => T, otherwise: T): T {
	try {
		return look();
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		return otherwise;
	}
}
