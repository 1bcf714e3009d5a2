import { type Heading, headingsIn } from './headings.js';

/** The sections that are written, in their order in a file. */
export const titles = ['Install', 'Usage', 'Commands', 'Files'] as const;
export type Title = (typeof titles)[number];
export type Section = { title: Title; lines: readonly string[] };

/** What others call the same. */
const others: Record<Title, RegExp> = {
	Install: /^(?:install|set ?up\b|getting started|requirements|quick ?start)/i,
	Usage: /^(?:usage|us(?:e|ing)\b|examples?\b|how to|quick ?start|getting started|running)/i,
	Commands: /^(?:commands|scripts|development|developing|build|tests?\b|testing|tasks)/i,
	Files: /^(?:files|layout|contents|architecture|(?:source )?code\b|(?:project |folder |directory )?(?:structure|layout))/i,
};
/** What stands at the end of a file. */
const last = /^(?:licen[sc]e|contribut|credits|acknowledg|authors?\b|change ?log)/i;

/** The title that somebody means; undefined for what is none of them. */
export const titleFor = (word: string): Title | undefined => titles.find(title => title.toLowerCase() === word.toLowerCase());

/** The sections that a text does not have, by any name. */
export function missingIn(text: string): Title[] {
	const headings = headingsIn(text.split('\n'));
	return titles.filter(title => !headings.some(one => others[title].test(plain(one))));
}

/** The words of a heading without marks and pictures. */
const plain = ({ text }: Heading): string => text.replace(/^[^\p{L}]+/u, '');

/** The text with these sections in their places; nothing else of it changes. An empty one begins with `head`. */
export function withSections(text: string, sections: readonly Section[], head: readonly string[]): string {
	let lines = text.trim() === '' ? [...head, ''] : text.split('\n');
	for (const { title, lines: body } of sections) {
		const headings = headingsIn(lines);
		const level = levelIn(headings);
		const at = placeOf(title, headings, { level, end: lines.length });
		const above = lines.slice(0, at).join('\n').trimEnd();
		const below = lines.slice(at).join('\n').trim();
		const section = [`${'#'.repeat(level)} ${title}`, '', ...body].join('\n');
		lines = [above, section, below]
			.filter(part => part !== '')
			.join('\n\n')
			.split('\n');
	}
	return `${lines.join('\n').trimEnd()}\n`;
}

/** That of the sections: below the one title, where there is one. */
function levelIn(headings: readonly Heading[]): number {
	const [first, ...rest] = headings.map(({ level }) => level);
	return rest.length > 0 ? Math.min(...rest) : Math.min((first ?? 1) + 1, 6);
}

/** Before the first section that comes later in the order, or belongs at the end. */
function placeOf(title: Title, headings: readonly Heading[], { level, end }: { level: number; end: number }): number {
	const later = titles.slice(titles.indexOf(title) + 1);
	const next = headings.find(one => one.level === level && (last.test(plain(one)) || later.some(other => others[other].test(plain(one)))));
	return next?.at ?? end;
}
