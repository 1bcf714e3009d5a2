import { type Failure, numberIn, outdented, type Reader } from './reading.js';

/** TAP 13 and 14 (testanything.org), with the diagnostics that node writes in YAML, and those of bats in comments. */
export const tap: Reader = output => {
	if (!/^(?:TAP version 1\d|1\.\.\d+)/m.test(output) || !/^\s*(?:not )?ok\b/m.test(output)) return undefined;
	const lines = output.split('\n');
	const points = lines.flatMap((line, index) => {
		const found = /^(\s*)(not )?ok\b(?: \d+)?(?: -)? ?(.*?)(\s+# (?:SKIP|TODO)\b.*)?$/i.exec(line);
		return found ? [{ index, depth: found[1]!.length, bad: found[2] !== undefined, name: found[3]!, excused: found[4] !== undefined }] : [];
	});
	const judged = points.filter(({ excused }) => !excused);
	const bad = judged.filter(({ bad }) => bad);
	const failures = bad
		.map(({ index, depth, name }) => failure(lines, { index, depth, name }))
		.filter(({ type }) => type !== 'subtestsFailed');
	const counted = /^# (?:tests|pass) +\d+$/m.test(output);
	const top = judged.filter(({ depth }) => depth === 0);
	return {
		passed: counted ? numberIn(output, /^# pass +(\d+)$/m) : top.filter(({ bad }) => !bad).length,
		failed: counted
			? numberIn(output, /^# fail +(\d+)$/m) + numberIn(output, /^# cancelled +(\d+)$/m)
			: top.filter(({ bad }) => bad).length,
		failures: failures.map(({ type: _type, ...rest }) => rest),
	};
};

type Point = { index: number; depth: number; name: string };

function failure(lines: readonly string[], { index, depth, name }: Point): Failure & { type?: string } {
	const yaml = yamlAfter(lines, index, depth);
	if (yaml === undefined) return { name, message: commentsAfter(lines, index), ...inFile(lines, index) };
	const value = (key: string) => new RegExp(`^\\s*${key}: '?(.*?)'?$`, 'm').exec(yaml)?.[1];
	const location = /^(.*?):(\d+)(?::\d+)?$/.exec(value('location') ?? value('at') ?? '');
	const stack = block(yaml, 'stack')
		.split('\n')
		.filter(Boolean)
		.map(line => `    at ${line.replace(/^at /, '')}`);
	const type = value('failureType');
	const message = [block(yaml, 'error') || block(yaml, 'message'), ...stack].filter(Boolean).join('\n');
	return { name, message, ...(location && { file: location[1]!, line: Number(location[2]) }), ...(type && { type }) };
}

function yamlAfter(lines: readonly string[], index: number, depth: number): string | undefined {
	const opening = new RegExp(`^\\s{${depth},}---$`);
	if (!opening.test(lines[index + 1] ?? '')) return undefined;
	const end = lines.findIndex((line, at) => at > index && /^\s*\.\.\.$/.test(line));
	return outdented(lines.slice(index + 2, end < 0 ? undefined : end).join('\n'));
}

/** The text of a YAML key: on its line, quoted or not, or in the deeper lines below it. */
function block(yaml: string, key: string): string {
	const found = new RegExp(`^${key}: *(.*)\\n?((?:(?: {2}.*| *)(?:\\n|$))*)`, 'm').exec(yaml);
	if (!found) return '';
	return /^[|>]/.test(found[1]!) ? outdented(found[2]!) : found[1]!.replace(/^(['"])(.*)\1$/, '$2');
}

function commentsAfter(lines: readonly string[], index: number): string {
	const rest = lines.slice(index + 1);
	const end = rest.findIndex(line => !/^\s*#/.test(line));
	return rest
		.slice(0, end < 0 ? undefined : end)
		.map(line => line.replace(/^\s*# ?/, ''))
		.join('\n');
}

function inFile(lines: readonly string[], index: number): { file?: string; line?: number } {
	const found = /in (?:test )?file (.+?), line (\d+)/.exec(commentsAfter(lines, index));
	return found ? { file: found[1]!, line: Number(found[2]) } : {};
}
