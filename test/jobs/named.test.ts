import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { commands } from '../../src/chat/commands/commands.js';
import { namedIn, namedJobs, spelledOut } from '../../src/jobs/named.js';
import { onePlace, spotOf } from '../../src/jobs/place.js';
import { approach } from '../../src/jobs/route.js';
import { Refusal } from '../../src/types.js';
import { verbs } from '../../src/verb-list.js';
import { model, run, setting } from './scene.js';

const money =
	'def parse(text):\n    return int(text)\n\n\nclass Box:\n    def total(self, prices):\n        return sum(parse(p) for p in prices)\n';
const files = { 'money.py': money, 'app.py': 'from money import Box\n\n\ndef main():\n    print(Box().total(["1"]))\n' };

describe('a job that has a name', () => {
	test('is a verb and a slash command of that name, with code behind it', async () => {
		for (const job of namedJobs) {
			assert.ok(verbs.some(({ name }) => name === job.name));
			assert.equal(commands.find(({ name }) => name === job.name)?.purpose, job.purpose);
			assert.equal(typeof (await job.load()), 'function');
		}
	});

	test('is found in what its verb is spelled as, with the same words', () => {
		for (const args of [[], ['a.py'], ['a b.py:12', 'it is "so"'], ['']])
			assert.deepEqual(namedIn(spelledOut('explain', args)), { job: namedJobs[0], args });
		for (const other of ['explain a.py', '/explained a.py', '/', '/usr/bin/explain', 'what does /explain do?'])
			assert.equal(namedIn(other), undefined);
	});

	test('a place is a file, lines of it, or what it defines; anything else is told what there is', async () => {
		const { workspace } = (await setting({ files })).work.agent;
		const spot = async (word: string) => {
			const { from, to, definition } = await spotOf(word, workspace);
			return [from, to, definition?.name];
		};
		assert.deepEqual(await spot('money.py'), [1, 7, undefined]);
		assert.deepEqual(await spot('@money.py:7'), [6, 7, 'total']);
		assert.deepEqual(await spot('money.py:3'), [3, 3, undefined]);
		assert.deepEqual(await spot('money.py:1-4'), [1, 4, undefined]);
		assert.deepEqual(await spot('money.py:Box.total'), [6, 7, 'total']);
		for (const [word, says] of [
			['money.py:9', /has 7 lines/],
			['money.py:0', /1 to 7/],
			['money.py:5-2', /1 to 7/],
			['money.py:totl', /defines no totl; did you mean (?:Box\.)?total\?/],
			['app.py:zzzzzzzz', /it has main\./],
			['none.py', /none\.py/],
		] as const)
			await assert.rejects(spot(word), (error: Refusal) => error instanceof Refusal && says.test(error.message));
	});
});

test('one place is taken, and where there is none, or more, the forms of it are told', () => {
	const forms = ['FILE', 'FILE:NAME'];
	assert.equal(onePlace(['a.py:f'], { job: 'tests', forms }), 'a.py:f');
	for (const words of [[], ['a.py', 'b.py']])
		assert.throws(
			() => onePlace(words, { job: 'tests', forms }),
			(error: Refusal) => error.exitCode === 42 && error.message === 'tests takes one place: /tests FILE or FILE:NAME',
		);
});

describe('explain', () => {
	const explained = async (words: string, said = 'It adds.') => {
		const inner = model({ texts: [said] });
		const { work } = await setting({ files, engine: inner });
		return run(approach({ text: words, material: '' }, work, new AbortController().signal));
	};

	test('begins with what the program knows, and the model goes on', async () => {
		const { ending, events } = await explained('/explain money.py:total');
		assert.deepEqual(ending, { reason: 'answered' });
		const told = events.flatMap(event => (event.type === 'told' ? [event.text] : [])).join('');
		const facts =
			'`total` is a method of `Box` in `money.py`, lines 6 to 7. It calls `parse` (line 1). It is called in `app.py:5` (`main`).';
		assert.ok(told.includes(facts), told);
		assert.match(told, /Explain briefly what total does\.$/m);
		const reply = events.flatMap(event => (event.type === 'replied' ? [event.message.raw] : [])).join('');
		assert.ok(reply.startsWith(facts), reply);
	});

	test('of a file says what it defines', async () => {
		const { events } = await explained('/explain money.py');
		const told = events.flatMap(event => (event.type === 'told' ? [event.text] : [])).join('');
		assert.match(told, /`money\.py`, lines 1 to 7\. It defines `parse` \(line 1\), `Box` \(line 5\)\./);
	});

	test('is refused for more or less than one place', async () => {
		for (const words of ['/explain', '/explain a.py b.py'])
			await assert.rejects(explained(words), (error: Refusal) => error.exitCode === 42 && /one place/.test(error.message));
	});
});
