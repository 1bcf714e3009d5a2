import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const copy = mkdtempSync(join(tmpdir(), 'qwill-setup-'));
const at = (...parts: string[]): string => join(copy, ...parts);

/** A checkout with one source file, whose dependencies are those of this one: links, so that it can leave its stamps beside them. */
before(() => {
	for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', '.ci/setup.mjs'])
		cpSync(join(root, name), at(name), { recursive: true });
	mkdirSync(at('src'));
	mkdirSync(at('node_modules'));
	for (const name of readdirSync(join(root, 'node_modules'))) {
		if (name === '.package-lock.json') cpSync(join(root, 'node_modules', name), at('node_modules', name));
		else if (!name.startsWith('.qwill')) symlinkSync(join(root, 'node_modules', name), at('node_modules', name));
	}
	writeFileSync(at('src', 'main.ts'), 'export const first: number = 1;\n');
});
after(() => rmSync(copy, { recursive: true, force: true }));

const setUp = () => spawnSync(process.execPath, [at('.ci', 'setup.mjs'), '--no-model'], { cwd: copy, encoding: 'utf8' });
const built = (): string => readFileSync(at('dist', 'main.js'), 'utf8');

test('set-up builds once, and has nothing to say or do when nothing has changed', () => {
	const first = setUp();
	assert.equal(first.status, 0, first.stderr);
	assert.match(first.stderr, /building/);
	assert.equal(first.stdout, '');
	assert.match(built(), /first = 1/);
	const age = statSync(at('dist', 'main.js')).mtimeMs;
	const second = setUp();
	assert.deepEqual([second.status, second.stderr], [0, '']);
	assert.equal(statSync(at('dist', 'main.js')).mtimeMs, age);
});

test('a changed, a new and a removed source are built anew, and nothing of a removed one stays', () => {
	writeFileSync(at('src', 'extra.ts'), 'export const extra = 1;\n');
	assert.equal(setUp().status, 0);
	assert.ok(existsSync(at('dist', 'extra.js')));
	rmSync(at('src', 'extra.ts'));
	writeFileSync(at('src', 'main.ts'), 'export const second: number = 2;\n');
	assert.equal(setUp().status, 0);
	assert.match(built(), /second = 2/);
	assert.ok(!existsSync(at('dist', 'extra.js')));
});

test('a source that does not compile fails with a sentence, and the last good build stays', () => {
	const good = built();
	writeFileSync(at('src', 'main.ts'), 'export const third: number = "three";\n');
	const { status, stderr } = setUp();
	assert.equal(status, 1);
	assert.match(stderr, /could not be compiled/);
	assert.equal(built(), good);
	assert.ok(!existsSync(at('.tmp', 'dist')));
	writeFileSync(at('src', 'main.ts'), 'export const third: number = 3;\n');
	assert.equal(setUp().status, 0);
});

test('a missing dist is built even when no source has changed', () => {
	rmSync(at('dist'), { recursive: true });
	assert.equal(setUp().status, 0);
	assert.match(built(), /third = 3/);
});
