import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { claimsIn } from '../../../src/checks/claims/claims.js';

const texts = (text: string, told = '') => claimsIn(text, told).map(claim => `${claim.kind} ${claim.text}`);

const rows: [what: string, text: string, claims: string[]][] = [
	['a path in a span', 'See `src/sum.js`.', ['path src/sum.js']],
	['a path without a span, at the end of a sentence', 'It is in src/sum.js.', ['path src/sum.js']],
	['a line, in three spellings', '`a.js:40`, `b.js` on line 3, line 7 of c.js', ['line a.js:40', 'line b.js:3', 'line c.js:7']],
	['some lines', 'lines 10-20 of `a.js`', ['line a.js:10-20']],
	['a folder', 'The folder `src/utils` and `lib/`', ['path src/utils', 'path lib/']],
	['a call and a name with humps', '`parse_args()` fills `rawOptions`', ['symbol parse_args()', 'symbol rawOptions']],
	['a plain word that is called a function', 'the `total` function, and `total` again', ['symbol total']],
	['a plain word that is called nothing', 'the word `total` is one', []],
	['a definition', '`def load_stock(path):` reads it', ['symbol def load_stock(path):']],
	['a script and a target', '`npm run lint`, then `make check`', ['command npm run lint', 'command make check']],
	['a command in a block of a shell', '```sh\nnpm run lint\n```\n', ['command npm run lint']],
	['the flags of a script', '`python cli.py --fast list`', ['flag --fast']],
	['a flag of somebody else', 'Call git with `--stat`', []],
	['versions', 'react 19.3.1 and `zod@3.2`', ['version react 19.3.1', 'version zod@3.2']],
	['a version that is wished for', 'Upgrade react to 20.0.0. It needs react 20.0.0 or later', []],
	['a block of code', '```js\nload_stock(); // src/sum.js\n```\n', []],
	['what a block of code defines', 'Use `load_all()`:\n```py\ndef load_all(): ...\n```\n', []],
	['an address', 'https://example.org/src/sum.js and [it](https://example.org/a.js)', []],
	['a new file and a new function', 'Create a file `src/new.js` with a new function `addAll()`. `addAll()` is in `src/new.js`.', []],
	['a rename', 'Rename `old_name()` to `new_name()`', ['symbol old_name()']],
	['a wish', 'You could keep them in `src/store.js`', []],
	['a place of a bare name', 'The sumToN function is defined in the package.json file', ['symbol sumToN', 'path package.json']],
	['a bare name without a place', 'Then sumToN adds, see a.js', ['path a.js']],
	['what a project may have', 'If your project uses a setup script (like `setup.py`), run it. If you have `tox.ini`, read it', []],
	['a look', 'You should look at `src/store.js`', ['path src/store.js']],
	['what is not there', 'There is no `src/db.js`, and `open_db()` does not exist', []],
	['what is there and does not do something', '`open_db()` does not close it', ['symbol open_db()']],
	['what a language brings', '`Array.prototype.map()`, `os.path.join()`, `fs.readFileSync()`, `isinstance()`', []],
	['what a build makes', 'It is in `dist/main.js` and `node_modules/x/index.js`', []],
	['the name of a library', 'Node.js and `Vue.js`', []],
	['a place', 'The function `total` is defined in `money.py`', ['symbol total', 'path money.py']],
];
for (const [what, text, expected] of rows) test(what, () => assert.deepEqual(texts(text), expected));

test('a name of the question proves nothing, but its place does', () => {
	assert.deepEqual(texts('`load_all()` is fast', 'what does load_all do?'), []);
	const [claim] = claimsIn('`load_all()` is in `a.py`', 'where is load_all? in a.py?');
	assert.ok(claim?.kind === 'symbol' && claim.where === 'a.py' && claim.known);
});

test('a claim stands where it is said', () => {
	const text = '# One\n\n- `src/a.js` calls `load_all()`\n- see b.py:3\n';
	for (const { at, text: said } of claimsIn(text)) assert.equal(text.slice(at, at + said.length), said);
	assert.equal(claimsIn(text).length, 3);
});

test('any text may be given', () => {
	fc.assert(
		fc.property(
			fc.string({
				unit: fc.constantFrom('`', '```', '\n', ' ', 'a.js', ':4', '/', '--x', 'f()', '.', '(', '*', 'npm run '),
				maxLength: 60,
			}),
			text => {
				for (const { at } of claimsIn(text)) assert.ok(at >= 0 && at < text.length);
			},
		),
		{ seed: 1, numRuns: 300 },
	);
});
