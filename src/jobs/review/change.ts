import { structuredPatch } from 'diff';
import { orNothing } from '../../checks/survey.js';
import { languageOf } from '../../checks/syntax/languages.js';
import { Refusal, type Remark } from '../../types.js';
import type { Differing, Workspace } from '../../workspace/workspace.js';

/** One changed file as text: `added` are the lines of `after` that are new or other than before, `removed` those of `before` that went; from 1. */
export type FileChange = {
	path: string;
	was: string;
	before: string | null;
	after: string | null;
	added: ReadonlySet<number>;
	removed: ReadonlySet<number>;
};

/** A change that is to be judged, and the state of the folder behind it. */
export type Change = {
	files: readonly FileChange[];
	/** Paths that differ and could not be read as text. */
	unread: readonly string[];
	workspace: Workspace;
	signal: AbortSignal;
	/** The texts of the folder by path, with the change. */
	texts(): Promise<ReadonlyMap<string, string>>;
	/** Whole texts by path that make the folder's files what they are before the change, and with it; null where there is none. */
	states(): Promise<{ before: State; after: State }>;
};

export type State = ReadonlyMap<string, string | null>;

/** What one class of checks looks for and says. Only what is certain. */
export type Check = (change: Change) => Promise<Found[]> | Found[];
export type Found = Omit<Remark, 'certainty'>;

/** Files of the folder that are looked through, and characters above which one is data. */
const mostFiles = 5_000;
const longest = 200_000;

/** Reads the change that `words` name: nothing, `REV`, or `A..B`. Throws `Refusal` where git knows none. */
export async function changeOf(words: string | undefined, workspace: Workspace, signal: AbortSignal): Promise<Change> {
	const ends = endsOf(words);
	const all = await workspace.git.differing(ends);
	// Behind `A..B` stands another state than the one on disk: what differs from that is read as it is there.
	const since = ends.to === undefined ? [] : await workspace.git.differing({ from: ends.to });
	const there = new Map(since.flatMap(statesOf));
	const files = all.flatMap(fileOf);
	for (const { path, was, after } of files) {
		if (was !== path) there.set(was, there.get(was) ?? null);
		there.set(path, after);
	}
	let texts: Promise<ReadonlyMap<string, string>> | undefined;
	return {
		files,
		unread: all.filter(one => one.before === undefined || one.after === undefined).map(({ path }) => path),
		workspace,
		signal,
		texts: () => (texts ??= textsOf(workspace, there)),
		states: async () => ({
			before: new Map((ends.to === undefined ? all : await workspace.git.differing({ from: ends.from ?? 'HEAD' })).flatMap(statesOf)),
			after: new Map(since.flatMap(statesOf)),
		}),
	};
}

/** The texts of the folder by path, those of `there` in place of what is on disk. */
export async function textsOf({ files }: Workspace, there: State): Promise<ReadonlyMap<string, string>> {
	const texts = new Map<string, string>();
	for (const path of (await files.list({ limit: mostFiles })).paths) {
		if (there.has(path)) continue;
		const text = await orNothing(async () => (await files.peek(path)).text);
		if (text !== undefined && text.length <= longest) texts.set(path, text);
	}
	for (const [path, text] of there) if (text !== null) texts.set(path, text);
	return texts;
}

/** As git differs it from what is on disk: what makes the earlier state of it. */
export const statesOf = ({ path, was, before }: Differing): [string, string | null][] =>
	before === undefined
		? []
		: was === path
			? [[path, before]]
			: [
					[path, null],
					[was, before],
				];

function endsOf(words: string | undefined): { from?: string; to?: string } {
	if (words === undefined) return {};
	const [from = '', to, stray] = words.split('..');
	if (from === '' || to === '' || stray !== undefined || to?.startsWith('.'))
		throw new Refusal('review takes nothing, a commit, or two of them: /review, /review main, /review v1..v2', 42);
	return to === undefined ? { from } : { from, to };
}

/** One file of a change, where both its texts are known and they are not the same. */
export function fileOf({ path, was, before, after }: Differing): FileChange[] {
	if (before === undefined || after === undefined || (before === after && path === was)) return [];
	return [{ path, was, before, after, ...linesOf(before ?? '', after ?? '') }];
}

function linesOf(before: string, after: string): Pick<FileChange, 'added' | 'removed'> {
	const patch = structuredPatch('', '', before, after, '', '', { context: 0, timeout: 1000 });
	const all = (text: string) => new Set(text === '' ? [] : text.split('\n').map((_line, index) => index + 1));
	if (!patch) return { added: all(after), removed: all(before) };
	const added = new Set<number>();
	const removed = new Set<number>();
	for (const { oldStart, newStart, lines } of patch.hunks) {
		let [old, now] = [oldStart, newStart];
		for (const line of lines)
			if (line.startsWith('+')) added.add(now++);
			else if (line.startsWith('-')) removed.add(old++);
	}
	return { added, removed };
}

export type Family = 'python' | 'script';

/** Which of the checked languages a file is in. */
export function familyOf(path: string): Family | undefined {
	const language = languageOf(path);
	if (language === 'python') return /\.pyi$/.test(path) ? undefined : 'python';
	return language === 'javascript' || language === 'typescript' || language === 'tsx'
		? /\.d\.[cm]?ts$/.test(path)
			? undefined
			: 'script'
		: undefined;
}

/** The line of the change that is nearest to this one, which may be outside it; the first line where only lines went. */
export function near({ added }: FileChange, line: number): number {
	if (added.has(line)) return line;
	return [...added].reduce((best, one) => (Math.abs(one - line) < Math.abs(best - line) ? one : best), [...added][0] ?? 1);
}

/** Where what stood in a line of the text before would stand now; of a file that is gone, where it stood. */
export function placeOf({ after, added, removed }: FileChange, line: number): number {
	if (after === null) return line;
	const last = Math.max(1, after.split('\n').length - (after.endsWith('\n') ? 1 : 0));
	let kept = line - 1 - [...removed].filter(one => one < line).length;
	let now = 1;
	// Behind the lines that were in front of it and stayed; then behind as many new ones as there are for the old ones in front.
	while (kept > 0 && now < last) if (!added.has(now++)) kept--;
	for (let old = line - 1; removed.has(old) && added.has(now + 1); old--) now++;
	return Math.min(now, last);
}
