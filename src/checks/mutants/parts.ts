/** A line of code with an operand less or one more, an argument less, two of them the other way round. */
import type { LineToken } from './lexer.js';

/** How tightly operators bind, the loosest first. What is not here ends an operand. */
const strength: Record<string, number> = {
	or: 1,
	'||': 1,
	'??': 1,
	and: 2,
	'&&': 2,
	'+': 5,
	'-': 5,
	'*': 6,
	'/': 6,
	'//': 6,
	'%': 6,
	'**': 7,
};
const boundary =
	/^(,|;|:|=|\+=|-=|\*=|\/=|=>|\?|\{|\}|return|if|else|elif|while|for|in|not|lambda|yield|await|==|!=|===|!==|<|>|<=|>=|is)$/;

/** The texts, in the order of their likelihood. */
export function partsOf(line: string, code: readonly LineToken[], hash: boolean): string[] {
	return [
		...lessOperands(line, code),
		...turned(line, code),
		...offByOne(line, code),
		...lessCalls(line, code, hash),
		...signsBefore(line, code, hash),
	];
}

const endOf = ({ at, text }: LineToken): number => at + text.length;
const cut = (line: string, from: number, to: number): string => line.slice(0, from) + line.slice(to);

/** `a + b` becomes `a`, `b` and `b + a`. */
function* lessOperands(line: string, code: readonly LineToken[]): Generator<string> {
	for (const [i, operator] of code.entries()) {
		const own = strength[operator.text];
		const before = code[i - 1];
		if (own === undefined || !before || (before.kind === 'sign' && !/^[)\]]$/.test(before.text)) || before.kind === 'word') continue;
		const ends = (token: LineToken, least: number): boolean =>
			token.depth < operator.depth ||
			(token.depth === operator.depth && (boundary.test(token.text) || (strength[token.text] ?? 9) < least));
		const last = code.slice(i + 1).find(token => ends(token, own + (own === 5 || own === 6 ? 1 : 0)));
		const first = code.slice(0, i).findLast(token => ends(token, own));
		const right = last ? trimmedTo(line, last.at) : line.trimEnd().length;
		const left = first ? from(line, endOf(first)) : from(line, 0);
		if (code[i + 1]?.text === 'not') continue;
		yield cut(line, endOf(before), right);
		yield cut(line, left, code[i + 1]?.at ?? right);
		if (/^[-/%]|\/\//.test(operator.text)) {
			const [a, b] = [line.slice(left, endOf(before)), line.slice(code[i + 1]?.at ?? right, right)];
			yield `${line.slice(0, left)}${b} ${operator.text} ${a}${line.slice(right)}`;
		}
	}
}

const trimmedTo = (line: string, at: number): number => line.slice(0, at).trimEnd().length;
const from = (line: string, at: number): number => at + /^\s*/.exec(line.slice(at))![0].length;

/** A value that ends before a bracket, a comma or the line's end gets one more and one less. */
function* offByOne(line: string, code: readonly LineToken[]): Generator<string> {
	for (const [i, token] of code.entries()) {
		const next = code[i + 1];
		const isValue = token.kind === 'name' || token.kind === 'number' || /^[)\]]$/.test(token.text);
		const ends = next ? /^[)\],:;]$/.test(next.text) || /^[<>]=?$|^[=!]==?$/.test(next.text) : /^\s*(return|\w+\s*=)/.test(line);
		if (!isValue || !ends || code[i - 1]?.text === 'for') continue;
		for (const more of [' + 1', ' - 1']) yield line.slice(0, endOf(token)) + more + line.slice(endOf(token));
	}
}

/** `f(x)` becomes `x`, `x.f()` becomes `x`, `f(a, b)` becomes `f(b, a)`, `f(b)` and `f(a)`, `x[1:]` becomes `x`. */
function* lessCalls(line: string, code: readonly LineToken[], hash: boolean): Generator<string> {
	for (const [i, open] of code.entries()) {
		const before = code[i - 1];
		if (!/^[([]$/.test(open.text)) continue;
		const close = code.slice(i + 1).find(token => token.depth === open.depth && /^[)\]]$/.test(token.text));
		if (!close) continue;
		if (!before || !(before.kind === 'name' || /^[)\]]$/.test(before.text))) {
			yield* otherArguments({ line, open, close }, code);
			continue;
		}
		const inside = line.slice(endOf(open), close.at);
		if (open.text === '[') {
			if (inside.includes(':') || inside.includes('..')) yield cut(line, open.at, endOf(close));
			continue;
		}
		const isMethod = code[i - 2]?.text === '.';
		if (isMethod) yield cut(line, code[i - 2]!.at, endOf(close));
		else if (before.kind === 'name' && !/^(def|function|func|fn)$/.test(code[i - 2]?.text ?? ''))
			yield line.slice(0, before.at) + inside + line.slice(endOf(close));
		yield* otherArguments({ line, open, close }, code);
		if (before.text === 'range' && hash && !inside.includes(',')) yield `${line.slice(0, endOf(open))}1, ${inside}${line.slice(close.at)}`;
	}
}

type Brackets = { line: string; open: LineToken; close: LineToken };

function* otherArguments({ line, open, close }: Brackets, code: readonly LineToken[]): Generator<string> {
	const commas = code.filter(token => token.text === ',' && token.depth === open.depth + 1 && token.at > open.at && token.at < close.at);
	if (commas.length === 0 || commas.length > 3) return;
	const ends = [...commas.map(comma => comma.at), close.at];
	const args = ends.map((end, k) => line.slice(k === 0 ? endOf(open) : endOf(commas[k - 1]!), end).trim());
	const having = (list: readonly string[]): string => line.slice(0, endOf(open)) + list.join(', ') + line.slice(close.at);
	for (const k of args.keys()) yield having(args.filter((_, j) => j !== k));
	for (let k = 0; k + 1 < args.length; k++) yield having(args.map((arg, j) => (j === k ? args[k + 1]! : j === k + 1 ? args[k]! : arg)));
}

/** `a in b` becomes `b in a`, and every `and` of the line an `or`. */
function* turned(line: string, code: readonly LineToken[]): Generator<string> {
	for (const [i, word] of code.entries()) {
		const [before, next] = [code[i - 1], code[i + 1]];
		if (word.text === 'in' && before?.kind === 'name' && next?.kind === 'name' && code[i - 2]?.text !== 'for')
			yield `${line.slice(0, before.at)}${next.text} in ${before.text}${line.slice(endOf(next))}`;
	}
	for (const [word, other] of [
		['and', 'or'],
		['or', 'and'],
		['&&', '||'],
		['||', '&&'],
	] as const) {
		const all = code.filter(token => token.text === word);
		if (all.length > 1) yield all.reduceRight((text, token) => text.slice(0, token.at) + other + text.slice(endOf(token)), line);
	}
}

/** A minus or a not put before what is returned or asked, or taken away. */
function* signsBefore(line: string, code: readonly LineToken[], hash: boolean): Generator<string> {
	for (const [i, token] of code.entries()) {
		const next = code[i + 1];
		if ((token.text === 'not' && next?.text !== 'in') || token.text === '!') yield cut(line, token.at, next?.at ?? endOf(token));
		if (token.text === '-' && (code[i - 1]?.kind === 'sign' || code[i - 1]?.kind === 'word') && next) yield cut(line, token.at, next.at);
		if (token.text === 'return' && next) {
			const not = hash ? 'not ' : '!';
			for (const sign of [not, '-']) yield `${line.slice(0, next.at)}${sign}${line.slice(next.at)}`;
		}
	}
	const last = code.at(-1);
	if (hash && last && /^\s*(return|\w+\s*=)/.test(line)) yield `${line.slice(0, endOf(last))}[::-1]${line.slice(endOf(last))}`;
}
