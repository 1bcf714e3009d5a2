import type { Agent, Work } from '../../agent/loop.js';
import { type Checks, type Complaint, findCheckers, notFormatted } from '../../checks/complaints/complaints.js';
import { orNothing } from '../../checks/survey.js';
import { findTestCommand, runTests, type TestCommand, type TestReport } from '../../checks/tests.js';
import { returned } from '../../returned.js';
import type { AgentEvent } from '../../types.js';
import { callId, conclude } from '../speak.js';
import { lateIn, timeFor } from '../time.js';
import { type Copy, openCopy } from '../trials.js';
import { type Change, type Found, near, type State } from './change.js';

/** Changed files that the project's own checkers are asked about. */
const mostChecked = 20;

/** What running programs of the project came to: remarks, what was run, and why something was not. */
export type Tried = { found: Found[]; ran: string[]; left: string[] };

/**
 * Runs the project's tests and its own checkers in a copy of the folder as it was and as it is. Without a box nothing of the
 * project runs unasked, so then nothing is.
 */
export async function* tried(change: Change, work: Work): AsyncGenerator<AgentEvent, Tried> {
	const { workspace, signal } = change;
	const { agent } = work;
	if (!workspace.processes.boxed.on) return { found: [], ran: [], left: ['tests were not run, because there is no sandbox'] };
	const command = await findTestCommand(workspace, agent.testCommand);
	const checked = agent.checks ? await findCheckers(workspace) : [];
	if (!command && checked.length === 0) return { found: [], ran: [], left: ['there are no tests'] };
	const call = { id: callId('review', work), tool: 'review', args: {} };
	yield {
		type: 'call',
		call,
		title: command ? 'run the tests before and after the change' : "run the project's checkers before and after the change",
	};
	const time = timeFor(agent.limits);
	const stop = AbortSignal.any([signal, lateIn(time.search)]);
	const made = await orNothing(() => openCopy(workspace, signal));
	try {
		const result = made ? await tryIn(made, { change, agent, command, patience: time.run }, stop) : { ...nothing, left: [notCopied] };
		const text = [...result.found.map(one => one.text), ...result.left].join('\n') || 'nothing is worse with it';
		yield* conclude(call, { ok: result.found.length === 0, text }, work);
		return result;
	} finally {
		await made?.close();
	}
}

const nothing = { found: [], ran: [], left: [] };
const notCopied = 'the folder could not be copied to run its tests';

/** `patience` is the milliseconds of one run of the tests. */
type Trying = { change: Change; agent: Agent; command: TestCommand | undefined; patience: number };

async function tryIn(copy: Copy, { change, agent, command, patience }: Trying, stop: AbortSignal): Promise<Tried> {
	const states = await change.states();
	const test = async (state: State): Promise<TestReport | undefined> => {
		if (!command || stop.aborted) return undefined;
		const put = copy.scratch.put(state);
		try {
			return await returned(runTests(copy.workspace, command, { timeoutMs: patience, signal: stop }));
		} finally {
			put.takeBack();
		}
	};
	const then = await test(states.before);
	const now = then && wasGood(then) ? await test(states.after) : undefined;
	const complaints = agent.checks ? await newComplaints({ change, copy, checks: agent.checks }, states, stop) : nothing;
	const isDone = now !== undefined && !stop.aborted;
	const why = stop.aborted ? 'the tests took too long' : command ? 'the tests did not run before the change' : 'there are no tests';
	return {
		found: [...(then && isDone ? broken(change, then, now) : []), ...complaints.found],
		ran: [...(isDone ? ['the tests before and after it'] : []), ...complaints.ran],
		left: isDone ? [] : [why],
	};
}

const wasGood = ({ ran, timedOut, passed, failed }: TestReport): boolean =>
	ran && !timedOut && passed !== undefined && failed !== undefined;

/** Tests that passed before and fail now: of those that are new nobody knows whether they are meant to. */
function broken({ files }: Change, then: TestReport, now: TestReport): Found[] {
	if (!now.ran || now.failed === undefined) return [];
	const old = new Set(then.failures.map(({ name }) => name));
	const [first] = files.filter(({ added }) => added.size > 0);
	if (!first) return [];
	return now.failures.flatMap(({ name, file, line, message }) => {
		const changed = files.find(({ path }) => path === file);
		const isKnown = !changed || (changed.before?.includes(lastPart(name)) ?? false);
		if (old.has(name) || !isKnown) return [];
		const at =
			changed && line !== undefined && changed.added.has(line) ? { path: changed.path, line } : { path: first.path, line: near(first, 1) };
		const why = message
			.split('\n')
			.find(part => part.trim() !== '')
			?.trim();
		return [
			{
				...at,
				rule: 'test-fails',
				text: `the test \`${name}\` passed before and fails now${why === undefined ? '' : `: ${clipped(why)}`}`,
			},
		];
	});
}

const lastPart = (name: string): string => name.split(/ > |::| › |\./).at(-1) ?? name;
const clipped = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text);

type Checking = { change: Change; copy: Copy; checks: Checks };

/** What the project's checkers say of lines of the change that they did not say before it. */
async function newComplaints(
	{ change, copy, checks }: Checking,
	states: { before: State; after: State },
	stop: AbortSignal,
): Promise<Pick<Tried, 'found' | 'ran'>> {
	const found: Found[] = [];
	const ran = new Set<string>();
	const told = (names: readonly string[]): true => {
		for (const name of names) ran.add(name);
		return true;
	};
	const inCopy = checks.within(copy.workspace, told);
	for (const { path } of change.files.filter(({ after, path, was }) => after !== null && path === was).slice(0, mostChecked)) {
		if (stop.aborted) break;
		let put = copy.scratch.put(states.before);
		try {
			const swap = async () => {
				put.takeBack();
				put = copy.scratch.put(states.after);
			};
			const { fresh } = await inCopy.around(path, swap, stop);
			found.push(...fresh.flatMap(one => remarkOf(one, change)));
		} finally {
			put.takeBack();
		}
	}
	return { found, ran: [...ran] };
}

/** A complaint about a line of the change. How a file is written is no fault. */
function remarkOf({ checker, path, line, message }: Complaint, { files }: Change): Found[] {
	const isOurs = line !== undefined && message !== notFormatted && files.some(file => file.path === path && file.added.has(line));
	return isOurs ? [{ path, line, rule: checker.replaceAll(' ', '-'), text: `${checker}: ${message}` }] : [];
}
