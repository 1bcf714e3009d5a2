import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { entryOf, starter } from '../../src/models/catalogue.js';
import { type CommandOptions, modelsCommand } from '../../src/models/commands.js';
import { lockOf, pathOf } from '../../src/models/fetch.js';
import { type FetchEvent, meter, progressLine, showFetch } from '../../src/models/progress.js';
import { withKey } from '../../src/models/save-model.js';
import { rememberDigest } from '../../src/models/verify.js';
import { startHub } from './fake-hub.js';
import { never, world } from './fetching.js';
import { freshHome, twoCores } from './place.js';
import { gguf, sized } from './sample-gguf.js';

const home = freshHome();
const config = () => home.path('config/qwill/config.json');

async function run(
	args: string[],
	more: Partial<CommandOptions> = {},
	terminal = false,
): Promise<{ code: number; out: string; err: string }> {
	const out: string[] = [];
	const err: string[] = [];
	const io = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text), terminal };
	const code = await modelsCommand(args, io, { signal: never(), machine: twoCores, world, ...more });
	return { code, out: out.join(''), err: err.join('') };
}

async function install(): Promise<string> {
	const path = pathOf(starter);
	writeFileSync(path, gguf(sized(630e6)));
	truncateSync(path, starter.bytes);
	await rememberDigest(path, starter.sha256 ?? '');
	return path;
}

describe('models list', () => {
	it('shows every model with size, fit, speed and licence, and marks what is installed', async () => {
		await install();
		const { code, out } = await run([]);
		assert.equal(code, 0);
		assert.match(out, /^\* {2}qwen2\.5-coder-0\.5b +491 MB +yes +43 +Apache-2\.0 /m);
		assert.match(out, /^ {3}qwen3-coder-next +~48\.5 GB +no /m);
		assert.match(out, /^Best for this machine: qwen2\.5-coder-1\.5b, needs 1\.\d GB, writes about 2\d/m);
	});
	it('names files it does not know, with their hidden characters written out', async () => {
		mkdirSync(home.path('.lmstudio/models/x'), { recursive: true });
		writeFileSync(home.path('.lmstudio/models/x/evil\u001b]0;x\u0007.gguf'), Buffer.alloc(2 ** 20));
		const { out } = await run(['list']);
		assert.match(out, /Other model files[^\n]*\n.*x\/evil.*\.gguf {2}1 MB, kept by LM Studio/);
		assert.ok(!out.includes('\u001b') && !out.includes('\u0007'));
	});
});

describe('models pull', () => {
	const wrongHub = async () => {
		const hub = await startHub(Buffer.from('bytes'));
		hub.etag = starter.sha256;
		return hub;
	};
	it('fails with a sentence and code 41 when the hub has other bytes', async () => {
		await wrongHub();
		const { code, out, err } = await run(['pull', starter.id]);
		assert.deepEqual([code, out], [41, '']);
		assert.match(err, /Qwen2\.5-Coder 0\.5B could not be fetched: the file on the hub has 5 bytes and not the known 491400064/);
	});
	it('prints the path of what is there already, and asks nobody', async () => {
		const path = await install();
		process.env.HF_ENDPOINT = 'http://127.0.0.1:1';
		assert.deepEqual(await run(['pull', starter.id]), { code: 0, out: `${path}\n`, err: '' });
	});
	it('stopped is code 130', async () => {
		await wrongHub();
		assert.equal((await run(['pull', starter.id], { signal: AbortSignal.abort() })).code, 130);
	});
	it('offline is code 41', async () =>
		assert.match((await run(['pull', starter.id], { offline: true })).err, /--offline \(or QWILL_OFFLINE\) forbids/));
});

describe('models use', () => {
	it('writes the id, and keeps all else, comments too', async () => {
		mkdirSync(home.path('config/qwill'), { recursive: true });
		const before = '{\n\t// mine\n\t"theme": "dark", "model": "old", /* and */\n\t"permissions": { "model": 1 }\n}\n';
		writeFileSync(config(), before);
		const { code, out, err } = await run(['use', 'qwen2.5-coder-1.5b']);
		assert.equal(code, 0);
		assert.equal(readFileSync(config(), 'utf8'), before.replace('"old"', '"qwen2.5-coder-1.5b"'));
		assert.match(out, /is now the default/);
		assert.match(err, /not on this machine yet: `qwill models pull qwen2\.5-coder-1\.5b`/);
		assert.deepEqual(readdirSync(home.path('config/qwill')), ['config.json']);
	});
	it('makes the file where there is none', async () => {
		await install();
		await run(['use', starter.id]);
		assert.deepEqual(JSON.parse(readFileSync(config(), 'utf8')), { model: starter.id });
	});
	it('refuses a model nobody knows, and a config that is no JSON, changing nothing', async () => {
		assert.equal((await run(['use', 'nonsense'])).code, 41);
		assert.ok(!existsSync(config()));
		mkdirSync(home.path('config/qwill'), { recursive: true });
		writeFileSync(config(), '{ "theme": ');
		assert.equal((await run(['use', starter.id])).code, 52);
		assert.equal(readFileSync(config(), 'utf8'), '{ "theme": ');
	});
});

describe('setting a key in the text of an object', () => {
	for (const [before, after] of [
		['', '{\n\t"model": "m"\n}\n'],
		['{}', '{\n\t"model": "m"\n}'],
		['{ "a": 1 }', '{\n\t"model": "m", "a": 1 }'],
		['{"model":null}', '{"model":"m"}'],
		['{"a":{"model":1},"model":"x"}', '{"a":{"model":1},"model":"m"}'],
		['{"a":"\\"model\\":","model":"x"}', '{"a":"\\"model\\":","model":"m"}'],
		['{"a": "// no comment", // "model": 1\n"model": 2,}', '{"a": "// no comment", // "model": 1\n"model": "m",}'],
		['[1]', undefined],
		['{"a": 1', undefined],
		['{} {}', undefined],
		['{"model": {"id": 1}}', undefined],
	] as const) {
		it(JSON.stringify(before), () => assert.equal(withKey(before, 'model', '"m"'), after));
	}
	it('an object takes the place of an object', () =>
		assert.equal(withKey('{"a": {"b": [1]}, "c": 1}', 'a', '{"b":2}'), '{"a": {"b":2}, "c": 1}'));
});

describe('models path and rm', () => {
	it('path prints the file of the wanted, or of the default model', async () => {
		const path = await install();
		assert.equal((await run(['path', starter.id])).out, `${path}\n`);
		assert.equal((await run(['path'])).out, `${path}\n`);
		const missing = await run(['path', 'qwen3-8b']);
		assert.deepEqual([missing.code, missing.out], [41, '']);
	});
	it('rm deletes the file, its notes and its parts, from our cache only', async () => {
		const path = await install();
		mkdirSync(`${path}.parts/tmp`, { recursive: true });
		writeFileSync(`${path}.part`, 'x');
		mkdirSync(home.path('.lmstudio/models/x'), { recursive: true });
		const theirs = home.path('.lmstudio/models/x', starter.hub.file);
		writeFileSync(theirs, '');
		truncateSync(theirs, starter.bytes);
		const { code, out } = await run(['rm', starter.id]);
		assert.equal(code, 0);
		assert.match(out, /\.gguf is deleted\. LM Studio keeps one in .*, which stays\./);
		assert.deepEqual(readdirSync(home.path('cache/qwill/models')), []);
		assert.ok(existsSync(theirs));
	});
	it('rm refuses while the model is being fetched, and takes ids only', async () => {
		await install();
		writeFileSync(lockOf(starter), JSON.stringify({ pid: process.pid, started: '' }));
		assert.match((await run(['rm', starter.id])).err, /is being fetched by another qwill/);
		assert.ok(existsSync(pathOf(starter)));
		assert.equal((await run(['rm', '/etc/passwd'])).code, 41);
	});
});

it('a verb that is none, a missing id and one word too many are code 42', async () => {
	for (const args of [['pll'], ['pull'], ['use'], ['rm'], ['pull', 'a', 'b']]) assert.equal((await run(args)).code, 42, args.join(' '));
	assert.match((await run(['pll'])).err, /There is no "qwill models pll"/);
});

describe('progress', () => {
	const steps = async function* (): AsyncGenerator<FetchEvent, string> {
		yield { type: 'note', text: 'a note' };
		for (let done = 0; done <= 100; done += 5)
			yield { type: 'progress', done: done * 1e6, total: 100e6, rate: 2e6, eta: (100 - done) / 2, source: 'hub' };
		yield { type: 'note', text: 'the end' };
		return 'path';
	};
	const shown = async (terminal: boolean) => {
		const pieces: string[] = [];
		const result = await showFetch(steps(), { err: piece => void pieces.push(piece), terminal });
		assert.equal(result, 'path');
		return pieces.join('');
	};
	it('is a line at each tenth of the way without a terminal', async () => {
		const lines = (await shown(false)).split('\n');
		assert.equal(lines.length, 1 + 11 + 1 + 1);
		assert.equal(lines[5], '40 MB of 100 MB (40 %), 2.0 MB/s, 30 s left');
	});
	it('is one line that is rewritten on a terminal, and ended before anything else is said', async () => {
		const text = await shown(true);
		assert.equal(text.split('\n').length, 4);
		assert.match(text, /^a note\n\r0 MB of 100 MB \(0 %\)[\s\S]*\x1b\[K\r[\s\S]*100 MB of 100 MB \(100 %\), 2\.0 MB\/s\x1b\[K\nthe end\n$/);
	});
	it('counts no earlier bytes into the rate, and reports ten times a second at most', () => {
		let time = 0;
		const report = meter('hub', 1000, () => time);
		assert.equal(report(500)?.rate, undefined);
		time = 50;
		assert.equal(report(510), undefined);
		time = 1000;
		assert.deepEqual(report(600), { type: 'progress', done: 600, total: 1000, rate: 100, eta: 4, source: 'hub' });
		assert.equal(report(1000)?.done, 1000);
	});
	it('long waits are told in minutes', () =>
		assert.equal(
			progressLine({ type: 'progress', done: 1e9, total: 5e9, rate: 1e7, eta: 400, source: 'hub' }),
			'1.0 GB of 5.0 GB (20 %), 10.0 MB/s, 7 min left',
		));
});

it('an id of the catalogue never has a shape that is taken for a path', () => {
	assert.ok(entryOf(starter.id) && !/[\\/]|\.gguf$/.test(starter.id));
});
