/** The code of a plain answer: its first fenced block, up to its end or that of the text; without a fence the whole text. */
export function firstFence(text: string): string {
	const [, mark, begun] = /^[ \t]*(`{3,}|~{3,})[^\n]*\n([\s\S]*)$/m.exec(text) ?? [];
	if (mark === undefined || begun === undefined) return text;
	const end = begun.search(new RegExp(`^[ \\t]*${mark}`, 'm'));
	return end < 0 ? begun : begun.slice(0, end);
}

/** The file that a plain answer makes of the beginning of a function: that beginning is kept, and not said twice. */
export function completed({ head, code, entry }: { head: string; code: string; entry: RegExp }): string {
	if (!entry.test(code)) return `${head}${code}`;
	const at = head.search(entry);
	return `${at < 0 ? head : head.slice(0, at)}${code}`;
}
