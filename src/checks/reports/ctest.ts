import { type Failure, numberIn, type Reader } from './reading.js';

/** CTest, with --output-on-failure: what a test printed stands behind its verdict. */
export const ctest: Reader = output => {
	const summary = /^\d+% tests passed, (?:\d+ tests? failed out of )?.*$/m.exec(output)?.[0];
	if (summary === undefined) return undefined;
	const failed = numberIn(summary, /(\d+) tests? failed/);
	const total = numberIn(summary, /out of (\d+)/);
	const listed = output.slice(output.search(/^The following tests FAILED:$/m));
	const failures =
		failed === 0
			? []
			: [...listed.matchAll(/^\s+(\d+) - (\S+) \((.*)\)/gm)].map(
					(found): Failure => ({ name: found[2]!, message: printed(output, found[2]!) || found[3]! }),
				);
	return { passed: total - failed, failed, failures };
};

function printed(output: string, name: string): string {
	const verdict = output.split('\n').findIndex(line => /\*{3}/.test(line) && line.includes(` ${name} `));
	if (verdict < 0) return '';
	const rest = output.split('\n').slice(verdict + 1);
	const end = rest.findIndex(line => /^\s*(?:Start +\d+:|\d+\/\d+ Test|\d+% tests passed)/.test(line));
	return rest
		.slice(0, end < 0 ? undefined : end)
		.join('\n')
		.trim();
}
