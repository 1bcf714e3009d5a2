import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { signatures } from '../../src/checks/syntax/signatures.js';
import type { Engine } from '../../src/engine/engine.js';
import { namedIn, unlike } from '../../src/jobs/docs/description.js';
import { sentenceIn, wrongWith } from '../../src/jobs/docs/sentence.js';
import { styleOf } from '../../src/jobs/docs/styles.js';
import { approach } from '../../src/jobs/route.js';
import { Refusal } from '../../src/types.js';
import { noBox } from '../workspace/sandbox/boxes.js';
import { model, run, setting, textOf } from './scene.js';

type Said = { files: Record<string, string>; words: string; texts?: readonly string[]; calls?: string; yes?: boolean };

/** What becomes of the first file when the model says these texts, one for each line that it is asked for, and these calls where it is asked for calls. */
async function described({ files, words, texts = [], calls, yes = true }: Said) {
	const [inner, calling] = [model({ texts }), model({ texts: calls === undefined ? [] : [calls] })];
	const engine: Engine = {
		...inner,
		reply(prompt, signal) {
			const asked = prompt.messages.at(-1)?.text ?? '';
			return (asked.includes('short calls of') ? calling : inner).reply(prompt, signal);
		},
	};
	const { work, root, asked } = await setting({ files, engine, approve: async () => (yes ? { yes } : { yes, text: 'no' }) });
	const { events, ending } = await run(approach({ text: words, material: '' }, work, new AbortController().signal));
	const after = readFileSync(join(root, Object.keys(files)[0]!), 'utf8');
	return { after, ending, events, said: textOf(events), verified: asked.map(one => one.verified) };
}

const money = `def half(total: float, by=2):
    # Why two?
    if by < 1:
        raise ValueError(by)
    try:
        raise KeyError(total)
    except KeyError:
        pass
    return print(total / by)


def _own(total):
    return total
`;

const halved = `def half(total: float, by=2):
    """Halves it.

    Args:
        total (float): What is divided.
        by (optional): How often. Defaults to 2.

    Returns:
        The part.

    Raises:
        ValueError: If it is too small.
    """
    # Why two?
`;

const good = ['Halves it.', ' What is divided', '\n        by: ', ' How often. It is an int.', ' float: The part', ' if it is too small.'];

describe('docs', () => {
	test('writes what is known and asks for the words; a public function without a description is described, and nothing else', async () => {
		const texts = [good[0]!, good[1]!, good[3]!, good[4]!, good[5]!];
		const { after, ending, said, verified } = await described({ files: { 'money.py': money }, words: '/docs money.py', texts });
		assert.deepEqual(ending, { reason: 'answered' });
		assert.equal(after, halved + money.split('\n').slice(2).join('\n'));
		const what = '1 description: 2 parameters, 1 return, 1 error named and none missing; the code is the same';
		assert.deepEqual(verified, [what]);
		assert.equal(
			said,
			`Described in \`money.py\`: \`half\`. Verified: ${what}. The words are the model's: nobody has checked what they mean.`,
		);
	});

	test('words that cannot stand are asked for again, and a definition without any is left alone', async () => {
		const made = ['Adds the `tax_rate` to it.', 'Halves it. """\n    import os', good[1]!, good[2]!, good[3]!, good[4]!, good[5]!];
		const { after } = await described({ files: { 'money.py': money }, words: '/docs money.py', texts: made });
		assert.equal(after, halved + money.split('\n').slice(2).join('\n'));
		for (const stray of [
			'It reads `rates.csv`.',
			'total (int): The total.',
			'See --fast.',
			'Calls tax_of() first.',
			'"""',
			'\\',
			'The by.',
		]) {
			const texts = [good[0]!, good[1]!, ...Array<string>(3).fill(stray)];
			const none = await described({ files: { 'money.py': money }, words: '/docs money.py:half', texts });
			assert.equal(none.after, money, stray);
			assert.equal(none.ending.reason, 'checks-failed');
			assert.match(
				none.said,
				/^Nothing that was written for `money\.py` could be verified \(`half` \(the parameter by: .+\)\); nothing was changed\.$/,
			);
			assert.deepEqual(none.verified, []);
		}
	});

	test('of several, those that can be verified are offered; the others are named', async () => {
		const files = { 'two.py': 'def one():\n    pass\n\n\nclass Two: x = 1\n' };
		const texts = ['See `three`.', 'See `three`.', 'See `three`.', 'Holds one.'];
		const { after, said } = await described({ files, words: '/docs two.py', texts });
		assert.equal(after, 'def one():\n    pass\n\n\nclass Two:\n    """Holds one."""\n    x = 1\n');
		assert.match(said, /Not described: `one` \(the summary: it speaks of three, which is not there\)\.$/);
	});

	test('changes nothing when told no', async () => {
		const { after, ending } = await described({
			files: { 'a.py': 'def one():\n    pass\n' },
			words: '/docs a.py',
			texts: ['Does it.'],
			yes: false,
		});
		assert.equal(after, 'def one():\n    pass\n');
		assert.deepEqual(ending, { reason: 'denied', tool: 'write_file' });
	});

	test('says what there is nothing to do about, and refuses what it cannot know', async () => {
		const files = {
			'a.py': 'def one():\n    """Does it."""\n',
			'b.py': 'def _b():\n    pass\n',
			'c.rb': 'def c\nend\n',
			'd.py': 'def d(:\n',
		};
		const said = async (words: string) => (await described({ files, words })).said;
		assert.match(await said('/docs a.py'), /^Everything public in `a\.py` is described already/);
		assert.match(await said('/docs a.py:one'), /^`one` in `a\.py` is described already/);
		assert.match(await said('/docs b.py'), /as in b\.py:NAME/);
		for (const [words, says] of [
			['/docs', /one place/],
			['/docs c.rb', /c\.rb is none of them/],
			['/docs d.py', /d\.py is not well formed/],
		] as const)
			await assert.rejects(said(words), (error: Refusal) => error instanceof Refusal && error.exitCode === 42 && says.test(error.message));
	});

	test('where a model cannot be begun, its words are taken from where they stand in what it wrote', async () => {
		const whole = '```python\ndef one(a):\n    """Does it.\n\n    Args:\n        a: The one.\n    """\n    import os\n```\n';
		const engine: Engine = {
			...model(),
			reply: (prompt, signal) => {
				const { begin: _none, ...others } = prompt;
				return model({ texts: [whole] }).reply(others, signal);
			},
		};
		const { work, root } = await setting({ files: { 'a.py': 'def one(a):\n    pass\n' }, engine });
		await run(approach({ text: '/docs a.py', material: '' }, work, new AbortController().signal));
		const after = 'def one(a):\n    """Does it.\n\n    Args:\n        a: The one.\n    """\n    pass\n';
		assert.equal(readFileSync(join(root, 'a.py'), 'utf8'), after);
	});

	test('an example stands there only when it was run, with what it gave', { skip: noBox }, async () => {
		const files = { 'a.py': 'def twice(n):\n    return n * 2\n' };
		const calls = 'twice(4)\ntwice(None)\ntwice(undefined)\ntwice(0.1)\ntwice("""a""")\n';
		const texts = ['Doubles it.', 'What is doubled.', 'The double.'];
		const { after, verified } = await described({ files, words: '/docs a.py', texts, calls });
		assert.match(after, /\n {4}Examples:\n {8}>>> twice\(4\)\n {8}8\n {8}>>> twice\(0\.1\)\n {8}0\.2\n {4}"""\n {4}return n \* 2\n$/);
		assert.match(verified[0] ?? '', /; 2 examples run; the code is the same$/);
	});
});

const words = (count: number): string[] => Array.from({ length: count }, (_none, index) => ` Some words number ${index}.`);

/** A file in each language or style, the place that is asked for, and what stands there then. */
const languages: readonly (readonly [path: string, place: string, before: string, after: string])[] = [
	[
		'numpy.py',
		':f',
		'def g(a):\n    """G.\n\n    Parameters\n    ----------\n    a : int\n        A.\n    """\n\n\ndef f(a: int, *b) -> int:\n    return a\n',
		'    """Some words number 0.\n\n    Parameters\n    ----------\n    a : int\n        Some words number 1.\n    *b\n        Some words number 2.\n\n    Returns\n    -------\n    int\n        Some words number 3.\n    """\n    return a\n',
	],
	[
		'tabs.py',
		'',
		'def f(a):\n\treturn a\n',
		'\t"""Some words number 0.\n\n\tArgs:\n\t\ta: Some words number 1.\n\n\tReturns:\n\t\tSome words number 2.\n\t"""\n\treturn a\n',
	],
	[
		'sphinx.py',
		':f',
		'def g(a):\n    """G.\n\n    :param a: A.\n    """\n\n\ndef f(a: int):\n    yield a\n',
		'    """Some words number 0.\n\n    :param int a: Some words number 1.\n    :yields: Some words number 2.\n    """\n    yield a\n',
	],
	[
		'a.js',
		'',
		'const half = (total, by = 2) => total / by;\nconst own = () => 1;\nmodule.exports = { half };\n',
		'/**\n * Some words number 0.\n *\n * @param total - Some words number 1.\n * @param {number} [by=2] - Some words number 2.\n * @returns Some words number 3.\n */\nconst half = (total, by = 2) => total / by;\nconst own = () => 1;\nmodule.exports = { half };\n',
	],
	[
		'a.ts',
		'',
		'// @ts-expect-error\nexport function f(this: Box, a: number, { b, c = 2 }: Parts): void {\n\tif (a) throw new RangeError("a");\n}\nfunction own() {}\n',
		'/**\n * Some words number 0.\n *\n * @param a - Some words number 1.\n * @param options - Some words number 2.\n * @param options.b - Some words number 3.\n * @param options.c - Some words number 4. Defaults to 2.\n * @throws {RangeError} If Some words number 5.\n */\n// @ts-expect-error\nexport function f(this: Box, a: number, { b, c = 2 }: Parts): void {\n\tif (a) throw new RangeError("a");\n}\nfunction own() {}\n',
	],
	[
		'a.go',
		'',
		'package a\n\n//go:noinline\nfunc Half(total int) int { return total / 2 }\n\nfunc own() {}\n',
		'package a\n\n// Half Some words number 0.\n//go:noinline\nfunc Half(total int) int { return total / 2 }\n\nfunc own() {}\n',
	],
	[
		'a.rs',
		'',
		'impl Box {\n    #[inline]\n    pub fn half(&self, mut by: u32) -> Result<u32, E> {\n        assert!(by > 0);\n        Ok(1)\n    }\n    fn own() {}\n}\n',
		'impl Box {\n    /// Some words number 0.\n    ///\n    /// # Arguments\n    ///\n    /// * `by` - Some words number 1.\n    ///\n    /// # Returns\n    ///\n    /// Some words number 2.\n    ///\n    /// # Errors\n    ///\n    /// Returns an error if Some words number 3.\n    ///\n    /// # Panics\n    ///\n    /// Panics if Some words number 4.\n    #[inline]\n    pub fn half(&self, mut by: u32) -> Result<u32, E> {\n        assert!(by > 0);\n        Ok(1)\n    }\n    fn own() {}\n}\n',
	],
	[
		'A.java',
		':half',
		'class A {\n    @Deprecated\n    public int half(final int total) throws IOException {\n        try { throw new E(); } catch (E e) {}\n        throw new RangeError();\n    }\n}\n',
		'class A {\n    /**\n     * Some words number 0.\n     *\n     * @param total Some words number 1.\n     * @return Some words number 2.\n     * @throws IOException if Some words number 3.\n     * @throws RangeError if Some words number 4.\n     */\n    @Deprecated\n    public int half(final int total) throws IOException {\n        try { throw new E(); } catch (E e) {}\n        throw new RangeError();\n    }\n}\n',
	],
];

for (const [path, place, before, after] of languages)
	test(`docs keeps to the convention of ${path}`, async () => {
		const done = await described({ files: { [path]: before }, words: `/docs ${path}${place}`, texts: words(9) });
		assert.ok(done.after.endsWith(after), `${done.after}\n${done.said}`);
	});

test('a description that names what is not there, or leaves out what is, is known by reading it', async () => {
	const [one] = (await signatures('a.py', 'def f(a, b):\n    raise ValueError(a)\n')) ?? [];
	const style = styleOf('python', []);
	const wrong = (args: string, raises = '    Raises:\n        ValueError: If so.\n') =>
		unlike(one!, namedIn(`"""F.\n\n    Args:\n${args}\n${raises}    """`, style));
	assert.equal(wrong('        a: A.\n        b (int): B.\n'), undefined);
	assert.equal(wrong('        a: A.\n'), 'the parameter b is missing');
	assert.equal(wrong('        a: A.\n        b: B.\n        c: C.\n'), 'it has no parameter c');
	assert.equal(wrong('        a: A.\n        b: B.\n        a: A.\n'), 'it has no parameter a');
	assert.equal(wrong('        a: A.\n        b: B.\n', ''), 'the error ValueError is missing');
	assert.equal(
		wrong('        a: A.\n        b: B.\n', '    Raises:\n        ValueError: If so.\n        KeyError: If not.\n'),
		'it has no error KeyError',
	);
	assert.equal(
		wrong('        a: A.\n        b: B.\n', '    Returns:\n        It.\n\n    Raises:\n        ValueError: If so.\n'),
		'it returns nothing',
	);
});

test('a sentence is the first of what was written, and speaks only of what is there', () => {
	assert.equal(sentenceIn('\n    list of int: the parts, defaults to None\n    More', { goesOn: false }), 'List of int: the parts.');
	assert.equal(sentenceIn(' (int): how many. And more.', { goesOn: false }), 'How many.');
	assert.equal(sentenceIn(' If `a` is 1.5 or so', { goesOn: true }), '`a` is 1.5 or so.');
	const known = { text: 'def f(rate):\n    run("--fast")\n', paths: ['src/rates.csv'] };
	for (const fine of [
		'The `rate` of it.',
		'Reads rates.csv, `src/rates.csv` and src.',
		'As with --fast, f() gives `None`.',
		"The user's rate.",
	])
		assert.equal(wrongWith(fine, { name: 'a', known }), undefined, fine);
	for (const stray of [
		'The `rates`.',
		'Reads other.csv.',
		'As with --slow.',
		'See g().',
		'See https://example.com/a.',
		"The parameter 'speed'.",
		'The max_rate.',
	])
		assert.match(wrongWith(stray, { name: 'a', known }) ?? '', /it speaks of/, stray);
	for (const empty of ['', 'The a.', 'The parameter.']) assert.equal(wrongWith(empty, { name: 'a', known }), 'it says nothing');
});
