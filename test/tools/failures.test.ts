import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fenced } from '../../src/engine/dialects/fenced.js';
import { say } from '../../src/prompts.js';
import { allTools } from '../../src/tools/all.js';
import { readFile } from '../../src/tools/read-file.js';
import { openBench, use } from './bench.js';

/**
 * The ways in which edits go wrong, from the model's raw reply to the file. `reply` is about `a.js`, which the model has read;
 * `after` is the file afterwards, unchanged when it is not given; `says` is in what the model is told.
 */
type Failure = {
	name: string;
	reply: string;
	before?: string;
	after?: string;
	says?: RegExp;
	cut?: true;
	unread?: true;
	first?(root: string): void;
};

const file = 'export function add(a, b) {\n\treturn a - b;\n}\n\nexport function twice(a) {\n\treturn add(a, a);\n}\n';
const fixed = file.replace('a - b', 'a + b');
const block = (old: string, fresh: string, [open, middle, close]: readonly number[] = [7, 7, 7]) =>
	`${'<'.repeat(open!)} SEARCH\n${old}\n${'='.repeat(middle!)}\n${fresh}\n${'>'.repeat(close!)} REPLACE\n`;
const under = (header: string, body: string) => `${header}\n\`\`\`js\n${body}\`\`\`\n`;
const edit = (old: string, fresh: string) => under('a.js', block(old, fresh));
const fix = edit('\treturn a - b;', '\treturn a + b;');
const long = Array.from({ length: 40 }, (_line, index) => `call(${index});\n`).join('');

const table: Record<string, Failure[]> = {
	'the path': [
		...['a.js', '`a.js`', '**a.js**', '### `a.js`', 'Updated `a.js`:', 'File: a.js', '`a.js`\n'].map(header => ({
			name: `as ${JSON.stringify(header)}`,
			reply: under(header, block('\treturn a - b;', '\treturn a + b;')),
			after: fixed,
		})),
		{ name: 'with a remark that nothing changes', reply: under('`a.js` (no changes needed)', file), after: file },
		{ name: 'in another folder is named', reply: fix.replace('a.js', 'lib/a.js'), says: /Did you mean: a\.js\?/ },
		{
			name: 'in backticks inside JSON',
			reply: '```json\n{"name": "edit", "arguments": {"file_path": "`a.js`", "old_string": "a - b", "new_string": "a + b"}}\n```\n',
			after: fixed,
		},
	],
	redundant: [
		{
			name: 'the new text is there already',
			before: fixed,
			reply: fix,
			after: fixed,
			says: /^Already applied: a\.js has new_string at line 2\./,
		},
		{ name: 'the whole file is so already', reply: under('a.js', file), after: file, says: /is already so/ },
	],
	stale: [
		{
			name: 'the file changed since: refused, with its lines now',
			reply: fix,
			first: root => writeFileSync(join(root, 'a.js'), `// new\n${file}`),
			after: `// new\n${file}`,
			says: /changed since you read it[\s\S]*3 {2}\treturn a - b;/,
		},
	],
	'too short or wrong': [
		{ name: 'several places: their lines', reply: edit('}', '};'), says: /2 times in a\.js, at lines 3, 7\. Add lines around it/ },
		{
			name: 'the closest text is shown',
			reply: edit('\treturn a * bb - 1;', '\treturn a + b;'),
			says: /closest lines are:[\s\S]*2 {2}\treturn a - b;/,
		},
		{
			name: 'of two edits the good one is made',
			reply: under('a.js', block('\treturn a - b;', '\treturn a + b;') + block('nothing like this at all', 'x')),
			after: fixed,
			says: /^Edited a\.js\.[\s\S]*not in a\.js/,
		},
	],
	elision: [
		{
			name: 'in a whole file',
			reply: under('a.js', 'export function add(a, b) {\n\treturn a + b;\n}\n\n// ... rest of the code\n'),
			says: /"\/\/ \.\.\. rest of the code" leaves code out/,
		},
		{
			name: 'in both texts of an edit: piece by piece',
			reply: edit(
				'export function add(a, b) {\n// ...\nexport function twice(a) {',
				'export function add(x, y) {\n// ...\nexport function twice(x) {',
			),
			after: file.replace('add(a, b) {', 'add(x, y) {').replace('twice(a) {', 'twice(x) {'),
		},
		{ name: 'in the new text alone', reply: edit('\treturn a - b;', '\t// ... existing code ...'), says: /leaves code out/ },
		{
			name: 'a file of half its lines',
			before: long,
			reply: under('a.js', long.slice(0, long.length / 3)),
			says: /has 40 lines, yours \d+/,
		},
	],
	markers: [
		...[
			[5, 5, 5],
			[9, 9, 9],
			[5, 7, 9],
		].map(lengths => ({
			name: `of ${lengths.join(', ')} characters`,
			reply: under('a.js', block('\treturn a - b;', '\treturn a + b;', lengths)),
			after: fixed,
		})),
		{ name: 'without the middle one', reply: fix.replace('=======\n', ''), says: /a\.js/ },
		{ name: 'without the last one', reply: fix.replace('>>>>>>> REPLACE\n', ''), says: /a\.js/ },
		{
			name: 'around a fence',
			before: '/*\n```js\nadd(1, 2);\n```\n*/\n',
			reply: under('a.js', block('```js\nadd(1, 2);\n```', '```js\nadd(2, 2);\n```')),
			after: '/*\n```js\nadd(2, 2);\n```\n*/\n',
		},
	],
	characters: [
		{ name: 'spaces for tabs', reply: edit('    return a - b;', '    return a + b;'), after: fixed },
		{ name: 'line ends of Windows in the file', before: file.replaceAll('\n', '\r\n'), reply: fix, after: fixed.replaceAll('\n', '\r\n') },
		{ name: 'line ends of Windows in the reply', reply: fix.replaceAll('\n', '\r\n'), after: fixed },
		{
			name: 'line numbers',
			reply: edit('1  export function add(a, b) {\n2  \treturn a - b;', '1  export function add(a, b) {\n2  \treturn a + b;'),
			after: fixed,
		},
		{ name: '\\n as two characters', reply: edit('(a, b) {\\n\\treturn a - b;\\n}', '(a, b) {\\n\\treturn a + b;\\n}'), after: fixed },
		{ name: 'curly quotes', before: 'say("a");\n', reply: edit('say(“a”);', 'say("b");'), after: 'say("b");\n' },
	],
	syntax: [
		{
			name: 'an edit after which the file does not parse',
			reply: edit('\treturn a - b;', '\treturn (a + b;'),
			says: /^Nothing changed: a\.js would not parse any more\. Line 2: .*: return \(a \+ b;\n/,
		},
		{
			name: 'a whole file that does not parse',
			reply: under('a.js', file.replace('a - b;\n}', 'a - b;\n')),
			says: /^Nothing changed: a\.js would not parse any more\. Line \d+: /,
		},
	],
	'the rest': [
		{
			name: 'write over a file that was not read',
			unread: true,
			reply: under('a.js', fixed),
			says: /a\.js exists and you have not read it\. Read it with read_file/,
		},
		{ name: 'cut at the limit: an edit', cut: true, reply: fix.slice(0, -20), says: /cut|whole/i },
		{ name: 'cut at the limit: a whole file', cut: true, reply: under('a.js', fixed).slice(0, -8), says: /cut|whole/i },
	],
};

for (const [title, failures] of Object.entries(table)) {
	describe(`an edit that goes wrong: ${title}`, () => {
		for (const { name, reply, before = file, after = before, says, cut = false, unread, first } of failures)
			test(name, async context => {
				const bench = await openBench(context, { files: { 'a.js': before } });
				const { root } = bench.workspace;
				if (!unread) await use(readFile, { file_path: 'a.js' }, bench);
				first?.(root);
				const reader = fenced.reader(
					allTools.map(tool => tool.spec(say(`tools/${tool.name}`))),
					'c',
				);
				reader.read(reply);
				const { calls, malformed = '' } = reader.end(cut);
				const told = [malformed];
				for (const call of calls) {
					const tool = allTools.find(each => each.name === call.tool);
					assert.ok(tool && tool.name !== 'run_shell_command', call.tool);
					told.push((await use(tool, call.args, bench)).text);
				}
				const said = told.filter(Boolean).join('\n');
				if (says) assert.match(said, says);
				assert.equal(readFileSync(join(root, 'a.js'), 'utf8'), after, said);
			});
	});
}
