/** A line of code written a little differently: what a program can try without being told. Knows no model and no test. */
import { isHashLanguage, type LineToken, tokensOf } from './lexer.js';
import { partsOf } from './parts.js';
import { isComparison, numbersFor, signsFor, wordsFor } from './swaps.js';

/**
 * What was changed: a `sign`, a `value`, one `word` or function for another, a `part` taken away, put in or moved, another `name`
 * of the scope, the `indent`, or the whole line `removed`.
 */
export type MutantKind = 'sign' | 'value' | 'word' | 'part' | 'name' | 'indent' | 'removed';

/** `line` is the new line; undefined when it is gone. */
export type Mutant = { kind: MutantKind; line: string | undefined };

/** Where the line stands: the file's name tells the language; what stands around it (`callees` are called), the nearest first. */
export type Scope = {
	path: string;
	names: readonly string[];
	callees: readonly string[];
	calls: readonly string[];
	strings: readonly string[];
};

/** What can be named in these lines of a file, at most a dozen of each; `line` counts from 0. */
export function scopeOf(path: string, lines: readonly string[], line: number): Scope {
	const hash = isHashLanguage(path);
	const found = { name: new Set<string>(), callee: new Set<string>(), string: new Set<string>() };
	const calls = new Set<string>();
	const nearest = lines.map((text, i) => ({ text, away: Math.abs(i - line) })).sort((a, b) => a.away - b.away);
	for (const { text } of nearest) {
		const code = tokensOf(text, hash).filter(token => token.kind !== 'space');
		for (const [i, { kind, text: word }] of code.entries())
			if (kind === 'string') found.string.add(word);
			else if (kind === 'name' && code[i - 1]?.text !== '.') found[code[i + 1]?.text === '(' ? 'callee' : 'name'].add(word);
		for (const [call] of text.matchAll(shortCall)) calls.add(call);
	}
	const few = (set: Set<string>): string[] => [...set].slice(0, 12);
	return { path, names: few(found.name), callees: few(found.callee), calls: few(calls), strings: few(found.string) };
}

/** Every mutant of `line`, each text once, the likeliest first within its kind. Lines that only open or close give none. */
export function mutantsOf(line: string, scope: Scope): Mutant[] {
	const hash = isHashLanguage(scope.path);
	const tokens = tokensOf(line, hash);
	const code = tokens.filter(token => token.kind !== 'space' && token.kind !== 'comment');
	if (code.every(token => token.kind === 'sign')) return [];
	const seen = new Set([line.trimEnd()]);
	const fresh = ({ line: text }: Mutant): boolean => {
		const key = text?.trimEnd() ?? '';
		return seen.has(key) ? false : !!seen.add(key);
	};
	return [
		...swapped(line, code, hash),
		...values(line, code, scope),
		...allInCase(line, code),
		...partsOf(line, code, hash).map((text): Mutant => ({ kind: 'part', line: text })),
		...names(line, code, scope),
		...otherCalls(line, scope),
		...(hash && !/[:([{,]\s*$/.test(line) ? indents(line) : []),
		...(/[:([{,]\s*$|^\s*(def|class|function|func|fn|return)\b/.test(line) ? [] : [{ kind: 'removed', line: undefined } as const]),
	].filter(fresh);
}

const put = (line: string, { at, text }: LineToken, instead: string): string => line.slice(0, at) + instead + line.slice(at + text.length);

function* swapped(line: string, code: readonly LineToken[], hash: boolean): Generator<Mutant> {
	for (const token of code) {
		if (token.kind === 'sign' && !isSingle(code, token))
			for (const other of signsFor(token.text, hash)) yield { kind: 'sign', line: put(line, token, other) };
		if (token.kind === 'word' || token.kind === 'name')
			for (const other of wordsFor(token.text)) yield { kind: 'word', line: put(line, token, other) };
	}
	for (const [first, second] of pairs(code)) {
		if (first.text === 'not' && second.text === 'in') yield { kind: 'word', line: line.slice(0, first.at) + line.slice(second.at) };
		else if (second.text === 'in' && hash && !/^\s*(async\s+)?for\b|\bfor\b[^[]*$/.test(line.slice(0, second.at)))
			yield { kind: 'word', line: put(line, second, 'not in') };
		else if (first.text === 'is' && second.text === 'not') yield { kind: 'word', line: line.slice(0, first.at) + line.slice(second.at) };
	}
	const condition = /^(\s*(?:\}\s*)?(?:else\s+)?(?:if|elif|while)\s*)(\(?)(.*?)(\)?)(\s*[:{]?\s*)$/.exec(line);
	if (condition && !hash && condition[2] === '(') yield { kind: 'word', line: `${condition[1]}(!(${condition[3]}))${condition[5]}` };
	if (condition && hash) yield { kind: 'word', line: `${condition[1]}not (${condition[2]}${condition[3]}${condition[4]})${condition[5]}` };
}

/** Whether a sign stands before one value and not between two. */
function isSingle(code: readonly LineToken[], token: LineToken): boolean {
	if (isComparison(token.text)) return false;
	const before = code[code.indexOf(token) - 1];
	return (
		/^[-+*&|]{1,2}$/.test(token.text) && (!before || before.kind === 'word' || (before.kind === 'sign' && !/^[)\]]$/.test(before.text)))
	);
}

function* pairs(code: readonly LineToken[]): Generator<readonly [LineToken, LineToken]> {
	for (const [i, first] of code.entries()) {
		const second = code[i + 1];
		if (second) yield [first, second];
	}
}

/** Other cases of a text in its quotation marks. */
const cases: readonly ((text: string) => string)[] = [
	text => text.toUpperCase(),
	text => text.toLowerCase(),
	text => text.toLowerCase().replace(/\p{L}/u, letter => letter.toUpperCase()),
];

/** All texts of a line in another case at once: `'yes' … 'no'` becomes `'Yes' … 'No'`. */
function* allInCase(line: string, code: readonly LineToken[]): Generator<Mutant> {
	const strings = code.filter(({ kind, text }) => kind === 'string' && /\p{L}/u.test(text));
	if (strings.length < 2) return;
	for (const inCase of cases)
		yield { kind: 'value', line: strings.reduceRight((changed, token) => put(changed, token, inCase(token.text)), line) };
}

function* values(line: string, code: readonly LineToken[], { strings }: Scope): Generator<Mutant> {
	for (const token of code) {
		if (token.kind === 'number') for (const other of numbersFor(token.text)) yield { kind: 'value', line: put(line, token, other) };
		if (token.kind !== 'string') continue;
		const quote = token.text.at(-1) ?? '';
		const inside = token.text.slice(1, -1);
		const shorter =
			token.text.startsWith(quote) && inside.length < 20 ? [...inside].map((_, i) => inside.slice(0, i) + inside.slice(i + 1)) : [];
		const edited = [[...inside].reverse().join(''), ...shorter].map(text => quote + text + quote);
		for (const other of [...strings, `${quote}${quote}`, `${quote} ${quote}`, ...cases.map(inCase => inCase(token.text)), ...edited])
			if (other !== token.text) yield { kind: 'value', line: put(line, token, other) };
	}
}

function* names(line: string, code: readonly LineToken[], { names: known, callees, calls }: Scope): Generator<Mutant> {
	for (const [i, token] of code.entries()) {
		const [before, after] = [code[i - 1]?.text ?? '', code[i + 1]?.text ?? ''];
		if (token.kind !== 'name' || /^(\.|def|class|function|func|fn|const|let|var)$/.test(before)) continue;
		const bound = before === 'for' || after === '=';
		for (const other of after === '(' ? callees : bound ? known : [...known, ...calls])
			if (other !== token.text) yield { kind: 'name', line: put(line, token, other) };
	}
}

const shortCall = /(?<![\w.])[\w.]+\((?:"[^"]*"|'[^']*'|[\w.]*)\)(?!\s*[:{]\s*$)/g;

/** `f(x)` becomes another short call that stands nearby. */
function* otherCalls(line: string, { calls }: Scope): Generator<Mutant> {
	for (const { 0: call, index } of line.matchAll(shortCall))
		for (const other of calls)
			if (other !== call) yield { kind: 'name', line: line.slice(0, index) + other + line.slice(index + call.length) };
}

function* indents(line: string): Generator<Mutant> {
	const step = line.startsWith('\t') ? '\t' : '    ';
	if (line.startsWith(step)) yield { kind: 'indent', line: line.slice(step.length) };
	yield { kind: 'indent', line: step + line };
}
