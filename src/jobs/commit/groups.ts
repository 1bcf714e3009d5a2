import { posix } from 'node:path';
import { isTestFile } from '../../checks/coverage/merge.js';
import { escaped } from '../../checks/escaped.js';
import { definitions } from '../../checks/syntax/definitions.js';
import { languageOf } from '../../checks/syntax/languages.js';
import { references } from '../../checks/syntax/references.js';
import { withTree } from '../../checks/syntax/trees.js';
import { type FileChange, familyOf } from '../review/change.js';
import { topNames } from '../review/checks/bindings.js';
import { importsIn } from '../review/checks/imports.js';
import { stemOf, subjectOf } from '../tests/where.js';

/** Parts that a change is taken into at most: more would be read by nobody. */
const mostParts = 8;

/**
 * One file of a change, and what was found out about it: names that it gives another definition, of which in `bodies` only the inside
 * is another one; its changed lines; the files that it has names from, and whether that changed.
 */
type Seen = FileChange & {
	defines: ReadonlySet<string>;
	bodies: ReadonlySet<string>;
	methods: ReadonlySet<string>;
	lines: string;
	imports: ReadonlyMap<string, boolean>;
};

const docs = /\.(?:md|mdx|rst|adoc|txt)$|(?:^|\/)docs?\/|(?:^|\/)(?:LICEN[CS]E|AUTHORS|CHANGELOG|NOTICE)\b/i;
const manifests =
	/(?:^|\/)(?:package(?:-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|pyproject\.toml|(?:poetry|uv)\.lock|setup\.(?:py|cfg)|requirements[\w-]*\.txt|Cargo\.(?:toml|lock)|go\.(?:mod|sum)|pom\.xml|build\.gradle(?:\.kts)?)$/;

const isManifest = (path: string): boolean => manifests.test(path);
const isDocs = (path: string): boolean => docs.test(path) && !isTestFile(path) && !isManifest(path) && !/CMakeLists/.test(path);
const isCode = (path: string): boolean => languageOf(path) !== undefined && !isDocs(path);

/**
 * The paths of a change in groups that may stand alone: what uses a name goes with what changes its definition, a test with what it
 * tests, a lock file with its manifest, the same edit with itself; documents stand apart, last. `paths` are all files of the folder
 * with the change.
 */
export async function groupsOf(files: readonly FileChange[], paths: ReadonlySet<string>): Promise<string[][]> {
	const all = await Promise.all(files.map(file => seen(file, paths)));
	const group = new Map(all.map(({ path }) => [path, path]));
	const rootOf = (path: string): string => {
		const above = group.get(path) ?? path;
		return above === path ? path : rootOf(above);
	};
	for (const [index, one] of all.entries())
		for (const other of all.slice(index + 1))
			if (rootOf(one.path) !== rootOf(other.path) && (await belong(one, other))) group.set(rootOf(other.path), rootOf(one.path));
	const groups = [...Map.groupBy(all, ({ path }) => rootOf(path)).values()].map(list => list.map(({ path }) => path));
	const ordered = groups.map(list => ({ list, rank: rankOf(list) })).sort((a, b) => a.rank - b.rank);
	return fewer(ordered.map(({ list }) => list));
}

/** What others may need first; documents last. */
const rankOf = (paths: readonly string[]): number => (paths.every(isDocs) ? 2 : paths.some(isCode) ? 1 : 0);

/** Where there are too many, those that begin in the same folder go together, then the last ones. */
function fewer(groups: string[][]): string[][] {
	if (groups.length <= mostParts) return groups;
	const near = [...Map.groupBy(groups, ([first = '']) => `${rankOf([first])} ${posix.dirname(first)}`).values()].map(list => list.flat());
	return near.length <= mostParts ? near : [...near.slice(0, mostParts - 1), near.slice(mostParts - 1).flat()];
}

async function seen(file: FileChange, paths: ReadonlySet<string>): Promise<Seen> {
	const { path, was, before, after, added, removed } = file;
	const defines = new Set<string>();
	const bodies = new Set<string>();
	const heads = new Set<string>();
	const methods = new Set<string>();
	const imports = new Map<string, boolean>();
	for (const [at, text, lines] of [
		[path, after, added],
		[was, before, removed],
	] as const) {
		if (text === null || !isCode(at)) continue;
		for (const { name, from, to, kind, at: offset } of (await definitions(at, text)) ?? []) {
			if (![...lines].some(line => from <= line && line <= to)) continue;
			(kind === 'method' ? methods : defines).add(name);
			if (!lines.has(text.slice(0, offset).split('\n').length)) bodies.add(name);
			else heads.add(name);
		}
		const family = familyOf(at);
		if (family === undefined) continue;
		await withTree(at, text, ({ root }) => {
			for (const [name, line] of topNames(root, family)) if (lines.has(line)) defines.add(name);
			for (const { from, line } of importsIn(root, { path: at, family }, paths))
				imports.set(from, (imports.get(from) ?? false) || lines.has(line));
		});
	}
	return {
		...file,
		defines,
		bodies: new Set([...bodies].filter(name => !heads.has(name))),
		methods,
		imports,
		lines: [...linesAt(after, added), ...linesAt(before, removed)].join('\n'),
	};
}

const linesAt = (text: string | null, numbers: ReadonlySet<number>): string[] =>
	(text ?? '').split('\n').filter((_line, index) => numbers.has(index + 1));

async function belong(one: Seen, other: Seen): Promise<boolean> {
	if (isDocs(one.path) || isDocs(other.path)) return isDocs(one.path) && isDocs(other.path);
	if (isManifest(one.path) && isManifest(other.path)) return posix.dirname(one.path) === posix.dirname(other.path);
	if (one.lines !== '' && one.lines === other.lines && one.path !== other.path) return true;
	return (await needs(one, other)) || (await needs(other, one));
}

/** Whether the change of `one` makes use of what the change of `other` changes. */
async function needs(one: Seen, other: Seen): Promise<boolean> {
	if (isManifest(other.path)) return isCode(one.path) && namesIn(other.lines).some(name => bringsIn(one.lines, name));
	if (!isCode(other.path)) return mentions(one.lines, posix.basename(other.path));
	if (!isCode(one.path)) return false;
	const isTest = isTestFile(one.path) && !isTestFile(other.path);
	if (isTest && subjectOf(one.path) === stemOf(other.path)) return true;
	const brought = one.imports.get(other.path) ?? one.imports.get(other.was);
	if (brought !== undefined && (brought || isTest || other.before === null || other.after === null)) return true;
	// Where imports tell from where a name is, another of the same name is not meant.
	const byName = brought !== undefined || familyOf(one.path) === undefined || familyOf(other.path) === undefined;
	const names = [...(byName ? other.defines : []), ...other.methods].filter(name => !one.defines.has(name) && mentions(one.lines, name));
	for (const name of names) if (await usesInChange(one, name, other.bodies.has(name))) return true;
	return false;
}

/** Whether a changed line uses this name as code; `oftener`: only where the file does that more or less often than before. */
async function usesInChange({ path, was, before, after, added, removed }: Seen, name: string, oftener: boolean): Promise<boolean> {
	const now = after === null ? [] : ((await references(path, after, name)) ?? []);
	const then = before === null ? [] : ((await references(was, before, name)) ?? []);
	if (oftener && now.length === then.length) return false;
	return now.some(({ line }) => added.has(line)) || then.some(({ line }) => removed.has(line));
}

const mentions = (text: string, word: string): boolean =>
	new RegExp(`(?<![\\w$.-])${escaped(word)}(?![\\w$-])`).test(text) || new RegExp(`\\.${escaped(word)}(?![\\w$-])`).test(text);

/** What the changed lines of a manifest name at their beginning. */
const namesIn = (lines: string): string[] => [...lines.matchAll(/^\s*(?:require\s+)?["']?(@?[A-Za-z][\w./-]*)/gm)].map(match => match[1]!);

const bringsIn = (lines: string, name: string): boolean =>
	new RegExp(`^.*\\b(?:import|from|require|use|using|include)\\b.*(?<![\\w-])${escaped(name).replaceAll('-', '[-_]')}(?![\\w-])`, 'm').test(
		lines,
	);
