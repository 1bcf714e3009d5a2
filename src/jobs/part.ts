import { type Definition, definitions } from '../checks/syntax/definitions.js';

/**
 * The piece of a long file that a task is about, by its lines (from 1, both inside), or the line before which something new goes
 * (then `to` is the line above it). `outline` is what else the file has: its imports and the first lines of its definitions.
 */
export type Part = { from: number; to: number; name: string; isNew: boolean; outline: string };

/** Lines of a file that is written again as a whole; and of a piece at the most. */
const short = 80;
const longest = 120;
/** Lines of an outline. */
const mostOutline = 60;

/** What a definition must score, by its name or by the words it shares with the task, and how far ahead it must be by words alone. */
const byName = 6;
const byWords = 2;
const ahead = 1.5;

/** The piece of this file that a task with these words is about. Undefined for a short file, and where that is not clear. */
export async function partFor(asked: string, path: string, text: string): Promise<Part | undefined> {
	const lines = text.split('\n');
	if (lines.length <= short || /\brename\b/i.test(asked)) return undefined;
	const all = (await definitions(path, text)) ?? [];
	const words = asked.replaceAll(path, ' ');
	const scored = all
		.filter(({ from, to }) => to - from < longest)
		.map(one => ({ one, score: scoreOf(one, words, { all, lines }) }))
		.sort((a, b) => b.score - a.score || a.one.to - a.one.from - (b.one.to - b.one.from));
	const [best, second] = scored;
	const outline = (part: { from: number; to: number }) => outlineOf(lines, all, { text, ...part });
	const clear = best && (best.score >= byName || (best.score >= byWords && best.score >= ahead * (second?.score ?? 0)));
	const isAddition = /\b(?:add|write|create|implement)\b[^.\n]{0,60}\b(?:function|class|helper|constant|type|interface|component)\b/i.test(
		words,
	);
	if (clear && (best.score >= byName || !isAddition)) {
		const { from, to, name } = best.one;
		return { from, to, name, isNew: false, outline: outline({ from, to }) };
	}
	const last = all.findLast(({ owner }) => owner === undefined);
	if (!isAddition || !last) return undefined;
	const place = { from: last.to + 1, to: last.to };
	return { ...place, name: 'something new', isNew: true, outline: outline(place) };
}

/** The file with this text in the place of the piece. What is new stands apart from what is above it as the others do. */
export function withPart(text: string, { from, to, isNew }: Part, piece: string): string {
	const lines = text.split('\n');
	const apart = isNew ? [...gapAbove(lines, to)] : [];
	return [...lines.slice(0, from - 1), ...apart, ...piece.trimEnd().split('\n'), ...lines.slice(to)].join('\n');
}

/** As many blank lines as there are between the piece above and what is above that, one at least. */
function gapAbove(lines: readonly string[], line: number): string[] {
	let top = line - 1;
	while (top > 0 && /^[\s)\]}]|^$/.test(lines[top] ?? '')) top--;
	let blank = 0;
	while (top - 1 - blank >= 0 && lines[top - 1 - blank]?.trim() === '') blank++;
	return Array<string>(Math.min(2, Math.max(1, blank))).fill('');
}

type File = { all: readonly Definition[]; lines: readonly string[] };

function scoreOf(one: Definition, asked: string, file: File): number {
	const owner = one.owner?.split('.').at(-1);
	const ofOwner = owner !== undefined && hasWord(asked, owner) ? 3 : 0;
	// A word such as `get` may be meant as a word.
	const plain = /^[a-z]{1,4}$/.test(one.name) && !new RegExp(`[\`'"]${one.name}\\b|\\b${one.name}\\(`).test(asked);
	if (hasWord(asked, one.name)) return (plain ? byName / 2 : byName + 4) + ofOwner;
	const said = new Set(asked.toLowerCase().match(/\p{L}{3,}/gu));
	const parts = partsOf(one.name);
	if (parts.length > 1 && parts.every(part => said.has(part))) return byName + ofOwner;
	return ofOwner + shared(one, said, file);
}

/** Words of the task that stand in a definition, those that stand in few of them counted more. */
function shared(one: Definition, said: ReadonlySet<string>, { all, lines }: File): number {
	const wordsIn = ({ from, to }: Definition) =>
		new Set(
			lines
				.slice(from - 1, to)
				.join('\n')
				.toLowerCase()
				.match(/\p{L}{4,}/gu),
		);
	const own = wordsIn(one);
	let score = 0;
	for (const word of said) {
		if (!own.has(word)) continue;
		const others = all.filter(other => other !== one && !contains(other, one) && wordsIn(other).has(word)).length;
		score += 1 / (1 + others);
	}
	return score;
}

const contains = (outer: Definition, inner: Definition): boolean => outer.from <= inner.from && outer.to >= inner.to;
const hasWord = (text: string, word: string): boolean => new RegExp(`(?<![\\w$])${word.replace(/[$]/g, '\\$&')}(?![\\w$])`).test(text);
const partsOf = (name: string): string[] =>
	name
		.replace(/([a-z0-9])([A-Z])/g, '$1 $2')
		.toLowerCase()
		.split(/[^a-z0-9]+/)
		.filter(part => part.length > 2);

const imports = /^\s*(?:import\b|from\s+\S+\s+import\b|(?:const|let|var)\s.*\brequire\(|use\s|#include\b|package\b|using\s|require\s)/;

function outlineOf(
	lines: readonly string[],
	all: readonly Definition[],
	{ text, from, to }: { text: string; from: number; to: number },
): string {
	const heads = all.filter(one => one.from > to || one.to < from).map(({ at }) => text.slice(0, at).split('\n').length);
	const chosen = new Set([...lines.flatMap((line, i) => (imports.test(line) ? [i + 1] : [])), ...heads]);
	return [...chosen]
		.filter(line => line < from || line > to)
		.sort((a, b) => a - b)
		.slice(0, mostOutline)
		.map(line => lines[line - 1])
		.join('\n');
}
