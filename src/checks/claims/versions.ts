import type { Claim } from './claims.js';
import { type Prose, pieceAt } from './prose.js';

const number = String.raw`v?(?<version>\d+(?:\.\d+){0,3})(?![\w.]*\d|\.?\w|\s+\w+s\b)`;
const named = String.raw`(?!lines?\b)(?<name>@?[A-Za-z](?:[\w./-]{0,80}\w)?)`;
const patterns = [
	new RegExp(
		String.raw`(?<![\w@/.-])${named}["']?\s*(?:\(|:(?=[\s"'])|@|==|~=|>=)?\s*(?:is |uses |runs )?(?:at |on |pinned to |set to )?(?:the )?(?:version |v\.? ?)?["'^~=]*\s?${number}`,
		'gi',
	),
	new RegExp(String.raw`\bversion\s+(?:is\s+)?["'^~]*${number}["']?\s+(?:of|for)\s+(?:the\s+)?${named}`, 'gi'),
	new RegExp(String.raw`\bversion\s+of\s+(?:the\s+)?${named}\s+(?:\w+\s+){0,4}?(?:is|to)\s+["'^~]*${number}`, 'gi'),
];
/** A history, a wish or a range is not what is installed. */
const other =
	/\b(?:upgrad|updat|migrat|latest|newer|newest|later|higher|above|since|introduced|supports?|compatible|prior|before|until|older|if|no longer|instead)/i;

/** What a reply says of the versions of things; which of them are dependencies is for the repository to say. */
export function versionsIn({ words }: Prose): Claim[] {
	const found = patterns.flatMap(pattern =>
		[...words.matchAll(pattern)].map(match => {
			const { name = '', version = '' } = match.groups ?? {};
			const text = match[0].trim().replace(/\s+/g, ' ');
			return { kind: 'version', text, at: match.index, name, version } as const;
		}),
	);
	return found.filter(({ at }) => !other.test(sentenceAt(words, at)));
}

function sentenceAt(words: string, at: number): string {
	const { before, after } = pieceAt(words, { text: '', at, length: 0 });
	return before + after;
}
