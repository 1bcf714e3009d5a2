import { posix } from 'node:path';
import { escaped } from '../../checks/escaped.js';
import { findTestCommand, runTests, type TestCommand, type TestReport } from '../../checks/tests.js';
import { returned } from '../../returned.js';
import { Refusal } from '../../types.js';
import type { Copy } from '../trials.js';
import { type Case, isPython, type Rendering, rendered } from './render.js';
import type { Framework, Place } from './where.js';

/** The file as it passes, and the cases that are in it. */
export type Verified = { text: string; cases: readonly Case[] };

/** How often the whole file has to pass as it is to be written. */
const times = 3;

/** Those whose files can be run without a build of the project; tests of Java cannot. */
type Direct = Exclude<Framework, 'junit4' | 'junit5'>;
const isDirect = (framework: Framework): framework is Direct => framework !== 'junit4' && framework !== 'junit5';

const direct: Readonly<Record<Direct, readonly [program: string, ...args: string[]]>> = {
	pytest: ['python3', '-m', 'pytest', '-q', '--tb=short'],
	unittest: ['python3', '-m', 'unittest', 'discover'],
	node: ['node', '--test'],
	vitest: ['npx', '--no-install', 'vitest', 'run'],
	jest: ['npx', '--no-install', 'jest'],
	mocha: ['npx', '--no-install', 'mocha'],
	go: ['go', 'test', '-v', '.'],
	cargo: ['cargo', 'test', '--offline', '--no-fail-fast'],
};

/**
 * Runs the cases in a copy by the project's own framework, three times and once in reverse order. What of them fails there is left out,
 * once. A string says why nothing of it passes.
 */
export async function verify(
	copy: Copy,
	{ place, ...rendering }: Omit<Rendering, 'specifier'> & { place: Place },
	limits: { timeoutMs: number; signal: AbortSignal },
): Promise<Verified | string> {
	let last = '';
	const run = async (cases: readonly Case[], specifier: string) => {
		const text = rendered(place, { ...rendering, cases, specifier });
		const put = copy.scratch.put(new Map([[place.path, text]]));
		try {
			const report = await reported(copy, place, limits);
			last = report.firstFailure || last;
			return { text, report };
		} finally {
			put.takeBack();
		}
	};
	for (const specifier of place.imports) {
		let { cases } = rendering;
		for (let attempt = 0; attempt < 2 && cases.length > 0 && !limits.signal.aborted; attempt++) {
			const { text, report } = await run(cases, specifier);
			const failing = failingOf(cases, { report, place, text });
			if (failing.length === 0 && passesAll(cases, report)) {
				const again = async (list: readonly Case[]) => {
					const { text, report } = await run(list, specifier);
					return failingOf(list, { report, place, text }).length === 0 && passesAll(list, report);
				};
				let good = true;
				for (let time = 1; good && time < times; time++) good = await again(cases);
				if (good && (await again([...cases].reverse()))) return { text, cases };
			}
			cases = cases.filter(one => !failing.includes(one));
			if (failing.length === 0) break;
		}
	}
	return last;
}

/** Tests of others in the same file may fail as they did before. */
const passesAll = (cases: readonly Case[], { ran, passed, exitCode, failures }: TestReport): boolean =>
	ran && (exitCode === 0 || failures.length > 0) && (passed ?? 0) >= cases.length;

/** By their names; what does not compile, by where that is. */
function failingOf(cases: readonly Case[], { report, place, text }: { report: TestReport; place: Place; text: string }): Case[] {
	const name = ({ title }: Case) => (isPython(place) ? `test_${title}` : title);
	const lines = text.split('\n');
	const said = report.failures.map(({ name, file, line }) => {
		const inside =
			file === place.path && line !== undefined ? lines.slice(0, line).findLast(one => /^\s*(?:func Test|fn )/.test(one)) : undefined;
		return name === 'build' || /^error\b/.test(name) ? ` ${inside ?? ''}` : ` ${name}`;
	});
	return cases.filter(one => said.some(failure => new RegExp(`[\\W]${escaped(name(one))}(?:$|\\W)`).test(failure)));
}

/** One run of the test file that was put into the copy: as the project runs its tests, where that can be asked for one file. */
async function reported(
	{ workspace }: Copy,
	{ framework, path }: Place,
	limits: { timeoutMs: number; signal: AbortSignal },
): Promise<TestReport> {
	const found = await findTestCommand(workspace);
	if (!isDirect(framework)) {
		if (!found) throw new Refusal('The build that was to run the tests is not there any more.');
		return await returned(runTests(workspace, offline(found), { target: path, ...limits }));
	}
	const isCompiled = framework === 'go' || framework === 'cargo';
	const own = found?.runner === framework && found.cwd === '' && !isCompiled ? found : byItself(framework, path);
	if (isCompiled) return await returned(runTests(workspace, { ...own, cwd: posix.dirname(path).replace(/^\.$/, '') }, limits));
	return await returned(runTests(workspace, own, { ...(framework !== 'unittest' || own === found ? { target: path } : {}), ...limits }));
}

/** Maven and Gradle ask the network for what is new, which there is none of in the sandbox. */
function offline(command: TestCommand): TestCommand {
	const { run, line, runner } = command;
	const option = runner === 'gradle' ? '--offline' : '-o';
	return 'shell' in run ? command : { ...command, line: `${line} ${option}`, run: { ...run, args: [...run.args, option] } };
}

function byItself(framework: Direct, path: string): TestCommand {
	const [program, ...rest] = direct[framework];
	const at = path.lastIndexOf('/');
	const args = framework === 'unittest' ? [...rest, '-s', at < 0 ? '.' : path.slice(0, at), '-p', path.slice(at + 1)] : rest;
	return {
		line: [program, ...args].join(' '),
		run: { program, args },
		runner: framework,
		from: path,
		why: 'it is how its file is run',
		cwd: '',
	};
}
