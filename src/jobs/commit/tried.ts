import type { Agent } from '../../agent/loop.js';
import { findCheckers } from '../../checks/complaints/complaints.js';
import { runTests, type TestCommand } from '../../checks/tests.js';
import { isGreen } from '../../checks/verdict.js';
import { returned } from '../../returned.js';
import type { Parcel } from '../../workspace/workspace.js';
import { type Change, type FileChange, fileOf, type State, statesOf, textsOf } from '../review/change.js';
import { argumentCounts } from '../review/checks/arguments.js';
import { parses } from '../review/checks/parses.js';
import { removed } from '../review/checks/removed.js';
import { undefinedNames } from '../review/checks/undefined.js';
import type { Copy } from '../trials.js';
import { failures, passes } from '../verdicts.js';

/** Files that checkers which look at one at a time are asked about. */
const mostChecked = 20;
const readers = [parses, undefinedNames, removed, argumentCounts];

/** How a state of the folder was found: what was verified, or what is wrong with it. */
export type Verdict = { ok: boolean; why: string };
/** Tries the folder as it would be with these files of the parcel committed, and nothing else of the work tree. */
export type Try = (paths: readonly string[]) => Promise<Verdict>;

type Trying = { parcel: Parcel; agent: Agent; copy: Copy; command: TestCommand | undefined; patience: number };

/** Makes the trial of a parcel: what can be read off the texts, then the project's type checkers, then its tests. */
export function trialOf({ parcel, agent, copy, command, patience }: Trying, signal: AbortSignal): Try {
	let own: Promise<ReadonlySet<string>> | undefined;
	return async paths => {
		const state = stateOf(parcel, paths);
		const files = parcel.files.filter(({ path }) => paths.includes(path)).flatMap(fileOf);
		own ??= faultsIn(parcel.files.flatMap(fileOf), stateOf(parcel, all(parcel)), agent, signal);
		const known = await own;
		// What is wrong with the whole as well is not the doing of a part.
		const [fault] = [...(await faultsIn(files, state, agent, signal))].filter(one => !known.has(one));
		if (fault !== undefined) return { ok: false, why: fault };
		const types = await typesOf({ parcel, agent, copy }, { state, files }, signal);
		if (types.wrong !== undefined) return { ok: false, why: types.wrong };
		const read = [types.ran.length > 0 ? `${types.ran.join(' and ')} found nothing` : 'nothing is wrong with the texts'];
		if (!command) return { ok: true, why: read.join('') };
		const put = copy.scratch.put(state);
		try {
			const report = await returned(runTests(copy.workspace, command, { timeoutMs: patience, signal }));
			if (signal.aborted) return { ok: false, why: 'time was up' };
			const isGood = report.ran && isGreen(report);
			return { ok: isGood, why: isGood ? [passes(report), ...(types.ran.length > 0 ? read : [])].join(', ') : failures(report) };
		} finally {
			put.takeBack();
		}
	};
}

/** The paths of all files of a parcel. */
export const all = ({ files }: Parcel): string[] => files.map(({ path }) => path);

/** What makes the folder on disk the one with these files committed. */
function stateOf({ files, beside }: Parcel, paths: readonly string[]): State {
	const state = new Map(beside);
	for (const file of files) for (const [path, text] of statesOf(file)) state.set(path, text);
	for (const { path, was, after } of files.filter(one => paths.includes(one.path))) {
		if (was !== path) state.set(was, null);
		if (after !== undefined) state.set(path, after);
	}
	return state;
}

async function faultsIn(
	files: readonly FileChange[],
	state: State,
	{ workspace }: Agent,
	signal: AbortSignal,
): Promise<ReadonlySet<string>> {
	let texts: Promise<ReadonlyMap<string, string>> | undefined;
	const change: Change = {
		files,
		unread: [],
		workspace,
		signal,
		texts: () => (texts ??= textsOf(workspace, state)),
		states: async () => ({ before: new Map(), after: state }),
	};
	const found = new Set<string>();
	for (const read of readers) if (!signal.aborted) for (const { path, text } of await read(change)) found.add(`${path}: ${text}`);
	return found;
}

type Looked = { state: State; files: readonly FileChange[] };

/** What the project's type checkers say of this state that they do not say of the one before all parts. */
async function typesOf(
	{ parcel, agent, copy }: Pick<Trying, 'parcel' | 'agent' | 'copy'>,
	{ state, files }: Looked,
	signal: AbortSignal,
): Promise<{ ran: string[]; wrong?: string }> {
	const typed = agent.checks ? (await findCheckers(agent.workspace)).filter(({ kind }) => kind === 'types') : [];
	const ran = new Set<string>();
	const asked = agent.checks?.within(copy.workspace, names => {
		for (const name of names) if (typed.some(checker => checker.name === name)) ran.add(name);
		return true;
	});
	const whole = new Set<string>();
	for (const { path } of files.filter(({ after }) => after !== null).slice(0, mostChecked)) {
		const taking = typed.filter(({ takes, name }) => takes.test(path) && !whole.has(name));
		if (!asked || taking.length === 0 || signal.aborted) continue;
		for (const { name, whole: isWhole } of taking) if (isWhole) whole.add(name);
		let put = copy.scratch.put(stateOf(parcel, []));
		try {
			const swap = async () => {
				put.takeBack();
				put = copy.scratch.put(state);
			};
			const { fresh } = await asked.around(path, swap, signal);
			const [first] = fresh.filter(({ checker }) => typed.some(({ name }) => name === checker));
			if (first) return { ran: [...ran], wrong: `${first.checker}: ${first.path}: ${first.message}` };
		} finally {
			put.takeBack();
		}
	}
	return { ran: [...ran] };
}
