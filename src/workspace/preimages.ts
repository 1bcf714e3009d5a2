/** Contents of files as they were, by their SHA-256. Outside the work tree, readable by the person only. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tempName, writeAtomically } from './atomic.js';
import { codeOf, refusalFor, sayingWhy } from './trouble.js';

export type Preimages = {
	/** Keeps `bytes` and gives their hash; when it returns they survive a power cut. */
	keep(bytes: Uint8Array): Promise<string>;
	/** The bytes with this hash; undefined when they are missing or no longer what they were. */
	bytes(hash: string): Buffer | undefined;
	/** Removes what a program that died here left half-written. Only for who is alone. */
	sweep(): void;
};

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The store in `folder`, made if need be. */
export function openPreimages(folder: string): Preimages {
	try {
		mkdirSync(folder, { recursive: true, mode: 0o700 });
	} catch (error) {
		throw refusalFor(error, { doing: 'keeping undo data in', path: folder, intact: 'no file was changed' });
	}
	return {
		async keep(bytes) {
			const hash = hashOf(bytes);
			if (existsSync(join(folder, hash)) && this.bytes(hash)) return hash;
			const target = { target: join(folder, hash), temp: join(folder, tempName()), folder };
			await sayingWhy({ doing: 'keeping undo data in', path: folder, intact: 'no file was changed' }, () =>
				writeAtomically(target, { bytes, mode: 0o600 }, {}),
			);
			return hash;
		},
		bytes(hash) {
			try {
				const found = readFileSync(join(folder, hash));
				return hashOf(found) === hash ? found : undefined;
			} catch (error) {
				if (codeOf(error) !== 'ENOENT') throw error;
				return undefined;
			}
		},
		sweep() {
			for (const name of readdirSync(folder)) if (name.endsWith('.tmp')) rmSync(join(folder, name), { force: true });
		},
	};
}
