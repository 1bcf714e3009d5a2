import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fenced } from '../../../src/engine/dialects/fenced.js';
import { callsOf, readAll, tools } from './replies.js';

const content = 'export const a = 1;\n';
const written = (path: string) => [['write_file', { file_path: path, content }]];

/** How a path stands before a block: each of these was seen. */
const headers: [string, string][] = [
	['plain', 'src/a.ts'],
	['with a colon', 'src/a.ts:'],
	['in backticks', '`src/a.ts`'],
	['bold', '**src/a.ts**'],
	['bold with backticks and colon', '**`src/a.ts`**:'],
	['bold with the colon inside', '**src/a.ts:**'],
	['as a heading', '### src/a.ts'],
	['as a heading in backticks', '#### `src/a.ts`'],
	['after a sentence', 'Updated `src/a.ts`'],
	['after a longer sentence', "Here's the updated `src/a.ts` file:"],
	['after File:', 'File: src/a.ts'],
	['after a bold File:', '**File: `src/a.ts`**'],
	['after Updated without quotes', 'Updated src/a.ts'],
	['in a list', '1. `src/a.ts`'],
	['with a note', '`src/a.ts` (new)'],
	['with a blank line between', 'src/a.ts\n'],
	['with a line end of Windows', 'src/a.ts\r'],
];
for (const [how, line] of headers) {
	test(`a path ${how} makes the block that file`, () => {
		const { calls, text } = readAll(fenced, [...`I change it.\n\n${line}\n\`\`\`ts\n${content}\`\`\`\nThat is all.`]);
		assert.deepEqual(
			calls.map(call => [call.tool, call.args]),
			written('src/a.ts'),
		);
		assert.equal(text, 'I change it.\n\nThat is all.');
	});
}

const infos: [string, string][] = [
	['```ts src/a.ts', 'after the language'],
	['```src/a.ts', 'alone'],
	['```ts:src/a.ts', 'after a colon'],
	['```ts title="src/a.ts"', 'as a title'],
	['~~~ts src/a.ts', 'after tildes'],
];
for (const [open, how] of infos) {
	test(`a path in the fence ${how} makes the block that file`, () => {
		assert.deepEqual(callsOf(fenced, `${open}\n${content}${open.slice(0, 3)}`), written('src/a.ts'));
	});
}

test('a path in the first comment makes the block that file, and is no line of it', () => {
	assert.deepEqual(callsOf(fenced, `\`\`\`ts\n// src/a.ts\n${content}\`\`\``), written('src/a.ts'));
	assert.deepEqual(callsOf(fenced, '```python\n# sum.py\nx = 1\n```'), [['write_file', { file_path: 'sum.py', content: 'x = 1\n' }]]);
	assert.deepEqual(callsOf(fenced, '```html\n<!-- index.html -->\n<p>\n```'), [
		['write_file', { file_path: 'index.html', content: '<p>\n' }],
	]);
	assert.deepEqual(callsOf(fenced, `src/a.ts\n\`\`\`ts\n// src/a.ts\n${content}\`\`\``), written('src/a.ts'));
});

test('files without an extension and in folders are known', () => {
	for (const path of ['Makefile', 'Dockerfile', '.gitignore', 'app/[id]/page.tsx', 'bin/x.weird', 'a-b_c.test.ts', 'my file.txt']) {
		assert.deepEqual(callsOf(fenced, `\`${path}\`\n\`\`\`\nx\n\`\`\``), [['write_file', { file_path: path, content: 'x\n' }]]);
	}
});

const texts: [string, string][] = [
	['a block without a path', 'Use it so:\n\n```ts\nconst a = 1;\n```'],
	['a block under a heading of words', '### Array.map\n```js\n[1].map(f);\n```'],
	['a block under a product', '### Node.js\n```js\nrequire("fs");\n```'],
	['a block under e.g.', 'e.g.\n```js\nf();\n```'],
	['the output of a file', 'The output of `sum.js`:\n```\n3\n```'],
	['a file said to stay as it is', '`src/a.ts` (no changes needed)\n```ts\nconst a = 1;\n```'],
	['a mention of two files', 'Move `src/a.ts` to `src/b.ts`:\n```ts\nconst a = 1;\n```'],
	['a path with prose between', '### src/a.ts\n\nThis file is fine.\n\n```ts\nconst a = 1;\n```'],
	['a URL', 'https://example.com/a.ts\n```ts\nconst a = 1;\n```'],
	['a screen that shows output', '```console\n3 passing\n```'],
	['a shell block of comments', '```sh\n# nothing to do\n```'],
	['a path alone at the end', 'See src/a.ts\n\nsrc/a.ts'],
];
for (const [what, reply] of texts) {
	test(`${what} stays text`, () => {
		const { calls, text, malformed } = readAll(fenced, [...reply]);
		assert.deepEqual({ calls, text, malformed }, { calls: [], text: reply, malformed: undefined });
	});
}

test('without a tool for writing or running, blocks stay text', () => {
	const reply = `src/a.ts\n\`\`\`ts\n${content}\`\`\`\n\n\`\`\`sh\nnpm test\n\`\`\``;
	const { calls, text } = readAll(fenced, reply, { offered: tools.filter(tool => tool.name === 'read_file') });
	assert.deepEqual({ calls, text }, { calls: [], text: reply });
});

test('each SEARCH / REPLACE block is one edit, with five to nine characters in its markers', () => {
	const reply =
		'src/a.ts\n```ts\n<<<<<<< SEARCH\nold 1\n=======\nnew 1\n>>>>>>> REPLACE\n\n<<<<< SEARCH\nold 2\n=====\nnew 2\nnew 3\n>>>>>>>>> REPLACE\n```';
	assert.deepEqual(callsOf(fenced, reply), [
		['edit', { file_path: 'src/a.ts', old_string: 'old 1', new_string: 'new 1' }],
		['edit', { file_path: 'src/a.ts', old_string: 'old 2', new_string: 'new 2\nnew 3' }],
	]);
});

test('removing and inserting take whole lines', () => {
	assert.deepEqual(callsOf(fenced, 'a.ts\n```\n<<<<<<< SEARCH\ngone\n=======\n>>>>>>> REPLACE\n```'), [
		['edit', { file_path: 'a.ts', old_string: 'gone\n', new_string: '' }],
	]);
});

test('SEARCH / REPLACE without a fence is read too', () => {
	const { calls, text } = readAll(fenced, [...'src/a.ts\n<<<<<<< SEARCH\nold\n=======\nnew\n>>>>>>> REPLACE\nDone.']);
	assert.deepEqual([calls.map(call => call.args), text], [[{ file_path: 'src/a.ts', old_string: 'old', new_string: 'new' }], 'Done.']);
});

test('a fence inside a SEARCH / REPLACE block does not end it', () => {
	const reply = 'README.md\n```\n<<<<<<< SEARCH\n```sh\nold\n```\n=======\n```sh\nnew\n```\n>>>>>>> REPLACE\n```';
	assert.deepEqual(callsOf(fenced, reply), [
		['edit', { file_path: 'README.md', old_string: '```sh\nold\n```', new_string: '```sh\nnew\n```' }],
	]);
});

for (const [what, body] of [
	['no middle', '<<<<<<< SEARCH\nold\n>>>>>>> REPLACE'],
	['no end', '<<<<<<< SEARCH\nold\n=======\nnew'],
	['three characters', '<<< SEARCH\nold\n===\nnew\n>>> REPLACE'],
	['no beginning', 'old\n=======\nnew\n>>>>>>> REPLACE'],
	['a second beginning', '<<<<<<< SEARCH\nold\n<<<<<<< SEARCH\n=======\nnew\n>>>>>>> REPLACE'],
] as const) {
	test(`damaged markers (${what}) are a complaint that names the file, never its new text`, () => {
		const { calls, text, malformed } = readAll(fenced, `src/a.ts\n\`\`\`\n${body}\n\`\`\``);
		assert.deepEqual({ calls, text }, { calls: [], text: '' });
		assert.match(malformed ?? '', /src\/a\.ts.*SEARCH/);
	});
}

test('a line diff under a path is a complaint, never the file', () => {
	const { calls, malformed } = readAll(fenced, 'src/a.ts\n```diff\n-a\n+b\n```');
	assert.deepEqual(calls, []);
	assert.match(malformed ?? '', /src\/a\.ts/);
});

test('a longer fence holds shorter ones, and markdown holds even its own', () => {
	const inner = '# A\n\n```sh\nnpm test\n```\n\nend\n';
	const wanted = [['write_file', { file_path: 'README.md', content: inner }]];
	assert.deepEqual(callsOf(fenced, `README.md\n\`\`\`\`md\n${inner}\`\`\`\``), wanted);
	assert.deepEqual(callsOf(fenced, `README.md\n\`\`\`md\n${inner}\`\`\``), wanted);
});

test('a fence indented in a list gives its lines without that indent, and one inside a docstring is content', () => {
	assert.deepEqual(callsOf(fenced, '- `a.py`\n  ```python\n  def f():\n    pass\n  ```'), [
		['write_file', { file_path: 'a.py', content: 'def f():\n  pass\n' }],
	]);
	const doc = 'def f():\n    """\n    ```\n    f()\n    ```\n    """\n';
	assert.deepEqual(callsOf(fenced, `a.py\n\`\`\`python\n${doc}\`\`\``), [['write_file', { file_path: 'a.py', content: doc }]]);
});

test("a block left open at the model's own end is the whole file; cut at a limit it is nothing", () => {
	const open = 'src/a.ts\n```ts\nexport const a = 1;';
	assert.deepEqual(callsOf(fenced, open), written('src/a.ts'));
	const { calls, text, malformed } = readAll(fenced, `Here:\n\n${open}`, { cut: true });
	assert.deepEqual({ calls, text }, { calls: [], text: 'Here:' });
	assert.match(malformed ?? '', /cut off inside write_file/);
});

test('a shell block is a command, without the prompt signs and the output between them', () => {
	for (const language of ['sh', 'bash', 'shell', 'zsh'])
		assert.deepEqual(callsOf(fenced, `\`\`\`${language}\nnpm test\n\`\`\``), [['run_shell_command', { command: 'npm test' }]]);
	assert.deepEqual(callsOf(fenced, '```console\n$ cd src\n$ ls\na.ts\n```'), [['run_shell_command', { command: 'cd src\nls' }]]);
	assert.deepEqual(callsOf(fenced, 'Run `sum.js`:\n```bash\nnode sum.js\n```'), [['run_shell_command', { command: 'node sum.js' }]]);
});

test('a shell block under the bare path of a script is that script', () => {
	assert.deepEqual(callsOf(fenced, 'bin/build.sh\n```sh\nset -e\n```'), [
		['write_file', { file_path: 'bin/build.sh', content: 'set -e\n' }],
	]);
});

test('a sentence that names a file does not turn a call in JSON into that file', () => {
	assert.deepEqual(
		callsOf(fenced, 'Let me read the code in `src/a.ts`:\n```json\n{"name": "read_file", "arguments": {"file_path": "src/a.ts"}}\n```'),
		[['read_file', { file_path: 'src/a.ts' }]],
	);
});

test('a file is written without JSON, a command as a block, another call as a json block', () => {
	const write = (tool: string, args: object) => fenced.write({ id: '', tool, args });
	assert.equal(write('write_file', { file_path: 'a.ts', content: 'x\n' }), 'a.ts\n```\nx\n```');
	assert.equal(
		write('edit', { file_path: 'a.ts', old_string: 'x', new_string: 'y' }),
		'a.ts\n```\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n```',
	);
	assert.equal(write('run_shell_command', { command: 'ls' }), '```sh\nls\n```');
	assert.equal(write('read_file', { file_path: 'a.ts' }), '```json\n{"name":"read_file","arguments":{"file_path":"a.ts"}}\n```');
});
