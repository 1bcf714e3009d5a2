/** What is below a folder, as git would see it: hidden files too, ignored ones and `.git` not, and never through a link. */
import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../types.js';
import { glob } from './glob.js';
import { isIgnored, type Rules, rulesAbove, withFolder } from './ignored.js';
import { type Root, withSpot } from './inside.js';
import { shown } from './names.js';

export type Entry = { path: string; kind: 'file' | 'link' };

const usualLimit = 10_000;
/** Entries looked at, and time taken, before a listing stops with `more`. */
const mostEntries = 300_000;
const longestMs = 5_000;
/** Deeper than any source tree; bounds what a tree made for it can cost. */
const deepest = 100;

/** The files below `under`, sorted by path; links count where they lead to a file inside. Patterns: see `glob`. */
export async function listFiles(
	root: Root,
	{ under = '.', pattern, limit = usualLimit }: { under?: string; pattern?: string; limit?: number },
): Promise<{ paths: string[]; more: boolean }> {
	const wanted = pattern === undefined ? () => true : glob(pattern);
	const paths: string[] = [];
	for await (const entry of walk(root, under)) {
		if (entry === 'cut') return { paths, more: true };
		if (!wanted(entry.path) || (entry.kind === 'link' && !(await leadsToFile(root, entry.path)))) continue;
		if (paths.length >= limit) return { paths, more: true };
		paths.push(entry.path);
	}
	return { paths, more: false };
}

/** Every file and link below `under`, in the order of their paths; `cut` at the end when a limit stopped it. */
export async function* walk(root: Root, under: string): AsyncGenerator<Entry | 'cut', void> {
	const start = await withSpot(root, under, spot => {
		const entry = lstatSync(spot.at(), { throwIfNoEntry: false });
		if (!entry) throw new Refusal(`${shown(under)} does not exist.`);
		return { path: spot.path, isFolder: entry.isDirectory() };
	});
	if (!start.isFolder) {
		yield { path: start.path, kind: 'file' };
		return;
	}
	const until = Date.now() + longestMs;
	let left = mostEntries;
	const waiting: { path: string; kind: 'file' | 'link' | 'folder'; rules: Rules }[] = [
		{ path: start.path, kind: 'folder', rules: rulesFor(root, start.path) },
	];
	for (let next = waiting.pop(); next; next = waiting.pop()) {
		const { path, kind, rules } = next;
		if (kind !== 'folder') {
			yield { path, kind };
			continue;
		}
		const { inner, found } = await look(root, path, rules);
		left -= found.length;
		if (left < 0 || Date.now() > until) {
			yield 'cut';
			return;
		}
		waiting.push(...found.reverse().map(entry => ({ ...entry, rules: inner })));
	}
}

type Found = { path: string; kind: 'file' | 'link' | 'folder' };

/** One folder: what is not ignored in it, in the order that the whole paths have. */
async function look(root: Root, path: string, above: Rules): Promise<{ inner: Rules; found: Found[] }> {
	try {
		return await withSpot(root, path, spot => {
			if (spot.path !== path || path.split('/').length > deepest) return { inner: above, found: [] };
			const inner = above === everything ? above : withFolder(above, join(root.path, path), spot.at());
			const found = readdirSync(spot.at(), { withFileTypes: true })
				.flatMap((entry): Found[] => {
					const kind = kindOf(entry);
					const child = path === '.' ? entry.name : `${path}/${entry.name}`;
					if (!kind || skipped.has(entry.name) || isIgnored(inner, join(root.path, child), kind === 'folder')) return [];
					return [{ path: child, kind }];
				})
				.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
			return { inner, found };
		});
	} catch (error) {
		// A folder that went away or may not be read has nothing to list.
		if (error instanceof Refusal) return { inner: above, found: [] };
		throw error;
	}
}

/** Git's own data, and what package managers unpack even where no rule says so. */
const skipped = new Set(['.git', 'node_modules']);
/** No rules at all: for a folder that is ignored itself and was asked for by name. */
const everything: Rules = [];

function rulesFor(root: Root, under: string): Rules {
	let rules = rulesAbove(root.path);
	if (under === '.') return rules;
	let at = root.path;
	for (const part of under.split('/')) {
		rules = withFolder(rules, at);
		at = join(at, part);
		if (isIgnored(rules, at, true)) return everything;
	}
	return rules;
}

const sortKey = ({ path, kind }: Found) => (kind === 'folder' ? `${path}/` : path);

const kindOf = (entry: Dirent): Found['kind'] | undefined =>
	entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : undefined;

async function leadsToFile(root: Root, path: string): Promise<boolean> {
	try {
		return await withSpot(root, path, spot => lstatSync(spot.at(), { throwIfNoEntry: false })?.isFile() === true);
	} catch (error) {
		if (error instanceof Refusal) return false;
		throw error;
	}
}

/** The names in one folder, sorted; folders end in `/`, links do not. */
export function entriesOf(root: Root, path: string): Promise<string[]> {
	return withSpot(root, path, spot => {
		const entry = lstatSync(spot.at(), { throwIfNoEntry: false });
		if (!entry) throw new Refusal(`${shown(spot.path)} does not exist.`);
		if (!entry.isDirectory()) throw new Refusal(`${shown(spot.path)} is a file, not a folder.`);
		const entries = readdirSync(spot.at(), { withFileTypes: true });
		return entries.map(found => (found.isDirectory() ? `${found.name}/` : found.name)).sort();
	});
}
