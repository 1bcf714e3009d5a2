import { marker } from './fence.js';

export type Edit = { old: string; new: string };
/** `broken`: there are markers, but not in their order. */
export type Edits = { kind: 'none' } | { kind: 'broken' } | { kind: 'edits'; edits: Edit[] };

/** Any trace of a marker, damaged ones included. */
const traces = /^[ \t]*(?:<{2,}[ \t]*(?:SEARCH|ORIGINAL)\b|>{2,}[ \t]*(?:REPLACE|UPDATED)\b)/m;

/**
 * The edits written between SEARCH / REPLACE markers. Texts are whole lines without the last line break, which stays only
 * where the other side is empty, so that lines are inserted and removed as a whole.
 */
export function editsIn(body: string): Edits {
	if (!traces.test(body)) return { kind: 'none' };
	const edits: Edit[] = [];
	const lines = body.replace(/\r?\n$/, '').split(/\r?\n/);
	let at = 0;
	while (at < lines.length) {
		if (!marker.search.test(lines[at]!)) {
			if (lines[at]!.trim()) return { kind: 'broken' };
			at++;
			continue;
		}
		const middle = lines.findIndex((line, index) => index > at && marker.middle.test(line));
		const end = lines.findIndex((line, index) => index > middle && marker.replace.test(line));
		if (middle < 0 || end < 0 || lines.slice(at + 1, end).some(line => marker.search.test(line))) return { kind: 'broken' };
		edits.push(edit(lines.slice(at + 1, middle), lines.slice(middle + 1, end)));
		at = end + 1;
	}
	return { kind: 'edits', edits };
}

/** The same in the other direction, for texts that are whole lines. */
export function writeEdit({ old, new: fresh }: Edit): string {
	const block = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
	return `<<<<<<< SEARCH\n${block(old)}=======\n${block(fresh)}>>>>>>> REPLACE\n`;
}

function edit(old: readonly string[], fresh: readonly string[]): Edit {
	if (old.length && fresh.length) return { old: old.join('\n'), new: fresh.join('\n') };
	return { old: old.map(line => `${line}\n`).join(''), new: fresh.map(line => `${line}\n`).join('') };
}
