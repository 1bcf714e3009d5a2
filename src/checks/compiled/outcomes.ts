import type { Done } from '../probe.js';
import type { Building, Ran, Run } from './compiled.js';

const kinds = ['value', 'error', 'other'] as const;

/** What the program's lines, which begin with `mark`, say of the runs; `wanted` is undefined for those that were not asked for. */
export function outcomesIn(
	output: string,
	{ mark, building, runs, wanted }: { mark: string; building: Building; runs: readonly Run[]; wanted: readonly (string | undefined)[] },
): Ran {
	const { made, calls } = building;
	const begun = output.split(`${mark} begun `).slice(1);
	const line = new RegExp(`^${mark} \\d+ (\\d+) (\\w+) ([\\da-f]*) ([\\d,]*)\\.$`, 'gm');
	const told = begun.map(part =>
		[...part.matchAll(line)].map(([, number, kind, hex, ran]) => ({
			call: calls[Number(number)]!,
			done: doneFrom({ kind: kind!, hex: hex!, ran: ran! }, building),
		})),
	);
	const asked = wanted.flatMap((one, index) => (one === undefined ? [] : [index]));
	return {
		lines: [...new Set(made.marks)].sort((a, b) => a - b),
		runs: runs.map((run, index) => {
			const lines = told[asked.indexOf(index)];
			if (!lines || !asked.includes(index)) return undefined;
			let at = 0;
			return run.calls.map(call => (lines[at]?.call === call ? lines[at++]!.done : undefined));
		}),
	};
}

/** One call; undefined where it did not end. */
function doneFrom({ kind, hex, ran }: { kind: string; hex: string; ran: string }, { compiler, made, text }: Building): Done | undefined {
	const known = kinds.find(one => one === kind);
	if (!known) return undefined;
	const lines = [...new Set(ran.split(',').flatMap(place => made.marks[Number(place)] ?? []))];
	const code = text.split('\n');
	const touched = compiler.world.find(([pattern]) => lines.some(line => pattern.test(code[line - 1]!)))?.[1] ?? null;
	return { does: Buffer.from(hex, 'hex').toString('utf8'), kind: known, touched, lines };
}
