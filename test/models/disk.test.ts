import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { acquireLock, lockedBy } from '../../src/models/lock.js';
import { digestOf, rememberDigest, rememberedDigest, verifiedDigest, writeWhole } from '../../src/models/verify.js';
import { wheelMember } from '../../src/models/wheel.js';
import { Refusal } from '../../src/types.js';
import { wheel } from './fake-python.js';
import { sha256 } from './hub.js';
import { freshHome } from './place.js';

const home = freshHome();
const model = () => home.path('cache/qwill/models/m.gguf');

describe('the digest of a file', () => {
	it('is remembered beside our own files, and in our cache for others', async () => {
		writeFileSync(model(), 'abc');
		writeFileSync(home.path('other.gguf'), 'abc');
		assert.equal(await verifiedDigest(model(), {}), sha256(Buffer.from('abc')));
		assert.equal(await verifiedDigest(home.path('other.gguf'), {}), sha256(Buffer.from('abc')));
		assert.ok(existsSync(`${model()}.verified.json`));
		assert.deepEqual(
			readdirSync(home.path()).filter(name => name.startsWith('other')),
			['other.gguf'],
		);
		assert.equal(readdirSync(home.path('cache/qwill/verified')).length, 1);
	});
	it('is not computed again while size and time stay', async () => {
		writeFileSync(model(), 'abc');
		await rememberDigest(model(), 'a'.repeat(64));
		assert.equal(await verifiedDigest(model(), {}), 'a'.repeat(64));
	});
	it('is computed again after a change of time or size', async () => {
		writeFileSync(model(), 'abc');
		await rememberDigest(model(), 'a'.repeat(64));
		utimesSync(model(), 1, 1);
		assert.equal(await rememberedDigest(model()), undefined);
		assert.equal(await verifiedDigest(model(), {}), sha256(Buffer.from('abc')));
		writeFileSync(model(), 'abcd');
		assert.equal(await rememberedDigest(model()), undefined);
	});
	it('is computed again when the note about it is damaged', async () => {
		writeFileSync(model(), 'abc');
		for (const note of ['', '{', '[]', 'null', '{"bytes":3}', '{"bytes":3,"mtimeMs":0,"sha256":"x"}']) {
			writeFileSync(`${model()}.verified.json`, note);
			assert.equal(await verifiedDigest(model(), {}), sha256(Buffer.from('abc')));
		}
	});
	it('must be the expected one, and so must the size', async () => {
		writeFileSync(model(), 'abc');
		const wrong = (sentence: RegExp) => (error: unknown) =>
			error instanceof Refusal && error.exitCode === 41 && sentence.test(error.message);
		await assert.rejects(
			verifiedDigest(model(), { sha256: 'b'.repeat(64) }),
			wrong(/m\.gguf has the SHA-256 ba7816bf8f01… and not the expected bbbbbbbbbbbb…/),
		);
		await assert.rejects(verifiedDigest(model(), { bytes: 4 }), wrong(/has 3 bytes and not the expected 4/));
		assert.ok(!existsSync(`${model()}.verified.json`));
	});
	it('is not waited for once stopped', async () => {
		writeFileSync(model(), Buffer.alloc(5_000_000));
		await assert.rejects(digestOf(model(), AbortSignal.abort()));
	});
	it('is noted as a whole, for this person only', async () => {
		await writeWhole(home.path('new', 'note.json'), 'text');
		assert.equal(readFileSync(home.path('new', 'note.json'), 'utf8'), 'text');
		assert.equal(statSync(home.path('new', 'note.json')).mode & 0o777, 0o600);
		assert.deepEqual(readdirSync(home.path('new')), ['note.json']);
	});
});

describe('the lock', () => {
	const path = () => home.path('a.lock');
	const take = async (signal = new AbortController().signal, told: number[] = []) => {
		const holders: number[] = [];
		const waiting = acquireLock(path(), { signal, pollMs: 2 });
		for (;;) {
			const step = await waiting.next();
			if (step.done) return { ...step.value, holders };
			holders.push(step.value.pid);
			told.push(step.value.pid);
		}
	};
	it('is held by one at a time', async () => {
		let inside = 0;
		let most = 0;
		const told: number[] = [];
		const work = async () => {
			const lock = await take(undefined, told);
			most = Math.max(most, ++inside);
			// The first waits until the others have found it there.
			while (told.length < 3) await new Promise(resolve => setTimeout(resolve, 5));
			inside--;
			await lock.release();
			return lock.holders;
		};
		const holders = await Promise.all([work(), work(), work(), work()]);
		assert.equal(most, 1);
		assert.ok(holders.flat().every(pid => pid === process.pid) && holders.flat().length >= 3);
		assert.deepEqual(
			readdirSync(home.path()).filter(name => name.startsWith('a.lock')),
			[],
		);
	});
	for (const [name, content] of [
		['whose process is gone', JSON.stringify({ pid: 2 ** 22 + 77, started: '1' })],
		['whose number another process has now', JSON.stringify({ pid: process.pid, started: '1' })],
		['that cannot be read', 'rubbish'],
		['that is empty', ''],
	] as const) {
		it(`is broken when left by one ${name}`, async () => {
			if (content.includes(`${process.pid}`) && process.platform !== 'linux') return;
			writeFileSync(path(), content);
			assert.equal(await lockedBy(path()), undefined);
			const lock = await take();
			assert.deepEqual(lock.holders, []);
			await lock.release();
		});
	}
	it('says who holds it', async () => {
		const lock = await take();
		assert.equal((await lockedBy(path()))?.pid, process.pid);
		await lock.release();
		assert.equal(await lockedBy(path()), undefined);
	});
	it('is not waited for once stopped, and leaves nothing behind', async () => {
		const lock = await take();
		const stop = new AbortController();
		const waiting = acquireLock(path(), { signal: stop.signal, pollMs: 60_000 });
		await waiting.next();
		const next = waiting.next();
		stop.abort();
		await assert.rejects(next);
		await lock.release();
		assert.deepEqual(readdirSync(home.path()).sort(), ['cache']);
	});
});

describe('a member of a wheel', () => {
	const read = async (bytes: Buffer, name: string) => {
		writeFileSync(home.path('w.whl'), bytes);
		const pieces: Buffer[] = [];
		for await (const piece of wheelMember(home.path('w.whl'), name)) pieces.push(piece);
		return Buffer.concat(pieces);
	};
	const members = { 'a/x': Buffer.from('first'), 'a/data/part01.bin': Buffer.alloc(1_000_000, 'abc'), 'a/empty': Buffer.alloc(0) };
	it('is read packed and stored, with a comment behind the archive, and empty', async () => {
		assert.ok((await read(wheel(members), 'a/data/part01.bin')).equals(members['a/data/part01.bin']));
		assert.ok((await read(wheel(members, false), 'a/data/part01.bin')).equals(members['a/data/part01.bin']));
		assert.equal((await read(Buffer.concat([wheel(members), Buffer.from('a comment')]), 'a/x')).toString(), 'first');
		assert.equal((await read(wheel(members, false), 'a/empty')).length, 0);
	});
	const refused: [name: string, bytes: () => Buffer, sentence: RegExp][] = [
		['no archive', () => Buffer.alloc(500), /no archive/],
		['empty', () => Buffer.alloc(0), /no archive/],
		['another member', () => wheel({ b: Buffer.from('b') }), /it has no a\/x/],
		['longer than announced', () => announced(wheel({ 'a/x': Buffer.alloc(5000) }), 10), /longer than announced/],
		['shorter than announced', () => announced(wheel({ 'a/x': Buffer.alloc(5000) }), 6000), /shorter than announced/],
		['beyond the end', () => packedAs(wheel({ 'a/x': Buffer.from('abc') }), 1_000_000), /reaches beyond its end/],
	];
	for (const [name, bytes, sentence] of refused) {
		it(`is refused: ${name}`, () =>
			assert.rejects(read(bytes(), 'a/x'), (error: unknown) => error instanceof Refusal && sentence.test(error.message)));
	}
	const central = (bytes: Buffer) => bytes.indexOf('PK\x01\x02');
	function announced(bytes: Buffer, size: number): Buffer {
		bytes.writeUInt32LE(size, central(bytes) + 24);
		return bytes;
	}
	function packedAs(bytes: Buffer, size: number): Buffer {
		bytes.writeUInt32LE(size, central(bytes) + 20);
		return bytes;
	}
	it('never reads outside its folder: names are compared, not opened', async () => {
		await assert.rejects(read(wheel(members), join('..', 'a', 'x')), /it has no/);
	});
});
