import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckedClaim, Remark } from '../../src/types.js';
import { documents } from './suites/documents.js';
import { itemOf as explainItem } from './suites/explain.js';
import { lookedUp, mentionsIn } from './suites/facts.js';
import { marked, plant } from './suites/grounding.js';
import type { Bug } from './suites/humanevalfix.js';
import { broken, inLanguage, translatedIn, verdictOf } from './suites/intact.js';
import { plantedDefects, plantedHarmless } from './suites/review.js';
import type { Item, RepositoryItem } from './suites/suite.js';
import { itemOf as pageItem } from './suites/translate.js';

/** Enough for each kind of mistake; the functions are told apart by their number. */
const bug = (number: number): Bug => ({
	task_id: `Made/${number}`,
	entry_point: `summed_${number}`,
	prompt: `def summed_${number}(values, least):\n    """ Sums.\n    >>> summed_${number}([1, 5], 2)\n    ${5 + number}\n    """\n`,
	canonical_solution: `    result = ${number}\n    for value in values:\n        if value > least:\n            result += abs(value)\n    result = abs(result)\n    return result\n`,
	buggy_solution: `    result = ${number}\n    for value in values:\n        if value < least:\n            result += abs(value)\n    result = abs(result)\n    return result\n`,
	test: `\n\ndef check(f):\n    assert f([1, 5], 2) == ${5 + number}\n`,
});
const bugs = { python: Array.from({ length: 40 }, (_none, number) => bug(number)), script: [] };
const repository = (item: Item | undefined): RepositoryItem => {
	assert.ok(item?.kind === 'repository');
	return item;
};
const remark = (path: string, line: number, rule: string, certainty: Remark['certainty'] = 'verified'): Remark => ({
	path,
	line,
	rule,
	certainty,
	text: '',
});

test('a planted mistake is found where it is told of as verified, in its line and as what it is', async () => {
	const items = plantedDefects(bugs).map(repository);
	const item = items.find(({ id }) => id.startsWith('something is compared with itself'));
	assert.ok(item?.changed);
	const [[path = '', text = ''] = []] = Object.entries(item.changed);
	const line = text.split('\n').findIndex(one => one.includes('value > value')) + 1;
	const after = { ...item.files, ...item.changed };
	const judged = async (remarks: Remark[]) => item.judge(after, { text: '', remarks });
	assert.deepEqual(await judged([remark(path, line, 'same-on-both-sides')]), { right: true, broken: false, why: '' });
	assert.equal((await judged([remark(path, line, 'same-on-both-sides', 'opinion')])).right, false);
	assert.equal((await judged([remark(path, line, 'undefined-name')])).broken, true);
	const elsewhere = await judged([remark(path, line, 'same-on-both-sides'), remark(path, 1, 'unused')]);
	assert.deepEqual([elsewhere.right, elsewhere.broken], [true, true]);
	assert.match((await judged([])).why, /^not told of: /);
	assert.equal((await item.judge(after)).why, 'nothing was said');
	assert.equal((await item.judge({ ...after, [path]: '' }, { text: '', remarks: [] })).broken, true);
	// A plain answer names a place; that a test fails is true where one does.
	assert.equal((await item.judge(after, { text: `- ${path}:${line}: the same twice` })).right, true);
	assert.equal((await judged([remark(path, line, 'same-on-both-sides'), remark(path, line, 'test-fails')])).broken, false);
	assert.equal(await item.isSound!(), true);
});

test('mistakes of ten kinds, each where it can be and the same every time', () => {
	const ids = (items: readonly Item[]) => items.map(({ id }) => id);
	assert.deepEqual(ids(plantedDefects(bugs)), ids(plantedDefects(bugs)));
	const kinds = new Set(ids(plantedDefects(bugs)).map(id => id.replace(/ \d Made.*$/, '')));
	assert.equal(kinds.size, 10);
	for (const item of plantedDefects(bugs).map(repository))
		for (const [path, text] of Object.entries(item.changed!)) assert.notEqual(text, item.files[path], item.id);
});

test('of a change without a mistake nothing may be said to be verified', async () => {
	const [item] = plantedHarmless(bugs).map(repository);
	const after = { ...item!.files, ...item!.changed };
	assert.equal((await item!.judge(after, { text: '', remarks: [] })).right, true);
	assert.equal((await item!.judge(after, { text: '', remarks: [remark('app.py', 1, 'opinion', 'opinion')] })).right, true);
	const wrong = await item!.judge(after, { text: '', remarks: [remark('app.py', 1, 'unused')] });
	assert.deepEqual([wrong.right, wrong.broken], [false, true]);
	assert.equal((await item!.judge(after)).right, false);
});

const page = '# Title 1\n\nSee `a.b()` and [it](x.md), {name}.\n\n```sh\nrun me\n```\n\n- one\n- two\n';
const texts = '{\n  "a": "Hello {name}",\n  "b": ["x <b>y</b>", 3]\n}\n';
const po = 'msgid ""\nmsgstr ""\n"X: y\\n"\n\nmsgid "Open %s"\nmsgstr ""\n';
const rows: [what: string, path: string, before: string, from: string, to: string, why: RegExp | undefined][] = [
	['words', 'a.md', page, 'See', 'Siehe', undefined],
	['order', 'a.md', page, '`a.b()` and [it](x.md)', '[es](x.md) und `a.b()`', undefined],
	['code', 'a.md', page, 'a.b()', 'a.c()', /block 2/],
	['a block of code', 'a.md', page, 'run me', 'lauf', /not the same/],
	['a link', 'a.md', page, 'x.md', 'y.md', /block 2/],
	['a placeholder', 'a.md', page, '{name}', '{Name}', /block 2/],
	['a number', 'a.md', page, 'Title 1', 'Titel', /block 1/],
	['a heading', 'a.md', page, '# ', '## ', /not the same/],
	['an item', 'a.md', page, '- two\n', '', /not the same/],
	['a value', 'a.json', texts, 'Hello', 'Hallo', undefined],
	['a key', 'a.json', texts, '"a"', '"c"', /not the same/],
	['a tag', 'a.json', texts, '</b>', '<b>', /\.b\[0\]/],
	['a pair of tags', 'a.json', texts, '<b>y</b>', '</b>y<b>', /closed before/],
	['a bracket', 'a.json', texts, ']', '', /cannot be read/],
	['a msgstr', 'a.po', po, '"Open %s"\nmsgstr ""', '"Open %s"\nmsgstr "%s öffnen"', undefined],
	['a format', 'a.po', po, '"Open %s"\nmsgstr ""', '"Open %s"\nmsgstr "Öffnen"', /Open %s/],
	['a msgid', 'a.po', po, 'Open %s', 'Öffne %s', /not the same/],
	['a property', 'a.properties', '# c\na.b = x {0}\n', 'x', 'y', undefined],
	['the key of a property', 'a.properties', '# c\na.b = x {0}\n', 'a.b', 'a.c', /not the same/],
	['a comment', 'a.properties', '# c\na.b = x {0}\n', '# c', '# d', /not the same/],
];
for (const [what, path, before, from, to, why] of rows)
	test(`a translation with ${why === undefined ? 'other' : 'a broken'}: ${what} (${path})`, () => {
		assert.ok(before.includes(from));
		const said = broken(path, before, before.replace(from, to));
		if (why === undefined) assert.equal(said, undefined);
		else assert.match(said ?? '', why);
	});

test('a translation is right when half of its texts are in the language', () => {
	const before = '{"a": "It is the first of them", "b": "It is the last of them"}';
	const now = (a: string, b: string) => JSON.stringify({ a, b });
	const judge = (tag: string, after: string | undefined) => verdictOf(tag, { path: 'x.json', before }, after);
	assert.deepEqual(translatedIn('x.json', before, now('Es ist das erste', 'It is the last of them')), {
		said: ['Es ist das erste'],
		all: 2,
	});
	assert.equal(judge('de', now('Es ist das erste', 'It is the last of them')).right, true);
	assert.equal(judge('de', before).right, false);
	assert.equal(judge('ru', now('Es ist das erste', 'Das ist die')).right, false);
	assert.equal(judge('de', undefined).why, 'nothing was written');
	assert.equal(judge('de', '{').broken, true);
	assert.deepEqual(judge('ja', now('最初です', 'Es ist')).shares, { translated: [2, 2], 'in the language': [1, 2] });
	assert.deepEqual(
		inLanguage('fr', ['Le chat est dans la maison', 'It is the cat', 'El gato está con los otros', 'Der Hund ist nicht da']),
		['Le chat est dans la maison'],
	);
});

test('a page is translated beside itself, a gettext file in its place', async () => {
	const md = repository(pageItem({ name: 'x', path: 'README.md', text: '# The shop\n\nIt is open for all of you\n' }, 'de'));
	assert.equal(md.task, '/translate de README.md');
	const german = '# Der Laden\n\nEr ist für alle von euch offen und nicht zu\n';
	assert.equal((await md.judge({ ...md.files, 'README.de.md': german })).right, true);
	assert.deepEqual(md.plain!.place('', `\`\`\`md\n${german}\`\`\``), { 'README.de.md': german });
	assert.equal((await md.judge({ 'README.md': german, 'README.de.md': german })).broken, true);
	const table = repository(pageItem({ name: 'x', path: 'texts.po', text: po }, 'de'));
	assert.equal((await table.judge(table.files)).why, 'nothing was written');
	assert.equal((await table.judge({ 'texts.po': po.replace('%s"\nmsgstr ""', '%s"\nmsgstr "%s und die auf"') })).right, true);
});

const project = {
	'lib/sums.py': 'def add_all(values):\n    return sum(values)\n',
	'app.py': 'import argparse\nparser.add_argument("--dry-run")\n',
	'requirements.txt': 'rich==13.7.1\n',
	Makefile: 'check:\n\tpython3 app.py\n',
};
const facts = (text: string, question = '') => mentionsIn(text, question, project).map(one => `${one.kind} ${one.text} ${one.holds}`);

test('what an answer states is looked up by plain rules', () => {
	assert.deepEqual(facts('`add_all()` is in `lib/sums.py:2`, see sums.py and `lib/sums.py:3`.'), [
		'name add_all() true',
		'line lib/sums.py:2 true',
		'line lib/sums.py:3 false',
	]);
	assert.deepEqual(facts('`load_all` takes `--dry-run` and `--dry`; run `make check` or `make tests`.'), [
		'name load_all false',
		'flag --dry-run true',
		'flag --dry false',
		'command make check true',
		'command make tests false',
	]);
	assert.deepEqual(facts('It uses rich 13.7.1. It uses rich==12.0.0.'), ['version rich 13.7.1 true', 'version rich==12.0.0 false']);
	assert.deepEqual(facts('`len()` and `parse_args()` and `readFileSync`'), []);
	assert.deepEqual(facts('You could create `lib/other.py`. There is no `load_all`.'), []);
	assert.deepEqual(facts('`load_all` is it.', 'What is load_all?'), []);
	assert.deepEqual(facts('Use `load_all`:\n```py\ndef load_all(): ...\n```\n'), []);
	assert.equal(lookedUp('plain', project), undefined);
});

test('marks are counted against what is so: missed, wronged, and what only the program can know', () => {
	const text = '`add_all()` is in `lib/sums.py`; `load_all()` is in `lib/loads.py`.';
	const claim = (said: string, ok: boolean, truth = ''): CheckedClaim => ({ kind: 'symbol', text: said, ok, ...(ok ? {} : { truth }) });
	const counts = (...claims: CheckedClaim[]) => marked({ text, claims }, '', project);
	const none = { missed: [], falsehoods: 2, wronged: [], truths: 2, unknown: [] };
	assert.deepEqual(counts(claim('load_all()', false), claim('lib/loads.py', false)), none);
	assert.deepEqual(counts(claim('load_all()', false), claim('lib/loads.py', true)).missed, ['lib/loads.py']);
	const wronged = [claim('load_all()', false), claim('lib/loads.py', false), claim('add_all()', false, 'there is no such name here')];
	assert.deepEqual(counts(...wronged).wronged, ['add_all()']);
	const placed = [...wronged.slice(0, 2), claim('add_all()', false, '`add_all` is in b.py:1')];
	const hedged = marked({ text: 'Perhaps like `setup.py`.', claims: [{ ...claim('setup.py', false, 'no'), kind: 'path' }] }, '', project);
	assert.deepEqual(hedged, { ...none, falsehoods: 0, truths: 0, unknown: ['setup.py: no'] });
	assert.deepEqual(counts(...placed), { ...none, unknown: ['add_all(): `add_all` is in b.py:1'] });
});

test('falsehoods are planted in the place of what is true', () => {
	const text = 'See `lib/sums.py:2` and `add_all()`.\n```py\nadd_all()\n```\n';
	assert.equal(plant({ text: text.replace(/```[\s\S]*/, '') }, '', project), 'See `lib/sums.py:299` and `add_all_item()`.\n');
	assert.equal(plant({ text: 'Nothing is named.' }, '', project), undefined);
});

test('documents are made of what there is, each once', t => {
	if (!process.env.QWILL_EVALS) return t.skip('QWILL_EVALS names no items');
	const all = documents(process.env.QWILL_EVALS);
	assert.equal(all.length, 20);
	assert.equal(new Set(all.map(({ text }) => text)).size, 20);
	for (const { path, text } of all) assert.equal(broken(path, text, text), undefined);
});

test('an explanation is right with the place, every call and words, and without what is not so', async () => {
	const files = {
		'lib/half.py': 'import math\n\n\ndef half(n):\n    """Half.\n\n    >>> half(4)\n    """\n    return math.floor(n / 2)\n',
		'app.py': 'from lib.half import half\n\n\ndef main():\n    print(half(8))\n',
		'tests/test_half.py': 'from lib.half import half\n\nassert half(4) == 2\n',
	};
	const item = explainItem({ name: 'half', path: 'lib/half.py', language: 'python' }, files);
	const place = '`half` is a function in `lib/half.py`, lines 4 to 9.';
	const calls = 'It is called in `app.py:5` (`main`), `tests/test_half.py:3`.';
	const words = 'It takes a number and gives the whole part of its half.';
	const judge = async (text: string) => (await item.judge(files, { text })).why;
	assert.equal(await judge(`${place} ${calls}\n\n${words}`), '');
	assert.match(await judge(`${place.replace('9', '8')} ${calls}\n\n${words}`), /it is in lib\/half\.py, lines 4 to 9/);
	assert.match(await judge(`${place} It is called in \`app.py:5\`.\n\n${words}`), /not told: called in tests\/test_half\.py:3/);
	assert.match(await judge(`${place} ${calls} See \`app.py:9\`.\n\n${words}`), /not called in app\.py:9/);
	assert.match(await judge(`${place} ${calls}\n\n${words} It uses \`round_down\`.`), /not there: round_down/);
	assert.match(await judge(`${place} ${calls}\n\nHalves.`), /nothing is explained/);
	assert.match(await judge(''), /nothing is explained/);
});
