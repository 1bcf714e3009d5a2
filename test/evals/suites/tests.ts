import { codeLines } from '../../../src/checks/mutants/choose.js';
import { mutantsOf, scopeOf } from '../../../src/checks/mutants/mutants.js';
import { type Command, judged, python, type Verdict } from '../judge.js';
import { shuffled } from '../random.js';
import type { Files } from '../repository.js';
import { type Bug, moduleText, nodeProject, pythonBugs, scriptBugs, shared } from './humanevalfix.js';
import { block, type Item, type Suite, wholeFile } from './suite.js';

/** Modules of each language, with at least this many lines in what they do. */
const each = 10;
const fewestLines = 4;
/** Mutants that a test file is tried on, and what of them it must tell to be right. */
const mostMutants = 20;
const enough = 0.5;
/** Modules and mutants are the same whatever the program's seed is. */
const choosingSeed = 20_240_601;

/** Tests to write for a module that is right. They are right when they pass, twice, and half of its mutants make them fail. */
export const tests: Suite = {
	name: 'tests',
	seconds: 60,
	read: data => [...chosen(pythonBugs(data)).map(pythonItem), ...chosen(scriptBugs(data)).map(scriptItem)],
};

export const chosen = (bugs: readonly Bug[]): Bug[] =>
	shuffled(
		bugs.filter(bug => bug.canonical_solution.split('\n').filter(line => line.trim() !== '').length >= fewestLines),
		choosingSeed,
	).slice(0, each);

export const pythonItem = (bug: Bug): Item => {
	const path = `${bug.entry_point}.py`;
	const made = { [path]: moduleText(bug, 'canonical_solution') };
	return itemOf(bug, { path, test: `test_${path}`, language: 'python', made, run: python('-m', 'unittest', 'discover') });
};

export const scriptItem = (bug: Bug): Item => {
	const path = `${bug.entry_point}.js`;
	const made = { [path]: shared(bug.prompt + bug.canonical_solution), 'package.json': nodeProject };
	return itemOf(bug, { path, test: `${bug.entry_point}.test.js`, language: 'js', made, run: { program: 'node', args: ['--test'] } });
};

type Module = { path: string; test: string; language: string; made: Files; run: Command };

function itemOf(bug: Bug, { path, test, language, made, run }: Module): Item {
	const text = made[path]!;
	return {
		kind: 'repository',
		id: bug.task_id,
		files: made,
		task: `/tests ${path}`,
		plain: {
			question: `This is ${path}:\n${block(language, text)}\n\nWrite tests for ${bug.entry_point}. ${wholeFile(test)}`,
			place: code => ({ [test]: code }),
		},
		async judge(after) {
			if (after[test] === undefined || after[path] !== text) return { right: false, why: 'no tests were written beside the module' };
			for (const time of ['first', 'second'] as const) {
				const verdict = await judged(after, run);
				if (!verdict.right) return { right: false, why: `a test fails at the ${time} run: ${verdict.why}` };
			}
			return scored(after, { path, run, lines: body(bug, path, text) });
		},
	};
}

/** The lines of what the function does, without the words about it. */
function body({ canonical_solution: solution }: Bug, path: string, text: string): number[] {
	const from = text.slice(0, text.indexOf(solution.trim())).split('\n').length;
	return codeLines(path, text, { from, to: from + solution.trim().split('\n').length - 1 });
}

/** How many mutants make the tests fail: by the project's own framework, one run for each. */
async function scored(after: Files, { path, run, lines }: { path: string; run: Command; lines: readonly number[] }): Promise<Verdict> {
	const text = after[path]!;
	let [killed, all] = [0, 0];
	for (const mutant of shuffled(mutantTexts(path, text, lines), choosingSeed)) {
		if (all === mostMutants) break;
		if (!(await isSound(path, mutant))) continue;
		all++;
		if (!(await judged({ ...after, [path]: mutant }, { ...run, seconds: 8 })).right) killed++;
	}
	return { right: killed >= all * enough && killed > 0, why: `${killed} of ${all} mutants make them fail` };
}

/** The whole file with each mutant of these lines that has no other name or indent: those hardly run. */
function mutantTexts(path: string, text: string, numbers: readonly number[]): string[] {
	const lines = text.split('\n');
	const around = numbers.map(number => lines[number - 1]!);
	return numbers.flatMap((number, index) =>
		mutantsOf(around[index]!, scopeOf(path, around, index))
			.filter(({ kind }) => kind !== 'name' && kind !== 'indent')
			.map(({ line }) => lines.flatMap((old, i) => (i + 1 !== number ? old : (line ?? []))).join('\n')),
	);
}

/** Whether the file can be loaded as it is. */
const isSound = async (path: string, text: string): Promise<boolean> =>
	(await judged({ [path]: text }, path.endsWith('.py') ? python('-m', 'py_compile', path) : { program: 'node', args: ['--check', path] }))
		.right;
