import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Engine, TokenScore } from '../../src/engine/engine.js';
import { change } from '../../src/jobs/change.js';
import { targetsIn } from '../../src/jobs/targets.js';
import { model, run, setting } from './scene.js';

const before = 'def f(n):\n    return n\n';
const after = 'def f(n):\n    return n + 1\n';
const words = 'In num.py, f counts from one.';

/** Tokens of the old text; with the task, `+` and `x` are likelier behind `return n` than without, and `x` by less. */
const pieces = ['num.py\n', '```python\n', 'def f(n):\n', '    return', ' n', '\n'];
const scored = (told: boolean): TokenScore[] =>
	pieces.map((text, index) => {
		const instead = [
			{ text: ' + 1', logprob: index === 5 ? (told ? -3 : -9) : -8 },
			{ text: ' x', logprob: index === 4 ? (told ? -2 : -3) : -8 },
		];
		return { text, logprob: -0.1, instead };
	});

type Scores = (told: boolean) => TokenScore[] | undefined;
async function changing(texts: readonly string[], scores: Scores, text = before) {
	const begins: string[] = [];
	const inner = model({ texts });
	const engine: Engine = {
		...inner,
		score: async prompt => scores(prompt.messages.some(message => message.role === 'user' && message.text.includes('counts from one'))),
		reply(prompt, signal) {
			begins.push(prompt.begin ?? '');
			return inner.reply(prompt, signal);
		},
	};
	const { work, root } = await setting({ files: { 'num.py': text }, engine });
	const targets = await targetsIn(words, work.agent.workspace);
	const { ending } = await run(change({ task: { text: words, material: '' }, targets }, work, new AbortController().signal));
	return { text: readFileSync(join(root, 'num.py'), 'utf8'), begins, ending };
}

describe('a text that is only copied', () => {
	test('is left where the task pulls away from it most', async () => {
		const { text, begins } = await changing([before, after], scored);
		assert.equal(begins[1], 'num.py\n```python\ndef f(n):\n    return n + 1');
		assert.equal(text, after);
	});

	test('is left once; then the model tries on its own, in other words', async () => {
		const { text, begins } = await changing([before, after.replace('1', '1)'), after], scored);
		assert.deepEqual(begins.slice(2, 3), ['num.py\n```python\n']);
		assert.equal(text, after);
	});

	test('is not left where the engine cannot tell, nor where places are not known', async () => {
		const unknown: Scores[] = [() => undefined, told => (told ? scored(true) : undefined), () => [{ text: '?', logprob: -1, instead: [] }]];
		for (const scores of unknown) {
			const { text, begins } = await changing([before, after], scores);
			assert.equal(begins[1], 'num.py\n```python\n');
			assert.equal(text, after);
		}
	});

	test('is not read twice when it is long', async () => {
		const long = `${before}# ${'a'.repeat(2_500)}\n`;
		const { text } = await changing([long, long.replace('return n', 'return n + 1')], () => assert.fail('it was read'), long);
		assert.match(text, /n \+ 1/);
	});
});
