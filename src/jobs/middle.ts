/** Where the text for a hole ends, and what of it repeats what stands behind the hole. Knows nothing of models and files. */

/** What stands before and behind a hole; line ends are `\n`. */
export type Sides = { before: string; after: string };

/**
 * What a hole asks for. `part`: a part of a line, text stands on both sides of it. `line`: a line above the one that is
 * there. `open`: nothing stands behind it on its line, so there may be several lines.
 */
export type Shape = 'part' | 'line' | 'open';

/** The text of the hole's own line, on both sides of it. */
const ownLine = ({ before, after }: Sides): { begun: string; rest: string } => ({
	begun: before.slice(before.lastIndexOf('\n') + 1),
	rest: after.split('\n', 1)[0] ?? '',
});

export function shapeOf(sides: Sides): Shape {
	const { begun, rest } = ownLine(sides);
	if (rest.trim() === '') return 'open';
	return begun.trim() === '' ? 'line' : 'part';
}

/**
 * What of `written`, a model's text for the hole, belongs into it: up to where it naturally ends, without what repeats the
 * text behind the hole. A new `line` comes with its line end and the indentation for the line that follows.
 */
export function middleOf(written: string, sides: Sides): string {
	const middle = withoutRepeats(upToEnd(written, sides), sides);
	if (shapeOf(sides) !== 'line') return middle;
	return middle.trim() === '' ? '' : `${middle}\n${ownLine(sides).begun}`;
}

/** Whether nothing that is written after this can belong into the hole. */
export function isOver(written: string, sides: Sides): boolean {
	const lines = written.split('\n');
	const { end, least } = endOf(lines, sides);
	if (shapeOf(sides) !== 'open') return end < lines.length;
	// A last line is still being written; all that is certain of it is where it began.
	return end < lines.length - 1 || (end < lines.length && lines[end]?.trim() !== '' && indentOf(lines[end] ?? '') < least);
}

/**
 * `written` up to its natural end. A part of a line and a line end with the line, a part also at the bracket or quote that
 * closes what was open before the hole, where that stands behind the hole already. Several lines end at a blank line behind
 * some text, at a line with less indentation than the hole's, and where the next line behind the hole comes again.
 */
export function upToEnd(written: string, sides: Sides): string {
	const lines = written.split('\n');
	const text = lines.slice(0, endOf(lines, sides).end).join('\n');
	return shapeOf(sides) === 'part' ? upToClosing(text, sides) : text;
}

function upToClosing(text: string, sides: Sides): string {
	const { rest } = ownLine(sides);
	const closing = rest.trimStart().charAt(0);
	if (!/[)\]}"'`]/.test(closing)) return text;
	const faultsWith = (middle: string) => faults(sides.before + middle + rest);
	for (let at = text.length - 1; at >= 0; at--)
		if (text[at] === closing && faultsWith(text.slice(0, at)) < faultsWith(text)) return upToClosing(text.slice(0, at), sides);
	return text;
}

/** The first of `lines` that does not belong into the hole, and the least indentation of those that do. */
function endOf(lines: readonly string[], sides: Sides): { end: number; least: number } {
	if (shapeOf(sides) !== 'open') return { end: 1, least: 0 };
	const { begun } = ownLine(sides);
	const next = nextLine(sides.after);
	const first = lines.findIndex(line => line.trim() !== '');
	const least = begun === '' ? indentOf(lines[first] ?? '') : indentOf(begun);
	const ends = (line: string, index: number): boolean =>
		index > 0 && (line.trim() === '' ? first >= 0 && index > first : indentOf(line) < least || line === next);
	const end = lines.findIndex(ends);
	return { end: end < 0 ? lines.length : end, least };
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** The first line behind the hole's own that says something; brackets alone may rightly come twice. */
function nextLine(after: string): string | undefined {
	const next = after
		.split('\n')
		.slice(1)
		.find(line => line.trim() !== '');
	return next !== undefined && isTelling(next) ? next : undefined;
}

const isTelling = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

/**
 * `middle` without an end that stands behind the hole already: whole lines, the rest of the line, brackets and quotes that
 * would be closed twice. What is taken off is always something that the text behind the hole begins with.
 */
export function withoutRepeats(middle: string, sides: Sides): string {
	const { after } = sides;
	for (let length = Math.min(middle.length, after.length); length > 0; length--)
		if (middle.endsWith(after.slice(0, length)) && isRepeat(middle, length, sides)) return withoutRepeats(middle.slice(0, -length), sides);
	return middle;
}

/** Whether the last `length` characters of `middle`, with which the text behind the hole begins, are there once too often. */
function isRepeat(middle: string, length: number, sides: Sides): boolean {
	const { begun, rest } = ownLine(sides);
	const { before, after } = sides;
	const repeated = after.slice(0, length);
	const left = middle.slice(0, -length);
	const fromBorder = repeated.startsWith('\n') || left.endsWith('\n') || (left === '' && begun.trim() === '');
	const toBorder = repeated.endsWith('\n') || length === after.length || after[length] === '\n';
	if (fromBorder && toBorder && (repeated.trim() === '' || isTelling(repeated))) return true;
	const splitsWord = /[\p{L}\p{N}_]$/u.test(left) && /^[\p{L}\p{N}_]/u.test(repeated);
	if (repeated.trim() === rest.trim() && isTelling(repeated) && !splitsWord) return true;
	const behind = after.slice(0, Math.max(length, rest.length));
	return faults(before + left + behind) < faults(before + middle + behind);
}

const openers: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

/** Brackets that close nothing, and quotes without a partner on the last line. */
function faults(text: string): number {
	const open: string[] = [];
	let count = 0;
	for (const [sign] of text.matchAll(/[()[\]{}]/g)) {
		const opener = openers[sign];
		if (opener === undefined) open.push(sign);
		else if (open.at(-1) === opener) open.pop();
		else count++;
	}
	const line = text.slice(text.lastIndexOf('\n') + 1);
	for (const quote of ['"', "'", '`']) count += (line.split(quote).length - 1) % 2;
	return count;
}
