import { blocksOf, type Failure, numberIn, type Reader } from './reading.js';

/** Jest, and what prints like it (react-scripts). `bun test` has a summary of its own. */
export const jest: Reader = output => {
	const summary = /^Tests: .*\d+ total.*$/m.exec(output)?.[0];
	if (summary === undefined) return bun(output);
	const file = (at: number) => [...output.slice(0, at).matchAll(/^\s*FAIL\s+(\S+)/gm)].at(-1)?.[1];
	const unique = new Map<string, Failure>();
	for (const { head, body } of blocksOf(output, /^ {2}● (.+)$/gm, /^(?:(?:PASS|FAIL)\s|Test Suites:|Summary of all failing tests)/m)) {
		const name = head[1]!.replaceAll(' › ', ' > ');
		const place = file(head.index);
		if (!unique.has(name) && !/^Console$/.test(name)) unique.set(name, { name, message: body, ...(place && { file: place }) });
	}
	const suites = numberIn(output, /^Test Suites: (\d+) failed/m);
	const failed = numberIn(summary, /(\d+) failed/);
	return { passed: numberIn(summary, /(\d+) passed/), failed: failed || suites, failures: [...unique.values()] };
};

const bun: Reader = output => {
	if (!/^bun test v/m.test(output) || !/^ *\d+ pass$/m.test(output)) return undefined;
	const failures = [...output.matchAll(/^\(fail\) (.*?)(?: \[[\d.]+ms\])?$/gm)].map((found): Failure => {
		const before =
			output
				.slice(0, found.index)
				.split(/^\((?:pass|fail|skip)\).*$|^\S+\.[cm]?[jt]sx?:$/m)
				.at(-1) ?? '';
		return { name: found[1]!, message: before.trim() };
	});
	return { passed: numberIn(output, /^ *(\d+) pass$/m), failed: numberIn(output, /^ *(\d+) fail$/m), failures };
};
