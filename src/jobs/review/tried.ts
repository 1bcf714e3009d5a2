import type { Agent } from '../../agent/loop.js';
import { type Complaint, notFormatted } from '../../checks/complaints/complaints.js';
import { findTestCommand, runTests, type TestReport } from '../../checks/tests.js';
import { returned } from '../../returned.js';
import { timeFor } from '../time.js';
import { type Copy, openCopy } from '../trials.js';
import { type Change, type Found, near, type State } from './change.js';

/** What running programs of the project came to: remarks, what was run, and why something was not. */
/** Changed files that the project's own checkers are asked about. */
const mostChecked = 20;

export type Tried = { found: Found[]; ran: string[]; left: string[] };

/**
 * Runs the project's tests and its own checkers in a copy of the folder as it was and as it is. Without a box nothing of the
 * project runs unasked, so then nothing is.
 */
export async function tried(change: Change, agent: Agent): Promise<Tried> {
	const { workspace, signal } = change;
	if (!workspace.processes.boxed.on) return { found: [], ran: [], left: ['tests were not run, because there is no sandbox'] };
	const command = await findTestCommand(workspace, agent.testCommand);
	const none = command ? [] : ['there are no tests'];
	if (!command && !agent.checks) return { found: [], ran: [], left: none };
	const time = timeFor(agent.limits);
	const stop = AbortSignal.any([signal, AbortSignal.timeout(time.search)]);
	const states = await change.states();
	const copy = await openCopy(workspace, stop);
	try {
		const test = async (state: State): Promise<TestReport | undefined> => {
			const put = copy.scratch.put(state);
			try {
				return command && !stop.aborted
					? await returned(runTests(copy.workspace, command, { timeoutMs: time.run, signal: stop }))
					: undefined;
			} finally {
				put.takeBack();
			}
		};
		const then = await test(states.before);
		const now = then && wasGood(then) ? await test(states.after) : undefined;
		const complaints = agent.checks ? await newComplaints(change, { copy, states, agent }, stop) : { found: [], ran: [] };
		const isDone = now !== undefined && !stop.aborted;
		return {
			found: [...(then && isDone ? broken(change, then, now) : []), ...complaints.found],
			ran: [...(isDone ? ['the tests before and after it'] : []), ...complaints.ran],
			left: command && !isDone ? [stop.aborted ? 'the tests took too long' : 'the tests did not run before the change'] : none,
		};
	} finally {
		await copy.close();
	}
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

type Trying = { copy: Copy; states: { before: State; after: State }; agent: Agent };

/** What the project's checkers say of lines of the change that they did not say before it. */
async function newComplaints(change: Change, { copy, states, agent }: Trying, stop: AbortSignal): Promise<Pick<Tried, 'found' | 'ran'>> {
	const found: Found[] = [];
	const ran = new Set<string>();
	const checks = agent.checks?.within(copy.workspace, names => void names.map(name => ran.add(name)));
	for (const { path } of change.files.filter(({ after, path, was }) => after !== null && path === was).slice(0, mostChecked)) {
		if (!checks || stop.aborted) break;
		let put = copy.scratch.put(states.before);
		try {
			const swap = async () => {
				put.takeBack();
				put = copy.scratch.put(states.after);
			};
			const { fresh } = await checks.around(path, swap, stop);
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
