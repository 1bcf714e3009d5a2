import { type CharacterSet, printable } from './characters.js';

/** A part of a regular expression, as far as a grammar can follow it. */
export type Part =
	| { kind: 'set'; set: CharacterSet }
	| { kind: 'sequence'; parts: Part[] }
	| { kind: 'choice'; parts: Part[] }
	| { kind: 'repeat'; part: Part; min: number; max: number };

/** The alternatives of a whole expression, each with whether it holds on to the beginning and to the end of the text. */
export type Pattern = { part: Part; fromStart: boolean; toEnd: boolean }[];

const without = (ascii: string): string => [...printable].filter(char => !ascii.includes(char)).join('');
const digit = '0123456789';
const word = printable.replace(/[^A-Za-z0-9_]/g, '');
/** What the classes hold. Of all blanks only the space counts as one, and `\S` leaves out whatever may be one. */
const classes: Record<string, CharacterSet> = {
	d: { ascii: digit, beyond: false },
	D: { ascii: without(digit), beyond: true },
	w: { ascii: word, beyond: false },
	W: { ascii: without(word), beyond: true },
	s: { ascii: ' ', beyond: false },
	S: { ascii: without(' '), beyond: false },
};
const everything: CharacterSet = { ascii: printable, beyond: true };

/**
 * A regular expression of JavaScript taken apart. Every text that the parts make is matched by it, though not the other way
 * round. Undefined when it holds something else than characters, classes, groups, choices and repetitions.
 */
export function patternOf(source: string): Pattern | undefined {
	const reading = readingOf(source);
	const all: Pattern = [];
	do {
		const fromStart = reading.take('^');
		const part = sequence(reading);
		const toEnd = reading.take('$');
		if (part) all.push({ part, fromStart, toEnd });
		else return undefined;
	} while (reading.take('|'));
	return reading.rest() === '' ? all : undefined;
}

/** Whether the part may be nothing at all. */
export function mayBeEmpty(part: Part): boolean {
	switch (part.kind) {
		case 'set':
			return false;
		case 'sequence':
			return part.parts.every(mayBeEmpty);
		case 'choice':
			return part.parts.some(mayBeEmpty);
		case 'repeat':
			return part.min === 0 || mayBeEmpty(part.part);
		default:
			throw part satisfies never;
	}
}

type Reading = {
	/** Goes past what stands next, if it is this. */
	take(wanted: string): boolean;
	match(wanted: RegExp): RegExpExecArray | undefined;
	rest(): string;
};

function readingOf(source: string): Reading {
	let rest = source;
	return {
		take(wanted) {
			if (!rest.startsWith(wanted)) return false;
			rest = rest.slice(wanted.length);
			return true;
		},
		match(wanted) {
			const found = wanted.exec(rest) ?? undefined;
			rest = rest.slice(found?.[0].length ?? 0);
			return found;
		},
		rest: () => rest,
	};
}

function sequence(reading: Reading): Part | undefined {
	const parts: Part[] = [];
	while (/^[^|)$]/.test(reading.rest())) {
		const part = repeated(reading);
		if (!part) return undefined;
		parts.push(part);
	}
	return parts.length === 1 ? parts[0] : { kind: 'sequence', parts };
}

function repeated(reading: Reading): Part | undefined {
	const part = single(reading);
	const times = reading.match(/^(?:([*+?])|\{(\d{1,4})(,?)(\d{0,4})\})\??/);
	if (!part || !times) return part;
	const [, sign, least, comma, most] = times;
	const min = sign === undefined ? Number(least) : sign === '+' ? 1 : 0;
	const max =
		sign === undefined ? (comma ? (most ? Number(most) : Number.POSITIVE_INFINITY) : min) : sign === '?' ? 1 : Number.POSITIVE_INFINITY;
	// A repetition of nothing would have no end in a grammar.
	return max < min || (mayBeEmpty(part) && max > 1) ? undefined : { kind: 'repeat', part, min, max };
}

function single(reading: Reading): Part | undefined {
	if (reading.take('(')) return group(reading);
	if (reading.take('.')) return { kind: 'set', set: everything };
	const set = reading.take('[') ? characterClass(reading) : /^[*+?{}\]^]/.test(reading.rest()) ? undefined : character(reading);
	// What is wholly beyond ASCII is left to the check: a vocabulary may have no token for it.
	return set && set.ascii !== '' ? { kind: 'set', set } : undefined;
}

function group(reading: Reading): Part | undefined {
	if (reading.rest().startsWith('?') && !reading.match(/^\?(?::|<[A-Za-z_]\w*>)/)) return undefined;
	const parts: Part[] = [];
	do {
		const part = sequence(reading);
		if (!part) return undefined;
		parts.push(part);
	} while (reading.take('|'));
	return reading.take(')') ? { kind: 'choice', parts } : undefined;
}

/** Of what is not ASCII in a class only this is known: whether it may be anything beyond. */
function characterClass(reading: Reading): CharacterSet | undefined {
	const not = reading.take('^');
	let ascii = '';
	let beyond = false;
	while (!reading.take(']')) {
		const from = character(reading);
		if (!from) return undefined;
		const to = reading.match(/^-(?!\])/) ? character(reading) : from;
		if (!to || (to !== from && from.ascii.length + to.ascii.length > 2)) return undefined;
		ascii += to === from ? from.ascii : between(from, to);
		beyond ||= from.beyond || to.beyond;
	}
	return not ? { ascii: without(ascii), beyond: !beyond } : { ascii, beyond: false };
}

/** The printable ones from one to the other. An end that is not printable is a control character, or beyond them. */
const between = (from: CharacterSet, to: CharacterSet): string =>
	[...printable].filter(char => (from.ascii ? char >= from.ascii : !from.beyond) && (to.ascii ? char <= to.ascii : to.beyond)).join('');

/** One character, plain or escaped, or a class such as `\d`. Control characters are in no set. */
function character(reading: Reading): CharacterSet | undefined {
	const [plain] = reading.match(/^[^\\]/u) ?? [];
	if (plain !== undefined) return alone(plain);
	const named = reading.match(/^\\([dDwWsS])/);
	if (named) return classes[named[1]!];
	const coded = reading.match(/^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/);
	if (coded) return alone(String.fromCharCode(Number.parseInt(coded[1] ?? coded[2]!, 16)));
	if (reading.match(/^\\[fnrtv0]/)) return { ascii: '', beyond: false };
	const escaped = reading.match(/^\\([^A-Za-z0-9])/);
	return escaped ? alone(escaped[1]!) : undefined;
}

const alone = (char: string): CharacterSet => ({ ascii: printable.includes(char) ? char : '', beyond: char > '~' });
