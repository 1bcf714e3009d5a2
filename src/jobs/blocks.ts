/** The top-level pieces of a source file, by indentation: enough to know which function a line is in, in any language. */

/** `from` and `to` count lines from 1, both inside; `name` is what is defined, where that can be told. */
export type Block = { from: number; to: number; name: string | undefined };

const definition =
	/^\s*(?:export\s+|default\s+|pub(?:\([^)]*\))?\s+|public\s+|private\s+|protected\s+|static\s+|async\s+|abstract\s+|final\s+)*(?:function\s*\*?|def|func|fn|fun|class|struct|impl|const|let|var)\s+(?:\([^)]*\)\s*)?(\w+)/;

/** The name that this line defines, if any. */
export const definedIn = (line: string): string | undefined => definition.exec(line)?.[1];

/** A line that is not indented begins a piece, unless it only closes one or stands right above it, as a decorator does. */
export function blocksOf(text: string): Block[] {
	const blocks: Block[] = [];
	for (const [index, line] of text.split('\n').entries()) {
		const number = index + 1;
		const last = blocks.at(-1);
		const begins =
			/^[^\s)\]}]/.test(line) && !(last && last.to === number - 1 && /^(@|#\[|\/\/|#|\/\*|\*)/.test(text.split('\n')[index - 1] ?? ''));
		if (begins || !last) blocks.push({ from: number, to: number, name: definedIn(line) });
		else if (line.trim() !== '') {
			last.to = number;
			last.name ??= /^\S/.test(line) ? definedIn(line) : undefined;
		}
	}
	return blocks;
}

/** The piece that this line (from 1) is in. */
export const blockAt = (blocks: readonly Block[], line: number): Block | undefined => blocks.findLast(({ from }) => from <= line);
