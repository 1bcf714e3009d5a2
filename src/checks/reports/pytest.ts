import { blocksOf, type Failure, numberIn, type Reader } from './reading.js';

/** pytest, in any verbosity and any style of traceback. */
export const pytest: Reader = output => {
	const summary = /^(?:=+ )?((?:\d+ [a-z]+(?:, )?)+|no tests ran) in [\d.]+s.*$/m.exec(output)?.[1];
	if (summary === undefined) return undefined;
	const listed = [...output.matchAll(/^(?:FAILED|ERROR) ([^\s:]+)(?:::(\S+))?(?: - (.*))?$/gm)];
	const blocks = blocksOf(output, /^_{3,} (.+?) _{3,}$/gm, /^=+ .* =+$|^-+ Captured .* -+$/m);
	const failures = blocks.map(({ head, body }): Failure => {
		const name = head[1]!.replace(/^ERROR (?:collecting|at \w+ of) /, '');
		const known = listed.find(each => each[2]?.replaceAll('::', '.') === name || each[1] === name);
		return { name: known?.[2] ?? name, message: body, ...(known && { file: known[1]! }) };
	});
	const rest = listed.filter(each => !failures.some(({ name }) => name === (each[2] ?? each[1])));
	const bare = rest.map((each): Failure => ({ name: each[2] ?? each[1]!, message: each[3] ?? '', file: each[1]! }));
	const failed = numberIn(summary, /(\d+) failed/) + numberIn(summary, /(\d+) errors?/);
	return { passed: numberIn(summary, /(\d+) passed/), failed, failures: [...failures, ...bare] };
};
