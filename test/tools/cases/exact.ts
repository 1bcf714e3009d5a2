import { type Case, js, jsAdded } from './case.js';

export const exact: Case[] = [
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
