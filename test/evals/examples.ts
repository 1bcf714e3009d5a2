/** Examples that stand in the description of a function: a call, and what it gives, each as source text. */
export type Example = { call: string; gives: string };

/**
 * The examples of a Python docstring: `>>>` as Python's own doctest has them, and calls of `entry` behind which an arrow or an
 * equal sign and a value stand. Only plain values count: what needs reading by a person is left out.
 */
export function pythonExamples(text: string, entry: string): Example[] {
	const lines = text.split('\n');
	return lines.flatMap((line, index) => {
		const [, prompted] = /^\s*>>> ?(.*)$/.exec(line) ?? [];
		if (prompted === undefined) return inline(line, entry);
		const next = lines[index + 1]?.trim() ?? '';
		const gives = literal(next);
		return prompted.includes(`${entry}(`) && gives !== undefined ? [{ call: prompted.replace(/\s+#.*$/, '').trim(), gives }] : [];
	});
}

/** The same for the `>>>` lines of a comment in JavaScript or TypeScript, whose values are JavaScript. */
export function scriptExamples(text: string, entry: string): Example[] {
	const lines = text.split('\n').map(line => line.replace(/^\s*(\/\/|\*)?\s?/, ''));
	return lines.flatMap((line, index) => {
		const [, call] = /^>>> (.*)$/.exec(line) ?? [];
		const gives = lines[index + 1]?.trim() ?? '';
		return call?.includes(`${entry}(`) && isScriptValue(gives) ? [{ call: call.trim(), gives }] : [];
	});
}

const isScriptValue = (text: string): boolean => text !== '' && /^(["'[{\d-]|true$|false$|undefined$|null$)/.test(text);

function inline(line: string, entry: string): Example[] {
	const at = line.search(new RegExp(`\\b${entry}\\(`));
	const end = at < 0 ? -1 : closing(line, at + entry.length);
	if (end < 0) return [];
	const [, said] = /^\s*(?:==>|=>|->|➞|==|=|returns)\s*(.*?)\s*$/.exec(line.slice(end)) ?? [];
	const gives = said === undefined ? undefined : literal(said);
	const call = line.slice(at, end);
	return gives !== undefined && literal(`[${call.slice(entry.length + 1, -1)}]`) !== undefined ? [{ call, gives }] : [];
}

/** Where the bracket that opens at `from` has been closed; -1 when it is not. */
function closing(text: string, from: number): number {
	let depth = 0;
	let quote = '';
	for (let at = from; at < text.length; at++) {
		const char = text[at]!;
		if (quote) quote = char === quote && text[at - 1] !== '\\' ? '' : quote;
		else if (char === '"' || char === "'") quote = char;
		else if ('([{'.includes(char)) depth++;
		else if (')]}'.includes(char) && --depth === 0) return at + 1;
	}
	return -1;
}

const token = /\s*(?:(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?|true|false|True|False|None)(?=[\s,\])}:]|$)|[[\](){},:])/y;

/** The text as a literal of Python when it is one, `true` and `false` included; else undefined. */
function literal(text: string): string | undefined {
	let depth = 0;
	for (token.lastIndex = 0; token.lastIndex < text.length; ) {
		const found = token.exec(text)?.[0].trim();
		if (found === undefined) return undefined;
		if (/^[[({]$/.test(found)) depth++;
		if (/^[\])}]$/.test(found)) depth--;
		if (depth < 0 || (depth === 0 && /^[,:]$/.test(found))) return undefined;
	}
	if (text.trim() === '' || depth !== 0) return undefined;
	return text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\b(?:true|false)\b/g, part =>
		part === 'true' ? 'True' : part === 'false' ? 'False' : part,
	);
}
