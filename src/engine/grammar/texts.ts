import { anyCharacter, oneOf } from './characters.js';
import { type Expr, either, inOrder, literal, mostTimes, nothing, type Rules, times } from './gbnf.js';
import { mayBeEmpty, type Part, type Pattern, patternOf } from './pattern.js';

/** Characters of a text, `max` infinite for no limit. */
export type Length = { min: number; max: number };
/** What a repetition without an end is cut at, beyond what it needs; infinite for no cut. */
export type Text = Length & { pattern?: string | undefined; format?: string | undefined; cut: number };

/** A text may go on before and after what an open pattern asks for, by so much. */
const around = 40;

/** A JSON string. The pattern counts for more than the format; what neither of them can say is left to the check. */
export function textIn(rules: Rules, { min, max, pattern, format, cut }: Text): Expr | undefined {
	const most = Math.min(max, min + cut);
	const taken = pattern === undefined ? undefined : patternOf(pattern);
	const inside =
		(taken && followed(rules, narrowed(taken, { min, max }), cut)) ??
		(format !== undefined && Object.hasOwn(formats, format) ? formats[format] : undefined) ??
		times(character(rules), min, most > mostTimes ? Number.POSITIVE_INFINITY : most);
	return inOrder([literal('"'), inside === undefined ? undefined : `(${inside})`, literal('"')]);
}

/** Any character in a JSON string. */
export const character = (rules: Rules): Expr => rules.rule('any character', 'char', () => anyCharacter) ?? nothing;

/** The formats whose texts can be told by their characters. Others are no more than a word to the model. */
export const formats: Readonly<Record<string, Expr>> = (() => {
	const month = '("0" [13578] | "1" [02]) "-" ("0" [1-9] | [12] [0-9] | "3" [01])';
	const shortMonth = '("0" [469] | "11") "-" ("0" [1-9] | [12] [0-9] | "30")';
	const leap = '([0-9]{2} ("0" [48] | [2468] [048] | [13579] [26]) | ([02468] [048] | [13579] [26]) "00") "-02-29"';
	const date = `([0-9]{4} "-" (${month} | ${shortMonth} | "02-" ("0" [1-9] | "1" [0-9] | "2" [0-8])) | ${leap})`;
	const clock = '([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9]';
	const time = `${clock} ":" [0-5] [0-9] ("." [0-9]{1,6})? ("Z" | [+-] ${clock})`;
	const hex = (count: number) => `[0-9a-f]{${count}}`;
	const label = '[a-z0-9] ([a-z0-9-]{0,20} [a-z0-9])?';
	const byte = '([0-9] | [1-9] [0-9] | "1" [0-9]{2} | "2" [0-4] [0-9] | "25" [0-5])';
	return {
		date,
		time,
		'date-time': `${date} "T" ${time}`,
		uuid: `${hex(8)} "-" ${hex(4)} "-" [1-5] ${hex(3)} "-" [89ab] ${hex(3)} "-" ${hex(12)}`,
		email: `[A-Za-z0-9_+-]{1,20} ("." [A-Za-z0-9_+-]{1,20}){0,3} "@" (${label} "."){1,3} [a-z]{2,10}`,
		ipv4: `${byte} ("." ${byte}){3}`,
		uri: `"http" "s"? "://" (${label} "."){1,3} [a-z]{2,10} ("/" [A-Za-z0-9._~-]{0,40}){0,6}`,
	};
})();

/** The texts that a pattern matches. Undefined when llama.cpp cannot count as far as it asks to. */
function followed(rules: Rules, pattern: Pattern, cut: number): Expr | undefined {
	const open = times(character(rules), 0, Math.min(around, cut)) ?? nothing;
	return either(
		pattern.map(({ part, fromStart, toEnd }) => inOrder([fromStart ? nothing : open, partIn(rules, part, cut), toEnd ? nothing : open])),
	);
}

function partIn(rules: Rules, part: Part, cut: number): Expr | undefined {
	switch (part.kind) {
		case 'set':
			return rules.rule(`set ${part.set.ascii} ${part.set.beyond}`, 'set', () => oneOf(part.set));
		case 'sequence':
			return inOrder(part.parts.map(each => partIn(rules, each, cut)));
		case 'choice': {
			const all = part.parts.map(each => partIn(rules, each, cut));
			return all.includes(undefined) ? undefined : either(all);
		}
		case 'repeat': {
			const { min, max } = part;
			const one = rules.rule(`part ${cut} ${JSON.stringify(part.part)}`, 'part', () => partIn(rules, part.part, cut));
			if (one === undefined) return undefined;
			if (mayBeEmpty(part.part)) return min === 0 ? `(${one})?` : one;
			return times(one, min, Math.max(min, Math.min(max, min + cut)));
		}
		default:
			throw part satisfies never;
	}
}

/** Where all of a text is one kind of character, its length and the pattern's say the same thing. */
function narrowed(pattern: Pattern, { min, max }: Length): Pattern {
	const [only, second] = pattern;
	if (!only || second || !only.fromStart || !only.toEnd || only.part.kind !== 'repeat' || only.part.part.kind !== 'set') return pattern;
	const part = { ...only.part, min: Math.max(min, only.part.min), max: Math.min(max, only.part.max) };
	return [{ ...only, part }];
}
