import { lstatSync } from 'node:fs';
import { Refusal } from '../types.js';
import { rootAt, type Spot, withSpot } from './inside.js';
import { hashOf } from './preimages.js';
import { readRegular } from './regular.js';

/**
 * What stands at `path`, seen from the folder `from` inside the root, links resolved: another text once that is another file, another
 * folder, or a file with other bytes. What leads outside is always the same.
 */
export async function standingAt(root: string, from: string, path: string): Promise<string> {
	const place = rootAt(root);
	try {
		return await withSpot(place, path.startsWith('/') ? path : `${from}/${path}`, spot => {
			const entry = lstatSync(spot.at(), { throwIfNoEntry: false });
			if (!entry?.isFile()) return `${spot.path} ${entry?.dev} ${entry?.ino}`;
			return `${spot.path} ${digestOf(() => readRegular(place, spot)?.bytes) ?? marksOf(spot)}`;
		});
	} catch (error) {
		if (error instanceof Refusal) return 'outside';
		throw error;
	}
}

function digestOf(read: () => Buffer | undefined): string | undefined {
	try {
		const bytes = read();
		return bytes && hashOf(bytes);
	} catch (error) {
		if (error instanceof Refusal) return undefined;
		throw error;
	}
}

/** Of a file too large to be read as a whole: what changes with it, and what nobody but root can set back. */
function marksOf(spot: Spot): string {
	const entry = lstatSync(spot.at(), { throwIfNoEntry: false });
	return `${entry?.ino} ${entry?.size} ${entry?.ctimeMs}`;
}
