import { type Case, js, jsAdded } from './case.js';

export const answers: Case[] = [
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
