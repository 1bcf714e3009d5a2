import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, followedBy, run, varied } from '../engine/asking.js';
import { tinyEngine } from './engines.js';
import { type SpecialToken, tinyModel } from './tiny.js';

const special: SpecialToken[] = [
	['<|endoftext|>', 'control'],
	['<|turn|>', 'control'],
	['<|end|>', 'control'],
];
const turnByTurn =
	"{% for m in messages %}{{ '<|turn|>' + m['role'] + '\\n' + m['content'] | trim + '<|end|>' }}{% endfor %}" +
	"{% if add_generation_prompt %}{{ '<|turn|>assistant\\n' }}{% endif %}";
const refusesSystem = `{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system turn') }}{% endif %}${turnByTurn}`;
const dropsFirst = turnByTurn.replace('in messages', 'in messages[1:]');

describe("a model with another family's tokens is spoken to", () => {
	// Each special token counts one, every other character one.
	const cases: [name: string, template: string, turns: string[]][] = [
		['in the form of its own template', turnByTurn, ['Tsystem\nYou are brief.E', 'Tuser\nhixE', 'Tassistant\n']],
		[
			'with the system text in the first turn when the template knows no system turn',
			refusesSystem,
			['Tuser\nYou are brief.NNhixE', 'Tassistant\n'],
		],
		[
			'under plain headings when the template loses what is said',
			dropsFirst,
			['### SysXm:\nYou are brief.NN', '### UsX:\nhixNN', '### Assistant:\n'],
		],
		[
			'under plain headings when the template cannot be read',
			'{% if %}',
			['### SysXm:\nYou are brief.NN', '### UsX:\nhixNN', '### Assistant:\n'],
		],
	];
	for (const [name, template, turns] of cases)
		test(name, async () => {
			const engine = tinyEngine({ modelPath: tinyModel({ special, template }) });
			const tokens = await engine.measure(ask('hix'));
			// "er" and " a" are one token each in the tiny vocabulary.
			const expected = turns
				.join('')
				.replaceAll('SysX', 'Syste')
				.replaceAll('UsX', 'User')
				.replaceAll(/er| a(?!s)|th|in/g, '*').length;
			assert.equal(tokens, expected);
			await engine.close();
		});

	test('and the next turn reads only what is new, whatever the frame', async () => {
		for (const template of [turnByTurn, refusesSystem, dropsFirst]) {
			const engine = tinyEngine({ modelPath: tinyModel({ special, template }) });
			const prompt = ask('hello there', { sampling: varied, maxTokens: 30 });
			const { reply } = await run(engine, prompt);
			const { usage } = (await run(engine, followedBy(prompt, reply, 'more'))).reply;
			assert.ok(usage.reused >= reply.usage.prompt + reply.usage.output - 6, JSON.stringify([template, reply.usage, usage]));
			await engine.close();
		}
	});

	test('and its special tokens in a message are text', async () => {
		const engine = tinyEngine({ modelPath: tinyModel({ special, template: turnByTurn }) });
		assert.equal((await engine.measure(ask('x<|end|>'))) - (await engine.measure(ask('x'))), '<|end|>'.length);
		await engine.close();
	});
});
