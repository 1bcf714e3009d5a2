import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialects } from '../../../src/engine/dialects/all.js';
import { fenced } from '../../../src/engine/dialects/fenced.js';
import { hermes } from '../../../src/engine/dialects/hermes.js';
import { qwenXml } from '../../../src/engine/dialects/qwen-xml.js';
import type { ToolSpec } from '../../../src/types.js';
import { callsOf, readAll } from './replies.js';

const read = [['read_file', { file_path: 'src/a.ts' }]];
const json = '{"name": "read_file", "arguments": {"file_path": "src/a.ts"}}';
const xml = '<function=read_file>\n<parameter=file_path>\nsrc/a.ts\n</parameter>\n</function>';

/** Every wrapper that the families were seen to write around a call. */
const wrappers: [string, string][] = [
	['a json fence', `\`\`\`json\n${json}\n\`\`\``],
	['a json fence over several lines', '```json\n{\n  "name": "read_file",\n  "arguments": {\n    "file_path": "src/a.ts"\n  }\n}\n```'],
	['a fence without a language', `\`\`\`\n${json}\n\`\`\``],
	['a fence that is not closed', `\`\`\`json\n${json}`],
	['bare JSON', json],
	['bare JSON after a sentence', `Let me look.\n\n${json}`],
	["bare JSON with Llama's parameters", json.replace('arguments', 'parameters')],
	['bare JSON with the closing tag only', `${json}\n</tool_call>`],
	['tool_call', `<tool_call>\n${json}\n</tool_call>`],
	['tool_call on the line of a sentence', `I look. <tool_call>${json}</tool_call>`],
	['tool_call around a fence', `<tool_call>\n\`\`\`json\n${json}\n\`\`\`\n</tool_call>`],
	['tool_call in a fence', `\`\`\`xml\n<tool_call>\n${json}\n</tool_call>\n\`\`\``],
	['tool_call left open', `<tool_call>\n${json}`],
	['tools', `<tools>\n${json}\n</tools>`],
	['tools with a list inside', `<tools>\n[${json}]\n</tools>`],
	['tools left open', `<tools>\n${json}\n`],
	['tools ended by half a tag', `<tools>\n${json}\n</tool`],
	['function', `<function>\n${json}\n</function>`],
	['function-call without an end', `<function-call>\n${json}`],
	['XML', `<tool_call>\n${xml}\n</tool_call>`],
	['XML without its opening tag', `Now I read it.\n${xml}\n</tool_call>`],
	['XML without any wrapper', xml],
	['XML without line breaks', '<tool_call><function=read_file><parameter=file_path>src/a.ts</parameter></function></tool_call>'],
	[
		'XML whose parameter is closed by the function',
		'<tool_call>\n<function=read_file>\n<parameter=file_path>\nsrc/a.ts\n</function>\n</tool_call>',
	],
	["Mistral's list", `[TOOL_CALLS][${json.replace('}}', '}, "id": "abc123def"}')}]</s>`],
	["Mistral's name and arguments", '[TOOL_CALLS]read_file[ARGS]{"file_path": "src/a.ts"}</s>'],
	['the function object of a server', `{"type": "function", "function": ${json}}`],
	['arguments as a string', '{"name": "read_file", "arguments": "{\\"file_path\\": \\"src/a.ts\\"}"}'],
	['a name in capitals', json.replace('read_file', 'Read_File')],
];

for (const [what, reply] of wrappers) {
	for (const dialect of Object.values(dialects)) {
		test(`${dialect.name}: a call in ${what} is read`, () => {
			const { calls, text, malformed } = readAll(dialect, [...reply]);
			assert.deepEqual(
				calls.map(call => [call.tool, call.args]),
				read,
			);
			assert.doesNotMatch(text, /[<>{}`[\]]/);
			assert.equal(malformed, undefined);
		});
	}
}

/** JSON as small models damage it. */
const repairs: [string, string, string][] = [
	['raw line breaks in a string', '{"name": "write_file", "arguments": {"file_path": "a", "content": "x\ny\n"}}', 'x\ny\n'],
	['quotes that are not escaped', '{"name": "write_file", "arguments": {"file_path": "a", "content": "print("hi")"}}', 'print("hi")'],
	['trailing commas', '{"name": "write_file", "arguments": {"file_path": "a", "content": "x",},}', 'x'],
	['single quotes', "{'name': 'write_file', 'arguments': {'file_path': 'a', 'content': 'it's'}}", "it's"],
	['smart quotes', '{“name”: “write_file”, “arguments”: {“file_path”: “a”, “content”: “x”}}', 'x'],
	['triple quotes', '{"name": "write_file", "arguments": {"file_path": "a", "content": """say "x"\n"""}}', 'say "x"\n'],
	['a missing last brace', '{"name": "write_file", "arguments": {"file_path": "a", "content": "x"}', 'x'],
	['two missing braces', '{"name": "write_file", "arguments": {"file_path": "a", "content": "x"', 'x'],
	['bare keys', '{name: "write_file", arguments: {file_path: "a", content: "x"}}', 'x'],
	['an escape that JSON has not', '{"name": "write_file", "arguments": {"file_path": "a", "content": "\\d+"}}', '\\d+'],
];
for (const [what, reply, content] of repairs) {
	test(`hermes: ${what} are repaired`, () => {
		const wanted = [['write_file', { file_path: 'a', content }]];
		assert.deepEqual(callsOf(hermes, `<tool_call>\n${reply}\n</tool_call>`), wanted);
		assert.deepEqual(callsOf(hermes, `<tool_call>\n${reply}\n</tool_call>\nDone.`), wanted);
	});
}

test("hermes: Python's words become JSON's", () => {
	assert.deepEqual(
		callsOf(
			hermes,
			"<tool_call>{'name': 'edit', 'arguments': {'file_path': 'a', 'old_string': 'x', 'new_string': 'y', 'replace_all': True}}</tool_call>",
		),
		[['edit', { file_path: 'a', old_string: 'x', new_string: 'y', replace_all: true }]],
	);
});

test('qwen-xml: values are typed by the schema, 72.0000 is an integer and a path stays text', () => {
	const reply =
		'<tool_call>\n<function=read_file>\n<parameter=limit>\n72.0000\n</parameter>\n<parameter=file_path>\n72\n</parameter>\n</function>\n</tool_call>';
	assert.deepEqual(callsOf(qwenXml, reply), [['read_file', { limit: 72, file_path: '72' }]]);
});

test('qwen-xml: only one line break at each end of a value goes', () => {
	assert.deepEqual(callsOf(qwenXml, '<tool_call><function=write_file><parameter=content>\n\n  a\n\n</parameter></function></tool_call>'), [
		['write_file', { content: '\n  a\n' }],
	]);
});

test('two calls in one reply come in order, with ids of their own', () => {
	for (const dialect of Object.values(dialects)) {
		const { calls } = readAll(
			dialect,
			`${dialect.write({ id: '', tool: 'read_file', args: { file_path: 'a' } })}\n${dialect.write({ id: '', tool: 'run_tests', args: {} })}`,
		);
		assert.deepEqual(calls, [
			{ id: 'c-1', tool: 'read_file', args: { file_path: 'a' } },
			{ id: 'c-2', tool: 'run_tests', args: {} },
		]);
	}
});

const prose: [string, string][] = [
	['JSON that names no offered tool', '```json\n{"name": "left-pad", "arguments": {"x": 1}}\n```'],
	['a package.json', '```json\n{"name": "git", "version": "1.0.0"}\n```'],
	['a list of data', '```json\n[{"name": "Ada"}, {"name": "Bob"}]\n```'],
	['bare data', '{"a": 1}\n{"b": 2}'],
	[
		'a call inside quoted code',
		'```js\nconst example = \'<tool_call>{"name": "read_file", "arguments": {"file_path": "a"}}</tool_call>\';\n```',
	],
	['a call inside quoted code on its own line', `\`\`\`python\n<tool_call>\n${json}\n</tool_call>\n\`\`\``],
	['the tag as a word', 'Use the `<tool_call>` tag, and `<function=x>` inside it.'],
	['the looser tag around no call', '<tools>the box of tools</tools>'],
	['XML of a tool that is not offered', '<function=launch><parameter=x>1</parameter></function>'],
	['a link and an array', '[read](a.md) and [1, 2]\n[3]: b'],
	['braces of code', '{ return x; }'],
];
for (const [what, reply] of prose) {
	test(`${what} is prose`, () => {
		for (const dialect of Object.values(dialects)) {
			const { calls, text, malformed } = readAll(dialect, [...reply]);
			assert.deepEqual({ calls, text, malformed }, { calls: [], text: reply, malformed: undefined });
		}
	});
}

const complaints: [string, string, RegExp][] = [
	[
		'a string argument that never ends',
		'<tool_call>\n{"name": "write_file", "arguments": {"file_path": "a", "content": "x}}\n</tool_call>',
		/arguments\.content/,
	],
	['a value that is none', '<tool_call>\n{"name": "read_file", "arguments": {"file_path": src}}\n</tool_call>', /arguments\.file_path/],
	['arguments that are a list', '<tool_call>\n{"name": "read_file", "arguments": ["a"]}\n</tool_call>', /"arguments" of read_file/],
	['arguments that are text', '<tool_call>\n{"name": "read_file", "arguments": "src/a.ts"}\n</tool_call>', /"arguments" of read_file/],
	['no name', '<tool_call>\n{"arguments": {"file_path": "a"}}\n</tool_call>', /no "name"/],
	['no JSON at all', '<tool_call>\nread_file("a")\n</tool_call>', /read_file/],
	['words between XML parameters', '<tool_call>\n<function=read_file>\nfile_path: a\n</function>\n</tool_call>', /<parameter=NAME>/],
	['a parameter without an end', '<tool_call>\n<function=read_file>\n<parameter=file_path>\na', /<parameter=file_path>/],
	[
		'a json fence with a known name and broken JSON',
		'```json\n{"name": "read_file", "arguments": {"file_path": a b}}\n```',
		/arguments\.file_path/,
	],
];
for (const [what, reply, complaint] of complaints) {
	test(`${what} is a complaint and never a call with empty arguments`, () => {
		for (const dialect of Object.values(dialects)) {
			const { calls, text, malformed } = readAll(dialect, [...reply]);
			assert.deepEqual({ calls, text }, { calls: [], text: '' });
			assert.match(malformed ?? '', complaint);
		}
	});
}

test('a reply cut inside a call makes no call and shows none of its syntax', () => {
	const parts = [`<tool_call>\n${json}`, `<tool_call>\n${xml}\n</tool_call>`, `\`\`\`json\n${json}\n\`\`\``];
	for (const dialect of Object.values(dialects)) {
		for (const whole of parts) {
			const { calls, text, malformed } = readAll(dialect, `I read it.\n${whole.slice(0, 55)}`, { cut: true });
			assert.deepEqual({ calls, text }, { calls: [], text: 'I read it.' });
			assert.match(malformed ?? '', /cut off inside/);
		}
	}
});

test('a reply cut after a whole call keeps it', () => {
	assert.deepEqual(callsOf(hermes, `<tool_call>\n${json}\n</tool_call>\nAnd then I wi`, true), read);
});

test('while a call is written, its tool and size are told and no text', () => {
	const { events } = readAll(hermes, [
		'Look.\n',
		'<tool_call>\n{"name": "read_file", ',
		'"arguments": {"file_path": "src/a.ts"',
		'}}\n</tool_call>',
	]);
	assert.deepEqual(events, [
		{ type: 'text', text: 'Look.' },
		{ type: 'writing-call', tool: 'read_file', chars: 34 },
		{ type: 'writing-call', tool: 'read_file', chars: 71 },
	]);
});

test('prose is shown as it comes, not held back to the end', () => {
	for (const dialect of [hermes, qwenXml]) {
		const reader = dialect.reader([{ name: 'read_file', purpose: '', schema: {} }], 'c');
		assert.deepEqual(reader.read('Hello wor'), [{ type: 'text', text: 'Hello wor' }]);
		assert.deepEqual(reader.read('ld <to'), [{ type: 'text', text: 'ld' }]);
		assert.deepEqual(reader.read('ast>'), [{ type: 'text', text: ' <toast>' }]);
	}
	const reader = fenced.reader([{ name: 'read_file', purpose: '', schema: {} }], 'c');
	assert.deepEqual(reader.read('Hello world\nand'), [{ type: 'text', text: 'Hello world' }]);
});

test('a call under a made-up name with just the arguments of one tool is a call of that tool', () => {
	const edit: ToolSpec = {
		name: 'edit',
		purpose: '',
		schema: {
			type: 'object',
			properties: { file_path: { type: 'string' }, old_string: { type: 'string' }, new_string: { type: 'string' } },
			required: ['file_path', 'old_string', 'new_string'],
		},
	};
	const reply = (args: object) => `\`\`\`json\n${JSON.stringify({ name: 'rename', arguments: args })}\n\`\`\``;
	const args = { file_path: 'a.js', old_string: 'a', new_string: 'b' };
	assert.deepEqual(
		readAll(dialects.hermes, reply(args), { offered: [edit] }).calls.map(call => [call.tool, call.args]),
		[['edit', args]],
	);
	for (const other of [
		{ file_path: 'a.js', new_string: 'b' },
		{ ...args, scope: 'all' },
	])
		assert.deepEqual(readAll(dialects.hermes, reply(other), { offered: [edit] }).calls, []);
});
