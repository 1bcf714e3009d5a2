import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { whyText } from '../../../src/chat/commands/why.js';
import type { TokenScore } from '../../../src/engine/engine.js';
import { carryOut } from './host.js';

const score = (text: string, share: number, ...instead: [text: string, share: number][]): TokenScore => ({
	text,
	logprob: Math.log(share),
	instead: instead.map(([other, part]) => ({ text: other, logprob: Math.log(part) })),
});

describe('/why', () => {
	it('shows where the model hesitated, and what else was likely', () =>
		assert.equal(
			whyText([score('It', 0.9), score(' is', 0.99), score(' 4', 0.3, [' 5', 0.4], ['\n', 0.001]), score('.', 1)], []),
			['75 % of 4 tokens were sure (60 % or more). The model hesitated here:', ' 30 %  …It is[ 4]  else [ 5] 40 %, [⏎] <1 %'].join('\n'),
		));

	it('names the least sure ones only, and says how many there are besides', () => {
		const text = whyText(
			Array.from({ length: 20 }, (_, i) => score(` w${i}`, (i + 1) / 100)),
			[],
		);
		assert.match(text, /\[ w0\]/);
		assert.doesNotMatch(text, /\[ w12\]/);
		assert.match(text, /and 8 more$/);
	});

	it('says what the model had read', () =>
		assert.match(
			whyText(
				[score('4', 1)],
				[
					{ type: 'asked', text: 'What?', material: 'src/a.js\n```javascript\nx\n```' },
					{ type: 'call', call: { id: '1', tool: 'read_file', args: {} }, title: 'Read b.js' },
				],
			),
			/It had read: src\/a\.js, Read b\.js$/,
		));

	it('says so when there is no reply to look at', async () => {
		const { events } = await carryOut('why', '', { conversation: { scores: async () => undefined } });
		assert.match(JSON.stringify(events), /no reply of this model here/);
	});
});
