import assert from 'node:assert/strict';
import { test } from 'node:test';
import chalk from 'chalk';
import fc from 'fast-check';
import { growingLines, markdownLines } from '../../src/chat/markdown/markdown.js';
import { flush, grow } from '../../src/chat/markdown/split.js';
import { type Line, lineWidth, painted, textOf } from '../../src/chat/text/wrap.js';
import { golden } from './golden.js';

chalk.level = 0;
const shown = (lines: readonly Line[]) => lines.map(textOf).join('\n');

const document = `# A heading with **bold** words

A paragraph with \`code\`, *emphasis*, ~~struck~~ words, a [link](https://example.org/a/long/path) and an autolink https://example.org, long enough to be wrapped.
A second line of it with 漢字 and 👨‍👩‍👧.

- one
- two
  - nested, with words enough to be wrapped at forty columns
    - deeper
- [x] done
- [ ] open

1. first

   a second paragraph of it

2. second

\`\`\`js
const sum = list => list.reduce((a, b) => a + b, 0); // a comment that is long
\tindented();
\`\`\`

| Name | Size | What it is |
|:-----|-----:|:----------:|
| a.ts | 12 | short |
| b.ts | 1,234 | a good deal longer than that |

> A quotation
> of two lines
> - with a list

---

    indented code

<b>html</b> and &lt;entities&gt; &amp;amp;

Last words.`;

for (const columns of [20, 40, 80]) {
	test(`a document of every kind of block at ${columns} columns`, () => {
		const lines = markdownLines(document, columns);
		golden(`markdown-${columns}.txt`, shown(lines));
		for (const line of lines) assert.ok(lineWidth(line) <= columns, `too wide: ${textOf(line)}`);
	});
}

test('colours say what signs say without them', t => {
	t.after(() => {
		chalk.level = 0;
	});
	chalk.level = 1;
	const colourful = markdownLines('# H\n\n`c` ~~s~~\n\n```js\nconst a = "b"; // c & <d>\n```', 60).map(painted).join('\n');
	assert.doesNotMatch(colourful, /[`#~]/);
	assert.match(colourful, /\x1b\[35mconst\x1b\[39m a = \x1b\[32m"b"\x1b\[39m; \x1b\[2m\/\/ c & <d>\x1b\[22m/);
});

test('code keeps every character, and gets no frame', () => {
	const code = 'if (a) {\n\treturn "x";\n}\n\n  two   spaces';
	assert.equal(shown(markdownLines(`\`\`\`ts\n${code}\n\`\`\``, 80)), code.replace('\t', '    '));
});

test('a link says where it leads, unless its words do', () => {
	assert.equal(shown(markdownLines('[click](https://evil.example/\u202e)', 80)), 'click (https://evil.example/<U+202E>)');
	assert.equal(shown(markdownLines('<https://example.org>', 80)), 'https://example.org');
});

test('every beginning of a document draws within the width, and its finished blocks never change', () => {
	for (const columns of [20, 60]) {
		let finished: string[] = [];
		let rest = '';
		for (const character of document) {
			const split = grow(rest, character);
			finished = [...finished, ...split.finished];
			rest = split.rest;
			for (const line of growingLines(rest, columns, 20)) assert.ok(lineWidth(line) <= columns);
		}
		const all = [...finished, ...flush(rest)];
		assert.deepEqual(all, [...grow('', document).finished, ...flush(grow('', document).rest)]);
		assert.equal(all.map(block => shown(markdownLines(block, columns))).join('\n\n'), shown(markdownLines(document, columns)));
	}
});

const pieces = fc.constantFrom(
	'# h',
	'- a',
	'  - b',
	'1. x',
	'```',
	'~~~~',
	'text',
	'**',
	'*',
	'`',
	'|a|b|',
	'|-|-|',
	'> q',
	'---',
	'===',
	'    x',
	'\n',
	'\n\n',
	' ',
	'[x](y)',
	'<b>',
	'<!--',
	'-->',
	'\t',
	'\\',
	'漢',
	'\r\n',
	'[a]: b',
);
const anything = fc.array(pieces, { maxLength: 30 }).map(parts => parts.join(''));

test('a reply in any pieces has the same blocks as the reply at once', () => {
	fc.assert(
		fc.property(anything, fc.array(fc.nat(12), { maxLength: 20 }), (text, cuts) => {
			let rest = '';
			const blocks: string[] = [];
			let at = 0;
			for (const cut of [...cuts, text.length]) {
				const split = grow(rest, text.slice(at, at + cut));
				blocks.push(...split.finished);
				rest = split.rest;
				at = Math.min(text.length, at + cut);
			}
			const once = grow('', text);
			assert.deepEqual([...blocks, ...flush(rest)], [...once.finished, ...flush(once.rest)]);
		}),
		{ seed: 3, numRuns: 300 },
	);
});

test('whatever the text, drawing does not throw, keeps the width and passes no control character', () => {
	const nasty = fc.array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 20 }).map(parts => parts.join(''));
	fc.assert(
		fc.property(nasty, fc.integer({ min: 20, max: 100 }), (text, columns) => {
			for (const line of [...markdownLines(text, columns), ...growingLines(text, columns, 10)]) {
				assert.ok(lineWidth(line) <= columns);
				assert.doesNotMatch(textOf(line), /[\x00-\x1f\x7f-\x9f]/);
			}
		}),
		{ seed: 4, numRuns: 300 },
	);
});

test('a text nested beyond reason is drawn as it is', () => {
	assert.ok(markdownLines('>'.repeat(20_000), 40).length > 0);
	assert.ok(growingLines(`${'- '.repeat(5_000)}x`, 40, 10).length > 0);
});

const steps: [string, string, string][] = [
	['emphasis that has begun is already bold', 'so **very imp', 'so very imp'],
	['half a sign waits', 'so *', 'so '],
	['code that has begun is already code', 'call `fo', 'call `fo`'],
	['a sign that may be a list waits', 'text\n-', 'text'],
	['a number that may be a list waits', 'text\n12', 'text'],
	['the end of a fence waits', '```js\nx\n``', 'x'],
	['a table stays plain until it is whole', '| a | b |\n|---|---|\n| 1 |', '| a | b |\n|---|---|\n| 1 |'],
];
for (const [name, text, expected] of steps)
	test(`while it is written: ${name}`, () => assert.equal(shown(growingLines(text, 60, 20)), expected));

test('of a long block of code the last lines are drawn', () => {
	const code = Array.from({ length: 300 }, (_, index) => `line ${index}`).join('\n');
	assert.deepEqual(growingLines(`\`\`\`js\n${code}`, 60, 3).map(textOf), ['line 297', 'line 298', 'line 299']);
});
