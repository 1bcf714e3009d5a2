import type { Work } from '../../agent/loop.js';
import { orNothing } from '../../checks/survey.js';
import { findTestCommand } from '../../checks/tests.js';
import { type AgentEvent, type Ending, Refusal } from '../../types.js';
import type { Parcel, Workspace } from '../../workspace/workspace.js';
import { fileOf } from '../review/change.js';
import { callId, conclude, speak } from '../speak.js';
import { lateIn, timeFor } from '../time.js';
import { type Copy, openCopy } from '../trials.js';
import { groupsOf } from './groups.js';
import { changeOf, commitMessage } from './message.js';
import { all, type Try, trialOf } from './tried.js';

/** Files of the folder that imports may lead to. */
const mostPaths = 20_000;

/** One commit to be: its files, and what was verified of the folder with it. */
type Step = { paths: string[]; why: string };
/** Steps that each hold; `left` says why they are not more. */
type Plan = { steps: Step[]; left?: string };
type Written = Step & { tree: string; message: string };

/**
 * Commits what is staged, else the files of this conversation, as several commits after each of which the project's tests and type
 * checkers are content, tried in a copy; as one where nothing else can be shown to hold, and says so. Nothing is committed, and the
 * person's staging not touched, before the plan was allowed; then all of it is, or nothing.
 */
export async function* split([option, stray]: readonly string[], work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending> {
	if (option !== '--split' || stray !== undefined)
		throw new Refusal('commit --split writes a message for each part itself, and takes none: qwill commit --split', 42);
	const { agent } = work;
	const { git } = agent.workspace;
	const parcel = await git.parcel(await chosen(agent.workspace));
	const plan = yield* planned(parcel, work, signal);
	if (signal.aborted) return { reason: 'interrupted' };
	const failure = yield* agent.engine.warm(undefined, signal);
	if (failure) return failure;
	const written: Written[] = [];
	for (const [index, { tree, diff }] of (
		await git.parts(
			parcel,
			plan.steps.map(({ paths }) => paths),
		)
	).entries()) {
		const { text } = await commitMessage(await changeOf(diff, git), agent.engine, signal);
		written.push({ ...plan.steps[index]!, tree, message: agent.signs?.message(text) ?? text });
	}
	if (signal.aborted) return { reason: 'interrupted' };
	return yield* offered({ parcel, plan, written }, work, signal);
}

async function chosen({ git, files }: Workspace): Promise<string[]> {
	if ((await git.branch()) === undefined) throw new Refusal('This folder is not in a git repository. Make one with: git init', 42);
	if ((await git.staged()).length > 0) return [];
	const paths = (await files.changes('ever')).map(({ path }) => path);
	if (paths.length > 0) return paths;
	throw new Refusal('Nothing is staged. Choose what to commit with: git add FILE', 42);
}

/** The search for parts as one call that the person can watch. */
async function* planned(parcel: Parcel, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Plan> {
	const { agent } = work;
	const { workspace } = agent;
	const whole = (left: string): Plan => ({ steps: [{ paths: all(parcel), why: 'not tried' }], left });
	const { paths } = await workspace.files.list({ limit: mostPaths });
	const groups = await groupsOf(parcel.files.flatMap(fileOf), new Set([...paths, ...all(parcel)]));
	const unread = all(parcel).filter(path => !groups.flat().includes(path));
	// What is no text stays in the copy as it is on disk, so it is committed first.
	const parts = unread.length > 0 ? [unread, ...groups] : groups;
	if (parts.length < 2) return whole('all of it belongs together');
	const command = await findTestCommand(workspace, agent.testCommand);
	if (command && !workspace.processes.boxed.on) return whole('without a sandbox the tests are not run unasked');
	const call = { id: callId('split', work), tool: 'commit', args: {} };
	yield { type: 'call', call, title: `trying ${parts.length} parts of what is to be committed` };
	const time = timeFor(agent.limits);
	const stop = AbortSignal.any([signal, lateIn(time.search)]);
	let copy: Copy | undefined;
	try {
		copy = await orNothing(() => openCopy(workspace, signal));
		const trial = copy && trialOf({ parcel, agent, copy, command, patience: time.run }, stop);
		const plan = trial
			? yield* search(parts, { trial, callId: call.id, first: unread.length > 0 }, stop)
			: whole('the folder could not be copied');
		const text = plan.left ?? `${plan.steps.length} parts, each of which holds`;
		yield* conclude(call, { ok: plan.steps.length > 1, text }, work);
		return plan;
	} finally {
		await copy?.close();
	}
}

type Searching = { trial: Try; callId: string; first: boolean };

/** Takes, one after the other, a part with which the folder holds; what is left when none does is the last part. */
async function* search(
	parts: readonly string[][],
	{ trial, callId, first }: Searching,
	stop: AbortSignal,
): AsyncGenerator<AgentEvent, Plan> {
	const whole = parts.flat();
	const end = await trial(whole);
	if (!end.ok) return { steps: [{ paths: whole, why: end.why }], left: `with all of it ${end.why}` };
	const steps: Step[] = [];
	let left = [...parts];
	let number = 0;
	while (left.length > 1) {
		let next: string[] | undefined;
		const done = steps.flatMap(({ paths }) => paths);
		for (const paths of first && steps.length === 0 ? left.slice(0, 1) : left) {
			if (stop.aborted) break;
			const about = { type: 'candidate', callId, number: ++number, what: paths.join(', ') } as const;
			yield { ...about, state: 'proposed' };
			const verdict = await trial([...done, ...paths]);
			yield { ...about, state: verdict.ok ? 'verified' : 'rejected', why: verdict.why };
			if (!verdict.ok) continue;
			next = paths;
			steps.push({ paths, why: verdict.why });
			break;
		}
		if (next === undefined) break;
		left = left.filter(paths => paths !== next);
	}
	steps.push({ paths: left.flat(), why: end.why });
	if (steps.length > 1) return { steps };
	return { steps, left: stop.aborted ? 'time was up before a part was shown to hold' : 'no part of it holds without the rest' };
}

type Offered = { parcel: Parcel; plan: Plan; written: readonly Written[] };

/** Shows the plan and, when it is allowed, commits it. */
async function* offered({ parcel, plan, written }: Offered, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending> {
	const { agent } = work;
	const call = { id: callId('commit', work), tool: 'git', args: { action: 'commit', parts: written.length } };
	const subjects = written.map(({ message }) => message.split('\n', 1)[0]!);
	const count = written.length === 1 ? 'one part' : `${written.length} parts`;
	const why = plan.left === undefined ? '' : ` (not split: ${plan.left})`;
	const title = `commit in ${count}${why}: ${subjects.join(' | ')}`;
	yield { type: 'call', call, title };
	const preview = { kind: 'text', text: written.map(shownStep).join('\n\n') } as const;
	const verified = plan.left === undefined ? 'each part was tried upon those before it' : undefined;
	const ask = { call, title, risk: 'writes', preview, because: '', ...(verified !== undefined && { verified }) } as const;
	const answer = await agent.approve(ask, signal);
	if (!answer.yes) {
		const show = { kind: 'text', text: [preview.text, answer.told].filter(Boolean).join('\n\n') } as const;
		yield* conclude(call, { ok: false, text: answer.text, refused: 'denied', show }, work);
		return { reason: 'denied', tool: 'git' };
	}
	const ids = await agent.workspace.git.commitParts(parcel, written);
	yield* conclude(call, { ok: true, text: `committed ${ids.join(', ')}` }, work);
	for (const id of ids) {
		const trouble = await agent.signs?.note(id);
		if (trouble !== undefined) yield { type: 'note', text: trouble };
	}
	const lines = ids.map(
		(id, index) => `- ${id.slice(0, 7)} ${subjects[index]} (${written[index]!.paths.join(', ')}; ${written[index]!.why})`,
	);
	return yield* speak([`Committed in ${count}${why}:`, ...lines].join('\n'), work);
}

const shownStep = ({ message, paths, why }: Written, index: number): string => `${index + 1}. ${message}\n\n   ${paths.join(', ')}: ${why}`;
