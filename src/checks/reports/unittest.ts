import { blocksOf, type Failure, type Reader, sumOf } from './reading.js';

/** Python's unittest, also several runs one after the other. */
export const unittest: Reader = output => {
	if (!/^Ran \d+ tests? in [\d.]+s$/m.test(output)) return undefined;
	const ran = sumOf(output, /^Ran (\d+) tests? in /gm);
	const failed =
		sumOf(output, /^FAILED \(.*?failures=(\d+)/gm) +
		sumOf(output, /^FAILED \(.*?errors=(\d+)/gm) +
		sumOf(output, /^FAILED \(.*?unexpected successes=(\d+)/gm);
	const skipped = sumOf(output, /^(?:OK|FAILED) \(.*?skipped=(\d+)/gm) + sumOf(output, /^(?:OK|FAILED) \(.*?expected failures=(\d+)/gm);
	const failures = blocksOf(output, /^(?:FAIL|ERROR): (\S+)(?: \((.*?)\))?.*$/gm, /^={60,}$|^Ran \d+ test|^-{60,}\nRan/m).map(
		({ head, body }): Failure => {
			const name = qualified(head[1]!, head[2]);
			const start = body.search(/^-{60,}$/m);
			const message = (start < 0 ? body : body.slice(start)).replace(/^-{60,}\n?|^Traceback \(most recent call last\):\n?/gm, '');
			return { name, message: message.replace(/^\n+/, '').trimEnd() };
		},
	);
	return { passed: Math.max(0, ran - failed - skipped), failed, failures };
};

/** `test_x (mod.Case.test_x)` since Python 3.11, `test_x (mod.Case)` before: both become `Case.test_x`. */
function qualified(name: string, place: string | undefined): string {
	const parts = (place ?? '').split('.').filter(part => part !== name);
	const kind = parts.at(-1);
	return kind === undefined || kind === '' || kind === '_FailedTest' ? name : `${kind}.${name}`;
}
