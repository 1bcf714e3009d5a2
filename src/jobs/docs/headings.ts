/** A heading of markdown: `at` is its line (from 0), `underline` the line below it where it is written so. */
export type Heading = { at: number; level: number; text: string; underline: string | undefined };

/** A line of a list: its mark, its words. */
export const bullet = /^( {0,3}[-*+] +)(\S.*)$/;

/** The headings of a text, those in code left out. */
export function headingsIn(lines: readonly string[]): Heading[] {
	let isCode = false;
	return lines.flatMap((line, at): Heading[] => {
		if (/^ {0,3}(?:```|~~~)/.test(line)) isCode = !isCode;
		if (isCode) return [];
		const [, marks, title] = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line) ?? [];
		if (marks !== undefined) return [{ at, level: marks.length, text: title ?? '', underline: undefined }];
		const under = /^(?:=+|-{2,})\s*$/.exec(lines[at + 1] ?? '')?.[0];
		const isTitle = under !== undefined && line.trim() !== '' && !bullet.test(line);
		return isTitle ? [{ at, level: under.startsWith('=') ? 1 : 2, text: line.trim(), underline: under.trim() }] : [];
	});
}
