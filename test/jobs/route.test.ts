import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { approach, kindOf } from '../../src/jobs/route.js';
import { model, run, setting, textOf } from './scene.js';

const table: [text: string, namesFiles: boolean, kind: string][] = [
	['The test fails. Fix it.', false, 'fix'],
	['fix the failing test', false, 'fix'],
	['Make the tests pass', false, 'fix'],
	['There is a bug in sum.js, fix it please', true, 'fix'],
	['npm test is red', false, 'fix'],
	['the suite is broken', false, 'fix'],
	['add a docstring to util.py', true, 'change'],
	['Rename parse to read in src/a.ts', true, 'change'],
	['Create hello.py that prints hello', true, 'change'],
	['Write a Python function is_prime(n). Only code.', false, 'talk'],
	['What does sum.js do?', true, 'talk'],
	['How do I fix the failing tests?', false, 'talk'],
	['Why does the test fail? Fix it.', false, 'fix'],
	['Explain @src/a.ts', true, 'talk'],
	['run the tests', false, 'test'],
	['Please run all my tests again.', false, 'test'],
	['run the tests and fix what fails', false, 'fix'],
	['run the tests in Docker', false, 'talk'],
	['@num.py skip what is negative', true, 'change'],
	['Is @num.py right?', true, 'talk'],
	['Review @num.py', true, 'talk'],
	['In one sentence: what is @notes.md about?', true, 'talk'],
	['In short, explain @notes.md.', true, 'talk'],
	['Implement num.py as README.md says, so that the tests pass.', true, 'change'],
	['hello', false, 'talk'],
	['你好，请解释一下', false, 'talk'],
	['Danke!', false, 'talk'],
	['I like trains', false, 'talk'],
	['Die Tests schlagen fehl', false, 'unsure'],
	['Der Build ist rot', false, 'unsure'],
	['parse crashes on an empty string', false, 'unsure'],
	['修复失败的测试', false, 'unsure'],
	['Benenne parse in src/a.ts in read um', true, 'unsure'],
	['sum.js is off by one', true, 'unsure'],
];
for (const [text, namesFiles, kind] of table) test(`"${text}" asks for ${kind}`, () => assert.equal(kindOf(text, namesFiles), kind));

/** Works on `text` with a model that finds these words as probable as this. */
async function routed(text: string, chances: { explain: number; repair: number; write: number }) {
	const score = async (_prompt: unknown, word: string) => [
		{ text: word, logprob: Math.log(chances[word as keyof typeof chances]), instead: [] },
	];
	const engine = { ...model(), score };
	const { work, asked } = await setting({ fixture: 'broken-sum', engine });
	const { events } = await run(approach({ text, material: '' }, work, new AbortController().signal));
	return {
		fixed: asked.some(({ call }) => call.tool === 'run_tests'),
		notes: events.flatMap(event => (event.type === 'note' ? [event.text] : [])),
		said: textOf(events),
	};
}

test('what the program is unsure of is done when the model is sure', async () => {
	assert.match((await routed('Die Tests schlagen fehl', { explain: 0.02, repair: 0.4, write: 0.03 })).said, /^Fixed/);
});

test('where the model is unsure too, it answers, and the job is offered', async () => {
	const { fixed, notes } = await routed('Die Tests schlagen fehl', { explain: 0.2, repair: 0.3, write: 0.1 });
	assert.ok(!fixed);
	assert.match(notes.join(), /\/fix/);
});

test('a question is answered, and nothing is offered', async () => {
	assert.deepEqual((await routed('Was tun die Tests', { explain: 0.9, repair: 0.05, write: 0.01 })).notes, []);
});

test('where no file is named, it is said how one is', async () => {
	assert.match((await routed('Die Tests bitte schöner', { explain: 0.05, repair: 0.01, write: 0.9 })).notes.join(), /name it with @/);
});

test('a file that is named is mended without tests too', async () => {
	const half = 'def half(n):\n    return n * 2\n';
	const files = { 'num.py': half };
	const { work, root } = await setting({ files, engine: model({ texts: [half.replace('* 2', '/ 2')] }) });
	const { ending } = await run(approach({ text: 'Fix it in num.py: half doubles.', material: '' }, work, new AbortController().signal));
	assert.deepEqual(ending, { reason: 'answered' });
	assert.match(readFileSync(join(root, 'num.py'), 'utf8'), /n \/ 2/);
});
