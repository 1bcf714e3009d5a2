import type { Splice } from '../workspace/workspace.js';
import { findElision } from './elision.js';
import { findPlace } from './place.js';

/**
 * An edit whose two texts leave out the same parts ("..."), made piece by piece. Undefined unless both have as many pieces,
 * each piece has one place, and the places follow each other.
 */
export function inPieces(text: string, { old, fresh }: { old: string; fresh: string }): Splice[] | undefined {
	const [before, after] = [split(old, text), split(fresh, text)];
	if (before.length < 2 || before.length !== after.length) return undefined;
	const edits: Splice[] = [];
	for (const [index, piece] of before.entries()) {
		const changed = after[index]!;
		if (piece.trim() === '' && changed.trim() === '') continue;
		const found = findPlace(text, { old: piece, fresh: changed, all: false });
		if (found?.kind === 'already') continue;
		if (found?.kind !== 'found' || found.edits[0]!.start < (edits.at(-1)?.end ?? 0)) return undefined;
		edits.push(...found.edits);
	}
	return edits;
}

function split(written: string, known: string): string[] {
	const pieces: string[][] = [[]];
	for (const line of written.split('\n')) {
		if (line.trim() !== '' && findElision(line, { known }) !== undefined) pieces.push([]);
		else pieces.at(-1)!.push(line);
	}
	return pieces.map(lines => lines.join('\n'));
}
