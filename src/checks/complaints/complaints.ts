import type { Workspace } from '../../workspace/workspace.js';
import { plainOutput } from '../plain.js';
import { orNothing, surveyOf } from '../survey.js';
import type { Checker, Complaint } from './checker.js';
import { javascriptCheckers } from './javascript.js';
import { compiledCheckers, pythonCheckers } from './others.js';

export { type Complaint, notFormatted } from './checker.js';

/**
 * What the project's own checkers say of changes. Nothing runs before `allowed` has said yes to their names: they are
 * programs, and read settings that are programs.
 */
export type Checks = {
	/** Makes a change of the file at `path` and gives, beside what came of it, what is complained about since and was not before. */
	around<T>(path: string, change: () => Promise<T>, signal: AbortSignal): Promise<{ done: T; fresh: Complaint[] }>;
	/** The same checkers in a copy of the folder, under the same answer; `ran` is told the names of those that are run, and agrees. */
	within(copy: Workspace, ran: (names: readonly string[]) => true): Checks;
};

/** Milliseconds for one run. A checker that needs longer is not asked again. */
const longest = 30_000;

/** Nothing that waits for a person, and no network. */
const environment = { CI: 'true', GOPROXY: 'off' };

/** The checks of one task. What there is to run is found out once, and a file is not judged twice in the same state. */
export function projectChecks(workspace: Workspace, allowed: (names: readonly string[], signal: AbortSignal) => Promise<boolean>): Checks {
	const tooSlow = new Set<string>();
	/** By checker and file: the complaints after the last change, and the text they are about. */
	const last = new Map<string, { text: string | undefined; complaints: Complaint[] }>();
	let all: Promise<Checker[]> | undefined;

	async function usable(path: string, signal: AbortSignal): Promise<Checker[]> {
		all ??= findCheckers(workspace);
		const found = (await all).filter(({ name, takes }) => takes.test(path) && !tooSlow.has(name));
		const mayRun =
			found.length > 0 &&
			(await allowed(
				found.map(({ name }) => name),
				signal,
			));
		return mayRun ? found : [];
	}

	async function judge(checker: Checker, path: string, signal: AbortSignal): Promise<Complaint[] | undefined> {
		const finished = await orNothing(async () => {
			const running = workspace.processes.run(checker.command(path), { timeoutMs: longest, signal, env: environment });
			for (;;) {
				const step = await running.next();
				if (step.done) return step.value;
			}
		});
		if (finished?.timedOut) tooSlow.add(checker.name);
		if (!finished || finished.timedOut || finished.aborted) return undefined;
		const here = (found: string) =>
			found.startsWith(`${workspace.root}/`) ? found.slice(workspace.root.length + 1) : found.replace(/^\.\//, '');
		return checker.read(plainOutput(finished.output)).map(each => ({ ...each, checker: checker.name, path: here(each.path) }));
	}

	const textOf = async (path: string) => (await orNothing(() => workspace.files.peek(path)))?.text;

	return {
		within: (copy, ran) => projectChecks(copy, async (names, signal) => (await allowed(names, signal)) && ran(names)),
		async around(path, change, signal) {
			const before = new Map<string, Complaint[]>();
			for (const checker of await usable(path, signal)) {
				const known = last.get(keyOf(checker, path));
				const still = known && (checker.whole || known.text === (await textOf(path))) ? known.complaints : undefined;
				const complaints = still ?? (await judge(checker, path, signal));
				if (complaints) before.set(checker.name, complaints);
			}
			const done = await change();
			const fresh: Complaint[] = [];
			for (const checker of (await all) ?? []) {
				const then = before.get(checker.name);
				const now = then && (await judge(checker, path, signal));
				if (!now) continue;
				last.set(keyOf(checker, path), { text: await textOf(path), complaints: now });
				fresh.push(...newIn(now, then));
			}
			return { done, fresh };
		},
	};
}

const keyOf = ({ name, whole }: Checker, path: string): string => (whole ? name : `${name}\n${path}`);

/** Those of `now` that `then` had not; where they stand does not count, since lines move. */
export function newIn(now: readonly Complaint[], then: readonly Complaint[]): Complaint[] {
	const known = new Map<string, number>();
	const key = ({ checker, path, message }: Complaint) => [checker, path, message].join('\n');
	for (const each of then) known.set(key(each), (known.get(key(each)) ?? 0) + 1);
	return now.filter(each => {
		const count = known.get(key(each)) ?? 0;
		known.set(key(each), count - 1);
		return count <= 0;
	});
}

/** The checkers that the files of the project name, at its root. */
export async function findCheckers(workspace: Workspace): Promise<Checker[]> {
	const { paths } = await workspace.files.list({ limit: 20_000 });
	const survey = surveyOf(workspace, paths);
	return [...(await javascriptCheckers(survey)), ...(await pythonCheckers(survey)), ...(await compiledCheckers(survey))];
}
