import type { CommandLine } from '../../workspace/workspace.js';

/** What a project's own program finds wrong with a file. `line` is counted from 1; `path` is relative to the root. */
export type Complaint = { checker: string; path: string; line?: number; message: string };

/**
 * A program that the project has itself judged by. A `format` checker only tells that a file is not written its way.
 * `whole`: it looks at the whole project, whichever file is asked about.
 */
export type Checker = {
	name: string;
	kind: 'format' | 'lint' | 'types';
	/** The file that told of it. */
	from: string;
	whole?: true;
	takes: RegExp;
	command(path: string): CommandLine;
	/** The complaints in what it printed; paths as it prints them. */
	read(output: string): Omit<Complaint, 'checker'>[];
};

const lineOf = (line: string, pattern: RegExp): Omit<Complaint, 'checker'>[] => {
	const { path, at, message } = pattern.exec(line)?.groups ?? {};
	return path !== undefined && message ? [{ path, ...(at && { line: Number(at) }), message }] : [];
};

/** Reads output in which each complaint is a line: the pattern names its `path`, `at` (the line) and `message`. */
export const byLine =
	(pattern: RegExp): Checker['read'] =>
	output =>
		output.split('\n').flatMap(line => lineOf(line.trimEnd(), pattern));

/** `path:line:column: message`, as most compilers write; notes are left out. */
export const likeCompilers = byLine(/^(?:vet: )?(?:\.\/)?(?<path>[^:\s][^:]*):(?<at>\d+):(?:\d+:)? (?!note: )(?<message>.+)$/);

/** All that a formatter says. */
export const notFormatted = 'not formatted';

/** One path a line, of files that are not written as they should be. */
export const listed: Checker['read'] = output =>
	output
		.split('\n')
		.map(line => line.trim())
		.filter(path => /^[^\s:[\]]+\.\w+$/.test(path))
		.map(path => ({ path, message: notFormatted }));
