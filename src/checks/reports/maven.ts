import { blocksOf, type Failure, numberIn, type Reader } from './reading.js';

/** Maven with Surefire: the last summary counts all; and the compiler's errors. */
export const maven: Reader = output => {
	const summary = [...output.matchAll(/^(?:\[\w+\] +)?Tests run: \d+, Failures: \d+, Errors: \d+(?:, Skipped: \d+)?$/gm)].at(-1)?.[0];
	if (summary === undefined) return compiling(output);
	const count = (what: string) => numberIn(summary, new RegExp(`${what}: (\\d+)`));
	const failed = count('Failures') + count('Errors');
	const failures = blocksOf(
		output,
		/^\[ERROR\] +((?:[\w.$]+[.#])?(\w+)[.#](\w+)|\w+\([\w.$]+\))(?:\(.*?\))? +(?:-- )?Time elapsed: .*<<< (?:FAILURE|ERROR)!.*$/gm,
		/^(?:\[(?:INFO|ERROR|WARNING)\]|$)/m,
	).map(({ head, body }): Failure => {
		return { name: head[2] ? `${head[2]}.${head[3]}` : head[1]!, message: body };
	});
	const listed = [...output.matchAll(/^\[ERROR\] +(\w+)\.(\w+):(\d+)(?:->\S+)? ?(.*)$/gm)].map(
		(found): Failure => ({ name: `${found[1]}.${found[2]}`, message: found[4]!, file: `${found[1]}.java`, line: Number(found[3]) }),
	);
	return { passed: Math.max(0, count('Tests run') - failed - count('Skipped')), failed, failures: failures.length > 0 ? failures : listed };
};

const compiling: Reader = output => {
	if (!/^\[ERROR\] COMPILATION ERROR/m.test(output)) return undefined;
	const found = [...output.matchAll(/^\[ERROR\] (\S+\.java):\[(\d+),\d+\] (.*)$/gm)].map(
		(each): Failure => ({ name: 'compile', message: each[3]!, file: each[1]!, line: Number(each[2]) }),
	);
	return { passed: undefined, failed: undefined, failures: found };
};
