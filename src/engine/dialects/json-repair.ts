/**
 * What came of reading one JSON value written by a model. `open`: the text ends before the value does. `wrong`: it breaks
 * at `at`, inside `field`. `closed` is the value as it would be if its missing brackets were added there; it is absent
 * where something else is missing too.
 */
export type Loose =
	| { kind: 'value'; value: unknown; end: number }
	| { kind: 'open'; field: string; at: number; closed?: { value: unknown } }
	| { kind: 'wrong'; field: string; at: number; closed?: { value: unknown } };

type Frame = { kind: 'object'; entries: [string, unknown][]; key: string } | { kind: 'array'; items: unknown[] };
type Text = { value: string; end: number };

const quotes = new Map([
	['"', '"'],
	["'", "'"],
	['`', '`'],
	['“', '”'],
	['‘', '’'],
]);
const words = new Map<string, unknown>([
	['true', true],
	['True', true],
	['false', false],
	['False', false],
	['null', null],
	['None', null],
]);
const escapes = new Map([
	['n', '\n'],
	['t', '\t'],
	['r', '\r'],
	['b', '\b'],
	['f', '\f'],
	['"', '"'],
	["'", "'"],
	['`', '`'],
	['/', '/'],
	['\\', '\\'],
	['\n', '\n'],
]);
/** Deeper nesting is no call. */
const maxDepth = 64;

/**
 * Reads the JSON value that begins at `start`. Valid JSON is read as `JSON.parse` would; beyond that it takes what small
 * models write: raw line breaks and unescaped quotes in strings, other quotes, trailing commas, bare keys, Python's words.
 * It never invents a value: what cannot be read is `wrong`, with the field.
 */
export function readLoose(text: string, start = 0): Loose {
	const state: State = { frames: [], at: start, expect: 'value' };
	for (;;) {
		const done = step(text, state);
		if (done) return done;
	}
}

type State = { frames: Frame[]; at: number; expect: 'value' | 'key' | 'after' };

/** One token more; what is returned is the end of the reading. */
function step(text: string, state: State): Loose | undefined {
	state.at = skipSpace(text, state.at);
	const { at, frames, expect } = state;
	const char = text[at];
	const frame = frames.at(-1);
	if (char === undefined) return stop('open', state);
	if (frame && char === (frame.kind === 'object' ? '}' : ']') && (expect !== 'value' || frame.kind === 'array')) {
		frames.pop();
		return place(built(frame, nothing), at + 1, state);
	}
	if (expect === 'after') {
		if (char !== ',') return stop('wrong', state);
		state.at++;
		state.expect = frame?.kind === 'object' ? 'key' : 'value';
		return undefined;
	}
	if (expect === 'key') {
		const key = readKey(text, at);
		if (typeof key === 'string') return stop(key, state);
		if (frame?.kind === 'object') frame.key = key.value;
		state.at = key.end;
		state.expect = 'value';
		return undefined;
	}
	if (char === '{' || char === '[') {
		if (frames.length >= maxDepth) return stop('wrong', state);
		frames.push(char === '{' ? { kind: 'object', entries: [], key: '' } : { kind: 'array', items: [] });
		state.at++;
		state.expect = char === '{' ? 'key' : 'value';
		return undefined;
	}
	const value = quotes.has(char) ? readString(text, at, frame?.kind ?? 'top') : readWord(text, at);
	return typeof value === 'string' ? stop(value, state) : place(value.value, value.end, state);
}

/** Puts a finished value where it belongs; gives it back when it is the whole. */
function place(value: unknown, end: number, state: State): Loose | undefined {
	state.at = end;
	state.expect = 'after';
	const frame = state.frames.at(-1);
	if (!frame) return { kind: 'value', value, end };
	if (frame.kind === 'array') frame.items.push(value);
	else {
		frame.entries.push([frame.key, value]);
		frame.key = '';
	}
	return undefined;
}

function stop(kind: 'open' | 'wrong', { frames, at, expect }: State): Loose {
	const field = frames.flatMap(frame => (frame.kind === 'object' && frame.key ? [frame.key] : [])).join('.');
	if (expect !== 'after') return { kind, field, at };
	return { kind, field, at, closed: { value: frames.reduceRight<unknown>((inner, frame) => built(frame, inner), nothing) } };
}

const nothing = Symbol('nothing');

/** The value of a frame, with `inner` as its last part when there is one. Own properties only, `__proto__` too. */
function built(frame: Frame, inner: unknown): unknown {
	if (frame.kind === 'array') return inner === nothing ? frame.items : [...frame.items, inner];
	return Object.fromEntries(inner === nothing ? frame.entries : [...frame.entries, [frame.key, inner]]);
}

function skipSpace(text: string, from: number): number {
	let at = from;
	while (at < text.length && ' \n\r\t'.includes(text[at]!)) at++;
	return at;
}

/** A key and the colon after it. */
function readKey(text: string, from: number): Text | 'open' | 'wrong' {
	const bare = /[A-Za-z_$][\w$-]*/y;
	bare.lastIndex = from;
	const name = bare.exec(text)?.[0];
	const key = quotes.has(text[from]!) ? readString(text, from, 'key') : name ? { value: name, end: from + name.length } : 'wrong';
	if (typeof key === 'string') return key;
	const colon = skipSpace(text, key.end);
	if (colon >= text.length) return 'open';
	return text[colon] === ':' ? { value: key.value, end: colon + 1 } : 'wrong';
}

function readWord(text: string, from: number): { value: unknown; end: number } | 'open' | 'wrong' {
	const word = /[-+.\w]*/y;
	word.lastIndex = from;
	const found = word.exec(text)?.[0] ?? '';
	const end = from + found.length;
	if (end >= text.length && found) return 'open';
	if (words.has(found)) return { value: words.get(found), end };
	return /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(found) ? { value: Number(found), end } : 'wrong';
}

/** The string whose quote is at `from`. A quote inside it that no JSON structure follows is part of the string. */
function readString(text: string, from: number, where: Frame['kind'] | 'key' | 'top'): Text | 'open' {
	const opening = text[from]!;
	const triple = text.startsWith(opening.repeat(3), from);
	const closing = triple ? opening.repeat(3) : quotes.get(opening)!;
	let value = '';
	for (let at = from + closing.length; at < text.length; at++) {
		const char = text[at]!;
		if (char === '\\') {
			const escaped = readEscape(text, at);
			if (!escaped) return 'open';
			value += escaped.value;
			at = escaped.end - 1;
		} else if ((text.startsWith(closing, at) || (opening === '“' && char === '"')) && closes(text, at + closing.length, where)) {
			return { value, end: at + closing.length };
		} else value += char;
	}
	return 'open';
}

function readEscape(text: string, at: number): Text | undefined {
	const next = text[at + 1];
	if (next === undefined) return undefined;
	if (next === 'u') {
		const digits = text.slice(at + 2, at + 6);
		if (/^[0-9a-fA-F]{4}$/.test(digits)) return { value: String.fromCharCode(Number.parseInt(digits, 16)), end: at + 6 };
		if (/^[0-9a-fA-F]{0,3}$/.test(digits) && at + 2 + digits.length >= text.length) return undefined;
	}
	return { value: escapes.get(next) ?? `\\${next}`, end: at + 2 };
}

/** Whether a quote just before `from` ends its string: in JSON something structural follows it. */
function closes(text: string, from: number, where: Frame['kind'] | 'key' | 'top'): boolean {
	const at = skipSpace(text, from);
	const next = text[at];
	if (next === undefined || where === 'top') return true;
	if (where === 'key') return next === ':';
	if (next === '}' || next === ']' || text.startsWith('</', at) || text.startsWith('```', at)) return true;
	if (next !== ',') return false;
	const after = text.slice(skipSpace(text, at + 1)).slice(0, 60);
	return where === 'array' || /^(?:$|\}|["'`“‘]|[A-Za-z_$][\w$-]*(?:\s*:|$))/.test(after);
}
