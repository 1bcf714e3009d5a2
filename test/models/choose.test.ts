import assert from 'node:assert/strict';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { entryOf, starter } from '../../src/models/catalogue.js';
import { type ChosenModel, chooseModel } from '../../src/models/choose.js';
import type { GgufHeader } from '../../src/models/gguf.js';
import { readHeader } from '../../src/models/gguf.js';
import { rememberDigest } from '../../src/models/verify.js';
import { dialectOf } from '../../src/models/weights.js';
import { Refusal } from '../../src/types.js';
import { freshHome, twoCores } from './place.js';
import { chatml, gguf, sized } from './sample-gguf.js';

const home = freshHome();
const models = (name: string) => home.path('cache/qwill/models', name);

/** Puts a file into our cache that says it is this known model: its size, its number of parameters, and a remembered digest. */
async function install(id: string, parameters: number): Promise<string> {
	const entry = entryOf(id) ?? assert.fail(id);
	const path = models(entry.hub.file);
	writeFileSync(path, gguf(sized(parameters)));
	truncateSync(path, entry.bytes);
	await rememberDigest(path, entry.sha256 ?? 'a'.repeat(64));
	return path;
}
const chosen = async (wanted: string | undefined, machine = twoCores): Promise<ChosenModel> => {
	const model = await chooseModel(wanted, machine);
	return 'missing' in model ? assert.fail(`missing ${model.missing.id}`) : model;
};
const refusal = (sentence: RegExp) => (error: unknown) => error instanceof Refusal && error.exitCode === 41 && sentence.test(error.message);

describe('nothing wanted', () => {
	it('and nothing installed: the small one is missing', async () =>
		assert.deepEqual(await chooseModel(undefined, twoCores), { missing: starter }));
	it('takes the best that runs well here, and says why', async () => {
		await install('qwen2.5-coder-0.5b', 630e6);
		const path = await install('qwen2.5-coder-1.5b', 1.777e9);
		const model = await chosen(undefined);
		assert.equal(model.path, path);
		assert.equal(model.sha256, entryOf('qwen2.5-coder-1.5b')?.sha256);
		assert.match(model.why, /the best of 2 installed models for this machine \(kept by qwill\)/);
	});
	it('does not take a larger one that would be slow here, but does with more cores', async () => {
		await install('qwen2.5-coder-1.5b', 1.777e9);
		const path = await install('qwen2.5-coder-7b', 7.6e9);
		assert.notEqual((await chosen(undefined)).path, path);
		assert.equal((await chosen(undefined, { ...twoCores, cores: 8 })).path, path);
	});
	it('never takes one that forbids commercial use', async () => {
		await install('qwen2.5-coder-3b', 3.397e9);
		assert.deepEqual(await chooseModel(undefined, { ...twoCores, cores: 16 }), { missing: starter });
		assert.equal((await chosen('qwen2.5-coder-3b')).entry?.id, 'qwen2.5-coder-3b');
	});
	it('does not take unknown files of other programs', async () => {
		mkdirSync(home.path('.lmstudio/models/x'), { recursive: true });
		writeFileSync(home.path('.lmstudio/models/x/any.gguf'), Buffer.concat([gguf(sized(1e9)), Buffer.alloc(2 ** 20)]));
		assert.deepEqual(await chooseModel(undefined, twoCores), { missing: starter });
	});
	it('passes over a damaged one when there is another', async () => {
		const path = await install('qwen2.5-coder-0.5b', 630e6);
		writeFileSync(models('broken.gguf'), Buffer.alloc(2 ** 20));
		assert.equal((await chosen(undefined)).path, path);
	});
	it('says what is wrong with the small one when that is all there is', async () => {
		writeFileSync(models(starter.hub.file), Buffer.alloc(2 ** 20));
		truncateSync(models(starter.hub.file), starter.bytes);
		await assert.rejects(chooseModel(undefined, twoCores), refusal(/is not usable: it is not a GGUF file/));
	});
});

describe('a wanted model', () => {
	it('of the catalogue that is not here is missing', async () => {
		const model = await chooseModel('qwen3-4b', twoCores);
		assert.equal('missing' in model && model.missing.id, 'qwen3-4b');
	});
	it('that nobody knows is refused with the nearest name', () =>
		assert.rejects(chooseModel('qwen2.5-coder-77b', twoCores), refusal(/The nearest is qwen2\.5-coder-7b;/)));
	it('by path may be any file, whose digest is remembered', async () => {
		writeFileSync(home.path('my.gguf'), gguf());
		const model = await chosen(home.path('my.gguf'));
		assert.deepEqual([model.name, model.entry, model.tier, model.dialect, model.sha256.length], ['my', undefined, 'T0', 'fenced', 64]);
	});
	it('by path that is not there, or damaged, is refused', async () => {
		await assert.rejects(chooseModel('./none.gguf', twoCores), refusal(/there is no file/));
		writeFileSync(home.path('my.gguf'), 'rubbish');
		await assert.rejects(chooseModel(home.path('my.gguf'), twoCores), refusal(/not a GGUF file/));
	});
	it('with other bytes than the known ones is refused', async () => {
		const path = await install('qwen2.5-coder-0.5b', 630e6);
		await rememberDigest(path, 'b'.repeat(64));
		await assert.rejects(chooseModel('qwen2.5-coder-0.5b', twoCores), refusal(/has the SHA-256 b{12}… and not the expected/));
	});
	it('that does not fit is refused with what is lacking', async () => {
		await install('qwen2.5-coder-1.5b', 1.777e9);
		await assert.rejects(
			chooseModel('qwen2.5-coder-1.5b', { ...twoCores, memoryAvailable: 1e9 }),
			refusal(/does not fit: it needs .* of memory, 900 MB are free/),
		);
	});
});

describe('the way of writing calls', () => {
	const header = (parameters: number, architecture: string, template: string): GgufHeader => {
		const keys = Object.fromEntries(
			['block_count', 'context_length', 'embedding_length', 'attention.head_count'].map(key => [`${architecture}.${key}`, { u32: 8 }]),
		);
		writeFileSync(
			home.path('m.gguf'),
			gguf(
				sized(parameters, {
					keys: { ...keys, 'general.architecture': { text: architecture }, 'tokenizer.chat_template': { text: template } },
				}),
			),
		);
		return readHeader(home.path('m.gguf'));
	};
	for (const [parameters, architecture, template, dialect] of [
		[1.7e9, 'qwen2', chatml, 'fenced'],
		[7.6e9, 'qwen2', chatml, 'hermes'],
		[8e9, 'qwen3', chatml, 'hermes'],
		[30e9, 'qwen3moe', `${chatml}<function=name>`, 'qwen-xml'],
		[9e9, 'qwen35', '<function=name>', 'qwen-xml'],
		[8e9, 'qwen3', 'no calls', 'fenced'],
		[8e9, 'llama', chatml, 'fenced'],
	] as const) {
		it(`${architecture} of ${parameters / 1e9}B with ${template.length > 20 ? 'a template for calls' : template}: ${dialect}`, () =>
			assert.equal(dialectOf(header(parameters, architecture, template)), dialect));
	}
});
