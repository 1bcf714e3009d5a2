import type { TestReport } from '../checks/tests.js';
import { Refusal } from '../types.js';
import type { Workspace } from '../workspace/workspace.js';

/** A file that may hold the fault; `lines` (from 1) most suspicious first. */
export type Suspect = { path: string; text: string; lines: number[] };

const isTest = (path: string) => /(^|[/_.-])(tests?|specs?|__tests__)([/_.-]|$)/i.test(path) || /(Test|Tests|Spec)\.\w+$/.test(path);
const isSource = (path: string) =>
	/\.(c|cc|cpp|cs|ex|exs|go|java|jl|js|jsx|kt|lua|mjs|cjs|php|pl|py|r|rb|rs|scala|swift|ts|tsx)$/i.test(path);

/**
 * Where the fault may be: source files in the stack trace, then those that a failing test's file imports, then, in a small
 * project, the others. Within a file: lines of the trace, then the functions whose names the failure mentions, then the rest.
 */
export async function locate(report: TestReport, workspace: Workspace, named: readonly string[]): Promise<Suspect[]> {
	const { paths } = await workspace.files.list({ limit: 5000 });
	const traced = traceOf(report.output, paths);
	const tests = new Set(
		[...report.failures.flatMap(failure => failure.file ?? []), ...traced.map(({ path }) => path)].filter(
			path => paths.includes(path) && isTest(path),
		),
	);
	if (tests.size === 0) for (const path of paths.filter(path => isTest(path) && isSource(path)).slice(0, 20)) tests.add(path);
	const imported: string[] = [];
	let testText = '';
	for (const path of tests) {
		const text = await textOf(path, workspace);
		testText += text;
		imported.push(...importsOf(path, text, paths));
	}
	const sources = paths.filter(path => isSource(path) && !isTest(path));
	const ranked = new Set([...named, ...traced.map(({ path }) => path), ...imported, ...(sources.length <= 6 ? sources : [])]);
	const suspects: Suspect[] = [];
	for (const path of ranked) {
		if (isTest(path) || !isSource(path) || !paths.includes(path)) continue;
		const text = await textOf(path, workspace);
		const mentioned = `${report.firstFailure}\n${report.failures.map(failure => failure.name).join('\n')}`;
		suspects.push({
			path,
			text,
			lines: rankLines(
				text,
				traced.filter(frame => frame.path === path).map(frame => frame.line),
				{ mentioned, testText },
			),
		});
	}
	return suspects;
}

type Frame = { path: string; line: number };

/** Places of this repository that the output names, innermost first. Formats: `path:line`, Python's `File "path", line n`. */
function traceOf(output: string, paths: readonly string[]): Frame[] {
	const frames: Frame[] = [];
	for (const match of output.matchAll(/(?:File "([^"\n]+)", line (\d+))|([\w@./\\-]+\.\w+):(\d+)/g)) {
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

/** Lines worth trying, most suspicious first; blank lines, comments, imports and lone brackets are not. */
export function rankLines(text: string, traced: readonly number[], words: { mentioned: string; testText: string }): number[] {
	const lines = text.split('\n');
	let weight = 0;
	const scored = lines.flatMap((line, index) => {
		const name = /(?:function\s*\*?|def|func|fn|fun|class|const|let|var|public|private|static)\s+(?:\([^)]*\)\s*)?(\w+)/.exec(line)?.[1];
		if (name !== undefined && /^\S/.test(line))
			weight = new RegExp(`\\b${name}\\b`).test(words.mentioned) ? 2 : new RegExp(`\\b${name}\\b`).test(words.testText) ? 1 : 0;
		if (!worthTrying(line)) return [];
		return [{ line: index + 1, score: (traced.includes(index + 1) ? 4 : 0) + weight + (/\breturn\b|[<>=+*/%-]/.test(line) ? 0.5 : 0) }];
	});
	return scored.sort((a, b) => b.score - a.score || a.line - b.line).map(({ line }) => line);
}

const worthTrying = (line: string) =>
	line.trim() !== '' &&
	!/^\s*(\/\/|#|\*|\/\*|"""|'''|import\b|from\b|use\b|package\b|export \{|\}?[)\]};,\s]*$|else\s*:?\s*\{?$|@)/.test(line);

async function textOf(path: string, workspace: Workspace): Promise<string> {
	try {
		return (await workspace.files.read(path)).text;
	} catch (error) {
		if (error instanceof Refusal) return '';
		throw error;
	}
}
