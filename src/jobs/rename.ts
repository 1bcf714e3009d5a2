import type { Work } from '../agent/loop.js';
import { escaped } from '../checks/escaped.js';
import { orNothing } from '../checks/survey.js';
import { worseBy } from '../checks/syntax/faults.js';
import { definedAs, renamed } from '../checks/syntax/renaming.js';
import { findTestCommand, type TestReport } from '../checks/tests.js';
import type { AgentEvent, Ending } from '../types.js';
import type { Workspace } from '../workspace/workspace.js';
import { callId, conclude, fails, speak, writeAll } from './speak.js';
import type { Target } from './targets.js';
import { lateIn, timeFor, unlessLate } from './time.js';
import { type Files, openTrials } from './trials.js';
import { breaksNothing, capital, failures, passes } from './verdicts.js';

/** One name that is to become another. */
export type Wish = { from: string; to: string };

const name = '[`\'"]?([A-Za-z_$][\\w$]*)(?:\\(\\))?[`\'"]?';
const wish = new RegExp(
	`^\\s*(?:please |now |can you |could you )*(?:in \\S+,? )?rename (?:the )?(?:(?:local |global |private )?(?:function|variable|class|method|parameter|argument|constant|type|field|name) )?${name} (?:to|into|as) ${name}(?:[\\s,]+(?:in|of|everywhere|throughout)\\b(?:(?!\\band (?!\\S+\\.\\w))[^\\n?])*)?\\s*[.!]?\\s*$`,
	'i',
);

/** What a message that asks for nothing but another name wants; undefined for all others. */
export function renameIn(text: string): Wish | undefined {
	const [, from, to] = wish.exec(text) ?? [];
	return from !== undefined && to !== undefined && from !== to ? { from, to } : undefined;
}

/**
 * Gives something another name, by program: in the files that are named and those that use it from there, in all files of the
 * project where none is named. The result parses and breaks no test that passed. Undefined where the name is in none of them.
 */
export async function* rename(
	{ from, to, targets }: Wish & { targets: readonly Target[] },
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Ending | undefined> {
	const { workspace } = work.agent;
	const sources = await using(from, targets, workspace);
	const kinds = (await Promise.all([...sources].map(([path, text]) => definedAs(path, text, from)))).flat();
	const found = await changed(sources, { from, to, members: kinds.includes('method') });
	// A variable of that name may be another one in every file.
	if (targets.length === 0 && kinds.length === 0 && found.files.size > 1)
		return yield* fails(`\`${from}\` is a variable in ${found.files.size} files: name the one that is meant with @.`, work);
	if (found.taken !== undefined) return yield* fails(`There is a \`${to}\` in ${found.taken} already, so nothing was renamed.`, work);
	if (found.files.size === 0) return undefined;
	const places = `${found.places} ${found.places === 1 ? 'place' : 'places'}`;
	const tried = yield* verify(found.files, `renaming ${from} to ${to}: ${places} in ${[...found.files.keys()].join(', ')}`, work, signal);
	if (signal.aborted) return { reason: 'interrupted' };
	if (tried.problem !== undefined) return yield* fails(tried.problem, work);
	const verified = tried.report && `${passes(tried.report)}, in a copy of the folder with this change`;
	const stopped = yield* writeAll(found.files, { kind: 'rename', verified, writer: undefined }, work, signal);
	if (stopped) return stopped;
	const says = tried.report ? capital(passes(tried.report)) : 'There are no tests that say whether it is right';
	return yield* speak(`Renamed \`${from}\` to \`${to}\` in ${places}. ${says}.`, work);
}

/** Files that are looked through. */
const mostFiles = 5000;

/**
 * The files that are meant and those that may have the name from them. Of files that are named: those that speak of them, where the
 * name is that of a function or class there; where it is a variable, those that import it.
 */
async function using(from: string, targets: readonly Target[], { files }: Workspace): Promise<Map<string, string>> {
	const named = targets.flatMap(({ path, text }) => (text === null ? [] : [[path, text] as const]));
	const shared = (await Promise.all(named.map(([path, text]) => definedAs(path, text, from)))).flat().length > 0;
	const stems = named.map(([path]) => escaped(path.replace(/.*\//, '').replace(/\.\w+$/, '')));
	const speaks = (stem: string) =>
		new RegExp(
			shared
				? `\\b${stem}\\b`
				: `\\b${stem}\\.${escaped(from)}\\b|\\b${stem}\\b[^\\n]*\\b${escaped(from)}\\b|\\b${escaped(from)}\\b[^\\n]*\\b${stem}\\b`,
		);
	const found = new Map(named);
	for (const path of (await files.list({ limit: mostFiles })).paths) {
		if (found.has(path)) continue;
		const text = await orNothing(async () => (await files.peek(path)).text);
		if (text?.includes(from) && (stems.length === 0 || stems.some(stem => speaks(stem).test(text)))) found.set(path, text);
	}
	return found;
}

type Changed = { files: Map<string, string>; places: number; taken: string | undefined };

async function changed(sources: ReadonlyMap<string, string>, how: Wish & { members: boolean }): Promise<Changed> {
	const result: Changed = { files: new Map(), places: 0, taken: undefined };
	for (const [path, text] of sources) {
		const made = await renamed(path, text, how);
		if (!made || made.places === 0) continue;
		if (made.taken) result.taken ??= path;
		result.files.set(path, made.text);
		result.places += made.places;
	}
	return result;
}

/** What the tests say of the files with the new name, where there are tests that may be run; `problem` where it must not be done. */
async function* verify(
	files: Files,
	title: string,
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, { report?: TestReport; problem?: string }> {
	const { agent } = work;
	const call = { id: callId('search', work), tool: 'rename', args: { files: [...files.keys()] } };
	yield { type: 'call', call, title };
	for (const [path, text] of files) {
		const fault = await worseBy(path, { before: (await agent.workspace.files.peek(path)).text, after: text });
		if (!fault) continue;
		const problem = `${path} would not parse with it (line ${fault.line}: ${fault.message}), so nothing was renamed.`;
		yield* conclude(call, { ok: false, text: problem }, work);
		return { problem };
	}
	const result = await tested(files, work, signal);
	yield* conclude(
		call,
		{ ok: result.problem === undefined, text: result.problem ?? (result.report ? passes(result.report) : 'it parses') },
		work,
	);
	return result;
}

/** Without a box, tests do not run unasked: then nothing is said of them. */
async function tested(files: Files, { agent }: Work, signal: AbortSignal): Promise<{ report?: TestReport; problem?: string }> {
	const command = agent.workspace.processes.boxed.on ? await findTestCommand(agent.workspace, agent.testCommand) : undefined;
	if (!command) return {};
	const time = timeFor(agent.limits);
	const stop = AbortSignal.any([signal, lateIn(time.search)]);
	const [trials] = await unlessLate(async () => [await openTrials(agent.workspace, command, stop)], stop);
	if (!trials) return {};
	try {
		const before = await trials.baseline(time.run, stop);
		let report: TestReport | undefined;
		for await (const trial of trials.run([files], time.run, stop)) report = trial.report;
		if (!report || before.timedOut) return {};
		const broken = report.timedOut || !breaksNothing(report, before) || (report.failed ?? 0) > (before.failed ?? 0);
		if (!broken) return (report.failed ?? 0) > 0 ? {} : { report };
		return { problem: `With the new name ${failures(report)}, so nothing was renamed.` };
	} finally {
		await trials.close();
	}
}
