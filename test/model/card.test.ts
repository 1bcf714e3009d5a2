import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as library from 'node-llama-cpp';
import { bringIn, type Library } from '../../src/engine/local/weights.js';
import { tinyModel } from './tiny.js';

// No test machine is sure to have a graphics card: the library's processor part plays one.

const opening = {
	modelPath: tinyModel(),
	contextSize: 1024,
	threads: 1,
	batchSize: 128,
	useMmap: true,
	kvType: 'f16',
	gpu: 'auto',
	speculate: true,
} as const;

/** A library on a machine with a card. `refuses` is what the card says to a model. */
function withCard(asked: { gpuLayers: unknown }[], refuses?: string): Library {
	return {
		LlamaLogLevel: library.LlamaLogLevel,
		async getLlama(options) {
			const llama = await library.getLlama({ ...(options as object), gpu: false });
			if ((options as { gpu: unknown }).gpu === false) return llama;
			return new Proxy(llama, {
				get(target, name) {
					if (name === 'gpu') return 'cuda';
					if (name === 'getGpuDeviceNames') return async () => ['Test Card 9000'];
					if (name === 'loadModel')
						return async (wanted: Parameters<typeof target.loadModel>[0]) => {
							asked.push({ gpuLayers: wanted.gpuLayers });
							if (refuses) throw new Error(refuses);
							return target.loadModel({ ...wanted, gpuLayers: 0 });
						};
					const value: unknown = Reflect.get(target, name, target);
					return typeof value === 'function' ? value.bind(target) : value;
				},
			});
		},
	} as Library;
}

test('with a card: the layers go there as far as the context leaves room, in larger batches', async () => {
	const asked: { gpuLayers: unknown }[] = [];
	const weights = await bringIn(opening, () => {}, withCard(asked));
	assert.deepEqual(asked[0]?.gpuLayers, { fitContext: { contextSize: 1024 } });
	assert.equal(weights.device, 'Test Card 9000');
	assert.equal(weights.context.batchSize, 512);
	assert.equal(weights.note, undefined);
});

test('a card that cannot take the model: the processor does, and one sentence says why', async () => {
	const asked: { gpuLayers: unknown }[] = [];
	const weights = await bringIn(opening, () => {}, withCard(asked, 'out of device memory'));
	assert.equal(asked.length, 1);
	assert.equal(weights.device, 'CPU');
	assert.equal(weights.note, 'The graphics card could not take the model (out of device memory); it runs on the processor.');
});

test('without a card nothing is said', async () => {
	const weights = await bringIn({ ...opening, gpu: false }, () => {});
	assert.deepEqual([weights.device, weights.note], ['CPU', undefined]);
});

test('memory that was taken since the plan was made: the context is shorter, and one sentence says so', async t => {
	const modelPath = tinyModel({ context: 2 ** 20 });
	const wanted = { ...opening, modelPath, contextSize: 200_000, gpu: false } as const;
	// What is free besides the weights: room for about three quarters of the keys and values (256 bytes a token and layer).
	const keysAndValues = 200_000 * 2 * 256;
	t.mock.method(process, 'availableMemory', () => 256 * 2 ** 20 + keysAndValues * 0.75 + 20e6);
	const weights = await bringIn(wanted, () => {});
	const { contextSize } = weights.context;
	assert.ok(contextSize >= 100_000 && contextSize < 200_000, String(contextSize));
	assert.match(weights.note ?? '', /^Less memory is free .* has [\d,]+ tokens instead of 200,000\.$/);
	t.mock.method(process, 'availableMemory', () => 256 * 2 ** 20 + keysAndValues * 0.25);
	await assert.rejects(
		bringIn(wanted, () => {}),
		/does not fit into memory; .* Close other programs, or choose a smaller model\.$/,
	);
});
