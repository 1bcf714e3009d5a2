import { setImmediate as nextTick } from 'node:timers/promises';
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
const mostParsed = 8;

/** The repository of a workspace. Nothing is read before the first question, and nothing more after `signal`: then less is known. */
export function repositoryOf({ files }: Pick<Workspace, 'files'>, signal: AbortSignal = new AbortController().signal): Repository {
	const text = kept((path: string) => orNothing(async () => (await files.peek(path)).text));
	const listing = once(async () => {
		const { paths, more } = await files.list({ limit: 20_000 });
		return { paths, whole: !more };
	});
	const whole = once(async () => {
		const { paths, whole: all } = await listing();
		const found = { texts: new Map<string, string>(), words: new Set(paths.flatMap(wordsOf)) };
		let left = mostCharacters;
		if (!all || paths.length > mostFiles) return undefined;
		for (const path of paths) {
			await nextTick();
			const content = signal.aborted ? undefined : await text(path);
			left -= content?.length ?? 0;
			if (left < 0 || signal.aborted) return undefined;
			if (content === undefined) continue;
			found.texts.set(path, content);
			for (const word of wordsOf(content)) found.words.add(word);
		}
		return found;
	});
	const texts = async () => (await whole())?.texts;
	return {
		paths: listing,
		text,
		texts,
		exists: async path => {
			const [, parent = '.', name = path] = /^(?:(.*)\/)?([^/]+\/?)$/.exec(path) ?? [];
			const entries = (await orNothing(() => files.entries(parent))) ?? [];
			return entries.includes(name) || entries.includes(`${name}/`);
		},
		words: async () => (await whole())?.words,
		defined: once(async () => {
			const all = (await texts()) ?? new Map<string, string>();
			return [...new Set([...all].flatMap(([path, content]) => (languageOf(path) ? definedIn(content) : [])))];
		}),
		places: kept(async name => placesOf(name, (await texts()) ?? new Map(), signal)),
	};
}

export const wordsOf = (text: string): readonly string[] => text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [];

const words = 'def|function\\*?|class|fn|func|const|let|var|interface|type|struct|enum|trait';
const definition = new RegExp(String.raw`\b(?:${words})\s+([A-Za-z_$][\w$]*)`, 'g');

const definedIn = (text: string): string[] => [...text.matchAll(definition)].map(match => match[1]!);

async function placesOf(name: string, texts: ReadonlyMap<string, string>, signal: AbortSignal): Promise<Place[]> {
	const escaped = name.replace(/\$/g, '\\$');
	const likely = new RegExp(String.raw`\b(?:${words})\s+(?:\([^)]*\)\s*)?${escaped}(?![\w$])`);
	const holding = [...texts].filter(([path, text]) => languageOf(path) && text.includes(name));
	const first = holding.filter(([, text]) => likely.test(text));
	const found: Place[] = [];
	for (const [path, text] of [...first, ...holding.filter(one => !first.includes(one))].slice(0, mostParsed)) {
		await nextTick();
		if (found.length > 0 || signal.aborted) break;
		for (const { name: own, at, owner } of (await definitions(path, text)) ?? [])
			if (own === name) found.push({ path, line: text.slice(0, at).split('\n').length, name, owner });
	}
	if (found.length > 0) return found;
	// A constant is no definition of a grammar.
	return holding.slice(0, mostParsed).flatMap(([path, text]) => {
		const assigned = new RegExp(
			String.raw`^[ \t]*(?:export )?(?:const |let |var |static |final )*${escaped}(?![\w$])[^=\n(]*=(?!=)`,
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
