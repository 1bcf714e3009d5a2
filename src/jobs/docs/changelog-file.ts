import { bullet, type Heading, headingsIn } from './headings.js';

/** A changelog as it is written: where its lines are, how they look, where new ones go. */

/** What a line tells of, in the names and the order of Keep a Changelog (keepachangelog.com). */
export const kinds = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'] as const;
export type Kind = (typeof kinds)[number];
export type Entry = { kind: Kind; words: string };

/** `examples` are its newest lines, without their mark. */
export type Look = { mark: string; period: boolean; capital: boolean; grouped: boolean; examples: string[] };

const unreleased = /\bunreleased\b|\bupcoming\b|\bnot (?:yet )?released\b|\bin development\b|^\W*next\b/i;
const release = /\bv?\d+\.\d+/;
const shown = 4;

/** How the lines of this text look; those of most of its own count. */
export function lookOf(text: string): Look {
	const lines = text.split('\n');
	const found = lines.flatMap(line => bullet.exec(line) ?? []);
	const words = lines.flatMap(line => bullet.exec(line)?.[2] ?? []);
	const most = (is: (one: string) => boolean) => words.filter(is).length * 2 > words.length;
	const groups = headingsIn(lines).some(({ text: title }) => kindOf(title) !== undefined);
	return {
		mark: /^ {0,3}[-*+] +/.exec(found[0] ?? '')?.[0] ?? '- ',
		period: most(one => /\.$/.test(one)),
		capital: words.length === 0 || most(one => /^[^\p{L}]*\p{Lu}/u.test(one)),
		grouped: groups || (words.length === 0 && /keep ?a ?changelog/i.test(text)),
		examples: words.slice(0, shown),
	};
}

const kindOf = (title: string): Kind | undefined => kinds.find(kind => kind.toLowerCase() === title.trim().replace(/:$/, '').toLowerCase());

/** The text with these lines among what is not released yet; nothing else of it changes. */
export function withEntries(text: string, entries: readonly Entry[], { mark, grouped }: Look): string {
	const lines = text.split('\n');
	const headings = headingsIn(lines);
	const releases = headings.filter(one => release.test(one.text) || unreleased.test(one.text));
	const [first] = releases;
	const bulletsOf = (some: readonly Entry[]) => some.map(({ words }) => mark + words);
	if (!first) return withoutReleases(lines, bulletsOf(entries));
	const section = grouped ? newGroups(entries, { mark, level: first.level, isApart: isApart(lines, headings) }) : bulletsOf(entries);
	if (!unreleased.test(first.text)) {
		lines.splice(first.at, 0, ...titleLike(first), '', ...section, '');
		return lines.join('\n');
	}
	const from = first.at + (first.underline === undefined ? 1 : 2);
	const next = headings.find(({ at, level }) => at > first.at && level <= first.level)?.at ?? lines.length;
	const footer = lines.findIndex((line, at) => at >= from && at < next && /^\[[^\]]+\]:\s/.test(line));
	const to = footer < 0 ? next : footer;
	const body = lines.slice(from, to);
	const added = grouped
		? inGroups(body, entries, { mark, level: first.level, isApart: isApart(lines, headings) })
		: behind(body, bulletsOf(entries));
	return [...lines.slice(0, from), ...added, ...lines.slice(to)].join('\n');
}

/** Without any release told apart, the newest lines stand above the others; in an empty one at its end. */
function withoutReleases(lines: readonly string[], added: readonly string[]): string {
	const at = lines.findIndex(line => bullet.test(line));
	if (at >= 0) return [...lines.slice(0, at), ...added, ...lines.slice(at)].join('\n');
	const kept = lines.join('\n').trimEnd();
	return `${kept}${kept === '' ? '' : '\n\n'}${added.join('\n')}\n`;
}

/** `## [1.2.0] - 2025-01-01` is followed by `## [Unreleased]`, `v1.2` by `Unreleased`. */
function titleLike({ level, text, underline }: Heading): string[] {
	const title = /^\[/.test(text) ? '[Unreleased]' : 'Unreleased';
	if (underline === undefined) return [`${'#'.repeat(level)} ${title}`];
	return [title, underline[0]!.repeat(title.length)];
}

/** Whether a blank line stands below the names of groups. */
const isApart = (lines: readonly string[], headings: readonly Heading[]): boolean =>
	headings.filter(({ text }) => kindOf(text) !== undefined).every(({ at }) => (lines[at + 1] ?? '') === '');

type Grouping = { mark: string; level: number; isApart: boolean };

function newGroups(entries: readonly Entry[], { mark, level, isApart: apart }: Grouping): string[] {
	const groups = kinds.flatMap(kind => {
		const own = entries.filter(entry => entry.kind === kind);
		return own.length === 0 ? [] : [[`${'#'.repeat(level + 1)} ${kind}`, ...(apart ? [''] : []), ...own.map(({ words }) => mark + words)]];
	});
	return groups.flatMap((group, index) => (index === 0 ? group : ['', ...group]));
}

/** Each line below the name of its group where there is one; the other groups behind them. */
function inGroups(body: readonly string[], entries: readonly Entry[], grouping: Grouping): string[] {
	let lines = [...body];
	const missing: Entry[] = [];
	for (const entry of entries) {
		const headings = headingsIn(lines);
		const own = headings.find(({ text }) => kindOf(text) === entry.kind);
		if (!own) {
			missing.push(entry);
			continue;
		}
		const end = headings.find(({ at }) => at > own.at)?.at ?? lines.length;
		lines = [...lines.slice(0, own.at + 1), ...behind(lines.slice(own.at + 1, end), [grouping.mark + entry.words]), ...lines.slice(end)];
	}
	return missing.length === 0 ? lines : behind(lines, newGroups(missing, grouping), '');
}

/** New lines behind the last that is not blank; `apart` stands between them. */
function behind(body: readonly string[], added: readonly string[], ...apart: readonly string[]): string[] {
	const last = body.findLastIndex(line => line.trim() !== '');
	if (last < 0) return ['', ...added, ...(body.length > 0 ? body.slice(Math.min(1, body.length - 1)) : [''])];
	return [...body.slice(0, last + 1), ...apart, ...added, ...body.slice(last + 1)];
}
