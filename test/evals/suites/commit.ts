import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Engine } from '../../../src/engine/engine.js';
import { greedy } from '../../../src/engine/sampling.js';
import { commitMessage } from '../../../src/jobs/commit/message.js';
import { replied } from './asked.js';
import type { Answer, EngineItem, Suite } from './suite.js';

const checkout = join(import.meta.dirname, '..', '..', '..');
const git = (...args: string[]): string => execFileSync('git', args, { cwd: checkout, encoding: 'utf8', maxBuffer: 1 << 28 });

/** Commits that are tried, and characters of a diff above which a commit is a move or a corpus. */
const count = 40;
const longest = 60_000;

/** Messages for the newest commits of this repository, none of which may speak of what its diff does not have. */
export const commit: Suite = {
	name: 'commit',
	seconds: 90,
	read() {
		const log = git('log', '--no-merges', '--format=%H %s', '-n', '300').split('\n').filter(Boolean);
		const all = log.map(line => ({ id: line.slice(0, 40), subject: line.slice(41) }));
		const diffs = all.map(({ id }, index) => ({
			id,
			diff: git('show', '--format=', id),
			subjects: all.slice(index + 1, index + 41).map(one => one.subject),
		}));
		return diffs
			.filter(({ diff }) => diff !== '' && diff.length <= longest)
			.slice(0, count)
			.map(itemOf);
	},
};

function itemOf({ id, diff, subjects }: { id: string; diff: string; subjects: string[] }): EngineItem {
	const plain = async (engine: Engine): Promise<Answer> => {
		const messages = [{ role: 'user', text: `${diff.slice(0, 16_000)}\n\nWrite a git commit message for this diff.` }] as const;
		const { message, usage } = await replied(engine, { system: '', messages, tools: [], sampling: greedy, maxTokens: 150, aside: true });
		return { text: message.text, read: usage.prompt, written: usage.output };
	};
	return {
		kind: 'engine',
		id: id.slice(0, 8),
		async ours(engine) {
			const { text } = await commitMessage({ diff, subjects, near: [] }, engine, new AbortController().signal);
			return { text, read: 0, written: 0 };
		},
		plain,
		served: plain,
		judge: async text => {
			const missing = strangers(text, diff);
			return { right: missing.length === 0, why: missing.length === 0 ? text.split('\n')[0]! : `not in the diff: ${missing.join(', ')}` };
		},
	};
}

/** A rule of its own, wider than the program's: every word that could be a name of code, a path or a number. */
export function strangers(message: string, diff: string): string[] {
	const words = message.split(/[\s,;:()[\]{}"'`*]+/).map(word => word.replace(/^[.!?]+|[.!?]+$/g, ''));
	const telling = words.filter(word => /\d|\w[_./]\w|[a-z][A-Z]|^--\w/.test(word));
	return telling.filter(word => !diff.toLowerCase().includes(word.toLowerCase()));
}
