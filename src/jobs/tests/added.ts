/** What a file is made of that is only tests. `imports` are lines in groups, `end` what runs the file, in a new one. */
export type Pieces = { imports: readonly (readonly string[])[]; body: string; end: string; gap: string };

/** Statements that bring names into a file. */
const importing =
	/^(?:from\s[^\n]*import\s*\([^)]*\)|(?:from|import)\s[^\n{;'"]*$|import\s[^;'"]*['"][^'"]+['"];?|(?:const|let|var)\s[^;=]*=\s*require\([^)]*\)[^\n]*)/gm;

/**
 * A new file of these pieces; or `text` with the tests at its end, before the lines that run it, and with what they import and it
 * lacks behind its imports.
 */
export function added(text: string | null, { imports, body, end, gap }: Pieces): string {
	const groups = imports.filter(group => group.length > 0);
	if (text === null) return `${groups.map(group => group.join('\n')).join('\n\n')}${gap}${body}${end}`;
	const found = [...text.matchAll(importing)];
	const known = found.map(([statement]) => statement).join('\n');
	const missing = groups.flat().flatMap(line => lacking(line, known) ?? []);
	const last = found.at(-1);
	const at = last ? last.index + last[0].length : 0;
	const lines = missing.map(line => (at === 0 ? `${line}\n` : `\n${line}`)).join('');
	const whole = text.slice(0, at) + lines + (at === 0 && lines !== '' ? '\n' : '') + text.slice(at);
	const run = whole.search(/^if __name__\b/m);
	if (run < 0) return `${whole.trimEnd()}${gap}${body}`;
	return `${whole.slice(0, run).trimEnd()}${gap}${body}\n\n${whole.slice(run)}`;
}

/** A line of ours with the names only that are not there yet; undefined where none is. */
function lacking(line: string, known: string): string | undefined {
	const [, head = '', inside = '', tail = ''] =
		/^([^{]*\{\s*)([^}]*?)(\s*\}.*)$/.exec(line) ??
		/^(from \S+ import )(.+)()$/.exec(line) ??
		/^((?:import|const) )(\w+)(.*)$/.exec(line) ??
		[];
	if (/^from /.test(line) && known.includes(`${head}*`)) return undefined;
	const isNew = (name: string) => !new RegExp(`(?<![\\w$.])${name.replace(/\$/g, '\\$')}(?![\\w$])`).test(known);
	const names = inside.split(/\s*,\s*/).filter(isNew);
	return names.length === 0 ? undefined : `${head}${names.join(', ')}${tail}`;
}
