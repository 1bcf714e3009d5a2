import { compilerOf } from '../../checks/compiled/compiled.js';
import { type Bench, type Done, probe } from '../../checks/probe.js';

/** A call that gives the same whenever it is made. */
export type Steady = Done & { call: string; kind: 'value' | 'error' };

/** What was tried: the steady ones in their order; why others are none, with how many there are; and what every text gives that came to a value. */
export type Tried = { steady: Steady[]; refused: Map<string, number>; gives: Map<string, string>; lines: number[] };

/** Errors that say that the call made no sense, unless the code itself throws them. */
const senseless = new Set(
	(
		'TypeError AttributeError NameError UnboundLocalError SyntaxError RecursionError ReferenceError RangeError MemoryError ' +
		'ImportError ModuleNotFoundError SystemExit KeyboardInterrupt InternalError panic ' +
		'NullPointerException ClassCastException StackOverflowError OutOfMemoryError ExceptionInInitializerError NoClassDefFoundError'
	).split(' '),
);

/** Three runs that differ in what a test must not depend on. */
const worlds = [
	{ order: 'alone', env: { PYTHONHASHSEED: '1', TZ: 'UTC', LANG: 'C.UTF-8' } },
	{ order: 'forward', env: { PYTHONHASHSEED: '2', TZ: 'Asia/Tokyo', LANG: 'C' } },
	{ order: 'backward', env: { PYTHONHASHSEED: '3', TZ: 'America/New_York', LANG: 'C.UTF-8' } },
] as const;

/**
 * Makes these calls in a copy: each alone, all twice in their order, and all the other way round. Undefined where the file cannot be run.
 * `isKnown` says of a call whether a test can be written with the names in it; `code` is what is called.
 */
export async function steadyOf(
	bench: Bench,
	{ path, calls, code, isKnown }: { path: string; calls: readonly string[]; code: string; isKnown: (call: string) => boolean },
	limits: { seconds: number; signal: AbortSignal },
): Promise<Tried | undefined> {
	const [alone, ...others] = worlds;
	const first = await probe(bench, { path, calls, ...alone }, limits);
	if (!first) return undefined;
	const refused = new Map<string, number>();
	const refuse = (why: string) => refused.set(why, (refused.get(why) ?? 0) + 1);
	const gives = new Map(first.calls.flatMap((one, i) => (one?.kind === 'value' && !one.touched ? [[calls[i]!, one.does] as const] : [])));
	const candidates = first.calls.flatMap((one, i): Steady[] => {
		const call = calls[i]!;
		const why = one ? whyNot(one, code, isKnown(call)) : unended(path);
		if (why !== undefined) refuse(why);
		return why === undefined && one && one.kind !== 'other' ? [{ ...one, kind: one.kind, call }] : [];
	});
	if (candidates.length === 0) return { steady: [], refused, gives, lines: first.lines };
	// Forward everything is called twice: a first call does not show what it leaves behind.
	const twice = [...candidates, ...candidates].map(({ call }) => call);
	const runs: (readonly (Done | undefined)[])[] = [];
	for (const world of others) runs.push((await probe(bench, { path, calls: twice, ...world }, limits))?.calls ?? []);
	const steady = candidates.filter((one, i) => {
		const again = runs.flatMap(run => [run[i], run[i + candidates.length]]);
		const touched = again.find(other => other?.touched)?.touched;
		const isSame = again.every(other => other?.does === one.does) && !touched;
		if (!isSame)
			refuse(touched ? dependsOn(touched) : again.includes(undefined) ? unended(path) : 'it gives something else when it is called again');
		return isSame;
	});
	return { steady, refused, gives, lines: first.lines };
}

const unended = (path: string): string => (compilerOf(path) ? 'it does not compile, or does not end' : 'it does not end');
const dependsOn = (what: string): string => `it depends on ${what}`;

/** Why no test can be written of this; undefined where one can. */
function whyNot({ does, kind, touched }: Done, code: string, isKnown: boolean): string | undefined {
	if (touched) return dependsOn(touched);
	if (kind === 'other') return 'what it gives cannot be written down';
	if (!isKnown) return 'it uses names that a test does not have';
	const error = kind === 'error' ? does.slice(does.lastIndexOf('.') + 1).replace(/^! /, '') : '';
	const words = error === 'panic' ? 'panic!?\\(|(?:assert\\w*|unreachable)!\\(' : `(?:raise|throw(?: new)?) ${error}\\b`;
	const isMeant = new RegExp(`\\b(?:${words})`).test(code);
	return senseless.has(error) && !isMeant ? 'it makes no sense' : undefined;
}
