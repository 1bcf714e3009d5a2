import { blocksOf, type Failure, numberIn, type Reader } from './reading.js';

/** Vitest: its counts are separated by bars, and files that could not be loaded count as failed. */
export const vitest: Reader = output => {
	const files = /^ *Test Files +(.*\(\d+\))$/m.exec(output)?.[1];
	if (files === undefined) return undefined;
	const tests = /^ *Tests +(.*)$/m.exec(output)?.[1] ?? '';
	const failures = blocksOf(output, /^ ?(?:FAIL) +(?:\|[^|]*\| )?(\S+)(?: > (.*)| \[.*\])?$/gm, /^ *(?:⎯{4,}.*|Test Files )$/m).map(
		({ head, body }): Failure => {
			const place = /^ *❯ (\S+?):(\d+):\d+$/m.exec(body);
			const line = place && place[1] === head[1] ? Number(place[2]) : undefined;
			return { name: head[2] ?? head[1]!, message: body, file: head[1]!, ...(line !== undefined && { line }) };
		},
	);
	const failed = numberIn(tests, /(\d+) failed/);
	return { passed: numberIn(tests, /(\d+) passed/), failed: failed || numberIn(files, /(\d+) failed/), failures };
};
