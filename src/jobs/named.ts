import type { Work } from '../agent/loop.js';
import type { AgentEvent, Ending } from '../types.js';

/** Works on what stood behind the name. Throws `Refusal` 42 for what that job cannot be asked for. */
export type Named = (args: readonly string[], work: Work, signal: AbortSignal) => AsyncGenerator<AgentEvent, Ending>;

/**
 * A job that is asked for by its name: `qwill NAME …`, `/NAME …` in the chat, `qwill -p "/NAME …"`. `load` brings its code in.
 * One that `needsNoModel` does what it can where there is none, and says what is left out.
 */
export type NamedJob = { name: string; argumentHint: string; purpose: string; needsNoModel?: true; load(): Promise<Named> };

export const namedJobs = [
	{
		name: 'explain',
		argumentHint: 'FILE[:LINE|:NAME]',
		purpose: 'what a file or a definition does, with what the program knows of it',
		needsNoModel: true,
		load: async () => (await import('./explain.js')).explain,
	},
	{
		name: 'docs',
		argumentHint: 'FILE[:LINE|:NAME]',
		purpose: 'describe what a file defines, or write in a README or a changelog',
		load: async () => (await import('./docs/docs.js')).docs,
	},
	{
		name: 'tests',
		argumentHint: 'FILE[:NAME]',
		purpose: 'write tests for functions and methods: each shows something new',
		load: async () => (await import('./tests/tests.js')).tests,
	},
	{
		name: 'review',
		argumentHint: '[REV | A..B]',
		purpose: 'what is wrong with a change: what a program can verify, then opinions',
		needsNoModel: true,
		load: async () => (await import('./review/review.js')).review,
	},
	{
		name: 'translate',
		argumentHint: '--to LANG FILE…',
		purpose: 'write a translation beside a file; code, links and placeholders stay',
		load: async () => (await import('./translate/translate.js')).translate,
	},
] as const satisfies readonly NamedJob[];

/** `commit` is no job, but a command of each face; what it does in parts is one: it takes a while, and is allowed or not. */
const split: NamedJob = {
	name: 'commit',
	argumentHint: '--split',
	purpose: 'commit in parts that each build and pass',
	load: async () => (await import('./commit/split.js')).split,
};

/** What a verb of that name is asked as. Words with blanks are quoted. */
export const spelledOut = (name: string, args: readonly string[]): string =>
	[`/${name}`, ...args.map(word => (/[\s"]|^$/.test(word) ? JSON.stringify(word) : word))].join(' ');

/** Whether this text asks for a job that does what it can without a model. */
export const needsNoModel = ({ text }: { text: string }): boolean => namedIn(text)?.job.needsNoModel ?? false;

/** The job that this text asks for, and the words behind its name; undefined for any other text. */
export function namedIn(text: string): { job: NamedJob; args: string[] } | undefined {
	const [, name, rest = ''] = /^\/([a-z-]+)(?:\s+([\s\S]*))?$/.exec(text.trim()) ?? [];
	const isSplit = name === 'commit' && /^--split(?:\s|$)/.test(rest);
	const job = isSplit ? split : namedJobs.find(one => one.name === name);
	if (!job) return undefined;
	const words = [...rest.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)];
	return { job, args: words.map(([, quoted, bare = '']) => (quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1'))) };
}
