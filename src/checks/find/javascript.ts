import { jsonIn } from '../../json.js';
import { type Finding, program, type Runner } from '../command.js';
import type { Survey } from '../survey.js';

/** What of a package.json says how its tests are run. */
type Package = { scripts: Record<string, unknown>; manager: string | undefined; dependencies: ReadonlySet<string> };

/** The test script of package.json; else the test program it depends on; else node's own, when there are files for it. */
export async function javascript(survey: Survey): Promise<Finding | undefined> {
	const text = await survey.text('package.json');
	const pack = text === undefined ? undefined : packageOf(text);
	const script = pack?.scripts.test;
	if (pack && typeof script === 'string' && script.trim() !== '' && !isPlaceholder(script)) return byScript(survey, pack, script.trim());
	return (await byDeno(survey)) ?? byDependency(pack) ?? byFiles(survey, pack);
}

function packageOf(text: string): Package | undefined {
	const read = jsonIn(text);
	if (!isRecord(read)) return undefined;
	const dependencies = [read.dependencies, read.devDependencies].flatMap(each => (isRecord(each) ? Object.keys(each) : []));
	const manager = typeof read.packageManager === 'string' ? read.packageManager.split('@')[0] : undefined;
	return { scripts: isRecord(read.scripts) ? read.scripts : {}, manager, dependencies: new Set(dependencies) };
}

/** What `npm init` writes. */
const isPlaceholder = (script: string): boolean => /no test specified/.test(script);

function byScript(survey: Survey, { scripts, manager: named }: Package, script: string): Finding {
	const runner = runnerOf(script);
	const why = `the test script is "${script}"`;
	// Half a second of the package manager at each run, spared where it would add nothing.
	if (/^node [^|&;<>$`'"\\()]*$/.test(script) && scripts.pretest === undefined && scripts.posttest === undefined) {
		const [node, ...args] = script.split(/\s+/);
		return program({ program: node!, args, runner, from: 'package.json', why });
	}
	const manager = named && /^(npm|pnpm|yarn|bun)$/.test(named) ? named : managerOf(survey);
	const args = manager === 'bun' ? ['run', 'test'] : manager === 'npm' && runner !== 'script' ? ['test', '--'] : ['test'];
	return program({ program: manager, args, runner, from: 'package.json', why });
}

/** The package manager whose lockfile is there; npm where none is. */
export function managerOf(survey: Pick<Survey, 'has'>): string {
	if (survey.has('pnpm-lock.yaml')) return 'pnpm';
	if (survey.has('yarn.lock')) return 'yarn';
	return survey.has('bun.lock') || survey.has('bun.lockb') ? 'bun' : 'npm';
}

function runnerOf(script: string): Runner {
	if (/[|;&]/.test(script)) return 'script';
	const word = /\b(vitest|jest|mocha|react-scripts)\b/.exec(script)?.[1];
	if (word === 'vitest' || word === 'mocha') return word;
	if (word) return 'jest';
	return /\bnode\b.*--test\b/.test(script) ? 'node' : 'script';
}

async function byDeno(survey: Survey): Promise<Finding | undefined> {
	const from = ['deno.json', 'deno.jsonc'].find(survey.has);
	if (!from) return undefined;
	const task = /"tasks"\s*:\s*\{[^}]*"test"\s*:/.test((await survey.text(from)) ?? '');
	if (task) return program({ program: 'deno', args: ['task', 'test'], runner: 'script', from, why: 'it has a task named test' });
	const tests = survey.paths.some(path => /(^|[./_])test\.[cm]?[jt]sx?$/.test(path));
	return tests
		? program({ program: 'deno', args: ['test', '--no-prompt'], runner: 'deno', from, why: 'it is a Deno project with test files' })
		: undefined;
}

function byDependency(pack: Package | undefined): Finding | undefined {
	const known = { vitest: ['vitest', 'run'], jest: ['jest'], mocha: ['mocha'] } as const;
	for (const runner of ['vitest', 'jest', 'mocha'] as const) {
		if (!pack?.dependencies.has(runner)) continue;
		return program({
			program: 'npx',
			args: ['--no-install', ...known[runner]],
			runner,
			from: 'package.json',
			why: `it depends on ${runner}`,
		});
	}
	return undefined;
}

/** The files that `node --test` looks for (Node's documentation, "Test runner", running tests from the command line). */
const nodeTests = /(^|\/)(test\.[cm]?js|test-[^/]*\.[cm]?js|[^/]*[._-]test\.[cm]?js)$|(^|\/)test\/.*\.[cm]?js$/;

function byFiles(survey: Survey, pack: Package | undefined): Finding | undefined {
	const file = survey.paths.find(path => nodeTests.test(path) && !/(^|\/)fixtures?\//.test(path));
	if (!file) return undefined;
	if (!pack && (survey.has('bun.lock') || survey.has('bun.lockb')))
		return program({ program: 'bun', args: ['test'], runner: 'jest', from: file, why: 'there is a Bun lockfile' });
	return program({
		program: 'node',
		args: ['--test'],
		runner: 'node',
		from: file,
		why: 'it is a test file of node, and no script says otherwise',
	});
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
