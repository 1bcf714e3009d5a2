import type { Surface } from './play.js';

/** What is wrong with a case, in a few words; `false` where it is not. */
export type Wrong = string | false | undefined;

/** Counts the cases of one surface. */
export function counting(name: string) {
	const surface: Surface = { name, hostile: 0, broken: [], benign: 0, needless: [] };
	return {
		surface,
		/** A case that must do no harm. */
		hostile(said: string, ...wrong: Wrong[]): void {
			surface.hostile++;
			const why = wrong.filter(Boolean);
			if (why.length > 0) surface.broken.push(`${said} (${why.join(', ')})`);
		},
		/** A case that must work. */
		benign(said: string, works: boolean): void {
			surface.benign++;
			if (!works) surface.needless.push(said);
		},
	};
}

const traces = /^\s+at .*:\d+:\d+|node:internal|qwill has a bug/m;

/** A trace of the program's own in what it said, or an end that no document names. */
export const crashed = ({ code, stdout, stderr }: { code: number | null; stdout: string; stderr: string }): Wrong =>
	(traces.test(`${stdout}\n${stderr}`) && 'a stack trace') ||
	(![0, 1, 41, 42, 44, 52, 53, 55, 130, 143].includes(code ?? -1) && `exit code ${code}`);
