import { blocksOf, type Failure, numberIn, type Reader } from './reading.js';

/** Mocha's reporters `spec` and `dot`. A failure's name goes over several lines, the last of which ends in a colon. */
export const mocha: Reader = output => {
	const summary = /^ {2}\d+ (?:passing|failing)\b/m.exec(output);
	if (!summary) return undefined;
	const failures = blocksOf(output.slice(summary.index), /^ {2}\d+\) (?=.+$)/gm).map(({ body }): Failure => {
		const end = body.search(/:\n/);
		const name = (end < 0 ? body : body.slice(0, end))
			.split('\n')
			.map(line => line.trim())
			.filter(Boolean)
			.join(' > ');
		return { name, message: end < 0 ? '' : body.slice(end + 2).replace(/^\s*\n/, '') };
	});
	return { passed: numberIn(output, /^ {2}(\d+) passing\b/m), failed: numberIn(output, /^ {2}(\d+) failing\b/m), failures };
};
