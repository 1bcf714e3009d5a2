import type { Study } from './study.js';

/** "9 cases pass three times and in reverse order; mutation score 0 → 78 % (31 of 40); lines 100 %". */
export function scoreOf(studies: readonly Study[], cases: number): string {
	const sum = (count: (one: Study) => number): number => studies.reduce((total, one) => total + count(one), 0);
	const mutants = sum(one => one.mutants);
	const lines = sum(one => one.lines);
	const killed = sum(one => one.after.kills.size);
	const before = percent(
		sum(one => one.before.kills.size),
		mutants,
	);
	const passing = `${cases} ${cases === 1 ? 'case passes' : 'cases pass'} three times and in reverse order`;
	const score = mutants === 0 ? [] : [`mutation score ${before} → ${percent(killed, mutants)} % (${killed} of ${mutants})`];
	const covered =
		lines === 0
			? []
			: [
					`lines ${percent(
						sum(one => one.after.lines.size),
						lines,
					)} %`,
				];
	return [passing, ...score, ...covered].join('; ');
}

const percent = (part: number, all: number): number => (all === 0 ? 0 : Math.round((part / all) * 100));

/** The same as the program's last word. */
export const said = (verified: string): string => `${verified}. They hold what the code does now, be it right or wrong.`;

/** Why nothing came of it: the reasons that most calls were refused for. */
export function refusals(studies: readonly Study[]): string {
	const all = new Map<string, number>();
	for (const { refused } of studies) for (const [why, count] of refused) all.set(why, (all.get(why) ?? 0) + count);
	const told = mostRefused(all).join('; ');
	return `Nothing could be verified${told === '' ? '' : `: ${told}`}. No test was written.`;
}

/** "of 3 calls, it depends on the time": the commonest reasons first; that a call could not be made says the least. */
export const mostRefused = (refused: ReadonlyMap<string, number>): string[] =>
	[...refused]
		.sort(([why, a], [other, b]) => Number(isUnmade(why)) - Number(isUnmade(other)) || b - a)
		.slice(0, 3)
		.map(([why, count]) => `of ${count} ${count === 1 ? 'call' : 'calls'}, ${why}`);

const isUnmade = (why: string): boolean => why.startsWith('it does not compile');
