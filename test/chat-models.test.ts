import assert from 'node:assert/strict';
import { closeSync, ftruncateSync, mkdirSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { absentModel, modelAdvice } from '../src/chat-models.js';
import { type Config, loadConfig } from '../src/config.js';
import { catalogue, starter } from '../src/models/catalogue.js';
import { pathOf } from '../src/models/fetch.js';
import { parseOptions } from '../src/options.js';
import { Refusal } from '../src/types.js';
import { freshHome, twoCores } from './models/place.js';

const home = freshHome();
const settings = (...words: string[]): Config => {
	mkdirSync(home.path('work'), { recursive: true });
	return loadConfig({ root: home.path('work'), env: {}, options: parseOptions(words, { stdin: true, stdout: true }) });
};
/** A file of the right name and size, with nothing in it. */
function pretend(id: string): void {
	const entry = catalogue.find(one => one.id === id)!;
	const file = openSync(pathOf(entry), 'w');
	ftruncateSync(file, entry.bytes);
	closeSync(file);
}

test('the first start names the best model for this machine, with size, licence, speed and what it is good for', async () => {
	const text = (await modelAdvice(settings(), twoCores)) ?? '';
	assert.match(
		text,
		/^The best model that runs well on this machine is Qwen2\.5-Coder 1\.5B \(1\.1 GB, Apache-2\.0; small functions, fixes and tests\): it writes/,
	);
	assert.match(text, /it writes about \d+ and reads \d+ tokens\/s\. To fetch it while you go on here: \/model qwen2\.5-coder-1\.5b$/);
	assert.equal(await modelAdvice(settings(), twoCores), undefined, 'once is enough');
	const larger = { ...twoCores, cores: 16, memoryTotal: 128e9, memoryAvailable: 120e9 };
	assert.match((await modelAdvice(settings(), larger)) ?? '', /^The best model/, 'another machine, another advice');
});

test('the small one does not count as a choice', async () => {
	pretend(starter.id);
	assert.match((await modelAdvice(settings(), twoCores)) ?? '', /1\.5B/);
});

for (const [why, words] of [
	['one was chosen', ['-m', 'qwen2.5-coder-0.5b']],
	['the network is forbidden', ['--offline']],
	['the model is on a server', ['--base-url', 'http://127.0.0.1:1']],
] as const)
	test(`no advice where ${why}`, async () => assert.equal(await modelAdvice(settings(...words), twoCores), undefined));

test('no advice where another model is here already, or none runs better', async () => {
	assert.equal(await modelAdvice(settings(), { ...twoCores, cores: 1, memoryTotal: 2e9, memoryAvailable: 1.6e9 }), undefined);
	pretend('qwen2.5-coder-1.5b');
	assert.equal(await modelAdvice(settings(), twoCores), undefined);
});

test('a known model that is not here has to be fetched; an unknown or damaged one is refused before anything changes', async () => {
	const config = settings();
	assert.deepEqual(await absentModel('qwen2.5-coder-1.5b', config), {
		absent: 'qwen2.5-coder-1.5b',
		name: 'Qwen2.5-Coder 1.5B',
		bytes: 1_117_320_768,
		licence: 'Apache-2.0',
	});
	assert.equal(await absentModel('replies:x.md', config), undefined);
	assert.equal(await absentModel('anything', settings('--base-url', 'http://127.0.0.1:1')), undefined);
	const refused = (id: string, says: RegExp) =>
		assert.rejects(absentModel(id, config), (error: unknown) => error instanceof Refusal && says.test(error.message));
	await refused('qwen2.5-coder-15b', /There is no model "qwen2\.5-coder-15b"\. The nearest is/);
	await refused('/no/such.gguf', /there is no file/);
	pretend('qwen2.5-coder-1.5b');
	await refused('qwen2.5-coder-1.5b', /is not usable/);
});
