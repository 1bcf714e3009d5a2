import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type GgufHeader, readHeader } from '../../src/models/gguf.js';
import { Refusal } from '../../src/types.js';
import { freshHome } from './place.js';
import { chatml, gguf, type Sample, soundTensors } from './sample-gguf.js';

const home = freshHome();

function read(bytes: Buffer): GgufHeader {
	const path = home.path('model.gguf');
	writeFileSync(path, bytes);
	return readHeader(path);
}
const refuses = (bytes: Buffer, sentence: RegExp) =>
	assert.throws(
		() => read(bytes),
		(error: unknown) => error instanceof Refusal && error.exitCode === 41 && sentence.test(error.message),
	);

describe('the header of a sound file', () => {
	it('tells shape, template and special tokens', () => {
		const header = read(gguf());
		assert.deepEqual(
			{ ...header, path: '', bytes: 0, tensors: undefined },
			{
				path: '',
				bytes: 0,
				architecture: 'qwen2',
				name: 'Tiny',
				fileType: 0,
				layers: 2,
				heads: 4,
				kvHeads: [2, 2],
				keyLength: 16,
				valueLength: 16,
				embeddingLength: 64,
				contextLength: 32_768,
				vocabSize: 4,
				attentionInterval: 1,
				experts: 0,
				expertsUsed: 0,
				stateBytes: 0,
				chatTemplate: chatml,
				hasFimTokens: true,
				hasToolCallToken: true,
				tensors: undefined,
			},
		);
		assert.deepEqual(
			[header.tensors.parameters, header.tensors.bytes, header.tensors.embedding],
			[256 + 2048 + 256, 1024 + 2176 + 1024, 1024],
		);
	});
	it('takes KV heads that differ by layer, and hybrids', () => {
		const header = read(gguf({ keys: { 'qwen2.attention.head_count_kv': { u32s: [2, 0] }, 'qwen2.full_attention_interval': { u32: 4 } } }));
		assert.deepEqual([header.kvHeads, header.attentionInterval], [[2, 0], 4]);
	});
	it('reads version 2, tensors of a type newer than our table, and skips a template beyond 64 kB', () => {
		const tensors = [{ name: 'a', dims: [64, 4], type: 200, bytes: 1024 }];
		const header = read(gguf({ version: 2, tensors, keys: { 'tokenizer.chat_template': { text: 'x'.repeat(70_000) } } }));
		assert.equal(header.chatTemplate, undefined);
		assert.equal(header.tensors.parameters, 256);
	});
	it('crosses the borders of the pieces it reads in', () => {
		const tokens = Array.from({ length: 60_000 }, (_, i) => `token-${i}`);
		assert.equal(read(gguf({ keys: { 'tokenizer.ggml.tokens': { texts: [...tokens, '<tool_call>'] } } })).hasToolCallToken, true);
	});
});

describe('a damaged file is refused with one sentence', () => {
	const sound = () => gguf();
	const cases: [name: string, bytes: () => Buffer, sentence: RegExp][] = [
		['empty', () => Buffer.alloc(0), /it is empty\./],
		['three bytes', () => Buffer.from('GGU'), /not a GGUF file\./],
		['not a GGUF', () => Buffer.from('<!doctype html><html>'), /not a GGUF file\./],
		['old version', () => gguf({ version: 1 }), /old version 1/],
		['unknown version', () => gguf({ version: 77 }), /version 77/],
		[
			'cut off in the data',
			() => sound().subarray(0, Math.floor(sound().length * 0.93)),
			/model\.gguf is not usable: it is cut off at 9[23] %\./,
		],
		['cut off in the header', () => sound().subarray(0, 200), /cut off inside its header/],
		['no tensors', () => gguf({ tensors: [] }), /no weights/],
		['a million keys', () => gguf({ keyCount: 1_000_000 }), /1000000 entries/],
		['a million tensors', () => gguf({ tensorCount: 1_000_000 }), /1000000 tensors/],
		['a million layers', () => gguf({ keys: { 'qwen2.block_count': { u32: 1_000_000 } } }), /block_count of 1000000/],
		['no heads', () => gguf({ keys: { 'qwen2.attention.head_count': { u32: 0 } } }), /attention\.head_count of 0/],
		['no KV heads', () => gguf({ keys: { 'qwen2.attention.head_count_kv': { u32: 0 } } }), /head_count_kv of 0/],
		['KV heads of other layers', () => gguf({ keys: { 'qwen2.attention.head_count_kv': { u32s: [2] } } }), /head_count_kv/],
		['no context', () => gguf({ keys: { 'qwen2.context_length': undefined } }), /does not say its context_length/],
		['no architecture', () => gguf({ keys: { 'general.architecture': undefined } }), /architecture/],
		['a text as a number', () => gguf({ keys: { 'qwen2.block_count': { text: '24' } } }), /block_count of 24/],
		['an adapter', () => gguf({ keys: { 'general.type': { text: 'adapter' } } }), /no language model/],
		['an image encoder', () => gguf({ keys: { 'general.architecture': { text: 'clip' } } }), /no language model/],
		['a huge tensor', () => gguf({ tensors: [{ name: 'big', dims: [2 ** 40, 2 ** 12], type: 0, bytes: 32 }] }), /"big" claims/],
		[
			'a tensor far outside',
			() => gguf({ tensors: [{ name: 'a', dims: [32], type: 0, bytes: 128, offset: 2 ** 52 }] }),
			/would end at byte/,
		],
		['many dimensions', () => gguf({ tensors: [{ name: 'a', dims: new Array<number>(9).fill(1), type: 0, bytes: 32 }] }), /9 dimensions/],
		['an odd alignment', () => gguf({ keys: { 'general.alignment': { u32: 33 } } }), /alignment of 33/],
	];
	for (const [name, bytes, sentence] of cases) it(name, () => refuses(bytes(), sentence));

	it('a length beyond what a number holds', () => {
		const bytes = gguf();
		bytes.fill(0xff, 24, 32);
		refuses(bytes, /claims a length of 18446744073709551615/);
	});
	it('an unknown kind of value', () => {
		const bytes = gguf();
		const at = bytes.indexOf('general.architecture') + 'general.architecture'.length;
		bytes.writeUInt32LE(42, at);
		refuses(bytes, /unknown kind 42/);
	});
});

describe('what is no file', () => {
	it('absent, a folder and a named pipe are refused at once', () => {
		assert.throws(() => readHeader(home.path('none.gguf')), /there is no file/);
		mkdirSync(home.path('folder.gguf'));
		assert.throws(() => readHeader(home.path('folder.gguf')), /it is a folder and not a file/);
		if (process.platform === 'win32') return;
		execFileSync('mkfifo', [home.path('pipe.gguf')]);
		assert.throws(() => readHeader(home.path('pipe.gguf')), /it is a pipe or a device and not a file/);
	});
});

it('300 mutated headers each end in a header or in one sentence', () => {
	// A linear congruential generator (Numerical Recipes): the same mutations on every machine.
	let state = 20_250_701;
	const random = (below: number) => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state % below;
	};
	const samples: Sample[] = [{}, { keys: { 'qwen2.attention.head_count_kv': { u32s: [2, 2] } } }, { tensors: soundTensors.slice(1) }];
	const seen = { headers: 0, refusals: 0 };
	for (let i = 0; i < 300; i++) {
		const bytes = gguf(samples[i % samples.length]);
		for (let n = 0; n <= random(4); n++) mutate(bytes, random);
		try {
			assert.ok(read(i % 5 === 0 ? bytes.subarray(0, random(bytes.length)) : bytes).layers > 0);
			seen.headers++;
		} catch (error) {
			assert.ok(error instanceof Refusal, String(error));
			assert.match(error.message, /^model\.gguf is not usable: [^\n]+\.$/);
			seen.refusals++;
		}
	}
	assert.ok(seen.headers > 20 && seen.refusals > 60, JSON.stringify(seen));
});

function mutate(bytes: Buffer, random: (below: number) => number): void {
	const at = random(Math.min(bytes.length - 8, 900));
	const kind = random(4);
	if (kind === 0) bytes[at] = random(256);
	if (kind === 1) bytes.writeUInt32LE(0xffff_ffff - random(1000), at);
	if (kind === 2) bytes.fill(0, at, at + 8);
	if (kind === 3) bytes.writeBigUInt64LE(BigInt(random(2 ** 31)) * 4096n, at);
}
