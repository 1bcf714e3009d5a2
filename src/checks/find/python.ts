import { posix } from 'node:path';
import { type Finding, program, quoted } from '../command.js';
import type { Survey } from '../survey.js';

const patterns = ['test_*.py', '*_test.py', 'tests.py', 'test.py'] as const;
const isTest = /(^|\/)(test_[^/]*|[^/]*_test|tests?)\.py$/;

/** Files with a section that only pytest reads. */
const configured: readonly (readonly [string, RegExp])[] = [
	['pytest.ini', /^/],
	['conftest.py', /^/],
	['tests/conftest.py', /^/],
	['test/conftest.py', /^/],
	['pyproject.toml', /^\[tool\.pytest/m],
	['setup.cfg', /^\[tool:pytest\]/m],
	['tox.ini', /^\[pytest\]/m],
];

/** Without the folder it runs in, where a project could lay a pytest of its own. */
const importPytest = 'import sys; sys.path.pop(0); import pytest';

/** pytest where something says so and it can be imported; else unittest, for the files that it can find. */
export async function python(survey: Survey): Promise<Finding | undefined> {
	const tests = survey.paths.filter(path => isTest.test(path));
	const marked = await configuration(survey);
	if (tests.length === 0 && !marked) return undefined;
	const interpreter = await interpreterOf(survey);
	const wanted = marked ?? (await byContent(survey, tests));
	const suite = unittest(interpreter, survey, await unittestFiles(survey, tests));
	if (wanted && (!suite || (await survey.works(interpreter, ['-c', importPytest])))) {
		return program({ program: interpreter, args: ['-m', 'pytest', '-q', '--tb=short'], runner: 'pytest', ...wanted });
	}
	return suite;
}

type Reason = { from: string; why: string };

async function configuration(survey: Survey): Promise<Reason | undefined> {
	for (const [path, sign] of configured) {
		const text = await survey.text(path);
		if (text !== undefined && sign.test(text)) return { from: path, why: 'it configures pytest' };
	}
	return undefined;
}

async function byContent(survey: Survey, tests: readonly string[]): Promise<Reason | undefined> {
	for (const path of tests) {
		const text = (await survey.text(path)) ?? '';
		if (/^\s*(import|from) pytest\b/m.test(text)) return { from: path, why: 'it imports pytest' };
		if (/^(async )?def test_/m.test(text)) return { from: path, why: 'its tests are plain functions' };
	}
	return undefined;
}

async function unittestFiles(survey: Survey, tests: readonly string[]): Promise<string[]> {
	const found: string[] = [];
	for (const path of tests) if (/\bTestCase\b/.test((await survey.text(path)) ?? '')) found.push(path);
	return found;
}

async function interpreterOf(survey: Survey): Promise<string> {
	for (const folder of ['.venv', 'venv']) {
		if ((await survey.entries(`${folder}/bin`)).includes('python')) return `${folder}/bin/python`;
	}
	return 'python3';
}

/**
 * `unittest discover` takes one pattern and goes only into packages, so each folder of tests that is none has its own run,
 * and so has each pattern (Python's documentation, "unittest: Test Discovery").
 */
function unittest(interpreter: string, survey: Survey, tests: readonly string[]): Finding | undefined {
	if (tests.length === 0) return undefined;
	const runs = new Map<string, string[]>();
	for (const path of tests) {
		const folder = startOf(survey, posix.dirname(path));
		const pattern = patterns.find(each => posix.matchesGlob(posix.basename(path), each))!;
		const args = ['-m', 'unittest', 'discover', '-s', folder, '-p', pattern, ...(isPackage(survey, folder) ? ['-t', '.'] : [])];
		runs.set(args.join('\0'), folder === '.' && pattern === patterns[0] ? args.slice(0, 3) : args);
	}
	const all = [...runs.values()];
	const reason = { runner: 'unittest', from: tests[0]!, why: 'its tests are of unittest' } as const;
	if (all.length === 1) return program({ program: interpreter, args: all[0]!, ...reason });
	const lines = all.map(args => [interpreter, ...args].map(quoted).join(' '));
	const shell = `s=0; ${lines.map(line => `${line} || s=1`).join('; ')}; exit $s`;
	return { ...reason, runner: 'shell', line: lines.join('; '), run: { shell } };
}

const isPackage = (survey: Survey, folder: string): boolean => folder !== '.' && survey.has(`${folder}/__init__.py`);

/** The topmost folder from which discovery, going through packages only, reaches `folder`. */
function startOf(survey: Survey, folder: string): string {
	if (!isPackage(survey, folder)) return folder;
	const above = posix.dirname(folder);
	return isPackage(survey, above) ? startOf(survey, above) : above === '.' ? '.' : folder;
}
