import type { Coverage } from '../checks/coverage/coverage.js';
import { isTestFile } from '../checks/coverage/merge.js';
import { suspicion } from '../checks/coverage/suspicion.js';
import type { Failure } from '../checks/reports/reading.js';
import { orNothing } from '../checks/survey.js';
import type { TestReport } from '../checks/tests.js';
import type { Workspace } from '../workspace/workspace.js';
import { definedIn } from './blocks.js';
import { indentOf, rankLines } from './lines.js';

/** A file that may hold the fault; `lines` (from 1) most suspicious first. */
export type Suspect = { path: string; text: string; lines: number[] };

/** Failing tests that one file is blamed for, most suspicious file first; `tests` is what they say, for looking things up. */
export type Fault = { names: readonly string[]; suspects: Suspect[]; tests: string };

const isSource = (path: string) =>
	/\.(c|cc|cpp|cs|ex|exs|go|java|jl|js|jsx|kt|lua|mjs|cjs|php|pl|py|r|rb|rs|scala|swift|ts|tsx)$/i.test(path);

/** `named` are files that the person named; `coverage` what each test ran, when nothing was changed yet. */
export type Hints = { named: readonly string[]; coverage: Coverage | undefined };

/** Suspects of one fault that are searched. */
const fewSuspects = 6;

/**
 * Which files the failing tests blame. A test blames the source files of its stack trace and those whose lines it ran (where
 * that is known), then those that define what the test's own text names, then those that its file imports, then, in a small
 * project, the others. Tests that blame the same file first are one fault; the fault with the most tests comes first.
 */
export async function locate(report: TestReport, workspace: Workspace, { named, coverage }: Hints): Promise<Fault[]> {
	const { paths } = await workspace.files.list({ limit: 5000 });
	const sources = paths.filter(path => isSource(path) && !isTestFile(path));
	const traced = traceOf(report.output, paths);
	const tests = await testTexts(report, { paths, traced }, workspace);
	const imported = [...tests].flatMap(([path, text]) => importsOf(path, text, paths));
	const ran = coverage?.tests.filter(({ ok }) => !ok).flatMap(({ lines }) => [...lines.keys()]) ?? [];
	const known = new Set([...named, ...traced.map(({ path }) => path), ...ran, ...imported, ...(sources.length <= 12 ? sources : [])]);
	const texts = new Map<string, string>();
	for (const path of known) if (sources.includes(path)) texts.set(path, await textOf(path, workspace));
	const all = [...tests.values()].join('\n');
	const faults = new Map<string, { names: string[]; tests: string; order: string[] }>();
	for (const failure of report.failures.length > 0 ? report.failures : [undefined]) {
		const own = failure ? (bodyOf(failure, tests) ?? all) : all;
		const trace = failure ? traceOf(failure.message, paths) : traced;
		const ranBy = coverage?.tests.find(test => !test.ok && test.name === failure?.name)?.lines;
		const order = blamed({ texts, named, traced: trace, own, message: failure?.message ?? report.firstFailure, ranBy });
		const key = order[0] ?? '';
		const fault = faults.get(key) ?? { names: [], tests: '', order };
		if (failure) fault.names.push(failure.name);
		if (!fault.tests.includes(own)) fault.tests += `${own}\n`;
		faults.set(key, fault);
	}
	return [...faults.values()]
		.sort((a, b) => b.names.length - a.names.length)
		.map(({ names, tests: own, order }) => {
			const scores = coverage && suspicion(ofFault(coverage, names));
			return {
				names,
				tests: own,
				suspects: order.slice(0, fewSuspects).map(path => {
					const text = texts.get(path) ?? '';
					const lines = traced.filter(frame => frame.path === path).map(frame => frame.line);
					const words = { mentioned: `${report.firstFailure}\n${names.join('\n')}`, testText: own, endless: report.timedOut };
					return { path, text, lines: rankLines(text, lines, { ...words, ran: scores?.get(path) }) };
				}),
			};
		})
		.filter(({ suspects }) => suspects.some(({ lines }) => lines.length > 0));
}

/** The failing tests of this fault beside all that pass; those of other faults say nothing about it. */
const ofFault = ({ tests }: Coverage, names: readonly string[]): Coverage => ({
	tests: tests.filter(({ ok, name }) => ok || names.length === 0 || names.includes(name)),
});

/** The texts of the test files that fail, by path; where nobody tells which, of all. */
async function testTexts(
	report: TestReport,
	{ paths, traced }: { paths: readonly string[]; traced: readonly Frame[] },
	workspace: Workspace,
): Promise<Map<string, string>> {
	const told = [...report.failures.flatMap(failure => failure.file ?? []), ...traced.map(({ path }) => path)];
	const failing = told.filter(path => paths.includes(path) && isTestFile(path));
	const chosen = new Set(failing.length > 0 ? failing : paths.filter(path => isTestFile(path) && isSource(path)).slice(0, 20));
	const texts = new Map<string, string>();
	for (const path of chosen) texts.set(path, await textOf(path, workspace));
	return texts;
}

type Blame = {
	texts: ReadonlyMap<string, string>;
	named: readonly string[];
	traced: readonly Frame[];
	own: string;
	message: string;
	ranBy: ReadonlyMap<string, ReadonlySet<number>> | undefined;
};

/** The files a test blames, most blamed first. */
function blamed({ texts, named, traced, own, message, ranBy }: Blame): string[] {
	const words = new Set(`${own}\n${message}`.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu));
	const score = ([path, text]: readonly [string, string]): number => {
		const frame = traced.findLastIndex(found => found.path === path);
		const defined = text.split('\n').filter(line => words.has(definedIn(line) ?? '')).length;
		const stem = path.replace(/.*\//, '').replace(/\.\w+$/, '');
		const ran = ranBy ? (ranBy.has(path) ? 2 : -6) : 0;
		return (
			ran +
			(named.includes(path) ? 8 : 0) +
			(frame >= 0 ? 4 + frame / traced.length : 0) +
			Math.min(defined, 3) +
			(words.has(stem) ? 1.5 : 0)
		);
	};
	const scored = [...texts].map(entry => ({ path: entry[0], score: score(entry) }));
	return scored.sort((a, b) => b.score - a.score).map(({ path }) => path);
}

/** The text of one test, from the line that names it to the next that defines something as far out. */
function bodyOf({ name, line, file }: Failure, tests: ReadonlyMap<string, string>): string | undefined {
	const word = /(\w+)(?:\s*\(.*)?$/.exec(name.trim())?.[1] ?? name;
	for (const [path, text] of tests) {
		const lines = text.split('\n');
		const at = lines.findIndex(
			one => one.includes(name) || (/\b(def|func|fn|fun|void|function|test|it)\b/.test(one) && new RegExp(`\\b${word}\\b`).test(one)),
		);
		const from = at >= 0 ? at : file === path && line !== undefined ? line - 1 : -1;
		if (from < 0) continue;
		const indent = indentOf(lines[from] ?? '');
		const to = lines.findIndex((one, i) => i > from && one.trim() !== '' && indentOf(one) <= indent && /^\s*[\w@#]/.test(one));
		return lines.slice(from, to < 0 ? undefined : to).join('\n');
	}
	return undefined;
}

/** Characters. A longer line is data, and would take the search for places minutes. */
const longestLine = 1000;

type Frame = { path: string; line: number };

/** Places of this repository that the output names, innermost last. Formats: `path:line`, Python's `File "path", line n`. */
function traceOf(output: string, paths: readonly string[]): Frame[] {
	const frames: Frame[] = [];
	const lines = output.split('\n').filter(line => line.length < longestLine);
	for (const match of lines.join('\n').matchAll(/(?:File "([^"\n]+)", line (\d+))|([\w@./\\-]+\.\w+):(\d+)/g)) {
		const named = (match[1] ?? match[3] ?? '').replaceAll('\\', '/');
		const path = paths.findLast(known => named === known || named.endsWith(`/${known}`));
		if (path !== undefined) frames.push({ path, line: Number(match[2] ?? match[4]) });
	}
	return frames;
}

/** Files of this repository that a test imports, or stands beside. */
function importsOf(test: string, text: string, paths: readonly string[]): string[] {
	const folder = test.includes('/') ? test.slice(0, test.lastIndexOf('/') + 1) : '';
	const wanted = [
		...[...text.matchAll(/(?:from|import|require)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g)].map(([, target]) => join(folder, target!)),
		...[...text.matchAll(/^\s*(?:from|import)\s+([\w.]+)/gm)].flatMap(([, target]) => [
			target!.replaceAll('.', '/'),
			`${folder}${target!.replaceAll('.', '/')}`,
		]),
		`${folder}${test
			.slice(folder.length)
			.replace(/[._-]?(test|spec)s?(?=\.)|^test[._-]/gi, '')
			.replace(/\.\w+$/, '')}`,
	];
	return wanted.flatMap(name =>
		paths.filter(path => path === name || path.replace(/\.\w+$/, '') === name.replace(/\.[jt]sx?$/, '') || path.endsWith(`/${name}.py`)),
	);
}

function join(folder: string, target: string): string {
	const parts: string[] = [];
	for (const part of `${folder}${target}`.split('/')) {
		if (part === '..') parts.pop();
		else if (part !== '.' && part !== '') parts.push(part);
	}
	return parts.join('/');
}

const textOf = async (path: string, { files }: Workspace): Promise<string> =>
	(await orNothing(async () => (await files.peek(path)).text)) ?? '';
