/** Trees of processes that we started, and their end: nothing of them is left, whatever they did to get away. */
import { setTimeout as pause } from 'node:timers/promises';
import { allProcesses, type Process, processAt, startedWith } from './alive.js';
import { codeOf } from './trouble.js';

/**
 * A tree by the process at its top, and the entry that all its environments began with. `first` is the first process of a
 * namespace that holds the whole tree, once it is known: with it all of them end.
 */
export type Tree = { pid: number; mark: string; first?: Process };

/**
 * Ends every process of the tree at once and for good, and returns when none is left, or after a second. Found are the
 * group; children of children; sessions that they opened; and, for those who cut all ties, the mark in their environment.
 */
export async function endTree(tree: Tree): Promise<void> {
	const end = Date.now() + 1000;
	while (killOnce(tree) && Date.now() < end) {
		// One process is soon looked at; all of them are not.
		await pause(tree.first ? 2 : 25);
	}
}

const living = new Set<Tree>();

/** From now on the tree ends when this program does: at its exit, and at the signals that ask it to. */
export function watch(tree: Tree): void {
	if (living.size === 0) {
		process.on('exit', endAll);
		for (const signal of signals) process.on(signal, onSignal);
	}
	living.add(tree);
}

export function unwatch(tree: Tree): void {
	living.delete(tree);
	if (living.size > 0) return;
	process.off('exit', endAll);
	for (const signal of signals) process.off(signal, onSignal);
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

function endAll(): void {
	for (const tree of living) for (let round = 0; round < 5 && killOnce(tree); round++);
}

/** When nobody else in the program answers the signal, it ends the program, as it would have without us. */
function onSignal(signal: NodeJS.Signals): void {
	if (process.listenerCount(signal) > 1) return;
	endAll();
	process.off(signal, onSignal);
	process.kill(process.pid, signal);
}

/** Kills what can be found of the tree now; whether there was anything. */
function killOnce(tree: Tree): boolean {
	if (tree.first) return killNamespace(tree.first);
	const found = members(tree, allProcesses());
	// Stopped first, so that none can make children while the others are dealt with.
	for (const { pid } of found) send(pid, 'SIGSTOP');
	send(-tree.pid, 'SIGKILL');
	for (const { pid } of found) send(pid, 'SIGKILL');
	return found.length > 0;
}

/** The system ends a namespace with its first process, and lets that one go last. */
function killNamespace(first: Process): boolean {
	const now = processAt(first.pid);
	if (!now || now.buried || now.start !== first.start) return false;
	send(first.pid, 'SIGKILL');
	return true;
}

function members(tree: Tree, all: readonly Process[]): Process[] {
	const alive = all.filter(one => !one.buried && one.pid !== process.pid && one.pid > 1);
	const found = new Set(
		alive.filter(one => one.pid === tree.pid || one.group === tree.pid || one.session === tree.pid || startedWith(one, tree.mark)),
	);
	for (let before = -1; before !== found.size; ) {
		before = found.size;
		const pids = new Set([...found].map(one => one.pid));
		for (const one of alive) if (pids.has(one.parent) || pids.has(one.session)) found.add(one);
	}
	return [...found];
}

function send(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(pid, signal);
	} catch (error) {
		if (codeOf(error) !== 'ESRCH' && codeOf(error) !== 'EPERM') throw error;
	}
}
