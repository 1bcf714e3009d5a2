/** JSON as people write it: with comments and trailing commas. Knows where each key stands, for messages that name the line. */

/** `line(path)` is where the value at that path of keys begins, 1-based; where the path is absent, the nearest one above it. */
export type Jsonc = { value: unknown; line(path: readonly PropertyKey[]): number };

/** The text is not JSON: `message` says what was expected, `line` where, 1-based. */
export class JsoncError extends Error {
	override name = 'JsoncError';
	readonly line: number;
	constructor(message: string, line: number) {
		super(message);
		this.line = line;
	}
}

const gap = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const scalar = /"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const deepest = 50;

/** Reads RFC 8259 JSON, with line and block comments and trailing commas allowed. Throws `JsoncError`. */
export function parseJsonc(source: string): Jsonc {
	const cursor = createCursor(source.replace(/^\uFEFF/, ''));
	const lines = new Map<string, number>();
	const keyOf = (path: readonly PropertyKey[]): string => path.map(String).join('\0');

	const readValue = (path: readonly string[]): unknown => {
		if (path.length > deepest) throw cursor.expected('less nesting');
		const first = cursor.peek();
		if (!lines.has(keyOf(path))) lines.set(keyOf(path), cursor.line());
		if (first === '[') {
			const items: unknown[] = [];
			readList(cursor, ']', () => items.push(readValue([...path, String(items.length)])));
			return items;
		}
		if (first !== '{') return readScalar(cursor, 'a value');
		const entries: [string, unknown][] = [];
		readList(cursor, '}', () => {
			if (cursor.peek() !== '"') throw cursor.expected('a key in double quotes');
			const line = cursor.line();
			const key = String(readScalar(cursor, 'a key in double quotes'));
			lines.set(keyOf([...path, key]), line);
			if (!cursor.take(':')) throw cursor.expected('":"');
			entries.push([key, readValue([...path, key])]);
		});
		return Object.fromEntries(entries);
	};

	const value = readValue([]);
	if (cursor.peek() !== undefined) throw cursor.expected('the end of the file');
	return {
		value,
		line(path) {
			for (let length = path.length; length > 0; length--) {
				const line = lines.get(keyOf(path.slice(0, length)));
				if (line !== undefined) return line;
			}
			return lines.get('') ?? 1;
		},
	};
}

type Cursor = ReturnType<typeof createCursor>;

function createCursor(text: string) {
	let at = 0;
	let counted = { at: 0, line: 1 };
	const match = (pattern: RegExp): string => {
		pattern.lastIndex = at;
		const found = pattern.exec(text)?.[0] ?? '';
		at += found.length;
		return found;
	};
	const peek = (): string | undefined => {
		match(gap);
		return text[at];
	};
	/** Counts on from where it was asked last: in a long file every key asks. */
	const line = (): number => {
		counted = { at, line: counted.line + text.slice(counted.at, at).split('\n').length - 1 };
		return counted.line;
	};
	return {
		match,
		/** The next character that is not space or comment. */
		peek,
		line,
		/** Steps over `character` if it comes next. */
		take(character: string): boolean {
			if (peek() !== character) return false;
			at++;
			return true;
		},
		expected(what: string): JsoncError {
			const found = at >= text.length ? 'the end of the file' : `"${text.slice(at, at + 12).split('\n')[0]}"`;
			return new JsoncError(`expected ${what}, found ${found}`, line());
		},
	};
}

function readScalar(cursor: Cursor, what: string): unknown {
	const found = cursor.match(scalar);
	if (!found) throw cursor.expected(what);
	try {
		return JSON.parse(found) as unknown;
	} catch {
		throw new JsoncError(`${found.slice(0, 40)} has a character or an escape that JSON does not allow`, cursor.line());
	}
}

/** Reads `one` after another up to `close`; the comma after the last may be there or not. */
function readList(cursor: Cursor, close: string, one: () => void): void {
	cursor.take(cursor.peek() ?? '');
	while (!cursor.take(close)) {
		one();
		if (!cursor.take(',') && cursor.peek() !== close) throw cursor.expected(`"," or "${close}"`);
	}
}
