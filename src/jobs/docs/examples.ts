import type { Work } from '../../agent/loop.js';
import { behaviour } from '../../checks/behaviour.js';
import type { Signature } from '../../checks/syntax/signatures.js';
import { callsOf } from '../calls.js';
import { unlessLate } from '../time.js';
import { type Copy, openCopy } from '../trials.js';

/** Examples of one function, calls that are tried for them, and milliseconds that all of those, and the search for them, may take. */
const mostExamples = 2;
const mostCalls = 6;
const patienceMs = 4_000;
const mostMs = 15_000;
/** Characters of a line of an example. */
const longest = 70;

/** Words of code that looks or writes elsewhere, or gives something else every time. */
const elsewhere =
	/\b(?:global|nonlocal|print|open|input|random|secrets|uuid\w*|time|datetime|date|os|sys|id|hash|subprocess|socket|requests|await)\b/;

/** Makes examples for what a file of Python defines, by calling it in a copy of the folder; none where no box works. */
export function openExamples(path: string, work: Work) {
	let copy: Copy | undefined;
	const examplesOf = async (one: Signature, text: string, signal: AbortSignal): Promise<string[]> => {
		const calls = (await callsOf(one, { path, text, rounds: 2, enough: mostCalls / 2, most: mostCalls }, work, signal)).filter(call =>
			canStand(`>>> ${call}`),
		);
		if (calls.length === 0 || signal.aborted) return [];
		copy ??= await openCopy(work.agent.workspace, signal);
		const run = { timeoutMs: patienceMs, signal };
		const first = (await behaviour(copy.workspace, { path, calls }, run)) ?? [];
		const told = calls.flatMap((call, index) => {
			const gives = first[index] ?? '';
			return canStand(gives) && !/^(?:! |None$|$)|^\{[^:]*\}$|</.test(gives) ? [{ call, gives }] : [];
		});
		// The other way round, and to the last digit.
		const again = told.toReversed().map(({ call, gives }) => `repr(${call}) == ${JSON.stringify(gives)}`);
		const same = ((await behaviour(copy.workspace, { path, calls: again }, run)) ?? []).toReversed();
		const sure = told.filter((_one, index) => same[index] === 'True');
		return sure.slice(0, mostExamples).flatMap(({ call, gives }) => [`>>> ${call}`, gives]);
	};
	return {
		/** The lines of examples of a function: calls, and what each gave two times. */
		async of(one: Signature, text: string, signal: AbortSignal): Promise<string[]> {
			const isPlain = one.kind === 'function' && one.owner === undefined && one.gives === 'value';
			const isOpen = path.endsWith('.py') && isPlain && !elsewhere.test(text.slice(one.start, one.end));
			if (!isOpen || !work.agent.workspace.processes.boxed.on) return [];
			const late = AbortSignal.any([signal, AbortSignal.timeout(mostMs)]);
			return unlessLate(() => examplesOf(one, text, late), late);
		},
		async close(): Promise<void> {
			await copy?.close();
		},
	};
}

export type Examples = ReturnType<typeof openExamples>;

const canStand = (line: string): boolean => line.length <= longest && !/\\|"""|'''|\n/.test(line);
