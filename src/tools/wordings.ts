import { withoutNumbers } from './numbered.js';

/** What is to be replaced by what, as the model wrote it or as it most likely meant it. */
export type Wording = { old: string; fresh: string };

/** The wordings to try, best first: as written, then without the slips that models make when they copy text. */
export function wordings(written: Wording): Wording[] {
	const clean = { old: unified(written.old), fresh: unified(written.fresh) };
	const all = [clean];
	for (const mend of [unfenced, unnumbered, unescaped, unpadded]) {
		const mended = mend(all.at(-1)!);
		if (mended) all.push(mended);
	}
	return all;
}

/** Line ends as `\n` and no byte order mark, as in `TextFile.text`. */
export const unified = (text: string): string => text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');

const fence = /^\s*(`{3,}|~{3,})[^\n]*\n([\s\S]*?)\n?\1\s*$/;

function unfenced({ old, fresh }: Wording): Wording | undefined {
	const inner = fence.exec(old)?.[2];
	return inner === undefined ? undefined : { old: inner, fresh: fence.exec(fresh)?.[2] ?? fresh };
}

function unnumbered({ old, fresh }: Wording): Wording | undefined {
	const bare = withoutNumbers(old);
	return bare === undefined ? undefined : { old: bare, fresh: withoutNumbers(fresh) ?? fresh };
}

/** `\n` written as two characters: only in a text that has no real line end. */
function unescaped({ old, fresh }: Wording): Wording | undefined {
	if (old.includes('\n') || !/\\[nt"']/.test(old)) return undefined;
	return { old: plain(old), fresh: fresh.includes('\n') ? fresh : plain(fresh) };
}

/** No blanks at line ends. */
function unpadded({ old, fresh }: Wording): Wording | undefined {
	const padding = /[ \t]+$/gm;
	const bare = old.replace(padding, '');
	return bare === old ? undefined : { old: bare, fresh: fresh.replace(padding, '') };
}

const plain = (text: string): string => text.replace(/\\([nrt"'\\])/g, (_all, sign: string) => ({ n: '\n', r: '', t: '\t' })[sign] ?? sign);
