/** The opening line of a fenced block. `bodyAt` is where the block's first line begins. */
export type Fence = { indent: number; mark: string; info: string; bodyAt: number };
export type Body = { body: string; length: number; closed: boolean };
/** How the end of a block is found: `nested` counts fences inside (markdown), `edits` passes over those between edit markers. */
export type Inside = { nested: boolean; edits: boolean };

/** Where an edit in SEARCH / REPLACE form begins, turns and ends: five to nine characters are taken. */
export const marker = {
	search: /^[ \t]*<{5,9} ?(?:SEARCH|ORIGINAL)\b[^\n]*$/,
	middle: /^[ \t]*={5,9}\s*$/,
	replace: /^[ \t]*>{5,9} ?(?:REPLACE|UPDATED)\b[^\n]*$/,
};

/** The fence that begins at the start of `text`, if one does; `wait` while that is open. */
export function openFence(text: string, final: boolean): Fence | 'wait' | undefined {
	const found = /^([ \t]*)(`{3,}|~{3,})([^\n]*)(\n?)/.exec(text);
	if (!found) return !final && /^[ \t]*(?:`{0,2}|~{0,2})$/.test(text) ? 'wait' : undefined;
	const [all, indent = '', mark = '', info = '', newline] = found;
	if (mark.startsWith('`') && info.includes('`')) return undefined;
	if (!newline && !final) return 'wait';
	return { indent: indent.length, mark, info: info.trim(), bodyAt: all.length };
}

/** The block up to its closing line: only that many marks or more. Without one it reaches to the end when the text is final. */
export function fenceBody(text: string, fence: Fence, inside: Inside, final: boolean): Body | 'wait' {
	let depth = 0;
	let editing = false;
	for (let at = fence.bodyAt; at < text.length; ) {
		const newline = text.indexOf('\n', at);
		if (newline < 0 && !final) return 'wait';
		const end = newline < 0 ? text.length : newline;
		const line = text.slice(at, end);
		if (inside.edits && marker.search.test(line)) editing = true;
		else if (inside.edits && marker.replace.test(line)) editing = false;
		const kind = editing ? 'content' : fenceLine(line, fence);
		if (kind === 'opens' && inside.nested) depth++;
		if (kind === 'closes' && depth-- === 0)
			return { body: dedent(text.slice(fence.bodyAt, at), fence.indent), length: Math.min(end + 1, text.length), closed: true };
		at = end + 1;
	}
	if (!final) return 'wait';
	const body = text.slice(fence.bodyAt);
	return { body: dedent(body && !body.endsWith('\n') ? `${body}\n` : body, fence.indent), length: text.length, closed: false };
}

/** What a line is to a fence that is open around it. */
export function fenceLine(line: string, fence: Pick<Fence, 'mark' | 'indent'>): 'opens' | 'closes' | 'content' {
	const found = /^([ \t]*)(`{3,}|~{3,})[ \t]*([^\n]*?)\s*$/.exec(line);
	if (!found || found[2]![0] !== fence.mark[0] || found[2]!.length < fence.mark.length || found[1]!.length > fence.indent + 3)
		return 'content';
	if (found[3] === '') return 'closes';
	return /^[\w+#.-]+$/.test(found[3]!) ? 'opens' : 'content';
}

/** A fence around `body` that nothing in it can close. */
export function fenced(info: string, body: string): string {
	const longest = Math.max(2, ...[...body.matchAll(/`+/g)].map(run => run[0].length));
	const mark = '`'.repeat(longest + 1);
	return `${mark}${info}\n${body}${body && !body.endsWith('\n') ? '\n' : ''}${mark}`;
}

const dedent = (body: string, indent: number): string => (indent === 0 ? body : body.replace(new RegExp(`^[ \\t]{1,${indent}}`, 'gm'), ''));
