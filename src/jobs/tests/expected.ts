import type { Work } from '../../agent/loop.js';
import { languageOf } from '../../checks/syntax/languages.js';
import { type Called, callIn, linesOf } from '../calls.js';

/** What somebody says that a call gives, as it is written. `by` the file's own examples, or one text of the model. */
export type Expected = { call: string; gives: string; by: 'example' | 'model' };

/** How often the model is asked what it expects: what is said once is luck. */
const rounds = 3;

/** What the file's comments and docstrings say of this function: `>>> f(1)` with its value below, `f(1) => 2`. */
export function examplesOf(called: Pick<Called, 'name' | 'callee' | 'member'>, text: string): Expected[] {
	const lines = text.split('\n').map(line => line.replace(/^\s*(?:\/\/+|#+|\*(?!\/))?\s?/, ''));
	return lines.flatMap((line, index) => {
		const found = /\b(?:fn|func)\s/.test(line) ? undefined : callIn(line, called);
		if (!found) return [];
		const below = /^\s*>>>/.test(line) && found.behind.trim() === '' ? lines[index + 1]?.trim() : undefined;
		const [, behind] = /^\s*(?:(?:#|\/\/)?\s*(?:==>|=>|->|→)|returns\b|gives\b|(?:#|\/\/)\s*==?)\s*(.+?)[.;]?\s*$/.exec(found.behind) ?? [];
		const gives = below ?? behind;
		return gives === undefined || gives === '' || /^(?:Traceback|>>>)/.test(gives) ? [] : [{ call: found.call, gives, by: 'example' }];
	});
}

/** What the model expects of the function, in texts that know nothing of each other. */
export async function expectedOf(
	called: Called,
	{ path, text }: { path: string; text: string },
	work: Work,
	signal: AbortSignal,
): Promise<Expected[]> {
	const head = `assert${python(path) ? ' ' : '.deepEqual('}${called.callee ?? called.name}(`;
	const found: Expected[] = [];
	for (let round = 1; round <= rounds && !signal.aborted; round++) {
		const said = new Map<string, string>();
		for (const line of await linesOf(called, { path, text, page: 'jobs/tests', head, round }, work, signal)) {
			const assertion = /^\s*(?:console\.)?assert\b/.test(line) ? callIn(line, called) : undefined;
			const gives = assertion && valueIn(assertion.behind, python(path));
			if (assertion && gives !== undefined) said.set(assertion.call, gives);
		}
		found.push(...[...said].map(([call, gives]): Expected => ({ call, gives, by: 'model' })));
	}
	return found;
}

const python = (path: string): boolean => languageOf(path) === 'python';

/** The value that a call is compared with, from what stands behind it in a line. */
function valueIn(behind: string, python: boolean): string | undefined {
	if (python) return /^\s*(?:==|is)\s*(?!not\b)(.+?)(?:,\s*f?['"].*)?(?:\s+#.*)?$/.exec(behind)?.[1];
	return /^\s*(?:,|===?)\s*(.+?)(?:,\s*['"`].*)?\)\s*;?\s*(?:\/\/.*)?$/.exec(behind)?.[1];
}

/** A call that gives something else than is said of it. `said` of `all` texts that speak of it say this. */
export type Contradiction = Expected & { does: string; said: number; all: number };

/** `90` and `90.0` are two values to a language with types, and one to whoever says what they expect. */
const isSame = (one: string, other: string): boolean =>
	one === other || (numeric.test(one) && numeric.test(other) && Number(one) === Number(other));
const numeric = /^-?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/;

/**
 * Where the code does something else than an example says, or than most of the model's texts, and at least two, say alike. `does` tells
 * what a call or an expression gives, as it is written in code; undefined where that is nothing to compare with.
 */
export function contradictions(all: readonly Expected[], does: (text: string) => string | undefined): Contradiction[] {
	const found: Contradiction[] = [];
	for (const one of all) {
		const [gives, wanted] = [does(one.call), does(one.gives)];
		if (gives === undefined || wanted === undefined || isSame(gives, wanted)) continue;
		const alike = all.filter(other => other.by === one.by && other.call === one.call);
		const said = alike.filter(other => does(other.gives) === wanted).length;
		const counts = one.by === 'example' || (said > 1 && said * 2 > alike.length);
		const isNew = !found.some(other => other.call === one.call && other.by === one.by && does(other.gives) === wanted);
		if (counts && isNew) found.push({ ...one, does: gives, said, all: alike.length });
	}
	return found;
}
