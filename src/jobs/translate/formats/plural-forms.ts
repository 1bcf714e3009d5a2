/** Numbers that the forms of a language are told by; those behind them take the same ones. */
const most = 200;
/** Characters; no language needs more to say which form a number takes. */
const longest = 1_000;

/**
 * For each plural form of a gettext file the numbers up to 200 that take it, by the head of the file; without `Plural-Forms`
 * in it, those of English, where the language agrees. Undefined where nobody can tell.
 */
export function formsOf(head: string, tag: string): number[][] | undefined {
	const numbers = Array.from({ length: most + 1 }, (_, number) => number);
	const [, count, expression] = /^Plural-Forms:\s*nplurals\s*=\s*(\d)\s*;\s*plural\s*=\s*([^;\n]+)/m.exec(head) ?? [];
	if (count === undefined || expression === undefined) {
		const rules = new Intl.PluralRules(tag);
		const as = new Set(numbers.filter(number => number !== 1).map(number => rules.select(number)));
		const agrees = as.size === 1 && as.has('other');
		return agrees ? [[1], numbers.filter(number => number !== 1)] : undefined;
	}
	const formFor = formula(expression);
	if (!formFor || numbers.some(number => !(formFor(number) < Number(count)))) return undefined;
	return Array.from({ length: Number(count) }, (_, form) => numbers.filter(number => formFor(number) === form));
}

type Formula = (n: number) => number;

const truth = (yes: boolean): number => (yes ? 1 : 0);

/** What binds two sides, the loosest first, as in C. */
const levels: readonly Readonly<Record<string, (left: number, right: number) => number>>[] = [
	{ '||': (left, right) => truth(left !== 0 || right !== 0) },
	{ '&&': (left, right) => truth(left !== 0 && right !== 0) },
	{ '==': (left, right) => truth(left === right), '!=': (left, right) => truth(left !== right) },
	{
		'<': (left, right) => truth(left < right),
		'>': (left, right) => truth(left > right),
		'<=': (left, right) => truth(left <= right),
		'>=': (left, right) => truth(left >= right),
	},
	{ '+': (left, right) => left + right, '-': (left, right) => left - right },
	{ '*': (left, right) => left * right, '/': (left, right) => Math.trunc(left / right), '%': (left, right) => left % right },
];

/** Reads the expression of `Plural-Forms`, which is C over one number; it is never run as code. Undefined for anything else. */
function formula(expression: string): Formula | undefined {
	const tokens = expression.match(/\d+|&&|\|\||[=!<>]=|\S/g) ?? [];
	if (expression.length > longest) return undefined;
	try {
		const whole = choice(tokens);
		return tokens.length === 0 ? whole : undefined;
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}

function choice(tokens: string[]): Formula {
	const asked = sides(tokens, 0);
	if (tokens[0] !== '?') return asked;
	tokens.shift();
	const yes = choice(tokens);
	expect(':', tokens);
	const no = choice(tokens);
	return n => (asked(n) === 0 ? no(n) : yes(n));
}

function sides(tokens: string[], level: number): Formula {
	const known = levels[level];
	if (!known) return single(tokens);
	let left = sides(tokens, level + 1);
	for (let bind = known[tokens[0] ?? '']; bind; bind = known[tokens[0] ?? '']) {
		tokens.shift();
		const [before, behind, both] = [left, sides(tokens, level + 1), bind];
		left = n => both(before(n), behind(n));
	}
	return left;
}

function single(tokens: string[]): Formula {
	const token = tokens.shift() ?? '';
	if (token === 'n') return n => n;
	if (/^\d+$/.test(token)) return () => Number(token);
	if (token === '!') {
		const inside = single(tokens);
		return n => truth(inside(n) === 0);
	}
	if (token !== '(') throw new SyntaxError(`"${token}" is no part of an expression`);
	const inside = choice(tokens);
	expect(')', tokens);
	return inside;
}

function expect(token: string, tokens: string[]): void {
	if (tokens.shift() !== token) throw new SyntaxError(`"${token}" is missing`);
}
