import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import type { Lane } from '../../../src/engine/local/lane.js';
import { writeTogether } from '../../../src/engine/local/together.js';
import { greedy } from '../../../src/engine/sampling.js';

const end = 0 as Token;

/** A lane that writes nothing but the end, and says what was done with it. */
function laneThatEnds(done: string[], save: () => Promise<{ fileSize: number }>): Lane {
	const model = { isEogToken: (id: Token) => id === end, detokenize: () => '' };
	const sequence = {
		model,
		contextSize: 100,
		nextTokenIndex: 1,
		saveStateToFile: save,
		loadStateFromFile: async () => void done.push('loaded'),
		controlledEvaluate: async () => {
			done.push('step');
			return [{ next: { token: end } }];
		},
	};
	const renew = async () => void done.push('renewed');
	return { sequence: sequence as unknown as LlamaContextSequence, batchSize: 8, read: async () => 0, renew };
}

const order = { ids: [7 as Token], begin: '', stops: [], maxTokens: 5, sampling: greedy, pace: { took() {} }, ends: () => false };
const write = (lanes: readonly Lane[]) =>
	writeTogether(lanes, { ...order, also: [{ ...greedy, seed: 2 }] }, () => {}, new AbortController().signal);

test('two texts are written from what one lane has read', async () => {
	const done: string[] = [];
	const lanes = [1, 2].map(() => laneThatEnds(done, async () => ({ fileSize: 1 })));
	const { own, others } = await write(lanes);
	assert.equal(own.stop, 'end');
	assert.deepEqual(others, [{ sampling: { ...greedy, seed: 2 }, stop: 'end', text: '', output: 0 }]);
	assert.deepEqual(done, ['renewed', 'loaded', 'step', 'step']);
});

test('where what was read cannot be copied, as on a full disk, the text that was asked for is written all the same', async () => {
	const done: string[] = [];
	const full = async () => {
		throw new Error('no space left on device');
	};
	const { own, others } = await write([1, 2].map(() => laneThatEnds(done, full)));
	assert.equal(own.stop, 'end');
	assert.deepEqual(others, []);
	assert.deepEqual(done, ['step']);
});
