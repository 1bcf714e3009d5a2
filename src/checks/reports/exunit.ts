import { blocksOf, type Failure, numberIn, type Reader } from './reading.js';

/** Elixir's ExUnit. */
export const exunit: Reader = output => {
	const summary = /^(?:\d+ (?:doctests?|properties|property), )*\d+ tests?, \d+ failures?.*$/m.exec(output)?.[0];
	if (summary === undefined) return undefined;
	const failed = numberIn(summary, /(\d+) failures?/);
	const total = [...summary.matchAll(/(\d+) (?:doctests?|properties|property|tests?)\b/g)].reduce(
		(sum, found) => sum + Number(found[1]),
		0,
	);
	const failures = blocksOf(output, /^ {2}\d+\) (?:test|doctest|property) (.+)$/gm, /^(?:Finished in|\.+$)/m).map(
		({ head, body }): Failure => {
			const place = /^(\S+\.exs?):(\d+)$/m.exec(body);
			return { name: head[1]!, message: body, ...(place && { file: place[1]!, line: Number(place[2]) }) };
		},
	);
	return { passed: total - failed - numberIn(summary, /(\d+) (?:skipped|excluded)/), failed, failures };
};
