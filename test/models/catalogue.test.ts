import assert from 'node:assert/strict';
import { it } from 'node:test';
import { catalogue, entryOf, nearestId, starter } from '../../src/models/catalogue.js';
import { partsOf } from '../../src/models/parts.js';
import { tierOf } from '../../src/models/weights.js';

it('ids and files are unique, and an id is found in any letter case', () => {
	assert.equal(new Set(catalogue.map(entry => entry.id)).size, catalogue.length);
	assert.equal(new Set(catalogue.map(entry => entry.hub.file)).size, catalogue.length);
	assert.equal(entryOf('QWEN2.5-Coder-0.5B'), starter);
	assert.equal(entryOf('qwen'), undefined);
});
it('a digest is pinned exactly for files whose size is known to the byte', () => {
	for (const entry of catalogue) assert.equal(entry.exact, entry.sha256 !== undefined, entry.id);
	assert.deepEqual(
		catalogue.filter(entry => entry.exact).map(entry => [entry.bytes, entry.sha256?.slice(0, 8)]),
		[
			[491_400_064, '1d961463'],
			[1_117_320_768, 'cc324af0'],
		],
	);
});
it('tiers agree with sizes, and the smallest are offered no calls', () => {
	for (const entry of catalogue) {
		assert.equal(entry.tier, tierOf(entry.parameters), entry.id);
		if (entry.tier === 'T0') assert.equal(entry.dialect, 'fenced', entry.id);
	}
});
it('parts belong to pinned models, with a digest each, and hold about the whole file', () => {
	for (const [id, parts] of Object.entries(partsOf)) {
		const entry = entryOf(id) ?? assert.fail(id);
		assert.ok(entry.sha256);
		assert.ok(parts.every(part => /^[0-9a-f]{64}$/.test(part.sha256) && part.wheel.endsWith('.whl') && part.requirement.includes('==')));
		const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
		assert.ok(bytes > entry.bytes * 0.9 && bytes < entry.bytes * 1.05, id);
	}
	assert.deepEqual(
		Object.values(partsOf).map(parts => parts.length),
		[6, 22],
	);
});
it('the nearest id is one that contains what was typed, else one that begins alike', () => {
	assert.equal(nearestId('coder-7b'), 'qwen2.5-coder-7b');
	assert.equal(nearestId('qwen3.5-4c'), 'qwen3.5-4b');
	assert.ok(entryOf(nearestId('zzz')));
});
