import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Applied, applyEdit, type Edit, spliced } from '../../src/tools/apply.js';

/** One line of the table: a file, an edit, and either the file afterwards and how it was fitted, or what was answered. */
type Case = { name: string; file: string; old: string; fresh: string; all?: boolean } & (
	| { after: string; way?: string }
	| { answer: Partial<Applied> }
);

const js = 'export function add(a, b) {\n\treturn a - b;\n}\n\nexport function twice(a) {\n\treturn add(a, a);\n}\n';
const py =
	'class Box:\n    def size(self):\n        if self.open:\n            return 0\n        return self.width\n\n    def name(self):\n        return "box"\n';
const jsAdded = js.replace('a - b', 'a + b');

const exact: Case[] = [
	{ name: 'a part of a line', file: js, old: 'a - b', fresh: 'a + b', after: jsAdded },
	{ name: 'a whole line', file: js, old: '\treturn a - b;\n', fresh: '\treturn a + b;\n', after: jsAdded },
	{ name: 'several lines', file: js, old: 'add(a, b) {\n\treturn a - b;\n}', fresh: 'add(a, b) {\n\treturn a + b;\n}', after: jsAdded },
	{ name: 'the first line', file: 'a\nb\n', old: 'a\n', fresh: 'c\n', after: 'c\nb\n' },
	{ name: 'the last line, which has no line end', file: 'a\nb', old: 'b', fresh: 'c', after: 'a\nc' },
	{ name: 'the whole file', file: 'a\nb\n', old: 'a\nb\n', fresh: 'c\n', after: 'c\n' },
	{ name: 'a deletion', file: 'a\nb\nc\n', old: 'b\n', fresh: '', after: 'a\nc\n' },
	{
		name: 'an old text that ends in a line end and a new one that does not',
		file: 'aa\nbb\ncc\n',
		old: 'bb\n',
		fresh: 'dd',
		after: 'aa\ndd\ncc\n',
	},
	{
		name: 'every place, when that is wanted',
		file: 'x = 1\ny = x\nz = x\n',
		old: 'x',
		fresh: 'w',
		all: true,
		after: 'w = 1\ny = w\nz = w\n',
	},
	{ name: 'every place, of texts that touch', file: 'aaaa\n', old: 'aa', fresh: 'b', all: true, after: 'bb\n' },
	{
		name: 'a text with the signs of regular expressions',
		file: 'f(x) $& [a] \\d\n',
		old: 'f(x) $& [a]',
		fresh: '$1 $&',
		after: '$1 $& \\d\n',
	},
	{ name: 'a text outside the basic plane', file: 'const face = "🙂";\n', old: '🙂', fresh: '🙃', after: 'const face = "🙃";\n' },
	{
		name: 'two lines that both contain it, told apart by a third',
		file: 'a = 1\nb = 2\na = 1\nc = 3\n',
		old: 'a = 1\nc = 3',
		fresh: 'a = 9\nc = 3',
		after: 'a = 1\nb = 2\na = 9\nc = 3\n',
	},
];

const otherCharacters: Case[] = [
	{
		name: 'line ends of Windows in the edit',
		file: js,
		old: 'b) {\r\n\treturn a - b;\r\n}',
		fresh: 'b) {\r\n\treturn a + b;\r\n}',
		after: jsAdded,
		way: 'exact',
	},
	{
		name: 'a byte order mark in the edit',
		file: js,
		old: '\uFEFFexport function add',
		fresh: '\uFEFFexport function plus',
		after: js.replace('function add', 'function plus'),
		way: 'exact',
	},
	{
		name: 'blanks at line ends in the file',
		file: 'if x:  \n    y = 1\t\n',
		old: 'if x:\n    y = 1\n',
		fresh: 'if x:\n    y = 2\n',
		after: 'if x:  \n    y = 2\n',
		way: 'characters',
	},
	{
		name: 'blanks at line ends in the edit',
		file: js,
		old: 'b) {  \n\treturn a - b;',
		fresh: 'b) {\n\treturn a + b;',
		after: jsAdded,
		way: 'exact',
	},
	{
		name: 'curly quotes in the file',
		file: 'say(“hello”);\nbye();\n',
		old: 'say("hello");\nbye();',
		fresh: 'say("hello");\nlater();',
		after: 'say(“hello”);\nlater();\n',
		way: 'characters',
	},
	{
		name: 'curly quotes in the edit',
		file: "say('hello');\n",
		old: 'say(‘hello’);',
		fresh: "say('you');",
		after: "say('you');\n",
		way: 'characters',
	},
	{ name: 'a long dash in the file', file: 'a – b\nc\n', old: 'a - b\nc', fresh: 'a - b\nd', after: 'a – b\nd\n', way: 'characters' },
	{
		name: 'a space that does not break',
		file: 'const\u00a0a = 1;\n',
		old: 'const a = 1;',
		fresh: 'const a = 2;',
		after: 'const a = 2;\n',
		way: 'characters',
	},
	{
		name: 'an accent written as two characters',
		file: 'cafe\u0301 = 1\n',
		old: 'café = 1',
		fresh: 'café = 2',
		after: 'café = 2\n',
		way: 'characters',
	},
	{ name: 'full-width forms', file: 'ｘ＝１\n', old: 'x=1', fresh: 'x=2', after: 'x=2\n', way: 'characters' },
	{ name: 'an invisible character', file: 'na\u200bme = 1\n', old: 'name = 1', fresh: 'name = 2', after: 'name = 2\n', way: 'characters' },
	{
		name: 'curly quotes in a part of a line',
		file: 'x = f(“a”, y) + 1\n',
		old: 'f("a", y)',
		fresh: 'g(y)',
		after: 'x = g(y) + 1\n',
		way: 'characters',
	},
	{
		name: 'a whole line rather than a part of another',
		file: '\tsay(“a”) // or\n    say(“a”)\n',
		old: 'say("a")',
		fresh: 'go()',
		after: '\tsay(“a”) // or\n    go()\n',
		way: 'indent',
	},
];

const otherIndentation: Case[] = [
	{
		name: 'no indentation in the edit',
		file: py,
		old: 'if self.open:\n    return 0\nreturn self.width',
		fresh: 'if self.open:\n    return 1\nreturn self.width',
		after: py.replace('return 0', 'return 1'),
		way: 'indent',
	},
	{ name: 'too much of it', file: js, old: '\t\treturn a - b;\n\t}', fresh: '\t\treturn a + b;\n\t}', after: jsAdded, way: 'indent' },
	{
		name: 'spaces for tabs',
		file: js,
		old: 'export function add(a, b) {\n    return a - b;\n}',
		fresh: 'export function add(a, b) {\n    if (!b) {\n        return a;\n    }\n    return a + b;\n}',
		after: js.replace('\treturn a - b;', '\tif (!b) {\n\t\treturn a;\n\t}\n\treturn a + b;'),
		way: 'indent',
	},
	{
		name: 'tabs for spaces',
		file: py,
		old: '\tdef name(self):\n\t\treturn "box"',
		fresh: '\tdef name(self):\n\t\tif self.open:\n\t\t\treturn "open"\n\t\treturn "box"',
		after: py.replace('        return "box"', '        if self.open:\n            return "open"\n        return "box"'),
		way: 'indent',
	},
	{
		name: 'two spaces for four',
		file: py,
		old: '  def name(self):\n    return "box"',
		fresh: '  def name(self):\n    return "crate"',
		after: py.replace('"box"', '"crate"'),
		way: 'indent',
	},
	{
		name: 'a deeper new line after a shift',
		file: py,
		old: 'return self.width',
		fresh: 'if self.wide:\n    return 2\nreturn self.width',
		after: py.replace('        return self.width', '        if self.wide:\n            return 2\n        return self.width'),
		way: 'indent',
	},
	{
		name: 'a new line shallower than any of the old',
		file: py,
		old: '    if self.open:\n        return 0\n    return self.width\n',
		fresh: '    if self.open:\n        return 0\n    return self.width\n\ndef free():\n    pass\n',
		after: py.replace('        return self.width\n', '        return self.width\n\n    def free():\n        pass\n'),
		way: 'indent',
	},
	{
		name: 'new lines that have it, after a first that has not',
		file: py,
		old: 'return self.width',
		fresh: 'if self.wide:\n            return 2\n        return self.width',
		after: py.replace('        return self.width', '        if self.wide:\n            return 2\n        return self.width'),
		way: 'exact',
	},
	{
		name: 'blank lines stay without blanks',
		file: py,
		old: 'if self.open:\n    return 0\nreturn self.width',
		fresh: 'if self.open:\n    return 0\n\nreturn 7',
		after: py.replace('        return self.width', '\n        return 7'),
		way: 'indent',
	},
	{
		name: 'one line of the wrong depth',
		file: '\tif (a) {\n\t\tb();\n\t}\n',
		old: 'if (a) {\nb();\n}',
		fresh: 'if (a) {\nc();\n}',
		after: '\tif (a) {\n\t\tc();\n\t}\n',
		way: 'spacing',
	},
];

const otherSpacing: Case[] = [
	{
		name: 'a blank line that the file does not have',
		file: js,
		old: 'export function add(a, b) {\n\n\treturn a - b;\n}',
		fresh: 'export function add(a, b) {\n\n\treturn a + b;\n}',
		after: jsAdded,
		way: 'blanks',
	},
	{
		name: 'a blank line that only the file has',
		file: 'one();\n\ntwo();\nthree();\n',
		old: 'one();\ntwo();',
		fresh: 'one();\nfour();',
		after: 'one();\n\nfour();\nthree();\n',
		way: 'blanks',
	},
	{
		name: 'blank lines around the edit',
		file: js,
		old: '\n\n\treturn a - b;\n\n',
		fresh: '\n\n\treturn a + b;\n\n',
		after: jsAdded,
		way: 'blanks',
	},
	{
		name: 'blanks inside a line',
		file: 'x  =  f( a,b )\ny = 2\n',
		old: 'x = f(a, b)',
		fresh: 'x = f(a, c)',
		after: 'x = f(a, c)\ny = 2\n',
		way: 'spacing',
	},
	{
		name: 'blanks and indentation at once',
		file: '\tif (a==b) {\n\t\tgo( );\n\t}\n',
		old: 'if (a == b) {\n  go();\n}',
		fresh: 'if (a == b) {\n  stop();\n}',
		after: '\tif (a==b) {\n\t\tstop();\n\t}\n',
		way: 'spacing',
	},
	{
		name: 'a deletion in other spacing',
		file: 'a = 1\nb  =  2\nc = 3\n',
		old: 'b = 2\n',
		fresh: '',
		after: 'a = 1\nc = 3\n',
		way: 'spacing',
	},
	{
		name: 'the last line, without a line end, in other spacing',
		file: 'a = 1\nb  =  2',
		old: 'b = 2',
		fresh: 'b = 3',
		after: 'a = 1\nb = 3',
		way: 'spacing',
	},
	{
		name: 'a deletion of the last line, without a line end',
		file: 'a = 1\nb  =  2',
		old: 'b = 2',
		fresh: '',
		after: 'a = 1',
		way: 'spacing',
	},
	{ name: 'a deletion of the only line', file: 'b  =  2', old: 'b = 2', fresh: '', after: '', way: 'spacing' },
];

const long =
	'function total(items) {\n\tlet sum = 0;\n\tfor (const item of items) {\n\t\tsum += item.price * item.count;\n\t}\n\treturn sum;\n}\n';
const ends: Case[] = [
	{
		name: 'a line in the middle misremembered',
		file: long,
		old: 'function total(items) {\n\tlet sum = 0;\n\tfor (let item of items) {\n\t\tsum += item.price * item.amount;\n\t}\n\treturn sum;\n}',
		fresh: 'function total(items) {\n\treturn 7;\n}',
		after: 'function total(items) {\n\treturn 7;\n}\n',
		way: 'ends',
	},
	{
		name: 'a line in the middle forgotten',
		file: long,
		old: '\tlet sum = 0;\n\tfor (const item of items) {\n\t\tsum += item.price * item.count;\n\treturn sum;',
		fresh: '\treturn 1;',
		after: 'function total(items) {\n\treturn 1;\n}\n',
		way: 'ends',
	},
	{
		name: 'nothing, when the middle is another',
		file: long,
		old: 'function total(items) {\n\tconsole.log("totally different words");\n\tthrow new Error();\n\treturn undefined;\n}',
		fresh: 'x',
		answer: { kind: 'missing' },
	},
	{
		name: 'nothing, when two places are as good',
		file: `${long}\n${long}`,
		old: 'function total(items) {\n\tlet sum = 0;\n\tfor (let item of items) {\n\t\tsum += item.price * item.amount;\n\t}\n\treturn sum;\n}',
		fresh: 'x',
		answer: { kind: 'missing' },
	},
];

const slips: Case[] = [
	{
		name: 'line numbers as we show them',
		file: js,
		old: '1  export function add(a, b) {\n2  \treturn a - b;\n3  }',
		fresh: '1  export function add(a, b) {\n2  \treturn a + b;\n3  }',
		after: jsAdded,
		way: 'exact',
	},
	{ name: 'the number of one line', file: js, old: '2  \treturn a - b;', fresh: '\treturn a + b;', after: jsAdded, way: 'exact' },
	{
		name: 'line numbers before bars',
		file: js,
		old: '  2|\treturn a - b;\n  3|}',
		fresh: '\treturn a + b;\n}',
		after: jsAdded,
		way: 'exact',
	},
	{
		name: 'line numbers over a blank line',
		file: 'a()\n\nb()\n',
		old: '1  a()\n2\n3  b()',
		fresh: '1  a()\n2\n3  c()',
		after: 'a()\n\nc()\n',
		way: 'exact',
	},
	{
		name: 'no line numbers, where the file itself counts',
		file: '1  one\n2  two\n',
		old: '1  one\n2  two',
		fresh: '1  one\n2  three',
		after: '1  one\n2  three\n',
		way: 'exact',
	},
	{
		name: 'a fence around both texts',
		file: js,
		old: '```js\n\treturn a - b;\n```',
		fresh: '```js\n\treturn a + b;\n```',
		after: jsAdded,
		way: 'exact',
	},
	{
		name: 'line ends written as two characters',
		file: js,
		old: 'b) {\\n\\treturn a - b;\\n}',
		fresh: 'b) {\\n\\treturn a + b;\\n}',
		after: jsAdded,
		way: 'exact',
	},
	{ name: 'escaped quotes', file: 'say("a");\n', old: 'say(\\"a\\");', fresh: 'say(\\"b\\");', after: 'say("b");\n', way: 'exact' },
	{
		name: 'a real \\n in a string stays one',
		file: 'print("a\\n")\n',
		old: 'print("a\\n")',
		fresh: 'print("b\\n")',
		after: 'print("b\\n")\n',
		way: 'exact',
	},
];

const elisions: Case[] = [
	{
		name: 'in both texts: each piece is changed',
		file: long,
		old: 'function total(items) {\n// ...\n\treturn sum;\n}',
		fresh: 'function total(things) {\n// ...\n\treturn sum + 1;\n}',
		after: long.replace('items)', 'things)').replace('return sum;', 'return sum + 1;'),
		way: 'pieces',
	},
	{
		name: 'in both texts, with an unchanged piece',
		file: long,
		old: 'function total(items) {\n\t...\n\treturn sum;\n}',
		fresh: 'function total(items) {\n\t...\n\treturn 1;\n}',
		after: long.replace('return sum;', 'return 1;'),
		way: 'pieces',
	},
	{
		name: 'in the new text alone',
		file: long,
		old: 'function total(items) {\n\tlet sum = 0;',
		fresh: 'function total(items) {\n\t// ... existing code ...',
		answer: { kind: 'elided', line: '// ... existing code ...' },
	},
	{
		name: 'in the old text alone',
		file: long,
		old: 'function total(items) {\n// rest of the code\n}',
		fresh: 'x',
		answer: { kind: 'elided', line: '// rest of the code' },
	},
	{
		name: 'with a piece that is not in the file',
		file: long,
		old: 'function nothing() {\n// ...\n\treturn sum;',
		fresh: 'function total() {\n// ...\n\treturn 1;',
		answer: { kind: 'elided' },
	},
	{
		name: 'with pieces in the wrong order',
		file: long,
		old: '\treturn sum;\n// ...\n\tlet sum = 0;',
		fresh: '\treturn 1;\n// ...\n\tlet sum = 1;',
		answer: { kind: 'elided' },
	},
	{
		name: 'that is what the file says',
		file: 'a\n// ...\nb\n',
		old: '// ...\nb',
		fresh: '// ...\nc',
		after: 'a\n// ...\nc\n',
		way: 'exact',
	},
	{
		name: 'that is Python',
		file: py,
		old: '        return "box"',
		fresh: '        return "box"\n\n    def later(self):\n        ...',
		after: py.replace('        return "box"', '        return "box"\n\n    def later(self):\n        ...'),
		way: 'exact',
	},
];

const answers: Case[] = [
	{ name: 'several places', file: 'x\ny\nx\n', old: 'x', fresh: 'z', answer: { kind: 'ambiguous', lines: [1, 3] } },
	{
		name: 'several places in another indentation',
		file: '\ta();\n\tb();\n\n\t\ta();\n\t\tb();\n',
		old: 'a();\nb();',
		fresh: 'c();',
		answer: { kind: 'ambiguous', lines: [1, 4] },
	},
	{
		name: 'several places in other spacing, even when all are wanted',
		file: 'f( a )\nf(  a)\n',
		old: 'f(a )',
		fresh: 'g(a)',
		all: true,
		answer: { kind: 'ambiguous', lines: [1, 2] },
	},
	{ name: 'several parts of lines', file: 'a(“x”) b\nc(“x”) d\n', old: '("x")', fresh: '()', answer: { kind: 'ambiguous', lines: [1, 2] } },
	{ name: 'nothing to change', file: 'x\n', old: 'x', fresh: 'x', answer: { kind: 'same' } },
	{ name: 'the edit has been made', file: jsAdded, old: '\treturn a - b;', fresh: '\treturn a + b;', answer: { kind: 'already', line: 2 } },
	{
		name: 'the edit has been made, in another indentation',
		file: jsAdded,
		old: '  return a - b;',
		fresh: '  return a + b;',
		answer: { kind: 'already', line: 2 },
	},
	{
		name: 'an addition has been made',
		file: 'import a\nimport b\n\nrun()\n',
		old: 'import a\n',
		fresh: 'import a\nimport b\n',
		answer: { kind: 'already', line: 1 },
	},
	{ name: 'the spacing is as wanted', file: 'f(x)\n', old: 'f( x )', fresh: 'f(x)', answer: { kind: 'already', line: 1 } },
	{
		name: 'the new text stands elsewhere for its own reasons',
		file: 'function a() {\n\treturn false;\n}\n\nfunction start(options) {\n\tconst session = open(options);\n\tsession.begin();\n}\n',
		old: 'const session = open(option, true);',
		fresh: 'return false;',
		answer: { kind: 'missing' },
	},
	{ name: 'nothing like it', file: js, old: 'SELECT name FROM users', fresh: 'x', answer: { kind: 'missing', closest: undefined } },
	{ name: 'only blanks', file: 'a\n\n\nb\n', old: '   \n  ', fresh: 'x', answer: { kind: 'missing', closest: undefined } },
	{ name: 'an empty file', file: '', old: 'anything', fresh: 'x', answer: { kind: 'missing', closest: undefined } },
];

const table = {
	exact,
	'other characters': otherCharacters,
	'other indentation': otherIndentation,
	'other spacing': otherSpacing,
	'the same ends': ends,
	slips,
	elisions,
	answers,
};

for (const [title, cases] of Object.entries(table)) {
	describe(`an edit fits: ${title}`, () => {
		for (const each of cases) test(each.name, () => check(each));
	});
}

function check(each: Case): void {
	const edit: Edit = { old: each.old, fresh: each.fresh, ...(each.all && { all: true }) };
	const applied = applyEdit(each.file, edit);
	if ('answer' in each) {
		for (const [key, value] of Object.entries(each.answer)) assert.deepEqual(applied[key as keyof Applied], value, JSON.stringify(applied));
		return;
	}
	assert.equal(applied.kind, 'edits', JSON.stringify(applied));
	if (applied.kind !== 'edits') return;
	assert.equal(applied.after, each.after);
	assert.equal(spliced(each.file, applied.edits), each.after);
	if (each.way) assert.equal(applied.way, each.way);
}

test('the table has more than sixty lines', () => assert.ok(Object.values(table).flat().length >= 60));

test('what is closest is shown verbatim, at most fifteen lines', () => {
	const file = Array.from({ length: 60 }, (_line, index) => `\tconst value${index} = compute(${index});`).join('\n');
	const applied = applyEdit(file, { old: file.split('\n').slice(20, 45).join('\n').replaceAll('compute', 'computed'), fresh: 'x' });
	assert.equal(applied.kind, 'missing');
	if (applied.kind !== 'missing') return;
	assert.ok(applied.closest && applied.closest.lines.length <= 15);
	assert.deepEqual(
		applied.closest.lines,
		file.split('\n').slice(applied.closest.from, applied.closest.from + applied.closest.lines.length),
	);
	assert.ok(applied.closest.from >= 18 && applied.closest.from <= 21, String(applied.closest.from));
});

test('the lines of the changes are counted in the new text', () => {
	const applied = applyEdit('a\nx\nb\nx\n', { old: 'x', fresh: 'y\ny', all: true });
	assert.deepEqual(applied.kind === 'edits' && applied.lines, [2, 5]);
});

const word = fc.constantFrom('a', 'b', ' ', '\t', '\n', '“', '"', '1  ', '…', '...', '\\n', 'é', '🙂');
const words = fc.array(word, { maxLength: 12 }).map(parts => parts.join(''));

test('whatever the texts, an edit touches nothing outside its spans, and never throws', () => {
	fc.assert(
		fc.property(words, words, words, fc.boolean(), (file, old, fresh, all) => {
			const applied = applyEdit(file, { old, fresh, all });
			if (applied.kind !== 'edits') return;
			assert.equal(spliced(file, applied.edits), applied.after);
			let last = 0;
			for (const { start, end } of applied.edits) {
				assert.ok(start >= last && end >= start && end <= file.length, JSON.stringify(applied.edits));
				last = end;
			}
		}),
		{ seed: 7, numRuns: 3000 },
	);
});

test('a unique text is replaced exactly', () => {
	fc.assert(
		fc.property(words, words, words, (before, after, fresh) => {
			const applied = applyEdit(`${before}\nUNIQUE\n${after}`, {
				old: 'UNIQUE',
				fresh: `${fresh.replaceAll('…', '').replaceAll('...', '')}!`,
			});
			assert.ok(applied.kind === 'edits', applied.kind);
			assert.ok(applied.after.startsWith(`${before}\n`) && applied.after.endsWith(`!\n${after}`));
		}),
		{ seed: 11, numRuns: 1000 },
	);
});
