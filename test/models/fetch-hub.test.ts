import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { fetchModel, pathOf } from '../../src/models/fetch.js';
import { Refusal } from '../../src/types.js';
import { entryFor, startHub, unpinned } from './fake-hub.js';
import { failure, fetched, never, world } from './fetching.js';
import { type Hub, sha256 } from './hub.js';
import { freshHome } from './place.js';

const home = freshHome();
const data = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251));
const models = () => home.path('cache/qwill/models');
const files = () => readdirSync(models()).sort();

describe('a file of the hub', () => {
	it('arrives whole, checked, under its name, and nothing else stays', async () => {
		const hub = await startHub(data);
		const { path, sha256: digest, progress } = await fetched(entryFor(data));
		assert.ok(readFileSync(path).equals(data));
		assert.equal(digest, sha256(data));
		assert.deepEqual(files(), ['tiny.gguf', 'tiny.gguf.verified.json']);
		assert.equal(progress.at(-1), data.length);
		assert.equal(hub.requests[0]?.url, '/owner/tiny-GGUF/resolve/main/tiny.gguf');
		assert.equal(hub.requests[0]?.headers['accept-encoding'], 'identity');
	});
	it('is not fetched twice', async () => {
		const hub = await startHub(data);
		await fetched(entryFor(data));
		await fetched(entryFor(data));
		assert.equal(hub.requests.length, 1);
	});
	it('without a pinned digest must have the one the hub reports', async () => {
		const hub = await startHub(data);
		assert.equal((await fetched(unpinned(data))).sha256, sha256(data));
		hub.etag = sha256(Buffer.from('other'));
		const other = { ...unpinned(data), id: 'other', hub: { repo: 'owner/other', file: 'other.gguf' } };
		assert.match(await failure(other), /did not have its digest and was removed/);
		assert.deepEqual(
			files().filter(name => name.startsWith('other')),
			[],
		);
		hub.etag = 'no-digest';
		assert.match(await failure(other), /reports no digest/);
	});
	it('of another version than the pinned one is not even begun', async () => {
		const hub = await startHub(data);
		hub.etag = sha256(Buffer.from('newer'));
		assert.match(await failure(entryFor(data)), /another version/);
		hub.etag = sha256(data);
		assert.match(await failure(entryFor(data, { bytes: 17 })), /has 300000 bytes and not the known 17/);
		assert.deepEqual(files(), []);
	});
	it('with wrong bytes behind the right words is removed, and said', async () => {
		const hub = await startHub(data);
		hub.data = Buffer.from(data.map(byte => 255 - byte));
		assert.match(await failure(entryFor(data)), /did not have its digest and was removed/);
		assert.deepEqual(files(), []);
	});
});

describe('a broken connection', () => {
	it('goes on by itself from where it broke', async () => {
		const hub = await startHub(data);
		hub.cutAfter = 100_000;
		const cutOnce = () => {
			hub.cutAfter = Infinity;
			hub.cut();
		};
		const { path } = await fetched(entryFor(data), {}, cutOnce);
		assert.ok(readFileSync(path).equals(data));
		assert.match(hub.stored[1]?.headers.range ?? '', /^bytes=\d+-$/);
	});
	it('keeps what has arrived, and the next call asks for the rest only', async () => {
		const hub = await startHub(data);
		hub.cutAfter = 50_000;
		assert.match(await failure(entryFor(data), {}, hub.cut), /connection broke at \d+ %; what has arrived is kept/);
		assert.ok(existsSync(`${pathOf(entryFor(data))}.part`) && !existsSync(pathOf(entryFor(data))));
		hub.cutAfter = Infinity;
		hub.stored.length = 0;
		await fetched(entryFor(data));
		assert.match(hub.stored[0]?.headers.range ?? '', /^bytes=\d+-$/);
		assert.ok(readFileSync(pathOf(entryFor(data))).equals(data));
	});
	it('does not mix two versions', async () => {
		const hub = await startHub(data);
		hub.cutAfter = 50_000;
		await failure(unpinned(data), {}, hub.cut);
		const newer = Buffer.from(data.map(byte => byte ^ 1));
		Object.assign(hub, { data: newer, etag: sha256(newer), cutAfter: Infinity });
		assert.ok(readFileSync((await fetched(unpinned(data))).path).equals(newer));
	});
	it('starts over where the store knows no ranges, or the part is too long', async () => {
		const hub = await startHub(data);
		hub.cutAfter = 50_000;
		await failure(entryFor(data), {}, hub.cut);
		Object.assign(hub, { cutAfter: Infinity, ignoreRange: true });
		assert.ok(readFileSync((await fetched(entryFor(data))).path).equals(data));

		const long = entryFor(data, { id: 'long', hub: { repo: 'o/long', file: 'long.gguf' } });
		writeFileSync(`${pathOf(long)}.part`, Buffer.alloc(400_000));
		writeFileSync(`${pathOf(long)}.part.json`, JSON.stringify({ etag: hub.etag }));
		hub.ignoreRange = false;
		assert.ok(readFileSync((await fetched(long)).path).equals(data));
	});
	it('takes a part that lacks nothing but its name', async () => {
		const hub = await startHub(data);
		writeFileSync(`${pathOf(entryFor(data))}.part`, data);
		writeFileSync(`${pathOf(entryFor(data))}.part.json`, JSON.stringify({ etag: hub.etag }));
		await fetched(entryFor(data));
		assert.equal(hub.stored[0]?.headers.range, `bytes=${data.length - 1}-`);
	});
	it('finds out damage in the part that an earlier attempt left', async () => {
		const hub = await startHub(data);
		writeFileSync(`${pathOf(entryFor(data))}.part`, Buffer.alloc(1000, 1));
		writeFileSync(`${pathOf(entryFor(data))}.part.json`, JSON.stringify({ etag: hub.etag }));
		assert.match(await failure(entryFor(data)), /did not have its digest/);
		assert.ok(readFileSync((await fetched(entryFor(data))).path).equals(data));
	});
});

describe('a source that does not serve', () => {
	const cases: [name: string, change: (hub: Hub) => void, sentence: RegExp][] = [
		['404 names the file', hub => Object.assign(hub, { status: 404 }), /has no owner\/tiny-GGUF\/tiny\.gguf/],
		['401 asks for a key', hub => Object.assign(hub, { status: 401 }), /HF_TOKEN/],
		['500 is told', hub => Object.assign(hub, { status: 500 }), /error 500/],
		['a circle of redirects ends', hub => Object.assign(hub, { redirect: 'circle' }), /redirects in a circle/],
		['plain http elsewhere is not visited', hub => Object.assign(hub, { redirect: 'http://example.com/x' }), /not https/],
		['other schemes are not visited', hub => Object.assign(hub, { redirect: 'file:///etc/passwd' }), /not https/],
	];
	for (const [name, change, sentence] of cases) {
		it(name, async () => {
			change(await startHub(data));
			assert.match(await failure(entryFor(data)), sentence);
			assert.deepEqual(files(), []);
		});
	}
	it('silence is passed over after the given time', async () => {
		const hub = await startHub(data);
		hub.silent = true;
		assert.match(await failure(entryFor(data), { world: { answerMs: 30 } }), /127\.0\.0\.1:\d+ does not answer/);
	});
	it('nobody there is told as such', async () => {
		process.env.HF_ENDPOINT = 'http://127.0.0.1:1';
		assert.match(await failure(entryFor(data)), /cannot be reached .*Check the network/);
	});
	it('an endpoint that is not https is refused, except on this machine', async () => {
		process.env.HF_ENDPOINT = 'http://example.com';
		assert.match(await failure(entryFor(data)), /HF_ENDPOINT is not an https address/);
	});
	it('a circle of redirects is left after five', async () => {
		const hub = await startHub(data);
		hub.redirect = 'circle';
		await failure(entryFor(data));
		assert.equal(hub.requests.length, 6);
	});
});

it('the key goes to the hub and to no other host', async () => {
	const hub = await startHub(data);
	process.env.HF_TOKEN = 'secret';
	await fetched(entryFor(data));
	assert.equal(hub.requests[0]?.headers.authorization, 'Bearer secret');
	assert.equal(hub.stored[0]?.headers.authorization, undefined);
});

describe('the person’s disk and time', () => {
	it('too little room is said before anything is fetched', async () => {
		const hub = await startHub(data);
		assert.match(
			await failure(entryFor(data), { world: { freeBytes: async () => 1000 } }),
			/Tiny needs 0 MB of disk space to arrive, and .* has 0 MB free\. Nothing was fetched\./,
		);
		assert.equal(hub.stored.length <= 1, true);
		assert.deepEqual(files(), []);
	});
	it('stopping keeps what has arrived and says how to go on', async () => {
		const hub = await startHub(data);
		hub.cutAfter = 60_000;
		await failure(entryFor(data), {}, hub.cut);
		hub.cutAfter = Infinity;
		const stop = new AbortController();
		const stopped = fetched(entryFor(data), { signal: stop.signal }, event => event.type === 'progress' && stop.abort());
		await assert.rejects(
			stopped,
			(error: unknown) => error instanceof Refusal && error.exitCode === 41 && /was stopped.*qwill models pull tiny/.test(error.message),
		);
		assert.ok(files().includes('tiny.gguf.part'));
		assert.ok(!files().includes('tiny.gguf.lock'));
		await fetched(entryFor(data));
	});
	it('walking away from the events lets go of the lock', async () => {
		await startHub(data);
		for await (const _event of fetchModel(entryFor(data), { signal: never(), world })) break;
		assert.ok(!files().some(name => name.endsWith('.lock')));
	});
	it('offline touches no network, and says so', async () => {
		const hub = await startHub(data);
		assert.match(await failure(entryFor(data), { offline: true }), /--offline \(or QWILL_OFFLINE\) forbids/);
		assert.equal(hub.requests.length, 0);
		await fetched(entryFor(data));
		assert.equal(basename((await fetched(entryFor(data), { offline: true })).path), 'tiny.gguf');
	});
	it('a full disk while writing is a sentence, not a trace', async () => {
		await startHub(data);
		const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
		const freeBytes = () => Promise.reject(full);
		assert.match(await failure(entryFor(data), { world: { freeBytes } }), /The disk of .* is full\. What has arrived of Tiny is kept/);
	});
});

it('a damaged file in the cache is told and replaced', async () => {
	await startHub(data);
	mkdirSync(models(), { recursive: true });
	writeFileSync(pathOf(entryFor(data)), 'not the model');
	const { path, notes } = await fetched(entryFor(data));
	assert.match(notes.join('\n'), /has 13 bytes and not the expected 300000.*fetched anew/);
	assert.ok(readFileSync(path).equals(data));
});

it('of two at once the second waits, says so, and finds it done', async () => {
	const hub = await startHub(data);
	const both = [fetched(entryFor(data)), fetched(entryFor(data))];
	const [first, second] = await Promise.all(both);
	assert.equal(hub.stored.length, 1);
	assert.equal(first?.path, second?.path);
	assert.equal(
		[...(first?.notes ?? []), ...(second?.notes ?? [])].filter(note => /Another qwill \(process \d+\) is fetching Tiny/.test(note)).length,
		1,
	);
});
