import { blocksOf, type Failure, type Reader, sumOf } from './reading.js';

/** dotnet test: a summary for each project; and the compiler's errors. */
export const dotnet: Reader = output => {
	const summary = /^(?:Passed|Failed)! +- Failed: +\d+, Passed: +\d+/m.test(output);
	const errors = [
		...new Set(
			[...output.matchAll(/^\s*(\S+\.(?:cs|fs|vb))\((\d+),\d+\): error (.*?)(?: \[.*\])?$/gm)].map(found => found.slice(1, 4).join('\0')),
		),
	].map((each): Failure => {
		const [file, line, message] = each.split('\0') as [string, string, string];
		return { name: 'compile', message, file, line: Number(line) };
	});
	if (!summary) return errors.length > 0 ? { passed: undefined, failed: undefined, failures: errors } : undefined;
	const failures = blocksOf(
		output,
		/^ {2}Failed (\S.*?) \[[^\]]*\]$/gm,
		/^(?: {2}(?:Passed|Failed|Skipped) |(?:Passed|Failed)! |Test Run |Results File)/m,
	).map(({ head, body }): Failure => ({ name: head[1]!, message: body }));
	return { passed: sumOf(output, /! +- Failed: +\d+, Passed: +(\d+)/g), failed: sumOf(output, /! +- Failed: +(\d+)/g), failures };
};
