import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greedy, samplingFor } from '../../src/engine/sampling.js';

test('the first family that a name belongs to decides', () => {
	assert.equal(samplingFor('Qwen2.5-Coder-0.5B-Instruct', 1).repeatPenalty, 1.05);
	assert.equal(samplingFor('qwen3-coder-next', 1).temperature, 1);
	assert.equal(samplingFor('Qwen3.5-4B', 1).topP, 0.95);
	assert.equal(samplingFor('Mistral-7B', 1).temperature, 0.3);
	assert.equal(samplingFor('never-heard-of', 1).topK, 40);
});

test('the seed is the one that was asked for, and greedy draws nothing', () => {
	assert.equal(samplingFor('qwen', 42).seed, 42);
	assert.equal(greedy.temperature, 0);
});
