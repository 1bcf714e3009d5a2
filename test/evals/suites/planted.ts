import { judged, python } from '../judge.js';
import { shuffled } from '../random.js';
import type { Files } from '../repository.js';
import { type Bug, moduleText, pythonBugs, testText } from './humanevalfix.js';
import type { Item, Suite } from './suite.js';

/** Modules of one repository, and how many of them have a bug. */
const size = 12;
const bugsEach = 2;
/** The repositories are the same whatever the program's seed is. */
const plantingSeed = 20_240_601;

/** The bugs of humanevalfix two at a time, in repositories of 12 modules with one suite of tests. */
export const humanevalfix2: Suite = { name: 'humanevalfix2', seconds: 180, read: data => planted(pythonBugs(data)) };

/** Every bug is in one repository at the most; those left over when the last is made are in none. */
export function planted(bugs: readonly Bug[]): Item[] {
	const order = shuffled(bugs, plantingSeed);
	return Array.from({ length: Math.floor(order.length / bugsEach) }, (_none, index) => {
		const buggy = order.slice(index * bugsEach, (index + 1) * bugsEach);
		const taken = new Set(buggy.map(bug => bug.entry_point));
		const sound: Bug[] = [];
		for (const bug of shuffled(bugs, plantingSeed + index + 1)) {
			if (sound.length === size - buggy.length || taken.has(bug.entry_point)) continue;
			taken.add(bug.entry_point);
			sound.push(bug);
		}
		return itemOf(`pair-${index + 1}`, buggy, sound);
	});
}

const moduleOf = (bug: Bug) => `lib/${bug.entry_point}.py`;
const testOf = (bug: Bug) => `tests/test_${bug.entry_point}.py`;

function itemOf(id: string, buggy: readonly Bug[], sound: readonly Bug[]): Item {
	const all = shuffled([...buggy, ...sound], plantingSeed);
	const tests: Record<string, string> = { 'tests/__init__.py': '' };
	const right: Record<string, string> = { 'lib/__init__.py': '' };
	for (const bug of all) {
		tests[testOf(bug)] = testText(bug, `lib.${bug.entry_point}`);
		right[moduleOf(bug)] = moduleText(bug, 'canonical_solution');
	}
	const wrong = Object.fromEntries(buggy.map(bug => [moduleOf(bug), moduleText(bug, 'buggy_solution')]));
	return {
		kind: 'repository',
		id: `${id} ${buggy.map(bug => bug.task_id).join('+')}`,
		files: { ...right, ...wrong, ...tests },
		task: 'The tests fail. Fix them.',
		canonical: right,
		async judge(after) {
			const folder: Files = { ...after, ...tests };
			const whole = await judged(folder, python('-m', 'unittest', 'discover', '-s', 'tests', '-t', '.'));
			if (whole.right) return whole;
			const failing = (bug: Bug) => judged(folder, python('-m', 'unittest', `tests.test_${bug.entry_point}`));
			const left: string[] = [];
			for (const bug of buggy) if (!(await failing(bug)).right) left.push(bug.entry_point);
			const harmed: string[] = [];
			for (const bug of sound) if (!(await failing(bug)).right) harmed.push(bug.entry_point);
			const why = `still failing: ${left.join(', ') || 'none'}; newly failing: ${harmed.join(', ') || 'none'}`;
			return { right: false, broken: harmed.length > 0, why };
		},
	};
}
