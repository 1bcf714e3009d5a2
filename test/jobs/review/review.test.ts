import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { Engine } from '../../../src/engine/engine.js';
import { review } from '../../../src/jobs/review/review.js';
import { type AgentEvent, Refusal, type Remark } from '../../../src/types.js';
import { openWorkspace } from '../../../src/workspace/open.js';
import { shell } from '../../workspace/world.js';
import { model, run, setting, suite, textOf } from '../scene.js';
import { type Case, harmless, planted, type Texts } from './planted.js';

function write(root: string, texts: Texts): void {
	for (const [path, text] of Object.entries(texts)) {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		if (text === null) rmSync(join(root, path));
		else writeFileSync(join(root, path), text);
	}
}

/** A repository with these files committed and then changed, and a job that may look at it. */
async function changed({ old, now }: Pick<Case, 'old' | 'now'>, engine: Engine = model()) {
	const { root, work } = await setting({ engine });
	write(root, old);
	shell(root, 'git init -q -b main . && git add -A && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m first');
	write(root, now);
	const reviewed = async (...args: string[]) => {
		const { events, ending } = await run(review(args, work, new AbortController().signal));
		return { events, ending, remarks: remarksOf(events), said: textOf(events) };
	};
	return { root, work, reviewed };
}

const remarksOf = (events: readonly AgentEvent[]): Remark[] => events.flatMap(event => (event.type === 'remark' ? [event] : []));
const shown = (remarks: readonly Remark[]) =>
	remarks.map(({ path, line, rule, certainty, text }) => `${path}:${line} ${certainty} ${rule}: ${text}`);

/** The cases of both tables, each in a folder of one repository: to make one for each takes longer than to review it. */
async function table() {
	const { root, work } = await setting({});
	const all = [...planted, ...harmless];
	for (const [index, { old }] of all.entries()) write(join(root, `case${index}`), { 'a.keep': '', ...old });
	shell(root, 'git init -q -b main . && git add -A && git -c user.name=a -c user.email=a@b commit -q -m first');
	return async (one: Case) => {
		const folder = join(root, `case${all.indexOf(one)}`);
		write(folder, one.now);
		const workspace = await openWorkspace({ root: folder, state: join(folder, '..', '..', 'state'), conversation: 'c' });
		const { events, ending } = await run(
			review([], { ...work, messages: [], agent: { ...work.agent, workspace } }, new AbortController().signal),
		);
		return { ending, remarks: remarksOf(events), said: textOf(events) };
	};
}

describe('the tables', () => {
	let reviewed: Awaited<ReturnType<typeof table>>;
	before(async () => {
		reviewed = await table();
	});

	for (const one of planted)
		test(`a defect: ${one.name}`, async () => {
			const { remarks, ending } = await reviewed(one);
			const [place, rule, says] = one.says!;
			const [remark, ...more] = remarks;
			assert.deepEqual([`${remark?.path}:${remark?.line}`, remark?.rule, more], [place, rule, []], shown(remarks).join('\n'));
			assert.match(remark!.text, says);
			assert.equal(remark!.certainty, 'verified');
			assert.deepEqual(ending, { reason: 'remarked', verified: 1 });
		});

	for (const one of harmless)
		test(`no defect: ${one.name}`, async () => {
			const { remarks, ending, said } = await reviewed(one);
			assert.deepEqual(shown(remarks), []);
			assert.deepEqual(ending, { reason: 'answered' });
			assert.match(said, /checked.*: no verified remarks, no opinions/);
		});
});

describe('what is reviewed', () => {
	const old = { 'a.py': 'x = 1\n' };
	const twice = { 'a.py': 'x = 1\nC = {"a": 1, "a": 2}\n' };

	test('the work tree: staged, not staged and new files, and nothing of what is ignored', async () => {
		const { root, reviewed } = await changed({ old: { ...old, 'b.py': 'y = 1\n', '.gitignore': 'out/\n' }, now: twice });
		shell(root, 'git add a.py');
		write(root, { 'b.py': 'y = zz\n', 'new file.py': 'def f(:\n', 'out/c.py': 'def f(:\n' });
		const { remarks } = await reviewed();
		assert.deepEqual(remarks.map(({ path, rule }) => [path, rule]).sort(), [
			['a.py', 'key-twice'],
			['b.py', 'undefined-name'],
			['new file.py', 'does-not-parse'],
		]);
	});

	test('the work tree against a commit, and one commit against another whatever is on disk', async () => {
		const { root, reviewed } = await changed({ old: { ...old, 'app.py': 'from a import C\n\nprint(C)\n' }, now: twice });
		shell(root, 'git tag v1 && git add -A && git -c user.name=a -c user.email=a@b commit -q -m second && git tag v2');
		const clean = await reviewed();
		assert.equal(clean.said, 'Nothing to review: the work tree is as it was committed last.');
		assert.deepEqual(clean.ending, { reason: 'answered' });
		assert.match((await reviewed('v2')).said, /nothing differs with v2/);
		assert.deepEqual(
			(await reviewed('v1')).remarks.map(({ rule }) => rule),
			['key-twice'],
		);
		write(root, { 'a.py': 'other = 1\n', 'app.py': null });
		assert.deepEqual(
			(await reviewed('v1..v2')).remarks.map(({ rule, line }) => [rule, line]),
			[['key-twice', 2]],
		);
		assert.deepEqual(
			(await reviewed('v2..v1')).remarks.map(({ rule, text }) => [rule, text]),
			[['removed-but-used', '`C` is gone and still used in app.py:1']],
		);
	});

	test('is refused for what is no change', async () => {
		const { reviewed } = await changed({ old, now: twice });
		for (const words of [
			['a', 'b'],
			['..'],
			['v1..'],
			['..v1'],
			['v1...v2'],
			['a..b..c'],
			['nowhere'],
			['--output=x'],
			['HEAD:a.py'],
			['$(id)'],
		])
			await assert.rejects(reviewed(...words), (error: Refusal) => error instanceof Refusal, words.join(' '));
	});

	test('links, binary files, secrets and hostile names are neither followed nor drawn as they are', async () => {
		const { root, reviewed } = await changed({ old, now: { 'pic.py': 'a\0b', '.env': `KEY="${'ghp_'}${'a1B2'.repeat(9)}"\n` } });
		const name = 'evil\u001b[31m\n\u202ename.py';
		write(root, { [name]: 'def f(:\n', '-o.py': 'def f(:\n', HEAD: 'x\n' });
		symlinkSync('/etc/passwd', join(root, 'link.py'));
		const { remarks, said, events } = await reviewed();
		assert.deepEqual(remarks.map(({ path }) => path).sort(), ['-o.py', name]);
		assert.match(said, /3 files could not be read as text/);
		const last = events.flatMap(event => (event.type === 'replied' ? [event.message.text] : [])).join('');
		assert.doesNotMatch(last, /\u001b|\u202e/);
		assert.match(last, /^evil<U\+001B>\[31m<U\+000A><U\+202E>name\.py:1 {2}verified {2}/m);
	});
});

describe('tests of the project', () => {
	const files = {
		'money.py': 'def total(prices):\n    return sum(prices)\n',
		...suite('money', '    def test_one(self):\n        self.assertEqual(total([1, 2]), 3)\n'),
	};

	test('those that passed before the change and fail with it', async context => {
		const { reviewed, root, work } = await changed({ old: files, now: { 'money.py': 'def total(prices):\n    return sum(prices) + 1\n' } });
		if (!work.agent.workspace.processes.boxed.on) return context.skip('no box works here');
		const { remarks, said } = await reviewed();
		assert.deepEqual(
			remarks.map(({ path, line, rule }) => [path, line, rule]),
			[['money.py', 2, 'test-fails']],
		);
		assert.match(remarks[0]!.text, /test_one.* passed before and fails now: /);
		assert.match(said, /with the tests before and after it: 1 verified remark/);
		assert.equal(shell(root, 'git status --porcelain'), ' M money.py\n');
	});

	test('those that failed before are not told, nor is a new one', async context => {
		const broken = { ...files, 'money.py': 'def total(prices):\n    return 0\n' };
		const more = suite(
			'money',
			'    def test_one(self):\n        self.assertEqual(total([1, 2]), 3)\n\n    def test_more(self):\n        self.assertEqual(total([1]), 1)\n',
		);
		const { reviewed, work } = await changed({ old: broken, now: { ...more, 'money.py': 'def total(prices):\n    return 2 - 2\n' } });
		if (!work.agent.workspace.processes.boxed.on) return context.skip('no box works here');
		const { remarks, said } = await reviewed();
		assert.deepEqual(remarks, []);
		assert.match(said, /with the tests/);
	});
});

describe('an opinion', () => {
	const change = { old: { 'a.py': 'x = 1\n' }, now: { 'a.py': 'x = 1\ny = x * 2\nz = y - 1\n' } };
	const thought = async (text: string) => (await (await changed(change, model({ texts: [`Line${text}`] }))).reviewed()).remarks;

	test('of the model is marked as one, and bound to a line of the change', async () => {
		assert.deepEqual(await thought(' 2: `y` should be `x` times 2'), [
			{ type: 'remark', path: 'a.py', line: 2, rule: 'opinion', certainty: 'opinion', text: '`y` should be `x` times 2' },
		]);
	});

	test('about another line, or about what is not there, or none at all, is dropped', async () => {
		for (const text of [
			' 1: x is a bad name',
			' 9: there is more',
			' 2: `total` is never called',
			' 3: it must be 17',
			' of code is fine',
			' 2: ok',
		])
			assert.deepEqual(await thought(text), [], text);
	});
});
