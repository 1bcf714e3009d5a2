import type { Workspace } from '../../workspace/workspace.js';
import { orNothing } from '../survey.js';
import { definitions } from '../syntax/definitions.js';
import { languageOf } from '../syntax/languages.js';

/** Where a name is defined: `owner` is the class or namespace that it belongs to. */
export type Place = { path: string; line: number; name: string; owner: string | undefined };

/** What there is to know of a folder, looked up when it is asked for, and then kept: good for one reply. */
export type Repository = {
	/** Every file, and whether these are all. */
	paths(): Promise<{ paths: readonly string[]; whole: boolean }>;
	text(path: string): Promise<string | undefined>;
	/** Whether something of this name is on the disk, ignored or not; a folder ends in `/`. */
	exists(path: string): Promise<boolean>;
	/** The texts of all files, undefined where they are too many to be read. */
	texts(): Promise<ReadonlyMap<string, string> | undefined>;
	/** Every word that occurs in a text or in the name of a file. */
	words(): Promise<ReadonlySet<string> | undefined>;
	/** Names that seem to be defined somewhere. */
	defined(): Promise<readonly string[]>;
	/** Where this name is defined. */
	places(name: string): Promise<readonly Place[]>;
};

/** Files, and characters, above which nothing is called absent. */
const mostFiles = 3_000;
const mostCharacters = 20_000_000;
/** Files with a name in them that are parsed to find its definition. */
const mostParsed = 20;

/** The repository of a workspace. Nothing is read before the first question. */
export function repositoryOf({ files }: Pick<Workspace, 'files'>): Repository {
	const text = kept((path: string) => orNothing(async () => (await files.peek(path)).text));
	const listing = once(async () => {
		const { paths, more } = await files.list({ limit: 20_000 });
		return { paths, whole: !more };
	});
	const texts = once(async () => {
		const { paths, whole } = await listing();
		const read = new Map<string, string>();
		let left = mostCharacters;
		if (!whole || paths.length > mostFiles) return undefined;
		for (const path of paths) {
			const found = await text(path);
			if (found !== undefined) read.set(path, found);
			left -= found?.length ?? 0;
			if (left < 0) return undefined;
		}
		return read;
	});
	return {
		paths: listing,
		text,
		texts,
		exists: async path => {
			const [, parent = '.', name = path] = /^(?:(.*)\/)?([^/]+\/?)$/.exec(path) ?? [];
			const entries = (await orNothing(() => files.entries(parent))) ?? [];
			return entries.includes(name) || entries.includes(`${name}/`);
		},
		words: once(async () => {
			const all = await texts();
			return all && new Set([...all].flatMap(([path, content]) => [...wordsOf(path), ...wordsOf(content)]));
		}),
		defined: once(async () => {
			const all = (await texts()) ?? new Map<string, string>();
			return [...new Set([...all].flatMap(([path, content]) => (languageOf(path) ? definedIn(content) : [])))];
		}),
		places: kept(async name => placesOf(name, (await texts()) ?? new Map())),
	};
}

export const wordsOf = (text: string): readonly string[] => text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [];

const definedIn = (text: string): string[] =>
	[...text.matchAll(/\b(?:def|function\*?|class|fn|func|const|let|var|interface|type|struct|enum|trait)\s+([A-Za-z_$][\w$]*)/g)].map(
		match => match[1]!,
	);

async function placesOf(name: string, texts: ReadonlyMap<string, string>): Promise<Place[]> {
	const holding = [...texts].filter(([path, text]) => languageOf(path) && text.includes(name)).slice(0, mostParsed);
	const found: Place[] = [];
	for (const [path, text] of holding)
		for (const { name: own, at, owner } of (await definitions(path, text)) ?? [])
			if (own === name) found.push({ path, line: text.slice(0, at).split('\n').length, name, owner });
	if (found.length > 0) return found;
	// A constant is no definition of a grammar.
	return holding.flatMap(([path, text]) => {
		const assigned = new RegExp(
			String.raw`^[ \t]*(?:export )?(?:const |let |var |static |final )*${name.replace(/\$/g, '\\$')}\b[^=\n(]*=(?!=)`,
			'm',
		).exec(text);
		return assigned ? [{ path, line: text.slice(0, assigned.index).split('\n').length, name, owner: undefined }] : [];
	});
}

function once<T>(look: () => Promise<T>): () => Promise<T> {
	let found: Promise<T> | undefined;
	return () => {
		found ??= look();
		return found;
	};
}

function kept<T>(look: (key: string) => Promise<T>): (key: string) => Promise<T> {
	const known = new Map<string, Promise<T>>();
	return key => {
		const found = known.get(key) ?? look(key);
		known.set(key, found);
		return found;
	};
}
