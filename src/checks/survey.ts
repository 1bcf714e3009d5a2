import { returned } from '../returned.js';
import { Refusal } from '../types.js';
import type { Workspace } from '../workspace/workspace.js';

/** A project folder as the finders of test commands see it. All paths are relative to `folder`. */
export type Survey = {
	/** Relative to the root; '' for the root itself. */
	folder: string;
	paths: readonly string[];
	has(path: string): boolean;
	/** The text of a file, undefined when it is not there or no text. */
	text(path: string): Promise<string | undefined>;
	/** The names in a folder, also of ignored ones; none when it is not there. */
	entries(path: string): Promise<string[]>;
	/**
	 * Whether a program ends well; one that is not there does not. One of the project's own (`.venv/bin/python`) is believed
	 * where there is no box: nobody has been asked yet.
	 */
	works(program: string, args: readonly string[]): Promise<boolean>;
};

export function surveyOf(workspace: Workspace, all: readonly string[], folder = ''): Survey {
	const inner = folder === '' ? all : all.filter(path => path.startsWith(`${folder}/`)).map(path => path.slice(folder.length + 1));
	const known = new Set(inner);
	const { files, processes } = workspace;
	const at = (path: string) => (folder === '' ? path : `${folder}/${path}`);
	return {
		folder,
		paths: inner,
		has: path => known.has(path),
		text: async path => (known.has(path) ? orNothing(async () => (await files.peek(at(path))).text) : undefined),
		entries: async path => (await orNothing(() => files.entries(at(path)))) ?? [],
		async works(program, args) {
			if (program.includes('/') && !processes.boxed.on) return true;
			const options = { timeoutMs: 10_000, signal: new AbortController().signal, ...(folder !== '' && { cwd: folder }) };
			const ended = await orNothing(() => returned(processes.run({ program, args }, options)));
			return ended?.exitCode === 0;
		},
	};
}

/** The answer, or undefined where the workspace refuses: a file that cannot be read says nothing about tests. */
export async function orNothing<T>(ask: () => Promise<T>): Promise<T | undefined> {
	try {
		return await ask();
	} catch (error) {
		if (error instanceof Refusal) return undefined;
		throw error;
	}
}
