import type { Coverage } from './coverage.js';

/**
 * How suspicious each line is that any test ran, from 0 to 1, by path and line: Ochiai's coefficient, the best of its kind for
 * finding faults (R. Abreu, P. Zoeteweij, A. van Gemund, "On the Accuracy of Spectrum-based Fault Localization", TAIC PART 2007):
 * failing tests that ran the line / √(failing tests · tests that ran the line). Lines that only passing tests ran have 0.
 */
export function suspicion({ tests }: Coverage): Map<string, Map<number, number>> {
	const ran = new Map<string, Map<number, { failing: number; all: number }>>();
	for (const { ok, lines } of tests)
		for (const [path, numbers] of lines) {
			const counts = ran.get(path) ?? new Map<number, { failing: number; all: number }>();
			ran.set(path, counts);
			for (const line of numbers) {
				const { failing, all } = counts.get(line) ?? { failing: 0, all: 0 };
				counts.set(line, { failing: failing + (ok ? 0 : 1), all: all + 1 });
			}
		}
	const failed = tests.filter(({ ok }) => !ok).length;
	const score = (failing: number, all: number) => (failing === 0 ? 0 : failing / Math.sqrt(failed * all));
	return new Map(
		[...ran].map(([path, counts]) => [path, new Map([...counts].map(([line, { failing, all }]) => [line, score(failing, all)]))]),
	);
}
