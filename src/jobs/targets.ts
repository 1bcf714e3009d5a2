import { mentions } from '../agent/mentions.js';
import { Refusal } from '../types.js';
import type { Workspace } from '../workspace/workspace.js';

/** A file that a task is about. `text` is null for one that does not exist yet. The model has seen the others. */
export type Target = { path: string; text: string | null };

/** Files that this message names: with `@`, by a path, or by a file name that only one file has. New ones need an extension. */
export async function targetsIn(text: string, workspace: Workspace): Promise<Target[]> {
	const { paths } = await workspace.files.list({ limit: 20_000 });
	const found = new Map<string, Target>();
	for (const word of [...mentions(text), ...words(text)]) {
		const path = existing(word, paths) ?? (looksNew(word) ? word : undefined);
		if (path === undefined || found.has(path)) continue;
		const target = await look(path, paths.includes(path), workspace);
		if (target) found.set(path, target);
	}
	return [...found.values()];
}

async function look(path: string, exists: boolean, workspace: Workspace): Promise<Target | undefined> {
	try {
		if (!exists) return { path: await workspace.files.inside(path), text: null };
		return { path, text: (await workspace.files.read(path)).text };
	} catch (error) {
		if (error instanceof Refusal) return undefined;
		throw error;
	}
}

const words = (text: string) => [...text.matchAll(/[\w./-]*[\w-]\.[A-Za-z][A-Za-z0-9]{0,9}\b/g)].map(([word]) => word.replace(/^\.\//, ''));

function existing(word: string, paths: readonly string[]): string | undefined {
	if (paths.includes(word)) return word;
	const same = paths.filter(path => path.endsWith(`/${word}`));
	return same.length === 1 ? same[0] : undefined;
}

/** Endings of files that people ask for. Without this list, "e.g." and "example.com" would be files. */
const sourceEnding =
	/\.(c|cc|cpp|cs|css|go|h|hpp|html|java|js|json|jsx|kt|lua|md|mjs|php|pl|py|r|rb|rs|scala|sh|sql|swift|toml|ts|tsx|txt|vue|yaml|yml)$/i;
const looksNew = (word: string) =>
	sourceEnding.test(word) && !word.startsWith('/') && !word.includes('..') && !/^(node|next|vue|three|d3|express)\.js$/i.test(word);
