import { blocksOf, type Failure, numberIn, type Reader } from './reading.js';

/** PHPUnit 9 to 12. */
export const phpunit: Reader = output => {
	const fine = /^OK \((\d+) tests?, \d+ assertions?\)$/m.exec(output);
	if (fine) return { passed: Number(fine[1]), failed: 0, failures: [] };
	const summary = /^Tests: \d+, Assertions: \d+.*$/m.exec(output)?.[0];
	if (summary === undefined) return undefined;
	const failed = numberIn(summary, /Failures: (\d+)/) + numberIn(summary, /Errors: (\d+)/);
	const skipped = numberIn(summary, /Skipped: (\d+)/) + numberIn(summary, /Incomplete: (\d+)/);
	const failures = blocksOf(output, /^\d+\) (\S+::.*)$/gm, /^(?:--|FAILURES!|ERRORS!|There (?:was|were) )/m).map(
		({ head, body }): Failure => {
			const place = [...body.matchAll(/^(\S+\.php):(\d+)$/gm)].at(-1);
			return { name: head[1]!, message: body, ...(place && { file: place[1]!, line: Number(place[2]) }) };
		},
	);
	return { passed: numberIn(summary, /Tests: (\d+)/) - failed - skipped, failed, failures };
};
