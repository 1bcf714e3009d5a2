import assert from 'node:assert/strict';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { Refusal } from '../../src/types.js';
import { hashOf } from '../../src/workspace/preimages.js';
import { afterCut, type Step, watch } from './disk-model.js';
import { filesIn, type World, world } from './world.js';

const old = 'one\ntwo\n';
const now = 'one\n2\n';

/** Edits a file, or makes one, while the disk is watched. */
async function edited(name: 'old.txt' | 'new.txt', failing?: { at: number; code: string }) {
	const place: World = world({ 'old.txt': old });
	const base = realpathSync(place.base);
	const files = await filesIn(place);
	if (name === 'old.txt') await files.read(name);
	const disk = watch(base, failing);
	let error: unknown;
	try {
		await files.write(name, now);
	} catch (thrown) {
		error = thrown;
	} finally {
		disk.stop();
	}
	return { place, base, error, steps: disk.steps };
}

const textAt = (path: string): string | null => {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return null;
	}
};

describe('a disk that fails at any step of an edit', () => {
	for (const name of ['old.txt', 'new.txt'] as const)
		test(`${name}: is said in one sentence, and nothing is torn or left lying about`, async () => {
			const { steps } = await edited(name);
			assert.ok(steps.length > 10, `${steps.length} steps`);
			for (const at of steps.keys())
				for (const code of ['ENOSPC', 'EIO', 'EROFS', 'EDQUOT', 'EACCES', 'EMFILE']) {
					const { place, error } = await edited(name, { at, code });
					const said = `${code} at ${steps[at]?.kind} (${at} of ${steps.length})`;
					const text = textAt(join(place.root, name));
					const before = name === 'old.txt' ? old : null;
					assert.ok(error instanceof Refusal, `${said}: ${error}`);
					assert.doesNotMatch(error.message, /\n/, said);
					assert.ok(text === before || text === now, `${said}: ${JSON.stringify(text)}`);
					assert.equal(text === now, /is written/.test(error.message), `${said}: ${error.message}`);
					const left = () => readdirSync(place.root).filter(entry => entry.endsWith('.tmp'));
					assert.deepEqual(left(), [], said);
					// Whatever happened, the next edit goes.
					const again = await filesIn(place);
					if (text !== null) await again.read(name);
					await again.write(name, 'three\n');
					assert.equal(textAt(join(place.root, name)), 'three\n', said);
					assert.deepEqual(left(), [], said);
				}
		});
});

describe('a power cut at any step of an edit', () => {
	for (const name of ['old.txt', 'new.txt'] as const)
		test(`${name}: is old or new as a whole, and what is new can be taken back`, async () => {
			const { base, steps } = await edited(name);
			const path = join(base, 'ws', name);
			const before = new Map(name === 'old.txt' ? [[path, Buffer.from(old)]] : []);
			let seen = 0;
			for (let count = 0; count <= steps.length; count++)
				for (const disk of afterCut(before, steps.slice(0, count))) {
					seen++;
					const text = disk.get(path)?.toString() ?? null;
					const where = `behind ${count} of ${steps.map(({ kind }: Step) => kind).join(', ')}`;
					assert.ok(text === (before.get(path)?.toString() ?? null) || text === now, `${where}: ${JSON.stringify(text)}`);
					if (text !== now) continue;
					const log = [...disk].find(([at]) => basename(at) === 'log.jsonl')?.[1].toString() ?? '';
					assert.match(log, new RegExp(`"type":"change".*"path":"${name}".*\n$`), where);
					const kept = [...disk].find(([at]) => basename(at) === hashOf(Buffer.from(old)))?.[1].toString();
					assert.equal(kept, name === 'old.txt' ? old : undefined, where);
				}
			assert.ok(seen > 50, `${seen}`);
		});
});
