/** Calls that the program makes itself, of the kinds of values that stand in others. Knows no model. */

/** Calls that are made at the most. */
const most = 60;
/** Numbers and texts of the function itself that are tried. */
const mostConstants = 4;

const stringAt = `'(?:[^'\\\\]|\\\\.)*'|"(?:[^"\\\\]|\\\\.)*"`;
const number = /^-?\d+(?:\.\d+)?$/;

/** The arguments of a call, or the parts of a list, as they are written. */
export function partsOf(inside: string): string[] {
	const parts: string[] = [];
	let depth = 0;
	let from = 0;
	for (const { 0: token, index } of inside.matchAll(new RegExp(`${stringAt}|[([{]|[)\\]}]|,`, 'g'))) {
		if (/^[([{]$/.test(token)) depth++;
		else if (/^[)\]}]$/.test(token)) depth--;
		else if (token === ',' && depth === 0) {
			parts.push(inside.slice(from, index).trim());
			from = index + 1;
		}
	}
	return [...parts, inside.slice(from).trim()].filter(part => part !== '');
}

/** What stands between the first bracket of a call and its last. */
export const insideOf = (call: string): string => call.slice(call.indexOf('(') + 1, -1);

/** Calls like these, each with one argument exchanged for one at a border: empty, zero, negative, single, twice, beside a number of the code. */
export function varied(calls: readonly string[], code: string): string[] {
	const known = new Set(calls);
	const constants = constantsOf(code);
	const each = calls.flatMap(call =>
		bracketsOf(call).flatMap(({ from, to }) => {
			const parts = partsOf(call.slice(from, to));
			const withParts = (list: readonly string[]) => `${call.slice(0, from)}${list.join(', ')}${call.slice(to)}`;
			const withPart = (index: number, instead: string) => withParts(parts.with(index, instead));
			const swapped = parts.length > 1 ? [withParts([parts[1]!, parts[0]!, ...parts.slice(2)]), withPart(1, parts[0]!)] : [];
			const exchanged = parts.map((part, index) => othersFor(part, constants).map(other => withPart(index, other)));
			return [...exchanged, swapped];
		}),
	);
	const longest = Math.max(0, ...each.map(list => list.length));
	const inTurn = Array.from({ length: longest }, (_, turn) => each.flatMap(list => list[turn] ?? [])).flat();
	return [...new Set(inTurn)].filter(call => !known.has(call)).slice(0, most);
}

/** Where the arguments of a call stand, and of those behind it: two in `Box(1).add(2)`. */
function bracketsOf(call: string): { from: number; to: number }[] {
	const found: { from: number; to: number }[] = [];
	let [depth, from] = [0, 0];
	for (const { 0: token, index } of call.matchAll(new RegExp(`${stringAt}|[([{]|[)\\]}]`, 'g'))) {
		if (/^[([{]$/.test(token) && depth++ === 0) from = index + 1;
		if (/^[)\]}]$/.test(token) && --depth === 0 && /\w\($/.test(call.slice(0, from))) found.push({ from, to: index });
	}
	return found;
}

type Constants = { numbers: readonly number[]; strings: readonly string[] };

function constantsOf(code: string): Constants {
	const few = <T>(all: readonly T[]): T[] => [...new Set(all)].slice(0, mostConstants);
	const strings = [...code.matchAll(new RegExp(stringAt, 'g'))].map(([text]) => text).filter(text => text.length > 2 && text.length < 20);
	const numbers = [...code.replace(new RegExp(stringAt, 'g'), '').matchAll(/(?<![\w.])\d+(?:\.\d+)?(?![\w.])/g)];
	return { numbers: few(numbers.map(([text]) => Number(text))), strings: few(strings) };
}

/** What may stand in the place of this value. */
function othersFor(part: string, constants: Constants): string[] {
	const [, keyword = '', value = part] = /^(\w+\s*=\s*)(?!=)([\s\S]*)$/.exec(part) ?? [];
	return bordersOf(value, constants).map(other => keyword + other);
}

/** A value with what languages with types put around it: `[]int{1, 2}`, `&vec![1]`, `"a".to_string()`, `Some(1)`. */
const typedForms = [
	/^((?:\[\]|map\[\w+\]|new \w+\[\] )[^{}]*)(\{[\s\S]*\})$/,
	/^((?:java\.util\.)?List\.of)(\([\s\S]*\))$/,
	/^(&(?:mut )?|&?vec!)(\[[\s\S]*\])$/,
	/^(&?)("(?:[^"\\]|\\.)*")(\.to_string\(\))$/,
	/^(Some\()([\s\S]*)(\))$/,
];

function bordersOf(value: string, { numbers, strings }: Constants): string[] {
	if (number.test(value)) {
		const own = Number(value);
		const near = [
			0,
			-own,
			1,
			-1,
			own + 1,
			own - 1,
			...numbers.flatMap(one => [one, one + 1, one - 1]),
			...(value.includes('.') ? [0.5] : []),
		];
		return near.map(one => (Object.is(one, -0) ? '0' : String(one)));
	}
	const [, quote, inside = ''] = /^(['"])([\s\S]*)\1$/.exec(value) ?? [];
	if (quote !== undefined) {
		const texts = ['', inside.slice(0, 1), inside + inside, inside.toUpperCase(), ` ${inside} `, [...inside].reverse().join('')];
		return [...(inside.includes('\\') ? texts.slice(0, 1) : texts).map(text => quote + text + quote), ...strings];
	}
	if (/^\[[\s\S]*\]$/.test(value)) return listsLike(value, { numbers, strings });
	const [, before = '', whole, behind = ''] = typedForms.map(form => form.exec(value)).find(Boolean) ?? [];
	if (whole !== undefined && before.startsWith('map[')) return [`${before}{}`];
	if (whole !== undefined) {
		const isList = /^[{(]/.test(whole);
		const plain = isList ? `[${whole.slice(1, -1)}]` : whole;
		const within = (other: string) => (isList ? whole[0] + other.slice(1, -1) + whole.slice(-1) : other);
		const others = bordersOf(plain, { numbers, strings }).map(within);
		return others.map(other => before + other + behind);
	}
	if (/^\{[\s\S]*\}$/.test(value)) return ['{}'];
	const opposite: Readonly<Record<string, string>> = { True: 'False', False: 'True', true: 'false', false: 'true' };
	return opposite[value] === undefined ? [] : [opposite[value]];
}

function listsLike(value: string, constants: Constants): string[] {
	const parts = partsOf(value.slice(1, -1));
	const [first] = parts;
	if (first === undefined) return [];
	const lists = [[], [first], [...parts, first], parts.toReversed(), [first, first], parts.slice(1)];
	const inner = bordersOf(first, constants).map(other => [other, ...parts.slice(1)]);
	return [...lists, ...inner].map(list => `[${list.join(', ')}]`);
}

/** What a function takes, without the object that a method is called on, and whether a call must give it. */
export function declaredIn(code: string): { part: string; needed: boolean }[] {
	const [, before = '', bracketed] = /^([^(]*?)(?:\(([^)]*)\)|=>)/.exec(code.replace(/^(?:\s*@[^\n]*\n)+/, '')) ?? [];
	const declared = bracketed === undefined ? [before] : partsOf(bracketed);
	return declared.flatMap(part => (/^(?:self|cls)$/.test(part) ? [] : [{ part, needed: !/=|^\*|^\.\.\.|^\w+\?/.test(part) }]));
}

/** Values of a type, as it is written; undefined where it is none of the simple ones. */
function valuesOf(type: string): readonly string[] | undefined {
	const list = /^(?:readonly\s+)?(\w+)\[\]$|^(?:Readonly)?(?:list|List|Array|Sequence|Iterable)[[<](\w+)[\]>]$/.exec(type);
	if (list)
		return valuesOf(list[1] ?? list[2] ?? '') && /^(?:str|string)$/.test(list[1] ?? list[2]!)
			? ['["b", "a"]', '["x"]']
			: ['[3, 1, 2]', '[1]'];
	if (/^(?:number|int)$/.test(type)) return ['3', '2', '5'];
	if (type === 'float') return ['2.5', '1.0', '3.0'];
	if (/^(?:string|str)$/.test(type)) return ['"abc"', '"b"', '"x"'];
	if (type === 'bool') return ['True', 'False'];
	return type === 'boolean' ? ['true', 'false'] : undefined;
}

/** First calls of a function that nobody has called: with numbers, texts or lists, as many as it needs. */
export function guessed(name: string, code: string): string[] {
	const declared = declaredIn(code);
	const count = declared.filter(({ needed }) => needed).length || Math.min(1, declared.length);
	if (count === 0) return [`${name}()`];
	const typed = declared.slice(0, count).map(({ part }) => valuesOf(/^\w+\??\s*:\s*([^=]+)/.exec(part)?.[1]?.trim() ?? ''));
	const lists = ['[3, 1, 2]', '["b", "a"]', '[1]'];
	const kinds = [['3', '2', '5'], ['"abc"', '"b"', '"x"'], lists, ['[3, 1, 2]', '2', '1'], ['"abc"', '2', '1']];
	const calls = kinds.map((values, turn) => typed.map((own, at) => own?.[(turn + at) % own.length] ?? values[at] ?? values[0]));
	return [...new Set(calls.map(values => `${name}(${values.join(', ')})`))];
}
