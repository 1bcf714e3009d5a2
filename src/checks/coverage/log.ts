/** The lines that ran, by the path of their file. */
export type Lines = Map<string, Set<number>>;

/** A test as one process saw it; `ok` is undefined while it has not ended. */
export type Logged = { name: string; file: string; ok: boolean | undefined; lines: Lines };

/**
 * What a watched process wrote. `outside` is what ran outside of its tests; `ok` whether the process ended well, undefined when it
 * did not come to say so; `parent` the log and the number of the test that started it, '' when none did.
 */
export type Log = {
	name: string;
	process: string;
	parent: string;
	tests: Map<number, Logged>;
	outside: Lines;
	ok: boolean | undefined;
};

/** Reads a log of the tracers, as bin/tracers/python/qwill_trace.py describes it; a last line that was cut off is left out. */
export function readLog(name: string, text: string, now: string): Log {
	const log: Log = { name, process: '', parent: '', tests: new Map(), outside: new Map(), ok: undefined };
	const files = new Map<string, string>();
	for (const record of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
		const [kind, ...words] = record.split('\t');
		const [first = '', second = '', third = ''] = words;
		if (kind === 'process') Object.assign(log, { process: JSON.parse(first), parent: JSON.parse(second) });
		else if (kind === 'file') files.set(first, JSON.parse(second));
		else if (kind === 'test')
			log.tests.set(Number(first), { name: JSON.parse(second), file: JSON.parse(third), ok: undefined, lines: new Map() });
		else if (kind === 'lines') add(linesFor(log, Number(first)), files.get(second) ?? '', third.split(',').map(Number));
		else if (kind === 'end' && second === '-') log.tests.delete(Number(first));
		else if (kind === 'end') Object.assign(log.tests.get(Number(first)) ?? {}, { ok: second === '1' });
		else if (kind === 'exit') log.ok = first === '1';
	}
	// Older entries may stand there still, of tests that have ended and wrote the same into the log.
	for (const [, test, file, line] of now.matchAll(/<(\d+) (\d+) (\d+)>/g))
		if (log.tests.get(Number(test))?.ok === undefined) add(linesFor(log, Number(test)), files.get(file!) ?? '', [Number(line)]);
	return log;
}

/** The lines of the test with this number; 0 is none. */
export const linesFor = (log: Log, test: number): Lines => log.tests.get(test)?.lines ?? log.outside;

/** Line 0 is where some versions of Python say that an empty file begins. */
export function add(lines: Lines, path: string, more: Iterable<number>): void {
	for (const line of more) {
		if (line === 0) continue;
		const known = lines.get(path);
		if (known) known.add(line);
		else lines.set(path, new Set([line]));
	}
}
