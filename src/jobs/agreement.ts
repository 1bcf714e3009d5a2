import type { Work } from '../agent/loop.js';
import { type Behaviour, behaviour, isCallable } from '../checks/behaviour.js';
import { type Definition, outermost } from '../checks/syntax/definitions.js';
import { callsOf } from './calls.js';
import { unlessLate } from './time.js';
import { type Copy, openCopy } from './trials.js';

/**
 * Texts of one file that were written independently of each other, compared by what they do: what most of them do is likelier to be
 * right than what the first does (self-consistency, Wang et al. 2022; by execution, Chen et al. 2022, "CodeT").
 */
export type Agreement = {
	/** Hears one more text; true when no more are needed. */
	hear(text: string): Promise<boolean>;
	/** The first text of those that most agree with, and how many of how many do; undefined where none was heard. */
	best(): Agreed | undefined;
	close(): Promise<void>;
};

/** `alike` of `heard` texts do the same on `calls` calls; no calls, where nothing could be compared. */
export type Agreed = { text: string; alike: number; heard: number; calls: number };

/** "4 of 6 texts that were written for it do the same in 8 calls"; undefined where none agrees with another. */
export const agreementIn = ({ alike, heard, calls }: Agreed): string | undefined =>
	alike > 1 ? `${alike} of ${heard} texts that were written for it do the same in ${calls} ${calls === 1 ? 'call' : 'calls'}` : undefined;

/** Characters of what is new, above which writing it several times takes longer than anybody waits. */
const mostCharacters = 1_500;
/** Texts that are compared, and those that end it when they agree. */
const mostHeard = 6;
const enough = 2;
/** Calls that tell texts apart, at the most, and how often the model is asked for them; and milliseconds that they may take. */
const asking = { rounds: 2, enough: 6, most: 12 };
const patienceMs = 4_000;
/** Milliseconds that comparing may take, from the first text on; then the best so far counts. */
const mostMs = 20_000;

/** Opens the comparison of texts for the file at `path`, which is `before` now. What they define is called in a copy of the folder, where a box works. */
export function openAgreement({ path, before }: { path: string; before: string }, work: Work, signal: AbortSignal): Agreement {
	const heard: Heard[] = [];
	let copy: Copy | undefined;
	let calls: string[] | undefined;
	let old: Behaviour | undefined;
	let late = signal;
	const whatDoes = async (text: string, asked: readonly string[]): Promise<Behaviour | undefined> => {
		const put = copy!.scratch.put(new Map([[path, text]]));
		try {
			return await behaviour(copy!.workspace, { path, calls: asked }, { timeoutMs: patienceMs, signal: late });
		} finally {
			put.takeBack();
		}
	};
	const begin = async (text: string): Promise<string[]> => {
		if (!isCallable(path) || !work.agent.workspace.processes.boxed.on) return [];
		const changed = await changedFunction(path, { before, after: text });
		if (!changed || changed.end - changed.start > mostCharacters) return [];
		const made = await callsOf(changed, { path, text, ...asking }, work, late);
		if (made.length === 0) return [];
		copy = await openCopy(work.agent.workspace, late);
		const does = await whatDoes(text, made);
		const telling = made.filter((_, i) => !isError(does?.[i]));
		if (telling.length > 0) old = await whatDoes(before, telling);
		return telling;
	};
	return {
		async hear(text) {
			if (!calls) {
				late = AbortSignal.any([signal, AbortSignal.timeout(mostMs)]);
				calls = await unlessLate(() => begin(text), late);
			}
			const known = heard.find(one => one.text === text);
			heard.push({ text, does: calls.length === 0 ? undefined : known ? known.does : await whatDoes(text, calls) });
			if (calls.length === 0 || heard.length >= mostHeard || late.aborted) return true;
			const { alike, isNew } = largest(heard, old)!;
			return isNew && alike >= enough;
		},
		best() {
			const found = largest(heard, old);
			return found && { text: found.text, alike: found.alike, heard: heard.length, calls: calls?.length ?? 0 };
		},
		async close() {
			await copy?.close();
		},
	};
}

const isError = (result: string | undefined): boolean => result === undefined || result.startsWith('! ');

type Heard = { text: string; does: Behaviour | undefined };

/**
 * Those that most agree with; of equals the first. What does on every call what the old text did has hardly done what was asked,
 * and counts half; what ends in an error everywhere counts nothing beside others.
 */
function largest(heard: readonly Heard[], old: Behaviour | undefined): { text: string; alike: number; isNew: boolean } | undefined {
	const groups = new Map<string, { text: string; alike: number; isNew: boolean; weight: number }>();
	const before = JSON.stringify(old);
	for (const { text, does } of heard) {
		const key = JSON.stringify(does) ?? '';
		const { alike } = groups.get(key) ?? { alike: 0 };
		const isNew = key !== before;
		const share = does?.every(isError) !== false ? 0.1 : isNew ? 1 : 0.5;
		groups.set(key, { text: groups.get(key)?.text ?? text, alike: alike + 1, isNew, weight: (alike + 1) * share });
	}
	return [...groups.values()].sort((a, b) => b.weight - a.weight)[0];
}

/** The one function of the file that is new or reads otherwise than before. */
async function changedFunction(path: string, { before, after }: { before: string; after: string }): Promise<Definition | undefined> {
	const functions = async (text: string) => (await outermost(path, text)).filter(({ kind }) => kind === 'function');
	const old = new Set((await functions(before)).map(({ start, end }) => before.slice(start, end)));
	const [first, second] = (await functions(after)).filter(({ start, end }) => !old.has(after.slice(start, end)));
	return second ? undefined : first;
}
