/** Takes groups of changes back and puts them on again, to the byte, and leaves alone what others have changed since. */
import { lstatSync, rmdirSync, unlinkSync } from 'node:fs';
import { posix } from 'node:path';
import { Refusal } from '../types.js';
import { syncFolder, tempName, writeAtomically } from './atomic.js';
import { type Root, type Spot, withSpot } from './inside.js';
import { hashOf, type Preimages } from './preimages.js';
import { readRegular } from './regular.js';
import { lf } from './text.js';
import { codeOf } from './trouble.js';
import { append, type Group, groupsOf, type LoggedChange, readLog, type State, type Step } from './undo-log.js';
import type { Change, UndoReport } from './workspace.js';

/** Where undo works: the root, its log, and the contents. Who calls is alone with them. */
type Store = { root: Root; log: string; preimages: Preimages };

/** Of which conversation (of all, when undefined), and from which group on (the newest only, when undefined). */
type Reach = { conversation?: string | undefined; since?: string | undefined };

/** Takes back groups that are not taken back yet, the newest first. An empty report: there is none. */
export async function undoIn(store: Store, { conversation, since }: Reach): Promise<UndoReport> {
	const groups = groupsOf(readLog(store.log)).filter(
		one => !one.undone && (conversation === undefined || one.conversation === conversation),
	);
	const wanted = since === undefined ? groups.slice(-1) : groups.filter(one => one.id >= since).reverse();
	const reports: UndoReport[] = [];
	for (const group of wanted) reports.push(await takeBack(store, group));
	return together(reports);
}

/** Each path once, as it is after all of them. */
function together(reports: readonly UndoReport[]): UndoReport {
	const kept = new Map(reports.flatMap(report => report.kept).map(one => [one.path, one] as const));
	const done = new Map<string, 'restored' | 'removed'>();
	for (const { restored, removed } of reports) {
		for (const path of restored) done.set(path, 'restored');
		for (const path of removed) done.set(path, 'removed');
	}
	const paths = (how: 'restored' | 'removed') => [...done].filter(([, what]) => what === how).map(([path]) => path);
	return { restored: paths('restored'), removed: paths('removed'), kept: [...kept.values()] };
}

async function takeBack(store: Store, group: Group): Promise<UndoReport> {
	const { steps, kept } = await planOf(store, group);
	const temp = tempName();
	const owner = { group: group.id, conversation: group.conversation };
	await keepNow(store, steps);
	append(store.log, { type: 'undo', ...owner, steps, temp });
	const done = await take(store, { steps, kept, temp });
	await removeFolders(
		store.root,
		group.changes.flatMap(change => change.folders),
	);
	// With every file kept nothing was taken back, and it can be tried again.
	if (done.length > 0 || kept.length === 0) append(store.log, { type: 'undone', ...owner, steps: done });
	return reportOf(done, kept);
}

/** Puts the group on again that was taken back last, unless something was changed after that. */
export async function redoIn(store: Store, conversation: string | undefined): Promise<UndoReport> {
	const groups = groupsOf(readLog(store.log)).filter(one => conversation === undefined || one.conversation === conversation);
	const group = groups
		.filter(one => one.undone)
		.sort((a, b) => a.undone!.at - b.undone!.at)
		.at(-1);
	if (!group?.undone || groups.some(one => one.lastChange > group.undone!.at)) return { restored: [], removed: [], kept: [] };
	const kept: UndoReport['kept'] = [];
	const steps = group.undone.steps.map(({ path, from, to }) => ({ path, from: to, to: from }));
	const temp = tempName();
	const owner = { group: group.id, conversation: group.conversation };
	append(store.log, { type: 'redo', ...owner, steps, temp });
	const done = await take(store, { steps, kept, temp });
	if (done.length > 0 || kept.length === 0) append(store.log, { type: 'redone', ...owner });
	return reportOf(done, kept);
}

/** Removes the temporary files of a program that died at its work here. Only for who is alone. */
export async function sweep({ root, log, preimages }: Store): Promise<void> {
	preimages.sweep();
	const last = readLog(log).findLast(entry => 'temp' in entry);
	if (!last || !('temp' in last)) return;
	const paths = last.type === 'change' ? [last.path] : last.steps.map(step => step.path);
	for (const folder of new Set(paths.map(path => posix.dirname(path)))) {
		await whenPossible(() => withSpot(root, posix.join(folder, last.temp), spot => unlinkSync(spot.at())));
	}
}

/** What the files would be without the changes of these groups, and which of them cannot be told. Nothing is changed. */
export async function before(store: Store, wanted: (group: Group) => boolean): Promise<{ steps: Step[]; kept: UndoReport['kept'] }> {
	const groups = groupsOf(readLog(store.log)).filter(group => !group.undone && wanted(group));
	return planOf(store, { changes: groups.flatMap(group => group.changes) });
}

async function planOf(store: Store, group: Pick<Group, 'changes'>): Promise<{ steps: Step[]; kept: UndoReport['kept'] }> {
	const steps: Step[] = [];
	const kept: UndoReport['kept'] = [];
	for (const path of new Set(group.changes.map(change => change.path))) {
		try {
			const from = await now(store, path);
			const { to, why } = earlier(group.changes.filter(change => change.path === path).reverse(), from);
			if (why !== undefined) kept.push({ path, why });
			if (to !== undefined && !same(from, to)) steps.push({ path, from, to });
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			kept.push({ path, why: error.message });
		}
	}
	return { steps, kept };
}

/**
 * What a file was before `changes` (newest first), when it is `from` now. Each change leads back only from what it made,
 * or from what it found (it never happened, or is taken back already). Absence leads back too: it has nothing to lose.
 */
function earlier(changes: readonly LoggedChange[], from: State): { to?: State; why?: string } {
	let to: State | undefined;
	for (const { before, after } of changes) {
		const here = to === undefined ? from : to;
		if (here === null || here.hash === after || here.hash === before?.hash) to = before;
		else if (to !== undefined) return { to, why: 'another program had changed it in between; it is back to what it was then' };
	}
	return to === undefined ? { why: 'another program has changed it since' } : { to };
}

/** Carries steps out; what cannot be is added to `kept`. Gives those that were carried out. */
async function take(
	store: Store,
	{ steps, kept, temp }: { steps: readonly Step[]; kept: UndoReport['kept']; temp: string },
): Promise<Step[]> {
	const done: Step[] = [];
	for (const step of steps) {
		try {
			await set(store, step, temp);
			done.push(step);
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			kept.push({ path: step.path, why: error.message });
		}
	}
	return done;
}

function set({ root, preimages }: Store, { path, from, to }: Step, temp: string): Promise<void> {
	return withSpot(root, path, async spot => {
		if (spot.path !== path) throw new Refusal('it is reached through a link now');
		const current = () => readRegular(root, spot);
		const unchanged = () => {
			const found = current();
			if (found && to && hashOf(found.bytes) === to.hash) return;
			if ((found ? hashOf(found.bytes) : null) !== (from?.hash ?? null)) throw new Refusal('another program has changed it since');
		};
		unchanged();
		if (!to) {
			if (current()) unlinkSync(spot.at());
			await syncFolder(spot.folder());
			return;
		}
		const bytes = preimages.bytes(to.hash);
		if (!bytes) throw new Refusal('its earlier content is missing from the undo data');
		spot.makeFolders();
		const found = current();
		const content = { bytes, mode: to.mode, ...(found && { owner: { uid: found.uid, gid: found.gid } }) };
		await writeAtomically({ target: spot.at(), temp: spot.at(temp), folder: spot.folder() }, content, { fresh: !found, before: unchanged });
	});
}

const now = ({ root }: Store, path: string): Promise<State> =>
	withSpot(root, path, spot => {
		if (spot.path !== path) throw new Refusal('it is reached through a link now');
		const found = readRegular(root, spot);
		return found ? { hash: hashOf(found.bytes), mode: found.mode } : null;
	});

/** What is about to be replaced must be there for redo. */
async function keepNow({ root, preimages }: Store, steps: readonly Step[]): Promise<void> {
	for (const { path } of steps) {
		await withSpot(root, path, async spot => {
			const found = readRegular(root, spot);
			if (found) await preimages.keep(found.bytes);
		});
	}
}

/** Removes folders that were made for new files, innermost first, when nothing is in them. */
export async function removeFolders(root: Root, folders: readonly string[]): Promise<void> {
	for (const folder of folders.toSorted().reverse()) {
		await whenPossible(() =>
			withSpot(root, folder, spot => {
				if (spot.path === folder && lstatSync(spot.at(), { throwIfNoEntry: false })?.isDirectory()) rmdirSync(spot.at());
			}),
		);
	}
}

/** For tidying up: what the disk refuses stays. */
async function whenPossible(work: () => Promise<void>): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (!(error instanceof Refusal) && codeOf(error) === undefined) throw error;
	}
}

const same = (a: State, b: State) => a?.hash === b?.hash && a?.mode === b?.mode;

/** Each path of `groups` once: its text before the first of these changes, and its text now. Those equal by now are left out. */
export async function changesOf({ root, preimages }: Store, groups: readonly Group[]): Promise<Change[]> {
	const first = new Map<string, State>();
	for (const { path, before } of groups.flatMap(group => group.changes)) if (!first.has(path)) first.set(path, before);
	const changes: Change[] = [];
	for (const [path, state] of first) {
		const before = state ? loose(preimages.bytes(state.hash)) : null;
		const after = await withSpot(root, path, spot => loose(existsAsFile(spot) ? readRegular(root, spot)?.bytes : undefined));
		if (before !== after) changes.push({ path, before, after });
	}
	return changes;
}

const existsAsFile = (spot: Spot) => lstatSync(spot.at(), { throwIfNoEntry: false })?.isFile() === true;
const loose = (bytes: Uint8Array | undefined): string | null => (bytes ? lf(new TextDecoder().decode(bytes)) : null);

function reportOf(done: readonly Step[], kept: UndoReport['kept']): UndoReport {
	return {
		restored: done.filter(step => step.to).map(step => step.path),
		removed: done.filter(step => !step.to).map(step => step.path),
		kept,
	};
}
