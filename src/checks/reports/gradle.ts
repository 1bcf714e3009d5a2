import { blocksOf, type Failure, numberIn, type Reader } from './reading.js';

/** Gradle with plain console: counts only when something failed. */
export const gradle: Reader = output => {
	if (!/^> Task :\S*test\b|^BUILD (?:SUCCESSFUL|FAILED) in /im.test(output)) return undefined;
	const total = numberIn(output, /^(\d+) tests? completed/m);
	const failed = numberIn(output, /^\d+ tests? completed, (\d+) failed/m);
	const failures = blocksOf(output, /^(\S+(?: > .+?)+) FAILED$/gm, /^\S/m).map(
		({ head, body }): Failure => ({ name: head[1]!, message: body }),
	);
	const errors = [...output.matchAll(/^(\S+\.(?:java|kt|groovy)):(\d+): error: (.*)$/gm)].map(
		(found): Failure => ({ name: 'compile', message: found[3]!, file: found[1]!, line: Number(found[2]) }),
	);
	const skipped = numberIn(output, /^\d+ tests? completed.*?(\d+) skipped/m);
	return total === 0
		? { passed: undefined, failed: undefined, failures: [...failures, ...errors] }
		: { passed: total - failed - skipped, failed, failures };
};
