import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Coverage, coverage } from '../checks/coverage/coverage.js';
import { forkedTests } from '../checks/forked.js';
import { byInterpreter } from '../checks/interpreter.js';
import { runTests, type TestCommand, type TestReport, type TestRun } from '../checks/tests.js';
import { isGreen } from '../checks/verdict.js';
import { returned } from '../returned.js';
import { openWorkspace } from '../workspace/open.js';
import { type Scratch, scratchCopy } from '../workspace/scratch.js';
import type { Workspace } from '../workspace/workspace.js';
import { decisive, forked, type Quick } from './quick.js';

/** Private copies of the work tree in which changes are tried, several at a time. The person's files are never touched. */
export type Trials = {
	/** The first copy, as it was made. */
	workspace: Workspace;
	/** What the tests say of the copy as it is. */
	baseline(timeoutMs: number, signal: AbortSignal): Promise<TestReport>;
	/**
	 * Where those that fail are in one file, which alone is quicker, every set is run on that file first from now on, and on the rest only if
	 * that passes. Tried once on the copy as it is: without the same failures and a good part of the time saved, all is run as before.
	 */
	narrow(before: TestReport, signal: AbortSignal): Promise<void>;
	/** Which lines of that each test runs, where it can be told. */
	coverage(timeoutMs: number, signal: AbortSignal): Promise<Coverage | undefined>;
	/**
	 * What the tests say of each set of files (path to whole text), in their order, as soon as it is known. Undefined for those
	 * that were not tried, because `signal` fired or they were not `wanted` any more. Every copy is as it was made before and after
	 * each of them.
	 */
	run(sets: readonly Files[], timeoutMs: number, signal: AbortSignal, wanted?: (index: number) => boolean): AsyncGenerator<Trial>;
	close(): Promise<void>;
};

export type Trial = { index: number; report: TestReport | undefined };

/** Whole new texts by path. */
export type Files = ReadonlyMap<string, string>;

/** Trials that one process forks, at the most: so many are tried before anybody hears that one has passed. */
const mostForked = 12;

/** A private copy of the work tree, and the doors of its own that it has. */
export type Copy = { scratch: Scratch; workspace: Workspace; close(): Promise<void> };

/** Makes a copy of the folder. What runs in it is boxed where the programs of the folder itself are; folders that are open to those can be read. */
export async function openCopy({ root, processes }: Workspace, signal: AbortSignal): Promise<Copy> {
	const { boxed } = processes;
	const box = boxed.on ? 'always' : 'never';
	const doors = boxed.on ? boxed.doors : undefined;
	const state = await mkdtemp(join(tmpdir(), 'qwill-trials-'));
	const ends = [() => rm(state, { recursive: true, force: true })];
	const close = async (): Promise<void> => {
		await Promise.all(ends.map(end => end()));
	};
	try {
		const scratch = await scratchCopy(root, signal);
		ends.push(scratch.close);
		const boxing = { box, thrownAway: true, copyOf: root, links: scratch.links, doors } as const;
		const workspace = await openWorkspace({ root: scratch.root, state, conversation: 'trial', ...boxing });
		return { scratch, workspace, close };
	} catch (error) {
		await close();
		throw error;
	}
}

/** Makes the first copy of the folder; more when there is something to try at the same time. */
export async function openTrials(folder: Workspace, usual: TestCommand, signal: AbortSignal): Promise<Trials> {
	const copies: Copy[] = [];
	const another = async (): Promise<Copy> => {
		const copy = await openCopy(folder, signal);
		copies.push(copy);
		return copy;
	};
	const first = await another();
	const command = await byInterpreter(first.workspace, usual, signal);
	let quick: Quick = { command, forks: false };
	return {
		workspace: first.workspace,
		async baseline(timeoutMs, stop) {
			const before = await judged(command, first.workspace, { timeoutMs }, stop);
			quick = await forked(first.workspace, command, before, stop);
			return before;
		},
		async narrow(before, stop) {
			quick = (await decisive(first.workspace, { command, before }, stop)) ?? quick;
		},
		coverage: (timeoutMs, stop) => returned(coverage(first.workspace, command, { timeoutMs, signal: stop })),
		async *run(sets, timeoutMs, stop, wanted = () => true) {
			const workers = Math.min(availableParallelism(), sets.length);
			while (copies.length < workers && !stop.aborted) await another();
			const waiting = sets.entries();
			const how: How = { command, timeoutMs, quick };
			const atOnce = quick.forks ? Math.min(mostForked, Math.ceil(sets.length / workers)) : 1;
			const work = async (copy: Copy): Promise<void> => {
				for (;;) {
					const some = Array.from({ length: atOnce }, () => waiting.next()).flatMap(({ value }) => (value ? [value] : []));
					if (some.length === 0) return;
					const worth = some.filter(([index]) => !stop.aborted && wanted(index));
					for await (const { index, report } of tryEach(copy, worth, how, stop)) results[index]?.resolve(report);
					for (const [index] of some) results[index]?.resolve(undefined);
				}
			};
			const results = sets.map(() => Promise.withResolvers<TestReport | undefined>());
			const working = Promise.all(copies.slice(0, Math.max(1, workers)).map(work));
			working.catch(error => {
				for (const { reject } of results) reject(error);
			});
			for (const [index, { promise }] of results.entries()) yield { index, report: await promise };
			await working;
		},
		async close() {
			await Promise.all(copies.map(copy => copy.close()));
		},
	};
}

/** A copy as it is with these texts in place of what is on disk. */
export function overlaid(workspace: Workspace, files: Files): Workspace {
	if (files.size === 0) return workspace;
	const peek: Workspace['files']['peek'] = async path => {
		const file = await workspace.files.peek(path);
		return { ...file, text: files.get(path) ?? file.text };
	};
	return { ...workspace, files: { ...workspace.files, peek } };
}

/** What the tests say of each of these, by its place among all; what passes in a fork is run again as a person would run it. */
async function* tryEach(
	copy: Copy,
	trials: readonly (readonly [index: number, files: Files])[],
	how: How,
	signal: AbortSignal,
): AsyncGenerator<Trial> {
	const again: (readonly [index: number, files: Files])[] = [];
	let count = 0;
	if (how.quick.forks && trials.length > 1) {
		const held = copy.scratch.hold(trials.flatMap(([, files]) => [...files.keys()]));
		const many = { trials: trials.map(([, files]) => files), timeoutMs: how.timeoutMs, signal };
		try {
			for await (const report of forkedTests(copy.workspace, how.quick.command, many)) {
				const one = trials[count++]!;
				if (isGreen(report)) again.push(one);
				else yield { index: one[0], report };
			}
		} finally {
			held.takeBack(); // It may have been ended in the middle of one.
		}
	}
	for (const [index, files] of [...again, ...trials.slice(count)])
		yield { index, report: signal.aborted ? undefined : await tryIn(copy, files, how, signal) };
}

/** `quick` is asked before all tests are run. */
type How = { command: TestCommand; timeoutMs: number; quick: Quick };

async function tryIn(
	{ scratch, workspace }: Copy,
	files: Files,
	{ command, timeoutMs, quick }: How,
	signal: AbortSignal,
): Promise<TestReport | undefined> {
	const put = scratch.put(files);
	try {
		const part = quick.command === command ? undefined : await judged(quick.command, workspace, { timeoutMs }, signal);
		const report = part && !isGreen(part) ? part : await judged(command, workspace, { timeoutMs }, signal);
		return signal.aborted ? undefined : report;
	} finally {
		put.takeBack();
	}
}

const judged = (command: TestCommand, workspace: Workspace, run: Omit<TestRun, 'signal'>, signal: AbortSignal): Promise<TestReport> =>
	returned(runTests(workspace, command, { ...run, signal }));
