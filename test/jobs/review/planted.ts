/** Changes with a defect that a program can prove, and changes without: what the review must say, and where it must not say anything. */

export type Texts = Readonly<Record<string, string | null>>;
/** `old` are the files as they were committed, `now` what becomes of them; `says` is where the remark stands, its rule and its words. */
export type Case = { name: string; old: Texts; now: Texts; says?: readonly [place: string, rule: string, text: RegExp] };

const py =
	'import json\n\n\ndef total(prices, tax):\n    result = sum(prices)\n    return result * (1 + tax)\n\n\ndef load(text):\n    return json.loads(text)\n';
const user = 'from money import load, total\n\n\ndef main(text):\n    return total(load(text), 0.2)\n';
const js =
	"import { readFileSync } from 'node:fs';\n\nexport function total(prices, tax) {\n\tconst sum = prices.reduce((a, b) => a + b, 0);\n\treturn sum * (1 + tax);\n}\n\nexport const load = path => JSON.parse(readFileSync(path, 'utf8'));\n";
const usesJs = "import { load, total } from './money.js';\n\nexport const main = path => total(load(path), 0.2);\n";
const ts =
	'export type Item = { name: string; price: number };\n\nexport function total(items: readonly Item[], tax: number): number {\n\tlet sum = 0;\n\tfor (const item of items) sum += item.price;\n\treturn sum * (1 + tax);\n}\n';
const usesTs = "import { type Item, total } from './money.js';\n\nexport const main = (items: Item[]): number => total(items, 0.2);\n";

/** One file changed by one replacement. */
const edit = (path: string, text: string, from: string, to: string): { old: Texts; now: Texts } => {
	if (!text.includes(from)) throw new Error(`${from} is not in ${path}`);
	return { old: { [path]: text }, now: { [path]: text.replace(from, () => to) } };
};
const inPy = (from: string, to: string) => edit('money.py', py, from, to);
const inJs = (from: string, to: string) => edit('money.js', js, from, to);
const inTs = (from: string, to: string) => edit('money.ts', ts, from, to);
const beside = ({ old, now }: { old: Texts; now: Texts }, other: Texts) => ({ old: { ...old, ...other }, now });

export const planted: readonly Case[] = [
	// (a) no longer parses
	{ name: 'a bracket is lost in Python', ...inPy('sum(prices)', 'sum(prices'), says: ['money.py:5', 'does-not-parse', /no longer parses/] },
	{ name: 'a brace is lost in JavaScript', ...inJs('tax) {', 'tax)'), says: ['money.js:3', 'does-not-parse', /no longer parses/] },
	{ name: 'a brace is lost in TypeScript', ...inTs('number {', 'number'), says: ['money.ts:3', 'does-not-parse', /no longer parses/] },
	{
		name: 'a comma is lost in JSON',
		old: { 'a.json': '{\n"a": 1,\n"b": 2\n}\n' },
		now: { 'a.json': '{\n"a": 1\n"b": 2\n}\n' },
		says: ['a.json:2', 'does-not-parse', /no longer parses/],
	},
	// (b) a name that nothing gives a meaning to
	{
		name: 'a misspelt variable in Python',
		...inPy('return result', 'return reslut'),
		says: ['money.py:6', 'undefined-name', /`reslut` is neither defined nor imported; is `result` meant\?/],
	},
	{ name: 'an import is lost in Python', ...inPy('import json\n', ''), says: ['money.py:1', 'undefined-name', /`json` in line 9/] },
	{ name: 'a misspelt variable in JavaScript', ...inJs('return sum', 'return smu'), says: ['money.js:5', 'undefined-name', /`smu`/] },
	{
		name: 'a misspelt parameter in JavaScript',
		...inJs('= prices.reduce', '= pricse.reduce'),
		says: ['money.js:4', 'undefined-name', /is `prices` meant\?/],
	},
	{
		name: 'an import is lost in JavaScript',
		...inJs("import { readFileSync } from 'node:fs';\n\n", ''),
		says: ['money.js:1', 'undefined-name', /`readFileSync` in line 6/],
	},
	{
		name: 'a misspelt variable in TypeScript',
		...inTs('of items)', 'of itmes)'),
		says: ['money.ts:5', 'undefined-name', /is `items` meant\?/],
	},
	{
		name: 'a forgotten import in TypeScript',
		old: { 'money.ts': ts, 'app.ts': 'export const one = 1;\n' },
		now: { 'app.ts': 'export const one = 1;\nexport const main = () => total([], one);\n' },
		says: ['app.ts:2', 'undefined-name', /money\.ts exports it/],
	},
	// (c) removed and still used
	{
		name: 'a function is renamed in Python',
		...beside(inPy('def load(', 'def read('), { 'app.py': user }),
		says: ['money.py:9', 'removed-but-used', /`load` is gone and still used in app\.py:1/],
	},
	{
		name: 'a function is removed in JavaScript',
		...beside(inJs("\nexport const load = path => JSON.parse(readFileSync(path, 'utf8'));\n", ''), { 'app.js': usesJs }),
		says: ['money.js:6', 'removed-but-used', /`load` is gone and still used in app\.js:1/],
	},
	{
		name: 'a type is renamed in TypeScript',
		...beside({ old: { 'money.ts': ts }, now: { 'money.ts': ts.replaceAll('Item', 'Part') } }, { 'app.ts': usesTs }),
		says: ['money.ts:1', 'removed-but-used', /`Item` is gone and still used in app\.ts:1/],
	},
	{
		name: 'a module is removed in Python',
		old: { 'money.py': py, 'app.py': user },
		now: { 'money.py': null },
		says: ['money.py:1', 'removed-but-used', /`money\.py` is gone and still used in app\.py:1/],
	},
	{
		name: 'a constant is removed that another module reaches through the whole',
		old: { 'conf.py': 'RATE = 2\nNAME = "a"\n', 'app.py': 'import conf\n\n\ndef rate():\n    return conf.RATE\n' },
		now: { 'conf.py': 'NAME = "a"\n' },
		says: ['conf.py:1', 'removed-but-used', /`RATE` is gone and still used in app\.py:5/],
	},
	// (d) arguments
	{
		name: 'a function needs one more in Python',
		...beside(inPy('total(prices, tax):', 'total(prices, tax, rebate):'), { 'app.py': user }),
		says: ['money.py:4', 'arguments', /needs `rebate` and is given 2 in app\.py:5/],
	},
	{
		name: 'a call gives too many in Python',
		old: { 'money.py': py, 'app.py': user },
		now: { 'app.py': user.replace('0.2)', '0.2, 3)') },
		says: ['app.py:5', 'arguments', /takes 2 arguments and is given 3 \(money\.py:4\)/],
	},
	{
		name: 'a call names one that is not there in Python',
		old: { 'money.py': py, 'app.py': user },
		now: { 'app.py': user.replace('0.2)', 'vat=0.2)') },
		says: ['app.py:5', 'arguments', /takes no argument `vat`/],
	},
	{
		name: 'a function needs one more in JavaScript',
		...beside(inJs('total(prices, tax)', 'total(prices, tax, rebate)'), { 'app.js': usesJs }),
		says: ['money.js:3', 'arguments', /needs 3 arguments and is given 2 in app\.js:3/],
	},
	{
		name: 'a call gives too many in TypeScript',
		old: { 'money.ts': ts, 'app.ts': usesTs },
		now: { 'app.ts': usesTs.replace('0.2)', '0.2, 1)') },
		says: ['app.ts:3', 'arguments', /takes 2 arguments and is given 3/],
	},
	// (e) used nowhere
	{
		name: 'an import that is not used in Python',
		...inPy('import json\n', 'import json\nfrom math import floor\n'),
		says: ['money.py:2', 'unused', /the import `floor` is used nowhere/],
	},
	{
		name: 'a variable that is not used in Python',
		...inPy('    result =', '    count = len(prices)\n    result ='),
		says: ['money.py:5', 'unused', /the variable `count`/],
	},
	{
		name: 'a private function that is not used in Python',
		...inPy('def load', 'def _half(x):\n    return x / 2\n\n\ndef load'),
		says: ['money.py:9', 'unused', /the function `_half`/],
	},
	{
		name: 'an import that is not used in JavaScript',
		...inJs('{ readFileSync }', '{ existsSync, readFileSync }'),
		says: ['money.js:1', 'unused', /the import `existsSync`/],
	},
	{
		name: 'a function that is not used in TypeScript',
		...inTs('export function', 'function half(x: number) {\n\treturn x / 2;\n}\n\nexport function'),
		says: ['money.ts:3', 'unused', /the function `half`/],
	},
	// (f) twice
	{
		name: 'a function defined twice in Python',
		...inPy('def load', 'def total(prices):\n    return sum(prices)\n\n\ndef load'),
		says: ['money.py:9', 'defined-twice', /`total` is defined in line 4 and again in line 9/],
	},
	{
		name: 'a key twice in Python',
		old: { 'conf.py': 'CONF = {\n    "a": 1,\n    "b": 2,\n}\n' },
		now: { 'conf.py': 'CONF = {\n    "a": 1,\n    "b": 2,\n    "a": 3,\n}\n' },
		says: ['conf.py:4', 'key-twice', /"a"/],
	},
	{
		name: 'a key twice in TypeScript',
		old: { 'conf.ts': 'export const conf = {\n\ta: 1,\n};\n' },
		now: { 'conf.ts': "export const conf = {\n\ta: 1,\n\t'a': 2,\n};\n" },
		says: ['conf.ts:3', 'key-twice', /`a`/],
	},
	{
		name: 'a method twice in JavaScript',
		old: { 'box.js': 'export class Box {\n\topen() {\n\t\treturn 1;\n\t}\n}\n' },
		now: { 'box.js': 'export class Box {\n\topen() {\n\t\treturn 1;\n\t}\n\topen() {\n\t\treturn 2;\n\t}\n}\n' },
		says: ['box.js:5', 'defined-twice', /`open`/],
	},
	// (g) unreachable
	{
		name: 'a line behind return in Python',
		...inPy('    return result * (1 + tax)\n', '    return result\n    result = result * (1 + tax)\n'),
		says: ['money.py:7', 'unreachable', /line 7 is never reached: the `return` in line 6/],
	},
	{
		name: 'a line behind throw in JavaScript',
		...inJs('\treturn sum *', "\tthrow new Error('x');\n\treturn sum *"),
		says: ['money.js:5', 'unreachable', /line 6 is never reached: the `throw` in line 5/],
	},
	{
		name: 'a line behind continue in TypeScript',
		...inTs('of items) sum += item.price;', 'of items) {\n\t\tcontinue;\n\t\tsum += item.price;\n\t}'),
		says: ['money.ts:7', 'unreachable', /`continue` in line 6/],
	},
	// (h) itself
	{
		name: 'compared with itself in Python',
		...inPy('    result =', '    if tax > tax:\n        return 0\n    result ='),
		says: ['money.py:5', 'same-on-both-sides', /`tax` stands on both sides of `>`/],
	},
	{
		name: 'is with a literal in Python',
		...inPy('    result =', '    if tax is 0:\n        return 0\n    result ='),
		says: ['money.py:5', 'is-with-a-literal', /equal is `==`/],
	},
	{
		name: 'an assignment in a condition in JavaScript',
		...inJs('\tconst sum', '\tif (tax = 0) return 0;\n\tconst sum'),
		says: ['money.js:4', 'assignment-in-condition', /`tax = 0`/],
	},
	{
		name: 'compared with itself in JavaScript',
		...inJs('\tconst sum', '\tif (prices.length === prices.length) return 0;\n\tconst sum'),
		says: ['money.js:4', 'same-on-both-sides', /`prices\.length`/],
	},
	{
		name: 'compared with NaN in TypeScript',
		...inTs('\tlet sum', '\tif (tax === NaN) return 0;\n\tlet sum'),
		says: ['money.ts:4', 'compared-with-nan', /always false/],
	},
	// (i) left over
	{ name: 'the debugger in JavaScript', ...inJs('\tconst sum', '\tdebugger;\n\tconst sum'), says: ['money.js:4', 'left-over', /debugger/] },
	{
		name: 'a breakpoint in Python',
		...inPy('    result =', '    breakpoint()\n    result ='),
		says: ['money.py:5', 'left-over', /breakpoint/],
	},
	{
		name: 'debug output in Python',
		...inPy('    return result', '    print("DEBUG", result)\n    return result'),
		says: ['money.py:6', 'left-over', /debug output/],
	},
	{
		name: 'debug output in TypeScript',
		...inTs('\treturn sum', "\tconsole.log('>>> here', sum);\n\treturn sum"),
		says: ['money.ts:6', 'left-over', /debug output/],
	},
	{
		name: 'only one test in TypeScript',
		old: { 'money.test.ts': "import { test } from 'node:test';\n\ntest('a', () => {});\n" },
		now: { 'money.test.ts': "import { test } from 'node:test';\n\ntest.only('a', () => {});\n" },
		says: ['money.test.ts:3', 'left-over', /`test\.only`/],
	},
	{
		name: 'merge markers',
		old: { 'notes.md': 'a\nb\n' },
		now: { 'notes.md': 'a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> other\n' },
		says: ['notes.md:2', 'merge-marker', /merge/],
	},
	{
		name: 'a key in JavaScript',
		...inJs('export const load', `const key = '${'ghp_'}${'a1B2'.repeat(9)}';\nexport const auth = () => key;\nexport const load`),
		says: ['money.js:8', 'secret', /GitHub token/],
	},
];

export const harmless: readonly Case[] = [
	{ name: 'a default argument', ...beside(inPy('total(prices, tax):', 'total(prices, tax, rebate=0):'), { 'app.py': user }) },
	{ name: 'a new public function that nothing uses yet', ...inPy('def load', 'def half(x):\n    return x / 2\n\n\ndef load') },
	{ name: 'a renamed variable', ...inPy('    result = sum(prices)\n    return result *', '    summed = sum(prices)\n    return summed *') },
	{
		name: 'a function renamed with its uses',
		old: { 'money.py': py, 'app.py': user },
		now: { 'money.py': py.replace('def load', 'def read'), 'app.py': user.replaceAll('load', 'read') },
	},
	{
		name: 'a module moved with its uses',
		old: { 'money.py': py, 'app.py': user },
		now: { 'money.py': null, 'cash.py': py, 'app.py': user.replace('from money', 'from cash') },
	},
	{ name: 'a module becomes a package', old: { 'money.py': py, 'app.py': user }, now: { 'money.py': null, 'money/__init__.py': py } },
	{
		name: 'imports that may fail',
		old: { 'a.py': 'x = 1\n' },
		now: { 'a.py': 'try:\n    from ujson import loads\nexcept ImportError:\n    loads = None\nx = 1\n' },
	},
	{
		name: 'overloads and properties',
		old: { 'a.py': 'x = 1\n' },
		now: {
			'a.py':
				'from functools import singledispatch\n\n\nclass Box:\n    @property\n    def size(self):\n        return self._size\n\n    @size.setter\n    def size(self, value):\n        self._size = value\n\n\n@singledispatch\ndef show(x):\n    return x\n\n\n@show.register\ndef _(x: int):\n    return str(x)\n',
		},
	},
	{
		name: 'a definition for each case',
		old: { 'a.py': 'import sys\n' },
		now: {
			'a.py':
				'import sys\n\nif sys.version_info > (3, 9):\n    def f(x):\n        return x\nelse:\n    def f(x, y=1):\n        return y\n\n\ndef g():\n    return f(1)\n',
		},
	},
	{
		name: 'a generator that gives nothing',
		old: { 'a.py': 'x = 1\n' },
		now: { 'a.py': 'x = 1\n\n\ndef none():\n    return\n    yield\n' },
	},
	{ name: 'what is no number', old: { 'a.py': 'x = 1\n' }, now: { 'a.py': 'x = 1\n\n\ndef is_nan(value):\n    return value != value\n' } },
	{ name: 'is with None', ...inPy('    result =', '    if tax is None:\n        tax = 0\n    result =') },
	{
		name: 'comprehensions, lambdas, walrus and match',
		old: { 'a.py': 'x = 1\n' },
		now: {
			'a.py':
				'def f(items):\n    if (count := len(items)) > 2:\n        return [a for a, _ in items if a], (lambda q, *r, **k: (q, r, k))\n    match items:\n        case [first, *rest]:\n            return first, rest, count\n        case {"k": v}:\n            return v\n    try:\n        return 1\n    except ValueError as error:\n        return error\n',
		},
	},
	{
		name: 'an option that may be left out',
		...beside(inJs('total(prices, tax) {', 'total(prices, tax, options) {\n\tif (options === undefined) return 0;'), { 'app.js': usesJs }),
	},
	{
		name: 'an option with its parts',
		...beside(inJs('total(prices, tax) {', 'total(prices, tax, { rebate = 0 } = {}) {\n\tif (rebate > 0) return 0;'), { 'app.js': usesJs }),
	},
	{
		name: 'globals of the browser and of a test runner',
		old: { 'a.test.js': '', 'b.js': 'export const a = 1;\n' },
		now: {
			'a.test.js': "describe('a', () => {\n\tit('b', () => {\n\t\texpect(window.name).toBe(jest.fn);\n\t});\n});\n",
			'b.js': 'export const a = () => document.querySelector(location.hash) ?? localStorage.a;\n',
		},
	},
	{
		name: 'a page script with the names of another',
		old: { 'a.js': 'function start() {}\n' },
		now: { 'a.js': 'function start() {\n\thelper(widgets);\n}\nfunction stop() {}\n' },
	},
	{
		name: 'a loop that assigns and a switch that breaks',
		old: { 'a.js': 'export const re = /a/g;\n' },
		now: {
			'a.js':
				"export const re = /a/g;\nexport function all(text, kind) {\n\tlet match;\n\tconst out = [];\n\twhile ((match = re.exec(text))) out.push(match[0]);\n\tswitch (kind) {\n\t\tcase 'a':\n\t\t\treturn out;\n\t\t\tbreak;\n\t\tdefault:\n\t\t\tbreak;\n\t}\n\tif ((match = re.exec(text))) out.push(match);\n\treturn late();\n\tfunction late() {\n\t\treturn out;\n\t}\n}\n",
		},
	},
	{
		name: 'an import for its type, and one for React',
		old: { 'a.tsx': 'export const a = 1;\n' },
		now: {
			'a.tsx':
				"import React from 'react';\nimport type { Item } from './item';\nimport './style.css';\n\nexport const A = ({ item }: { item: Item }) => <b>{item}</b>;\n",
		},
	},
	{
		name: 'overloads in TypeScript',
		old: { 'a.ts': 'export const a = 1;\n' },
		now: {
			'a.ts':
				'export function f(x: string): string;\nexport function f(x: number, y: number): number;\nexport function f(x: string | number, y?: number): string | number {\n\treturn y ?? x;\n}\nexport const g = f(1, 2);\nexport interface F {}\nexport class F {}\nexport enum E {\n\tA,\n}\nexport namespace N {\n\texport const z = E.A;\n}\n',
		},
	},
	{
		name: 'a key overridden on purpose',
		old: { 'a.js': 'export const a = 1;\n' },
		now: { 'a.js': 'export const a = b => ({ size: 1, ...b, size: 2, get x() { return 1; }, set x(y) { b.x = y; } });\n' },
	},
	{
		name: 'output of a program',
		old: { 'cli.py': 'x = 1\n', 'cli.js': 'export const a = 1;\n' },
		now: { 'cli.py': 'x = 1\nprint(x)\nprint("Here we go")\n', 'cli.js': "export const a = 1;\nconsole.log(a);\nconsole.log('done');\n" },
	},
	{ name: 'a heading of equals signs', old: { 'a.rst': 'a\n' }, now: { 'a.rst': 'Title\n=======\n\ntext\n' } },
	{
		name: 'a password that is none',
		old: { 'a.py': 'x = 1\n' },
		now: { 'a.py': 'import os\n\npassword = os.environ["DB_PASSWORD"]\ntoken = "your-token-here"\n' },
	},
	{ name: 'what is new in a file that was broken', old: { 'a.py': 'def f(:\n' }, now: { 'a.py': 'def f(:\n    pass\n' } },
	{
		name: 'a page, a table and a picture',
		old: { 'a.md': '# a\n' },
		now: { 'a.md': '# a\n\nuse `total()`\n', 'b.csv': 'a,b\n1,2\n', 'c.svg': '<svg></svg>\n' },
	},
	{
		name: 'CommonJS',
		old: { 'a.js': "const { b } = require('./b');\nmodule.exports = { a: b };\n", 'b.js': 'exports.b = 1;\n' },
		now: { 'a.js': "const { b } = require('./b');\nconst path = require('node:path');\nmodule.exports = { a: b, path };\n" },
	},
	{
		name: 'a function and its decorator',
		old: { 'a.py': 'import app\n' },
		now: {
			'a.py':
				'import app\n\n\n@app.route("/")\ndef _index():\n    return "ok"\n\n\n@app.route("/b")\ndef handler(request):\n    x: int = 1\n    return request, x\n\n\nhandler()\n',
		},
	},
	{
		name: 'an import that registers',
		old: { 'app.py': 'x = 1\n', 'routes.py': 'y = 1\n' },
		now: { 'app.py': 'x = 1\n\nfrom . import routes\nimport routes as r\n' },
	},
	{
		name: 'types and generics',
		old: { 'a.ts': 'export const a = 1;\n' },
		now: {
			'a.ts':
				"import type { Z } from './z.js';\n\nexport type Map2<K extends string, V> = { [P in K]: V } & { [key: string]: V | Z };\nexport const pick = <T, K extends keyof T>(from: T, ...keys: K[]): Pick<T, K> =>\n\tObject.fromEntries(keys.map(key => [key, from[key]])) as Pick<T, K>;\nexport abstract class Base<T> {\n\tconstructor(private readonly value: T) {}\n\tabstract run(this: Base<T>, given: T): asserts given is T;\n\tget(): T {\n\t\treturn this.value;\n\t}\n}\ndeclare const injected: string;\nexport const said = injected satisfies string;\n",
		},
	},
	{
		name: 'syntax that a grammar may not know, and names that a module keeps for another',
		old: { 'a.ts': 'export const a = 1;\n' },
		now: {
			'b.ts': 'export interface Box<in T, out O> {\n\tput(value: T): O;\n}\n',
			'c.py': 'from _struct import _clearcache, __doc__\nfrom struct import pack as _pack, unpack as unpack\n\nprint(_pack)\n',
		},
	},
];
