import { posix } from 'node:path';
import { importsOf, packageOf } from '../../checks/compiled/java.js';
import { isTestFile } from '../../checks/coverage/merge.js';
import { orNothing } from '../../checks/survey.js';
import { languageOf } from '../../checks/syntax/languages.js';
import { findTestCommand, type TestCommand } from '../../checks/tests.js';
import { Refusal } from '../../types.js';
import type { Workspace } from '../../workspace/workspace.js';

export type Framework = 'pytest' | 'unittest' | 'node' | 'vitest' | 'jest' | 'mocha' | 'go' | 'cargo' | 'junit5' | 'junit4';

/**
 * Where the tests of a file belong: `path` is there with this `text`, or to be written. `imports` are the names that the file may have
 * there, the likeliest first. `modules`: with `import`, not `require`. `package` is what the file's package is called, in
 * Go and Java; `brought` the lines that bring in what the file uses, in Java.
 */
export type Place = {
	framework: Framework;
	path: string;
	text: string | null;
	imports: readonly string[];
	modules: boolean;
	package?: string;
	brought?: readonly string[];
};

const looked = 12;

/** Finds the project's own way: its framework, its folder, its names; without any tests, the language's own, beside the file. */
export async function placeOf(source: { path: string; text: string }, workspace: Workspace, configured?: string): Promise<Place> {
	if (languageOf(source.path) === 'go') return goPlace(source, workspace);
	if (languageOf(source.path) === 'rust') {
		const { path, text } = source; // Tests of Rust are a module of the file itself.
		return { framework: 'cargo', path, text, imports: [''], modules: false };
	}
	if (languageOf(source.path) === 'java') return javaPlace(source, workspace, configured);
	const { paths } = await workspace.files.list({ limit: 20_000 });
	const python = languageOf(source.path) === 'python';
	const ending = python ? /\.py$/ : /\.[cm]?[jt]s$/;
	const tests = paths.filter(path => ending.test(path) && isTestFile(path) && isOfTests(path));
	const peek = (path: string) => orNothing(async () => (await workspace.files.peek(path)).text);
	const texts = new Map<string, string>();
	for (const path of nearest(tests, source.path).slice(0, looked)) texts.set(path, (await peek(path)) ?? '');
	const command = await findTestCommand(workspace, configured);
	const stem = stemOf(source.path);
	const own = nearest(tests, source.path).find(path => subjectOf(path) === stem);
	const path = own ?? newPath(source.path, nearest(tests, source.path), { paths, python });
	const text = own === undefined ? null : ((await peek(own)) ?? '');
	const framework = (python ? pythonOf : scriptOf)(text === null ? [...texts.values()] : [text], command);
	const imports = python ? pythonImports(source.path, [...texts.values()], paths) : scriptImports(source.path, path, framework);
	return {
		framework,
		path,
		text,
		imports,
		modules: python || isModule(text ?? source.text, own ?? source.path, await peek('package.json')),
	};
}

/** Beside the file and in its package; where its test file is a package of its own, which cannot see everything, in another one. */
async function goPlace({ path: source, text: code }: { path: string; text: string }, { files }: Workspace): Promise<Place> {
	const name = /^package\s+(\w+)/m.exec(code)?.[1] ?? 'main';
	const peek = (path: string) => orNothing(async () => (await files.peek(path)).text);
	const beside = source.replace(/\.go$/, '_test.go');
	const own = await peek(beside);
	const isOutside = own !== undefined && !new RegExp(`^package\\s+${name}\\s*$`, 'm').test(own);
	const path = isOutside ? source.replace(/\.go$/, '_internal_test.go') : beside;
	const text = (isOutside ? await peek(path) : own) ?? null;
	return { framework: 'go', path, text, imports: [''], modules: false, package: name };
}

/** In the same package, below `test` where the file is below `main`; which JUnit the project has is told by its tests, else by its build. */
async function javaPlace(
	{ path: source, text: code }: { path: string; text: string },
	workspace: Workspace,
	configured?: string,
): Promise<Place> {
	const command = await findTestCommand(workspace, configured);
	if (command?.runner !== 'maven' && command?.runner !== 'gradle')
		throw new Refusal('Tests of Java are run by Maven or Gradle, and no build of either was found here.', 42);
	const peek = (path: string) => orNothing(async () => (await workspace.files.peek(path)).text);
	const path = source.replace('/main/java/', '/test/java/').replace(/\.java$/, 'Test.java');
	const text = (await peek(path)) ?? null;
	const build = text ?? (await peek(command.from)) ?? '';
	const framework = /org\.junit\.jupiter|junit-jupiter|useJUnitPlatform/.test(build) ? 'junit5' : 'junit4';
	return { framework, path, text, imports: [''], modules: false, package: packageOf(code), brought: importsOf(code) };
}

/** `conftest.py` and what lies in a folder of tests without being one are not. */
const isOfTests = (path: string): boolean => /(^|[._-])(tests?|specs?)([._-]|$)/.test(posix.basename(path).replace(/\.\w+$/, ''));

/** What a file is called without its ending. */
export const stemOf = (path: string): string => posix.basename(path).replace(/\.\w+$/, '');

/** What a test file tests, by its name. */
export const subjectOf = (path: string): string =>
	posix
		.basename(path)
		.replace(/\.\w+$/, '')
		.replace(/^tests?_|[._-](?:tests?|specs?)$/, '');

/** The tests in the order of how much of the way to the file they share. */
function nearest(tests: readonly string[], path: string): string[] {
	const shared = (test: string): number => {
		const [own, other] = [posix.dirname(path).split('/'), posix.dirname(test).split('/')];
		const apart = own.findIndex((name, i) => other[i] !== name);
		return apart < 0 ? own.length : apart;
	};
	return [...tests].sort((a, b) => shared(b) - shared(a));
}

function newPath(source: string, tests: readonly string[], { paths, python }: { paths: readonly string[]; python: boolean }): string {
	const stem = stemOf(source);
	const [example] = tests;
	const extension = posix.extname(source);
	const beside = posix.dirname(source);
	if (example === undefined) {
		const folder = ['tests', 'test'].find(name => paths.some(path => path.startsWith(`${name}/`))) ?? beside;
		return posix.join(folder, python ? `test_${stem}.py` : `${stem}.test${extension}`);
	}
	const base = posix.basename(example);
	const name = python
		? /_tests?\.py$/.test(base)
			? `${stem}_test.py`
			: `test_${stem}.py`
		: `${stem}${/[._-](?:tests?|specs?)(?=\.\w+$)/.exec(base)?.[0] ?? '.test'}${extension}`;
	// Tests that lie beside what they test are meant to; else they have a folder of their own.
	const tested = paths.some(
		path => !isTestFile(path) && stemOf(path) === subjectOf(example) && posix.dirname(path) === posix.dirname(example),
	);
	return posix.join(tested ? beside : posix.dirname(example), name);
}

function pythonOf(texts: readonly string[], command: TestCommand | undefined): Framework {
	const isPytest = texts.some(text => /^\s*(?:import|from) pytest\b|^(?:async )?def test_/m.test(text));
	const isUnittest = texts.some(text => /\bTestCase\b/.test(text));
	if (isPytest !== isUnittest) return isPytest ? 'pytest' : 'unittest';
	return command?.runner === 'pytest' ? 'pytest' : 'unittest';
}

function scriptOf(texts: readonly string[], command: TestCommand | undefined): Framework {
	for (const text of texts) {
		if (/['"]node:test['"]/.test(text)) return 'node';
		if (/['"]vitest['"]/.test(text)) return 'vitest';
		if (/['"]@jest\/globals['"]/.test(text)) return 'jest';
	}
	const runner = command?.runner;
	return runner === 'vitest' || runner === 'jest' || runner === 'mocha' ? runner : 'node';
}

/** `src.pkg.money`, `pkg.money`, `money`: first with the beginning that other tests leave out, then as the packages have it. */
function pythonImports(path: string, texts: readonly string[], paths: readonly string[]): string[] {
	const parts = path.replace(/\.py$/, '').split('/');
	const all = parts.map((_, index) => parts.slice(index));
	const used = (names: readonly string[]) =>
		names.length > 1 && texts.some(text => new RegExp(`^\\s*(?:from|import) ${names.slice(0, -1).join('\\.')}\\b`, 'm').test(text));
	const packaged = (names: readonly string[]) =>
		names.length > 1 && paths.includes(`${[...parts.slice(0, parts.length - names.length), names[0]].join('/')}/__init__.py`);
	const rank = (names: readonly string[]) => (used(names) ? 0 : packaged(names) ? 1 : names.length === 1 && parts.length > 1 ? 3 : 2);
	return [...all].sort((a, b) => rank(a) - rank(b)).map(names => names.join('.'));
}

/** With the file's ending, as node wants it; without, and as what it is compiled to, for those that resolve it themselves. */
function scriptImports(path: string, test: string, framework: Framework): string[] {
	const relative = posix.relative(posix.dirname(test), path);
	const whole = relative.startsWith('.') ? relative : `./${relative}`;
	const bare = whole.replace(/\.\w+$/, '');
	const compiled = whole.replace(/\.([cm]?)ts$/, '.$1js');
	return [...new Set(framework === 'node' || framework === 'mocha' ? [whole, compiled] : [compiled, bare, whole])];
}

function isModule(text: string, path: string, manifest: string | undefined): boolean {
	if (/^\s*(?:import\b(?!\s*\()|export\b)/m.test(text) || /\.m[jt]s$/.test(path)) return true;
	return (
		!/\brequire\(|\bmodule\.exports\b|\bexports\.\w/.test(text) && /"type"\s*:\s*"module"/.test(manifest ?? '') && !/\.c[jt]s$/.test(path)
	);
}
