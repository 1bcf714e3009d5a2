import type { Splice } from '../workspace/workspace.js';
import { findElision } from './elision.js';
import { inPieces } from './pieces.js';
import { type Found, findPlace, lineAt, standing, type Way } from './place.js';
import { closestLines, type Region } from './similarity.js';
import { wordings } from './wordings.js';

/** What the model wants changed: every `old` into `fresh`, or the one there is. `prose` is text for people, not code. */
export type Edit = { old: string; fresh: string; all?: boolean; prose?: boolean };

/** What came of fitting an edit to a text. Lines are counted from 1. */
export type Applied =
	/** `lines` are where the changes begin in `after`. */
	| { kind: 'edits'; edits: Splice[]; way: Way; lines: number[]; after: string }
	| { kind: 'already'; line: number }
	| { kind: 'ambiguous'; lines: number[] }
	/** The edit leaves code out, in the words of `line`. */
	| { kind: 'elided'; line: string }
	| { kind: 'missing'; closest: Region | undefined }
	| { kind: 'same' };

/**
 * Fits an edit to `text`, the most faithful way first: exactly; in other characters; indented otherwise; with other blank
 * lines; with other spacing; by its first and last line. Knows when the edit has been made before. A place that is not the
 * only one is never guessed.
 */
export function applyEdit(text: string, edit: Edit): Applied {
	const tries = wordings(edit);
	if (tries[0]!.old === tries[0]!.fresh) return { kind: 'same' };
	const prose = edit.prose ?? false;
	const elided = tries.map(({ fresh }) => findElision(fresh, { known: text, prose })).find(line => line !== undefined);
	const gap = elided ?? findElision(tries.at(-1)!.old, { known: text, prose });
	if (gap !== undefined) {
		const edits = inPieces(text, tries.at(-1)!);
		return edits ? finished(text, { kind: 'found', edits, way: 'pieces' }) : { kind: 'elided', line: gap };
	}
	const all = edit.all ?? false;
	for (const wording of tries) {
		const found = findPlace(text, { ...wording, all });
		if (found) return finished(text, found);
	}
	const closest = closestLines(text.split('\n'), tries.at(-1)!.old.split('\n'));
	const line = madeBefore(text, tries.at(-1)!.fresh, closest);
	if (line !== undefined) return { kind: 'already', line };
	for (const wording of tries) {
		const found = findPlace(text, { ...wording, all, byEnds: true });
		if (found) return finished(text, found);
	}
	return { kind: 'missing', closest };
}

/** The line of `fresh`, when it stands where the old text should be: elsewhere it may stand for reasons of its own. */
function madeBefore(text: string, fresh: string, closest: Region | undefined): number | undefined {
	const there = standing(text, fresh);
	if (!closest) return there.length === 1 && fresh.trim().length >= 20 ? there[0]!.from : undefined;
	return there.find(({ from, to }) => from <= closest.from + closest.lines.length && to > closest.from)?.from;
}

function finished(text: string, found: Found): Applied {
	if (found.kind !== 'found') return found;
	const { edits, way } = found;
	const after = spliced(text, edits);
	if (after === text) return { kind: 'already', line: lineAt(text, edits[0]?.start ?? 0) };
	let moved = 0;
	const lines = edits.map(({ start, end, text: fresh }) => {
		const line = lineAt(after, start + moved);
		moved += fresh.length - (end - start);
		return line;
	});
	return { kind: 'edits', edits, way, lines, after };
}

/** `text` with `edits` made, which must be in order and must not overlap. */
export function spliced(text: string, edits: readonly Splice[]): string {
	let after = '';
	let at = 0;
	for (const { start, end, text: fresh } of edits) {
		after += text.slice(at, start) + fresh;
		at = end;
	}
	return after + text.slice(at);
}
