import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catalogue, entryOf } from '../../src/models/catalogue.js';
import { planFor } from '../../src/models/plan.js';
import { recommend } from '../../src/models/recommend.js';
import { weightsOfEntry } from '../../src/models/weights.js';
import { twoCores } from './place.js';

const weights = (id: string) => weightsOfEntry(entryOf(id) ?? assert.fail(id));
const near = (value: number, low: number, high: number) =>
	assert.ok(value >= low && value <= high, `${value} is not within ${low}–${high}`);

describe('expected speed on two AVX2 cores', () => {
	// Measured there: the ranges of the project's own measurements, a tenth wider.
	for (const [id, read, write] of [
		['qwen2.5-coder-0.5b', [108, 148], [38, 53]],
		['qwen2.5-coder-1.5b', [43, 57], [17.5, 23]],
		['qwen2.5-coder-7b', [10, 13.2], [4.7, 5.9]],
	] as const) {
		it(`${id} is near what was measured`, () => {
			const { speed } = planFor(weights(id), twoCores);
			near(speed.read, read[0], read[1]);
			near(speed.write, write[0], write[1]);
		});
	}
	it('a mixture writes as fast as the part of it that works', () =>
		near(planFor(weights('qwen3-coder-30b-a3b'), { ...twoCores, cores: 6 }).speed.write, 8, 25));
});

describe('memory', () => {
	it('counts the cache at its F16 size for each token', () => {
		const perToken = Object.fromEntries(catalogue.map(entry => [entry.id, weightsOfEntry(entry).kvBytesPerToken / 1024]));
		assert.deepEqual(
			[
				perToken['qwen2.5-coder-0.5b'],
				perToken['qwen2.5-coder-1.5b'],
				perToken['qwen2.5-coder-7b'],
				perToken['qwen2.5-coder-32b'],
				perToken['qwen3-coder-next'],
				perToken['qwen3.6-35b-a3b'],
			],
			[12, 28, 56, 256, 24, 20],
		);
	});
	it('keeps one copy of weights that x86 repacks, by not mapping the file', () => {
		assert.equal(planFor(weights('qwen2.5-coder-1.5b'), twoCores).useMmap, false);
		assert.equal(planFor(weights('qwen2.5-coder-1.5b'), { ...twoCores, arch: 'arm64' }).useMmap, true);
		assert.equal(planFor(weights('qwen2.5-coder-0.5b'), twoCores).useMmap, true);
	});
	it('says what is lacking when a model does not fit', () => {
		const plan = planFor(weights('qwen2.5-coder-32b'), { ...twoCores, memoryAvailable: 8e9 });
		assert.equal(plan.fits, false);
		assert.match(plan.why, /needs 2\d\.\d GB of memory, 7\.2 GB are free/);
	});
	it('gives what is left to the context, and stays within the budget', () => {
		for (const memoryAvailable of [1.2e9, 1.4e9, 2e9, 4e9]) {
			const plan = planFor(weights('qwen2.5-coder-0.5b'), { ...twoCores, memoryAvailable });
			if (plan.fits) assert.ok(plan.needsBytes <= memoryAvailable * 0.9, `${plan.needsBytes} of ${memoryAvailable}`);
			assert.equal(plan.contextSize % 256, 0);
		}
	});
});

describe('context', () => {
	it('is what can be read in three minutes, but at least 4,096', () => {
		near(planFor(weights('qwen2.5-coder-0.5b'), twoCores).contextSize, 19_000, 24_000);
		near(planFor(weights('qwen2.5-coder-1.5b'), twoCores).contextSize, 7500, 10_000);
		assert.equal(planFor(weights('qwen2.5-coder-7b'), twoCores).contextSize, 4096);
	});
	it('is never more than the model was trained for', () => {
		assert.equal(planFor(weights('qwen2.5-coder-0.5b'), { ...twoCores, cores: 64 }).contextSize, 32_768);
	});
});

it('threads are the physical cores, at least one', () => {
	assert.equal(planFor(weights('qwen2.5-coder-0.5b'), twoCores).threads, 2);
	assert.equal(planFor(weights('qwen2.5-coder-0.5b'), { ...twoCores, cores: 0 }).threads, 1);
});

describe('advice', () => {
	it('names the 1.5B on two cores, larger ones with more cores, and the large mixture on a big card', () => {
		assert.equal(recommend(twoCores)[0]?.entry.id, 'qwen2.5-coder-1.5b');
		assert.equal(recommend({ ...twoCores, cores: 8, memoryAvailable: 12e9 })[0]?.entry.id, 'qwen2.5-coder-7b');
		const card = { kind: 'cuda', name: 'card', memory: 24e9 } as const;
		assert.equal(recommend({ ...twoCores, memoryAvailable: 60e9, gpu: card })[0]?.plan.batchSize, 512);
		assert.equal(recommend({ ...twoCores, cores: 16, memoryAvailable: 60e9 })[0]?.entry.id, 'qwen3-coder-30b-a3b');
	});
	it('takes the 0.5B where only that fits', () => {
		assert.equal(recommend({ ...twoCores, memoryAvailable: 1.6e9 })[0]?.entry.id, 'qwen2.5-coder-0.5b');
	});
	it('never makes a non-commercial model a default, and says why', () => {
		for (const cores of [1, 2, 4, 8, 32]) {
			const advice = recommend({ ...twoCores, cores }).find(one => !one.entry.licence.commercial) ?? assert.fail();
			assert.equal(advice.default, false);
			assert.match(advice.why, /not for commercial use/);
		}
	});
	it('gives every known model a reason', () => {
		const all = recommend(twoCores);
		assert.equal(all.length, catalogue.length);
		assert.ok(all.every(advice => advice.why.length > 10));
	});
});

describe('the cache', () => {
	const small = {
		bytes: 1e9,
		activeBytes: 1e9,
		activeParameters: 1.5e9,
		repackedBytes: 0,
		kvBytesPerToken: 28_672,
		stateBytes: 0,
		vocab: 151_936,
	};
	const weights = { ...small, contextLength: 32_768 };
	const free = (bytes: number) => planFor(weights, { ...twoCores, memoryAvailable: bytes });

	it('holds 8 bits a value, too, where a conversation would be short without, and says so', () => {
		const plan = free(1.6e9);
		assert.equal(plan.kvType, 'q8_0');
		assert.match(plan.why, /8 bits to make room/);
		assert.ok(plan.contextSize > 4096);
	});

	it('holds 16 bits where there is room', () => {
		assert.equal(free(8e9).kvType, 'f16');
		assert.doesNotMatch(free(8e9).why, /8 bits/);
	});

	it('has one of few sizes where memory is short, so that what was read in one run fits the next', () => {
		const sizes = new Set<number>();
		for (let bytes = 1.3e9; bytes < 4e9; bytes += 1e7)
			sizes.add(planFor(weights, { ...twoCores, cores: 16, memoryAvailable: bytes }).contextSize);
		assert.ok(sizes.size > 4 && sizes.size <= 14, [...sizes].join());
	});

	it('never needs more than there is', () => {
		for (let bytes = 1e9; bytes < 4e9; bytes += 5e7) {
			const plan = free(bytes);
			if (plan.fits) assert.ok(plan.needsBytes <= bytes, `${plan.needsBytes} of ${bytes}`);
		}
	});
});
