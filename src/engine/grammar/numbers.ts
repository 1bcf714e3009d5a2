import { type Expr, either, inOrder, literal, nothing, oneIn, times } from './gbnf.js';

/** From where to where, in numbers that can be written out. `strict` ends do not belong to it. */
export type Range = { from: number; strictFrom: boolean; to: number; strictTo: boolean };

/** Numbers are written with at most so many digits before the point, which every program reads exactly. */
const mostDigits = 15;
const largest = 10 ** mostDigits - 1;
/** Digits after the point, where only the bounds ask for some. */
const usualDecimals = 6;

/** All whole numbers of the range that have at most 15 digits. */
export function wholeNumbers({ from, strictFrom, to, strictTo }: Range): Expr | undefined {
	const least = Math.max(-largest, strictFrom ? Math.floor(from) + 1 : Math.ceil(from));
	const most = Math.min(largest, strictTo ? Math.ceil(to) - 1 : Math.floor(to));
	return either([
		most >= 0 ? digits(Math.max(0, least), most) : undefined,
		least < 0 ? inOrder([literal('-'), digits(Math.max(1, -most), -least)]) : undefined,
	]);
}

/**
 * Numbers of the range. Where a bound cannot be written in plain digits, some that are written lie outside of it. `decimals`
 * are the digits after the point that there may be.
 */
export function anyNumber(range: Range, decimals?: number): Expr | undefined {
	const { from, to, strictFrom, strictTo } = range;
	const low = plain(Math.max(from, -largest));
	const high = plain(Math.min(to, largest));
	if (from === Number.NEGATIVE_INFINITY && to === Number.POSITIVE_INFINITY && decimals === undefined) return unbounded;
	if (!low || !high) return unbounded;
	if (from > to) return undefined;
	const places = decimals ?? Math.max(usualDecimals, low.decimals.length, high.decimals.length);
	const zero: Bound = { whole: 0, decimals: '', strict: false };
	const bound = ({ whole, decimals }: Plain, strict: boolean): Bound => ({ whole, decimals, strict });
	const least = bound(low, strictFrom && from >= -largest);
	const most = bound(high, strictTo && to <= largest);
	const positive = high.negative ? undefined : magnitudes(low.negative ? zero : least, most, places);
	// Minus nought is nought, but a strange one.
	const negative = low.negative ? magnitudes(high.negative ? most : { ...zero, strict: true }, least, places) : undefined;
	return either([positive, negative && inOrder([literal('-'), negative])]);
}

const unbounded = `"-"? ("0" | [1-9] [0-9]{0,${mostDigits - 1}}) ("." [0-9]{1,${mostDigits}})? ([eE] [+-]? [0-9]{1,2})?`;

type Plain = { negative: boolean; whole: number; decimals: string };

/** The number written out; undefined for one that is too small or too large for that. */
function plain(value: number): Plain | undefined {
	const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value));
	if (!parts || Number(parts[2]) > largest) return undefined;
	return { negative: parts[1] === '-', whole: Number(parts[2]), decimals: parts[3] ?? '' };
}

type Bound = { whole: number; decimals: string; strict: boolean };

/** Numbers without a sign from `least` to `most`. */
function magnitudes(least: Bound, most: Bound, places: number): Expr | undefined {
	if (least.whole > most.whole) return undefined;
	const low = { rest: least.decimals, strict: least.strict };
	const high = { rest: most.decimals, strict: most.strict };
	const withWhole = (whole: number, from?: Edge, to?: Edge): Expr | undefined => {
		const after = decimalsBetween(from, to, places);
		const point = after.more === undefined ? undefined : inOrder([literal('.'), after.more]);
		const tail = after.mayEnd ? (point === undefined ? nothing : `(${point})?`) : point;
		return inOrder([literal(String(whole)), tail]);
	};
	if (least.whole === most.whole) return withWhole(least.whole, low, high);
	const fraction = places > 0 ? `("." ${times('[0-9]', 1, places)})?` : nothing;
	return either([
		withWhole(least.whole, low),
		inOrder([digits(least.whole + 1, most.whole - 1), fraction]),
		withWhole(most.whole, undefined, high),
	]);
}

/** The digits of a bound that are still to be compared; undefined where what was written lies inside already. */
type Edge = { rest: string; strict: boolean };

/** What may follow in `left` digits: whether nothing may, and what else. */
function decimalsBetween(lower: Edge | undefined, to: Edge | undefined, left: number): { mayEnd: boolean; more: Expr | undefined } {
	const from = lower && !lower.strict && isZero(lower.rest) ? undefined : lower;
	const mayEnd = !from && (!to?.strict || !isZero(to.rest));
	if (left === 0) return { mayEnd, more: undefined };
	if (!from && !to) return { mayEnd, more: times('[0-9]', 1, left) };
	const branches = new Map<string, { digits: string; expr: Expr }>();
	for (const digit of '0123456789') {
		const [low, high] = [from?.rest[0] ?? '0', to?.rest[0] ?? '0'];
		if ((from && digit < low) || (to && digit > high)) continue;
		// At the end of the upper bound only noughts could follow.
		if (to && to.rest === '') continue;
		const nextFrom = from && digit === low ? { ...from, rest: from.rest.slice(1) } : undefined;
		const nextTo = to && digit === high ? { ...to, rest: to.rest.slice(1) } : undefined;
		const next = decimalsBetween(nextFrom, nextTo, left - 1);
		const tail = next.mayEnd ? (next.more === undefined ? nothing : `(${next.more})?`) : next.more;
		if (tail === undefined) continue;
		const known = branches.get(tail);
		branches.set(tail, { digits: (known?.digits ?? '') + digit, expr: tail });
	}
	return { mayEnd, more: either([...branches.values()].map(({ digits, expr }) => inOrder([oneIn(doubled(digits)), expr]))) };
}

const isZero = (rest: string): boolean => /^0*$/.test(rest);
const doubled = (chars: string): string => [...chars].map(char => char + char).join('');

/** The whole numbers from `least` to `most`, neither of them negative, without noughts before them. */
function digits(least: number, most: number): Expr | undefined {
	if (least > most) return undefined;
	const parts: (Expr | undefined)[] = [];
	if (least === 0) parts.push(literal('0'));
	const first = Math.max(1, least);
	const whole: number[] = [];
	for (let length = String(first).length; length <= String(most).length && first <= most; length++) {
		const [smallest, largest] = [10 ** (length - 1), 10 ** length - 1];
		if (first <= smallest && most >= largest) whole.push(length - 1);
		else parts.push(sameLength(String(Math.max(first, smallest)), String(Math.min(most, largest))));
	}
	if (whole.length > 0) parts.push(inOrder(['[1-9]', times('[0-9]', Math.min(...whole), Math.max(...whole))]));
	return either(parts);
}

/** The digit strings from `low` to `high`, which are equally long. */
function sameLength(low: string, high: string): Expr {
	if (low === '') return nothing;
	const [first, last, rest] = [low[0]!, high[0]!, low.length - 1];
	const free = (from: string, to: string): Expr => inOrder([oneIn(from + to), times('[0-9]', rest, rest)]) ?? nothing;
	if (first === last) return inOrder([literal(first), sameLength(low.slice(1), high.slice(1))]) ?? nothing;
	const lowIsFull = isZero(low.slice(1));
	const highIsFull = /^9*$/.test(high.slice(1));
	const from = lowIsFull ? first : next(first, 1);
	const to = highIsFull ? last : next(last, -1);
	return (
		either([
			lowIsFull ? undefined : inOrder([literal(first), sameLength(low.slice(1), '9'.repeat(rest))]),
			from <= to ? free(from, to) : undefined,
			highIsFull ? undefined : inOrder([literal(last), sameLength('0'.repeat(rest), high.slice(1))]),
		]) ?? nothing
	);
}

const next = (digit: string, by: number): string => String(Number(digit) + by);
