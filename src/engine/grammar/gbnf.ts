/**
 * Writes grammars in the notation of llama.cpp (github.com/ggml-org/llama.cpp/blob/master/grammars/README.md). An `Expr` can
 * stand anywhere in a sequence; undefined stands for something that no text can be.
 */
export type Expr = string;

/** The text itself and nothing else. */
export const literal = (text: string): Expr => `"${escaped(text, /["\\]/)}"`;

/** The empty text: an empty alternative would be read on into the next line. */
export const nothing: Expr = '""';

/** One of the characters of these ranges, such as `az09`, given in pairs. */
export const oneIn = (pairs: string, not = false): Expr => {
	const chars = [...pairs];
	const ranges = chars.flatMap((from, i) => {
		const to = chars[i + 1] ?? from;
		if (i % 2 === 1) return [];
		return from === to ? [inClass(from)] : [`${inClass(from)}-${inClass(to)}`];
	});
	return `[${not ? '^' : ''}${ranges.join('')}]`;
};

/** One of them, whatever is possible among them. */
export function either(all: readonly (Expr | undefined)[]): Expr | undefined {
	const possible = [...new Set(all.filter(expr => expr !== undefined))];
	return possible.length <= 1 ? possible[0] : `(${possible.join(' | ')})`;
}

/** One after the other; impossible when one of them is. */
export function inOrder(all: readonly (Expr | undefined)[]): Expr | undefined {
	return all.includes(undefined) ? undefined : all.filter(expr => expr !== nothing).join(' ') || nothing;
}

/** llama.cpp takes more repetitions for endless, or refuses them. */
export const mostTimes = 2000;

/** `expr`, which is one symbol and never empty, so many times. A `max` beyond what can be counted is no limit. */
export function times(expr: Expr, min: number, max: number): Expr | undefined {
	if (max < min || min > mostTimes) return undefined;
	if (max === 0) return nothing;
	if (min === 1 && max === 1) return expr;
	if (max > mostTimes) return min === 0 ? `${expr}*` : min === 1 ? `${expr}+` : `${expr}{${min},}`;
	return min === max ? `${expr}{${min}}` : `${expr}{${min},${max}}`;
}

/** The rules of one grammar. */
export type Rules = {
	/** The name of a new rule. `wish` is a part of it. */
	add(wish: string, expr: Expr): Expr;
	/** The name of the rule for `key`, made at most once. Undefined when `make` finds it impossible. */
	rule(key: string, wish: string, make: () => Expr | undefined): Expr | undefined;
	/** The grammar whose texts are those of `root`, with all rules so far. */
	text(root: Expr): string;
};

export function rules(): Rules {
	const known = new Map<string, Expr | undefined>();
	const lines: string[] = [];
	const add = (wish: string, expr: Expr): Expr => {
		const name = `${wish.replace(/[^A-Za-z0-9]+/g, '-').slice(-40)}-${lines.length}`;
		lines.push(`${name} ::= ${expr}`);
		return name;
	};
	return {
		add,
		rule(key, wish, make) {
			if (known.has(key)) return known.get(key);
			const expr = make();
			const name = expr === undefined ? undefined : add(wish, expr);
			known.set(key, name);
			return name;
		},
		text: root => [`root ::= ${root}`, ...lines, ''].join('\n'),
	};
}

const inClass = (char: string): string => escaped(char, /[[\]\\^-]/);

function escaped(text: string, special: RegExp): string {
	return [...text]
		.map(char => {
			const code = char.codePointAt(0) ?? 0;
			if (code >= 0x20 && code < 0x7f && !special.test(char)) return char;
			if (code < 0x100) return `\\x${hex(code, 2)}`;
			return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
		})
		.join('');
}

const hex = (code: number, digits: number): string => code.toString(16).toUpperCase().padStart(digits, '0');
