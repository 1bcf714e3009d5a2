import type { Saying } from './schemata.js';

/** What a compiled language needs for a program that makes calls. */
export type Compiler = {
	saying: Saying;
	/** The file with the program of that language that makes the calls. */
	caller: string;
	/** What is compiled: whole texts by path. Of the `driver` the calls stand in lines of their own, from the `first` on. */
	files(made: Made): { files: ReadonlyMap<string, string>; driver: string; first: number };
	/** How it is built, in the folder of the file, in words of bash. */
	build: string;
	/** How the runs in `$@` are made, as long as `$SECONDS` is below these seconds; every line of the program begins with the mark. */
	run(mark: string, seconds: number): string;
	/** A whole file that a call parses in; it has as many parts as lines. */
	parses(call: string): string;
	/** An error of compiling: the file, and its line. */
	fault: RegExp;
	/** What code depends on besides what it is given, by how a line looks. */
	world: readonly (readonly [RegExp, string])[];
};

export type Made = { path: string; text: string; caller: string; calls: readonly string[]; marks: number };

/** Starts the program for each run. */
export const eachRun =
	(program: string): Compiler['run'] =>
	(mark, seconds) =>
		`for each in "$@"; do [ $SECONDS -ge ${seconds} ] && break; QWILL_PROBE="${mark} $each" ${program} 2>/dev/null; done`;
