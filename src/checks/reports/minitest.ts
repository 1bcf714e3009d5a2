import { blocksOf, type Failure, numberIn, type Reader } from './reading.js';

/** Ruby's Minitest, and test-unit, whose summary says tests for runs. */
export const minitest: Reader = output => {
	const summary = /^\d+ (?:runs|tests), \d+ assertions, \d+ failures, \d+ errors.*$/m.exec(output)?.[0];
	if (summary === undefined) return undefined;
	const failed = numberIn(summary, /(\d+) failures/) + numberIn(summary, /(\d+) errors/);
	const failures = blocksOf(
		output,
		/^ *\d+\) (?:Failure|Error):\n(\S+)(?: \[(\S+):(\d+)\])?:?.*$/gm,
		/^(?:\d+ (?:runs|tests), |rails test )/m,
	).map(({ head, body }): Failure => {
		return { name: head[1]!.replace(/:$/, ''), message: body, ...(head[2] && { file: head[2], line: Number(head[3]) }) };
	});
	return { passed: numberIn(summary, /^(\d+)/) - failed - numberIn(summary, /(\d+) (?:skips|pendings)/), failed, failures };
};
