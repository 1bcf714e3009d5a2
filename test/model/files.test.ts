import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { ask, run } from '../engine/asking.js';
import { seeded } from '../seeded.js';
import { damaged } from './damaged.js';
import { tinyEngine } from './engines.js';
import { engineProcesses } from './processes.js';
import { tinyBytes, tinyModel } from './tiny.js';

const folder = mkdtempSync(join(tmpdir(), 'qwill-files-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What a person is told of a model file with these bytes; undefined when it can be talked to. */
async function verdict(bytes: Buffer | string, name = 'model.gguf'): Promise<{ reason: string; detail: string } | undefined> {
	const modelPath = join(folder, name);
	writeFileSync(modelPath, bytes);
	const engine = tinyEngine({ modelPath, loadTimeoutMs: 20_000 });
	const { reply } = await run(engine, ask('x', { maxTokens: 1 }));
	await engine.close();
	const { failure } = reply;
	if (!failure) return undefined;
	assert.ok('detail' in failure);
	return failure;
}

const whole = tinyBytes();
const changed = (find: string, put: Buffer, skip = 0): Buffer => {
	const bytes = Buffer.from(whole);
	const at = bytes.indexOf(find);
	assert.ok(at > 0, find);
	put.copy(bytes, at + find.length + skip);
	return bytes;
};
const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
const u64 = (value: bigint) => Buffer.from(BigUint64Array.of(value).buffer);

describe('a model file that cannot be used is refused with a sentence', () => {
	const cases: [name: string, bytes: Buffer | string, sentence: RegExp][] = [
		['that is empty', '', /model\.gguf is cut off/],
		['that is a text', 'This is no model at all.', /model\.gguf is not a GGUF model file/],
		['cut in its header', whole.subarray(0, 700), /model\.gguf is cut off/],
		['cut in its weights', whole.subarray(0, whole.length / 2), /model\.gguf cannot be loaded: .*(corrupt|bounds|incomplete)/],
		['of an architecture that nobody knows', tinyBytes({ architecture: 'qwen9' }), /model\.gguf cannot be loaded: .*qwen9/],
		['with a million layers', changed('qwen2.block_count', u32(1_000_000), 4), /"qwen2\.block_count" is 1000000/],
		['with no attention heads', changed('attention.head_count', u32(0), 4), /head_count" is 0/],
		['with a text of 3 GB', changed('general.name', u64(3n * 2n ** 30n), 4), /3221225472 characters/],
		['with a list that never ends', changed('tokenizer.ggml.tokens', u64(2n ** 60n), 8), /model\.gguf is cut off/],
		['of version 77', Buffer.concat([whole.subarray(0, 4), u32(77), whole.subarray(8)]), /version 77/],
	];
	for (const [name, bytes, sentence] of cases)
		test(name, async () => {
			const failure = await verdict(bytes);
			assert.equal(failure?.reason, 'no-model');
			assert.match(failure?.detail ?? '', sentence);
		});

	test('that is not there', async () => {
		const engine = tinyEngine({ modelPath: join(folder, 'missing.gguf') });
		const { reply } = await run(engine, ask('x'));
		assert.match(JSON.stringify(reply.failure), /There is no model file at .*missing\.gguf/);
		await assert.rejects(engine.measure(ask('x')), { name: 'Refusal', exitCode: 41 });
		await engine.close();
	});

	test('and is taken when it has been put right, by the same engine', async () => {
		const modelPath = join(folder, 'later.gguf');
		const engine = tinyEngine({ modelPath });
		assert.equal((await run(engine, ask('x'))).reply.failure?.reason, 'no-model');
		writeFileSync(modelPath, whole);
		assert.equal((await run(engine, ask('x', { maxTokens: 1 }))).reply.failure, undefined);
		await engine.close();
	});
});

test('a context that does not fit into memory is refused with a size that fits', async () => {
	const engine = tinyEngine({ modelPath: tinyModel({ context: 2 ** 30 }), contextSize: 2 ** 30 });
	const { reply } = await run(engine, ask('x'));
	assert.equal(reply.failure?.reason, 'no-model');
	const fitting = Number(/enough for (\d+) tokens/.exec(JSON.stringify(reply.failure))?.[1]);
	assert.ok(fitting >= 512 && fitting < 2 ** 30, JSON.stringify(reply.failure));
	await engine.close();
});

test('forty damaged headers: the program lives, and each ends in a reply or in one sentence', async () => {
	const random = seeded(40);
	const failures: string[] = [];
	for (let i = 0; i < 40; i++) {
		const failure = await verdict(damaged(random), 'damaged.gguf');
		if (failure) failures.push(failure.detail);
	}
	assert.ok(failures.length >= 5, `only ${failures.length} were noticed`);
	for (const sentence of failures) assert.match(sentence, /^[^\n\x00-\x1f]{10,400}[.]$/);
	if (process.platform === 'linux') assert.deepEqual(engineProcesses(), []);
});

test('nothing native reaches the terminal', () => {
	const broken = join(folder, 'broken.gguf');
	writeFileSync(broken, tinyBytes({ architecture: 'qwen9' }));
	for (const modelPath of [tinyModel(), broken]) {
		const program = [join(import.meta.dirname, 'orphan.ts'), 'none', modelPath];
		const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', ...program], { encoding: 'utf8' });
		assert.match(stdout, /^ended .*\n$/);
		assert.equal(stderr, '');
	}
});
