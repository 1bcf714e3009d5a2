import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stubIn } from '../../src/jobs/stub.js';

for (const [what, text, head, described] of [
	['a body of pass', 'import re\n\n\ndef f(x):\n    pass\n', 'import re\n\n\ndef f(x):\n', false],
	['words about it', 'def f(x):\n    """Adds one."""\n    raise NotImplementedError\n', 'def f(x):\n    """Adds one."""\n', true],
	['a comment about it', 'def f(x):\n    # Adds one.\n    ...\n', 'def f(x):\n    # Adds one.\n', true],
	['a method', 'class A:\n    def f(self):\n        pass\n', 'class A:\n    def f(self):\n', false],
	['JavaScript', "export function f(x) {\n\tthrow new Error('not implemented');\n}\n", 'export function f(x) {\n', false],
	['Rust', 'pub fn f() -> i32 {\n    todo!()\n}\n', 'pub fn f() -> i32 {\n', false],
] as const)
	test(`a stub: ${what}`, () => assert.deepEqual(stubIn(text), { head, described }));

for (const [what, text] of [
	['an error that is swallowed', 'def f(x):\n    try:\n        g()\n    except ValueError:\n        pass\n'],
	['an error that is thrown after a check', "function f(x) {\n\tif (!x) {\n\t\tthrow new Error('no x');\n\t}\n\treturn x;\n}\n"],
	['an empty class', 'class Trouble(Exception):\n    pass\n'],
	['a whole function', 'def f(x):\n    return x\n'],
] as const)
	test(`no stub: ${what}`, () => assert.equal(stubIn(text), undefined));
