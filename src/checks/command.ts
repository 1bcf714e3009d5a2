import type { CommandLine } from '../workspace/workspace.js';

/** How a target is handed to the tests: each program has its own way. */
export type Runner =
	| 'node'
	| 'jest'
	| 'vitest'
	| 'mocha'
	| 'script'
	| 'deno'
	| 'pytest'
	| 'unittest'
	| 'cargo'
	| 'go'
	| 'maven'
	| 'gradle'
	| 'dotnet'
	| 'mix'
	| 'rspec'
	| 'rake'
	| 'phpunit'
	| 'ctest'
	| 'make'
	| 'shell';

/** How a project's tests are run. `line` is what is run, as a person would type it; `why` says from what that was told. */
export type TestCommand = {
	line: string;
	run: CommandLine;
	runner: Runner;
	/** The file it was deduced from. */
	from: string;
	why: string;
	/** Folder to run in, relative to the root; '' for the root. */
	cwd: string;
};

/** What a finder found in its folder; the folder is added by who asked. */
export type Finding = Omit<TestCommand, 'cwd'>;

export const program = (found: { program: string; args: readonly string[]; runner: Runner; from: string; why: string }): Finding => {
	const { program, args, ...rest } = found;
	return { ...rest, line: [program, ...args].map(quoted).join(' '), run: { program, args } };
};

/** A word as bash reads it back. */
export const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/**
 * The command for one file, or for the tests of one name. Undefined when this program cannot be asked for a part, so that
 * all tests are run. `target` does not begin with `-`.
 */
export function targeted(command: TestCommand, target: string): Pick<TestCommand, 'line' | 'run'> | undefined {
	const extra = targetArguments(command.runner, target);
	if (!extra) return undefined;
	const line = `${command.line} ${extra.map(quoted).join(' ')}`;
	const { run } = command;
	return {
		line,
		run: 'shell' in run ? { shell: `${run.shell} ${extra.map(quoted).join(' ')}` } : { ...run, args: [...run.args, ...extra] },
	};
}

function targetArguments(runner: Runner, target: string): string[] | undefined {
	const isPath = /[/\\]/.test(target) || /\.\w{1,5}$/.test(target);
	switch (runner) {
		case 'node':
			return isPath ? [target] : [`--test-name-pattern=${target}`];
		case 'jest':
		case 'vitest':
			return isPath ? [target] : ['-t', target];
		case 'mocha':
			return isPath ? [target] : ['-g', target];
		case 'deno':
			return isPath ? [target] : [`--filter=${target}`];
		case 'pytest':
			return isPath || target.includes('::') ? [target] : ['-k', target];
		case 'unittest':
			return isPath ? ['-k', `*${stem(target)}.*`] : ['-k', target];
		case 'cargo':
		case 'phpunit':
			return runner === 'cargo' ? [stem(target)] : isPath ? [target] : [`--filter=${target}`];
		case 'go':
			return isPath ? undefined : [`-run=${target}`];
		case 'maven':
			return [`-Dtest=${stem(target)}`];
		case 'gradle':
			return ['--tests', stem(target)];
		case 'dotnet':
			return ['--filter', stem(target)];
		case 'mix':
			return isPath ? [target] : undefined;
		case 'rspec':
			return isPath ? [target] : ['-e', target];
		case 'ctest':
			return ['-R', target];
		case 'rake':
		case 'make':
		case 'script':
		case 'shell':
			return undefined;
		default:
			return runner satisfies never;
	}
}

const stem = (path: string): string =>
	path
		.split(/[/\\]/)
		.at(-1)!
		.replace(/\.\w{1,5}$/, '');
