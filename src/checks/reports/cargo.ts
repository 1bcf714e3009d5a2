import { blocksOf, type Failure, type Reader, sumOf } from './reading.js';

/** cargo test: one summary for each binary; and rustc's errors when it does not compile. */
export const cargo: Reader = output => {
	if (!/^test result: /m.test(output)) return compiling(output);
	const failures = blocksOf(output, /^---- (.+?) stdout ----$/gm, /^(?:failures:|stack backtrace:|note: run with|test result:)/m).map(
		({ head, body }): Failure => {
			const place = /panicked at (?:'.*', )?([^\s:]+):(\d+)/.exec(body);
			const message = body.replace(/^thread '.*' (?:\(\d+\) )?panicked at /gm, 'panicked at ');
			return { name: head[1]!, message, ...(place && { file: place[1]!, line: Number(place[2]) }) };
		},
	);
	return { passed: sumOf(output, /^test result: .*? (\d+) passed/gm), failed: sumOf(output, /^test result: .*? (\d+) failed/gm), failures };
};

const compiling: Reader = output => {
	if (!/^error: could not compile /m.test(output)) return undefined;
	const failures = blocksOf(output, /^(error(?:\[E\d+\])?: (?!could not compile|aborting due).*)$/gm, /^(?:warning|error)\b/m).map(
		({ head, body }): Failure => {
			const place = /--> ([^\s:]+):(\d+)/.exec(body);
			return { name: head[1]!, message: body, ...(place && { file: place[1]!, line: Number(place[2]) }) };
		},
	);
	return { passed: undefined, failed: undefined, failures };
};
