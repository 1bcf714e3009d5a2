import type { TestReport } from '../tests.js';
import type { TracedTest } from './coverage.js';
import { add, type Lines, type Log, type Logged, linesFor } from './log.js';

/** Whether a path is that of a test, or of what only tests use. */
export const isTestFile = (path: string): boolean =>
	/(^|\/)(tests?|specs?|__tests__|__mocks__)\//.test(path) ||
	/(^|\/)((test|spec)[_-][^/]*|([^/]*[._-])?(tests?|specs?)|conftest)\.\w+$/.test(path);

/** Settings of tools that are code. */
const isSetting = (path: string): boolean => /(^|\/)([^/]*\.(config|setup)\.[cm]?[jt]s|setup\.py|noxfile\.py)$/.test(path);
const isSource = (path: string): boolean => path !== '' && !isTestFile(path) && !isSetting(path);

/** The tests of all processes. Those that none of the tests started and that ran none are tests themselves. */
export function testsOf(logs: readonly Log[], report: TestReport): TracedTest[] {
	const byName = new Map(logs.map(log => [log.name, log]));
	for (const log of logs) {
		const started = origin(log, byName);
		if (!started) continue;
		for (const lines of [log.outside, ...[...log.tests.values()].map(test => test.lines)])
			for (const [path, numbers] of lines) add(started, path, numbers);
	}
	return logs.filter(log => log.parent === '').flatMap(log => (log.tests.size > 0 ? inProcess(log) : asProcess(log, report)));
}

/** The lines of the test that a process was started in, however many processes lie between. */
function origin(log: Log, byName: ReadonlyMap<string, Log>): Lines | undefined {
	for (let at = log, depth = 0; at.parent !== '' && depth < 50; depth++) {
		const [name = '', test] = at.parent.split(':');
		const above = byName.get(name);
		if (!above) return undefined;
		if (above.parent === '') return linesFor(above, Number(test));
		at = above;
	}
	return undefined;
}

function inProcess({ tests, outside }: Log): TracedTest[] {
	const all = [...tests.values()];
	const touched = new Set(all.flatMap(test => [...test.lines.keys()]));
	return all.map(test => traced(test, loadedFor(test, outside, touched)));
}

/**
 * Of what loading ran, the part that can matter to a test: of files in which it then ran something, and of those in which no
 * test did, as they may hold nothing but values. A test that ran nothing failed while loading: all of it.
 */
function loadedFor({ lines }: Logged, outside: Lines, touched: ReadonlySet<string>): Lines {
	const nothing = ![...lines.keys()].some(isSource);
	return new Map([...outside].filter(([path]) => nothing || lines.has(path) || !touched.has(path)));
}

function traced({ name, file, ok, lines }: Logged, loaded: Lines): TracedTest {
	const merged: Lines = new Map();
	for (const part of [lines, loaded]) for (const [path, numbers] of part) if (isSource(path)) add(merged, path, numbers);
	const inside = file !== '' && file !== '.' && !file.startsWith('..');
	const own = inside ? file : [...lines.keys()].find(isTestFile);
	return { name, ok: ok === true, ...(own !== undefined && { file: own }), lines: merged };
}

/** A process that is one test: by how it ended, and, where a runner ended it or looked after its failures, by what was printed. */
function asProcess({ process, outside, ok }: Log, report: TestReport): TracedTest[] {
	if (![...outside.keys()].some(path => isSource(path) || isTestFile(path))) return [];
	const files = [...outside.keys()].filter(isTestFile);
	const file = outside.has(process) ? process : files.length === 1 ? files[0]! : '';
	const failed = report.failures.some(failure => failure.file !== undefined && failure.file === file);
	const told = !failed && (ok ?? (report.passed !== undefined && file !== ''));
	return [traced({ name: file || process, file, ok: told, lines: outside }, new Map())];
}
