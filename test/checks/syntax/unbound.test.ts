import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { unbound, withImports } from '../../../src/checks/syntax/unbound.js';

const names = async (text: string) => (await unbound('a.py', text))?.map(({ name, line }) => `${name}:${line}`);

describe('names without a meaning', () => {
	test('are found with the line of their first use', async () => {
		assert.deepEqual(await names('def f(a):\n    return a + b\n\n\nx = math.floor(b)\n'), ['b:2', 'math:5']);
	});

	test('are none where Python gives them one, in all its ways', async () => {
		const text = `
from __future__ import annotations
import os.path
import a.b as ab
from c import d, e as f
from typing import List

def g(p, q: List[int] = [], *args, r=None, s: str = os.path.sep, **kw) -> "Later":
    global n
    n = [i for i in p if (m := i)]
    for j, (k, *l) in args:
        o.attribute = t[0] = kw
    with open(f) as (u, v), ab as w:
        pass
    try:
        lambda x, y=1, *z: x + y
    except (OSError, ValueError) as err:
        print(err, d, key=s)
    match p:
        case {"a": aa, **bb} | [aa, bb]:
            return aa, bb
    return i, j, k, l, m, u, v, w, q, r

class Later(object):
    size: int = 3
    def own(self):
        return self.size, __name__, super().own()

o, t = Later(), []
x: int
print(x, size, y, z)
`;
		assert.deepEqual(await names(text), []);
	});

	test('are not looked for where names come from elsewhere, or the text is no Python', async () => {
		assert.deepEqual(await names('from x import *\nprint(y)\n'), []);
		assert.deepEqual(await names('exec(code)\nprint(y)\n'), []);
		assert.deepEqual(await names('def f(:\n  return y\n'), []);
		assert.equal(await unbound('a.js', 'return y'), undefined);
	});
});

describe('imports that were forgotten', () => {
	const cases: readonly (readonly [name: string, before: string | null, after: string, expected: string])[] = [
		[
			'a module',
			'def f(x):\n    return x\n',
			'def f(x):\n    return math.floor(x)\n',
			'import math\n\ndef f(x):\n    return math.floor(x)\n',
		],
		[
			'one that stood there',
			'from .own import thing\n\nthing()\n',
			'"""About."""\n\nthing(2)\n',
			'"""About."""\n\nfrom .own import thing\n\nthing(2)\n',
		],
		[
			'names of modules, above the other imports',
			null,
			'# Licence\nimport os\n\ndef f(x: List[int]) -> Counter:\n    return Counter(x)\n',
			'# Licence\nfrom typing import List\nfrom collections import Counter\nimport os\n\ndef f(x: List[int]) -> Counter:\n    return Counter(x)\n',
		],
		[
			'behind those of the future',
			null,
			'from __future__ import annotations\nprint(re.sub)\n',
			'from __future__ import annotations\nimport re\n\nprint(re.sub)\n',
		],
	];
	for (const [name, before, after, expected] of cases)
		test(`are put in: ${name}`, async () => {
			assert.deepEqual(await withImports('a.py', { before, after }), { text: expected, missing: [] });
		});

	test('are not made up: a name that may be anything is missing', async () => {
		const after = 'def f():\n    return string[0] + helper(time)\n';
		const { text, missing } = await withImports('a.py', { before: 'def f():\n    return 1\n', after });
		assert.equal(text, after);
		assert.deepEqual(
			missing.map(({ name }) => name),
			['string', 'helper', 'time'],
		);
	});

	test("what the file lacked already is nobody's fault", async () => {
		const text = 'def f():\n    return helper()\n';
		assert.deepEqual(await withImports('a.py', { before: text, after: `${text}\nf()\n` }), { text: `${text}\nf()\n`, missing: [] });
	});
});
