import { type Failure, outdented, type Reader } from './reading.js';

/** go test, with or without -v; and the compiler's errors. Tests are counted, not their subtests. */
export const go: Reader = output => {
	const failing = /^(?:FAIL|ok {2}|\? {2})\s*\t|^--- (?:FAIL|PASS): |^FAIL$/m;
	if (!failing.test(output)) return undefined;
	const verbose = /^=== RUN /m.test(output);
	const names = [...output.matchAll(/^ *--- FAIL: (\S+) \([\d.]+s\)$/gm)].map(found => found[1]!);
	const innermost = names.filter(name => !names.some(other => other.startsWith(`${name}/`)));
	const failures = innermost.map((name): Failure => {
		const message = messageOf(output, name);
		const place = /^\s*([^\s:]+\.go):(\d+): /m.exec(message);
		return { name, message, ...(place && { file: place[1]!, line: Number(place[2]) }) };
	});
	const tops = [...new Set(names.map(name => name.split('/')[0]!))];
	const passed = verbose ? [...output.matchAll(/^--- PASS: /gm)].length : undefined;
	const broken = compiling(output);
	if (tops.length === 0 && broken.length > 0) return { passed, failed: undefined, failures: broken };
	return { passed, failed: tops.length, failures: [...failures, ...broken] };
};

/** What a test said: before its verdict with -v, behind it without; and the stack of a panic behind it. */
function messageOf(output: string, name: string): string {
	const verdict = new RegExp(`^ *--- FAIL: ${name.replace(/[^\w/]/g, '\\$&')} .*$`, 'm').exec(output)!;
	const start = output.lastIndexOf(`=== RUN   ${name}\n`, verdict.index);
	const before = start < 0 ? '' : output.slice(start, verdict.index).replace(/^(?:===|\s*---) .*\n?/gm, '');
	const after = output.slice(verdict.index + verdict[0].length + 1);
	const end = after.search(/^(?:=== |\s*--- |FAIL\b|ok {2}|exit status)/m);
	return outdented(`${before}${withoutForeignFrames(end < 0 ? after : after.slice(0, end))}`);
}

/** A frame of Go's is two lines, the function and below it the file; those outside the project have absolute paths. */
const withoutForeignFrames = (text: string): string =>
	text
		.replace(/^\S.*\n\t\/.*(?:\n|$)/gm, '')
		.replace(/^goroutine \d+ .*\n/gm, '')
		.replace(/ \+0x[\da-f]+$/gm, '');

function compiling(output: string): Failure[] {
	if (!/\[(?:build|setup) failed\]$/m.test(output)) return [];
	return [...output.matchAll(/^(?:vet: )?(\S+\.go):(\d+):(?:\d+:)? (.*)$/gm)].map(([all, file, line]) => ({
		name: 'build',
		message: all,
		file: file!.replace(/^\.\//, ''),
		line: Number(line),
	}));
}
