import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'golden', 'chat');

/** Compares with `test/golden/chat/<name>`. `UPDATE_GOLDEN=1` writes it instead: read the difference before committing. */
export function golden(name: string, actual: string): void {
	const file = join(folder, name);
	if (process.env.UPDATE_GOLDEN) {
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, `${actual}\n`);
		return;
	}
	assert.ok(existsSync(file), `${file} is missing; run once with UPDATE_GOLDEN=1`);
	assert.equal(`${actual}\n`, readFileSync(file, 'utf8'));
}
