/**
 * Changes with which the same tests fail further on. Of two faults in one test the first hides the second, and what mends the first
 * alone looks as wrong as everything else, but for the line that fails then.
 */
import { isTestFile } from '../checks/coverage/merge.js';
import { frameOf } from '../checks/frames.js';
import type { TestReport } from '../checks/tests.js';
import { type Candidate, weight } from './candidate.js';
import type { Fault, Suspect } from './locate.js';
import { mutantsIn } from './mutated.js';
import { ranked } from './ranked.js';
import { throughout } from './throughout.js';

/** A change, what the tests say with it, and how many lines further they come than without any. `depth` counts the changes in it. */
type Step = { candidate: Candidate; gain: number; weight: number; depth: number; next: Candidate[] | undefined };

/** Changes upon each other at the most; steps that are gone on from, and changes that are tried upon each. */
const deepest = 4;
const mostSteps = 6;
const mostEach = 96;

/** How many lines further on the same tests fail, by the lines of test files in their stacks; 0 where they do not, or others fail. */
export function gainOf(report: TestReport, than: TestReport): number {
	if (report.timedOut || report.failures.length === 0 || report.failures.length !== than.failures.length) return 0;
	let sum = 0;
	for (const { name, message } of report.failures) {
		const before = than.failures.find(one => one.name === name);
		if (!before) return 0;
		const [now, then] = [linesIn(message), linesIn(before.message)];
		if (now.length === 0 || now.length !== then.length || now.some((line, i) => line < then[i]!)) return 0;
		sum += now.reduce((all, line, i) => all + line - then[i]!, 0);
	}
	return sum;
}

/** The lines of test files in the stack of a failure, in its order. */
const linesIn = (message: string): number[] =>
	message.split('\n').flatMap(text => {
		const frame = frameOf(text);
		return frame && isTestFile(frame.file) ? [frame.line] : [];
	});

/** The steps of one search. */
export type Frontier = {
	/** Takes a change that did not do, with what the tests say of it; `from` is what `next` gave, if it came from there. */
	heard(candidate: Candidate, report: TestReport): void;
	/** Some changes upon the step that came furthest; none where there is no step that is worth it. */
	next(count: number): Candidate[];
};

/** `start` is what the tests say without any change. */
export function openFrontier({ suspects }: Fault, start: TestReport): Frontier {
	const steps: Step[] = [];
	const parents = new Map<string, Step>();
	return {
		heard(candidate, report) {
			const parent = parents.get(candidate.text);
			const depth = (parent?.depth ?? 0) + 1;
			const gain = gainOf(report, start);
			if (gain <= (parent?.gain ?? 0) || depth >= deepest) return;
			const original = suspects.find(({ path }) => path === candidate.path)?.text ?? '';
			steps.push({ candidate, gain, weight: weight(original, candidate.text), depth, next: undefined });
			steps.sort((a, b) => b.gain - a.gain || a.weight - b.weight);
		},
		next(count) {
			for (const step of steps.slice(0, mostSteps)) {
				step.next ??= changesOf(step.candidate, suspects);
				const some = step.next.splice(0, count);
				for (const { text } of some) parents.set(text, step);
				if (some.length > 0) return some;
			}
			return [];
		},
	};
}

/** What a program can change besides. */
function changesOf({ path, text, what, byModel }: Candidate, suspects: readonly Suspect[]): Candidate[] {
	const suspect = suspects.find(one => one.path === path);
	if (!suspect) return [];
	const places = ranked([{ ...suspect, text }], new Map());
	const all = [...throughout(places), ...mutantsIn(places)].filter(one => one.text !== suspect.text);
	return all.slice(0, mostEach).map(one => ({ ...one, what: `${what.trim()} and ${one.what.trim()}`, ...(byModel && { byModel }) }));
}
