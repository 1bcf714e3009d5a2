import type { Splice } from '../workspace/workspace.js';
import {
	indentOf,
	type Match,
	readable,
	type Strategy,
	sameButBlankLines,
	sameButIndent,
	sameButSpacing,
	sameCharacters,
	sameEnds,
} from './match.js';
import { reindenter } from './reindent.js';

/** How an edit was fitted to the text: each has a sentence for the model in `prompts/tools/edit.md`. */
export type Way = 'exact' | 'characters' | 'indent' | 'blanks' | 'spacing' | 'ends' | 'pieces';

export type Found =
	| { kind: 'found'; edits: Splice[]; way: Way }
	| { kind: 'ambiguous'; lines: number[] }
	| { kind: 'already'; line: number };

type Sought = { old: string; fresh: string; all: boolean; byEnds?: boolean };

/** Where the text has `old`, and how that becomes `fresh`; undefined when it is nowhere. `byEnds` is the last resort. */
export function findPlace(text: string, sought: Sought): Found | undefined {
	if (sought.byEnds) return byLines(text, sought, [['ends', sameEnds]]);
	return exactly(text, sought) ?? byLines(text, sought, strategies) ?? insideLine(text, sought);
}

const strategies: readonly (readonly [Way, Strategy])[] = [
	['characters', sameCharacters],
	['indent', sameButIndent],
	['blanks', sameButBlankLines],
	['spacing', sameButSpacing],
];

function exactly(text: string, { old, fresh, all }: Sought): Found | undefined {
	// A line end at the end of `old` alone would join the next line to the new text: never meant.
	const wanted = old.endsWith('\n') && fresh !== '' && !fresh.endsWith('\n') ? old.slice(0, -1) : old;
	if (wanted === '') return undefined;
	const places: number[] = [];
	for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) places.push(at);
	if (places.length === 0 || places.every(at => lacksIndent(text, { at, wanted, fresh }))) return undefined;
	const offset = fresh.indexOf(wanted);
	const open = offset < 0 ? places : places.filter(at => !text.startsWith(fresh, at - offset));
	if (open.length === 0) return { kind: 'already', line: lineAt(text, places[0]!) };
	if (places.length > 1 && !all) return { kind: 'ambiguous', lines: places.map(at => lineAt(text, at)) };
	return { kind: 'found', edits: open.map(at => ({ start: at, end: at + wanted.length, text: fresh })), way: 'exact' };
}

/** Whether `wanted` is a whole line but for its indentation, and new lines were written that lack it too. */
function lacksIndent(text: string, { at, wanted, fresh }: { at: number; wanted: string; fresh: string }): boolean {
	const indent = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
	if (wanted.includes('\n') || indent === '' || indent.trim() !== '' || !/^(?:\n|$)/.test(text.slice(at + wanted.length))) return false;
	const more = fresh
		.split('\n')
		.slice(1)
		.filter(line => line.trim() !== '');
	return more.some(line => indentOf(line).length < indent.length);
}

/** A part of one line in other characters, such as curly quotes. */
function insideLine(text: string, { old, fresh, all }: Sought): Found | undefined {
	const wanted = readable(old).trim();
	if (old.includes('\n') || wanted.length < 3 || fresh.includes('\n')) return undefined;
	const edits: Splice[] = [];
	let start = 0;
	for (const line of text.split('\n')) {
		const { plain, places } = mapped(line);
		const at = plain.indexOf(wanted);
		const whole = plain.trim() === wanted;
		if (at >= 0 && !whole) edits.push({ start: start + places[at]!, end: start + places[at + wanted.length]!, text: fresh.trim() });
		start += line.length + 1;
	}
	return chosen(text, edits, { way: 'characters', all });
}

/** A line as it reads, with the place in the line that each character of it came from. */
function mapped(line: string): { plain: string; places: number[] } {
	let plain = '';
	const places: number[] = [];
	for (const { 0: cluster, index } of line.matchAll(/\P{M}\p{M}*|\p{M}+/gu)) {
		const read = /^\s+$/.test(cluster) ? cluster.replace(/\p{Zs}/gu, ' ') : readable(cluster);
		for (let each = 0; each < read.length; each++) places.push(index);
		plain += read;
	}
	return { plain, places: [...places, line.length] };
}

function byLines(text: string, { old, fresh, all }: Sought, ways: typeof strategies): Found | undefined {
	const file = text.split('\n');
	const wanted = old.replace(/\n$/, '').split('\n');
	const added = (old.endsWith('\n') ? fresh.replace(/\n$/, '') : fresh).split('\n');
	if (wanted.every(line => line.trim() === '')) return undefined;
	for (const [way, strategy] of ways) {
		const matches = strategy(file, wanted);
		const edits = matches.map(match => lineEdit(file, match, { wanted, added: fresh === '' ? [] : added }));
		const found = chosen(text, edits, { way, all: all && way !== 'spacing' });
		if (found) return found;
	}
	return undefined;
}

function chosen(text: string, edits: Splice[], { way, all }: { way: Way; all: boolean }): Found | undefined {
	if (edits.length === 0) return undefined;
	if (edits.length > 1 && !all) return { kind: 'ambiguous', lines: edits.map(({ start }) => lineAt(text, start)) };
	return { kind: 'found', edits, way };
}

/** Puts the new lines into the place of the matched ones. What the edit does not change at its edges stays as the file has it. */
function lineEdit(file: readonly string[], match: Match, texts: { wanted: readonly string[]; added: readonly string[] }): Splice {
	const { wanted, added } = texts;
	const most = Math.min(wanted.length, added.length);
	const known = (index: number) => match.at[index]! >= 0 || wanted[index]!.trim() === '';
	let head = 0;
	while (head < most && wanted[head] === added[head] && known(head)) head++;
	let tail = 0;
	while (tail < most - head && wanted.at(-1 - tail) === added.at(-1 - tail) && known(wanted.length - 1 - tail)) tail++;
	const end = wanted.length - tail;
	const reindent = reindenter(match, file, texts);
	const sameCount = wanted.length === added.length;
	const fresh = added.slice(head, added.length - tail).map((line, index) => {
		const [model, place] = [wanted[head + index] ?? '', match.at[head + index] ?? -1];
		const inPlace = sameCount && place >= 0 && line.trim() !== '' && indentOf(line) === indentOf(model);
		return inPlace ? indentOf(file[place]!) + line.trimStart() : reindent(line);
	});
	return lineSplice(file, between(match, { head, end, known }), fresh);
}

/** The lines of the file that the changed ones among the wanted lines, `head` up to `end`, stand for. */
function between(
	{ from, to, at }: Match,
	changed: { head: number; end: number; known(index: number): boolean },
): { from: number; to: number } {
	const { head, end, known } = changed;
	const before = at.slice(0, head).findLast(place => place >= 0);
	const after = at.slice(end).find(place => place >= 0);
	const middle = at.slice(head, end);
	const own = middle.filter(place => place >= 0);
	if (middle.some((_place, index) => !known(head + index))) return { from: before === undefined ? from : before + 1, to: after ?? to };
	if (own.length > 0) return { from: own[0]!, to: own.at(-1)! + 1 };
	const place = before === undefined ? (after ?? from) : before + 1;
	return { from: place, to: place };
}

function lineSplice(file: readonly string[], { from, to }: { from: number; to: number }, fresh: readonly string[]): Splice {
	const starts = [0];
	for (const line of file) starts.push(starts.at(-1)! + line.length + 1);
	const length = starts.at(-1)! - 1;
	if (to < file.length) return { start: starts[from]!, end: starts[to]!, text: fresh.map(line => `${line}\n`).join('') };
	// The last line has no line end of its own: the one before it goes, or stays, with the new lines.
	return {
		start: Math.max(0, starts[from]! - 1),
		end: length,
		text: fresh.map((line, index) => (from === 0 && index === 0 ? line : `\n${line}`)).join(''),
	};
}

/** The lines, counted from 1, where `fresh` stands already in whole lines, in whatever indentation; none for texts too short to tell. */
export function standing(text: string, fresh: string): { from: number; to: number }[] {
	const lines = fresh.replace(/^\n+|\n+$/g, '').split('\n');
	if (lines.join('').replace(/\s/g, '').length < 6) return [];
	return sameButIndent(text.split('\n'), lines).map(({ from, to }) => ({ from: from + 1, to }));
}

/** The number of the line that holds the character at `offset`. */
export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
