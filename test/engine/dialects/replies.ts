import fc from 'fast-check';
import type { Dialect } from '../../../src/engine/dialects/dialect.js';
import type { ToolSpec } from '../../../src/types.js';

const text = { type: 'string' };
const tool = (name: string, properties: Record<string, object>): ToolSpec => ({
	name,
	purpose: `${name}.`,
	schema: { type: 'object', properties },
});

/** The tools that most tests offer. */
export const tools: ToolSpec[] = [
	tool('read_file', { file_path: text, offset: { type: 'integer' }, limit: { type: 'integer' } }),
	tool('write_file', { file_path: text, content: text }),
	tool('edit', { file_path: text, old_string: text, new_string: text, replace_all: { type: 'boolean' } }),
	tool('run_shell_command', { command: text, timeout: { type: 'integer' } }),
	tool('grep_search', { pattern: text, path: text }),
	tool('run_tests', { target: text }),
	tool('todo_write', { todos: { type: 'array', items: { type: 'object' } } }),
];

/** A reply read in one piece, or in the given ones. */
export function readAll(
	dialect: Dialect,
	reply: string | readonly string[],
	{ cut = false, offered = tools }: { cut?: boolean; offered?: ToolSpec[] } = {},
) {
	const reader = dialect.reader(offered, 'c');
	const events = (typeof reply === 'string' ? [reply] : reply).flatMap(piece => reader.read(piece));
	const end = reader.end(cut);
	const shown = [...events, ...end.events].map(event => (event.type === 'text' ? event.text : '')).join('');
	return { ...end, shown, events };
}

/** A reply's calls as pairs, which is what most tests look at. */
export const callsOf = (dialect: Dialect, reply: string, cut = false) =>
	readAll(dialect, reply, { cut }).calls.map(call => [call.tool, call.args]);

/** `whole` cut at these places, in any order. */
export function pieces(whole: string, cuts: readonly number[]): string[] {
	const places = [...new Set([0, ...cuts.map(cut => cut % (whole.length + 1)), whole.length])].sort((a, b) => a - b);
	return places.slice(1).map((place, index) => whole.slice(places[index], place));
}

const fragments = [
	'const a = 1;\n',
	'print("hi")',
	'"',
	"'",
	'`',
	'```',
	'```js\n',
	'````\n',
	'\n',
	'\r\n',
	'\t',
	' ',
	'\\',
	'\\n',
	'{',
	'}',
	'[',
	']',
	',',
	':',
	'=======\n',
	'<<<<<<< SEARCH\n',
	'>>>>>>> REPLACE\n',
	'<tool_call>',
	'</tool_call>',
	'</parameter>',
	'</function>',
	'<function=edit>',
	'<parameter=x>\n',
	'src/a.ts\n',
	'// src/b.ts\n',
	'$ ls\n',
	'日本',
	'😀',
	'“q”',
	'# a.py\n',
	'é',
	'{"name": "read_file", "arguments": {"file_path": "a"}}',
	'True',
	'</tools>',
	'[TOOL_CALLS]',
	'~~~\n',
];

/** Code as it comes: quotes, fences, markers, tags, line ends, other scripts. */
export const code = fc
	.array(fc.oneof(fc.constantFrom(...fragments), fc.string({ maxLength: 6 }), fc.string({ unit: 'grapheme', maxLength: 3 })), {
		maxLength: 12,
	})
	.map(parts => parts.join(''));
