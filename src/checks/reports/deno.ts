import { blocksOf, type Failure, numberIn, type Reader } from './reading.js';

/** deno test. */
export const deno: Reader = output => {
	const summary = /^(?:ok|FAILED) \| \d+ passed.*$/m.exec(output)?.[0];
	if (summary === undefined) return undefined;
	const details = output.slice(Math.max(0, output.search(/^ ERRORS\s*$/m)), Math.max(0, output.search(/^ FAILURES\s*$/m)) || undefined);
	const failures = blocksOf(details, /^(.+?) => (?:file:\/\/)?(\S+?):(\d+):\d+$/gm).map(
		({ head, body }): Failure => ({
			name: head[1]!.replaceAll(' ... ', ' > '),
			message: body,
			file: head[2]!.replace(/^\.\//, ''),
			line: Number(head[3]),
		}),
	);
	return { passed: numberIn(summary, /(\d+) passed/), failed: numberIn(summary, /(\d+) failed/), failures };
};
