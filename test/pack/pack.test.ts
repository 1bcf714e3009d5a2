import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { z } from 'zod';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'qwill-pack-'));
const packed = join(folder, 'package');
const version = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).version;
let files: string[] = [];

/**
 * Packs what `npm publish` would send, and unpacks it as an installation would. Its dependencies are not fetched: a link to
 * those of the checkout stands in for them, so that the test needs no network. `.ci/run` installs the tarball for real.
 */
before(() => {
	assert.ok(existsSync(join(root, 'dist', 'main.js')), 'dist is not built; run: npm test, or node .ci/setup.mjs');
	const said = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
		cwd: root,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	files = z
		.array(z.object({ files: z.array(z.object({ path: z.string() })) }))
		.parse(JSON.parse(said))[0]!
		.files.map(file => file.path);
	const tarball = readdirSync(folder).find(name => name.endsWith('.tgz'));
	execFileSync('tar', ['-xzf', join(folder, tarball ?? ''), '-C', folder]);
	symlinkSync(join(root, 'node_modules'), join(packed, 'node_modules'));
	mkdirSync(join(folder, 'empty'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const qwill = (program: string, ...words: string[]) =>
	spawnSync(process.execPath, [program, ...words], {
		cwd: join(folder, 'empty'),
		encoding: 'utf8',
		env: { ...process.env, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder },
	});

test('the package holds what runs and nothing else', () => {
	const strays = files.filter(
		path =>
			!/^(?:dist\/.+\.js|prompts\/.+\.md|bin\/(?:tracers|callers|doors)\/.+\.(?:py|cjs|mjs|go|rs|java)|bin\/qwill\.js|package\.json|README\.md|LICENSE)$/.test(
				path,
			),
	);
	assert.deepEqual(strays, []);
	for (const needed of ['dist/main.js', 'bin/qwill.js', 'package.json', 'LICENSE']) assert.ok(files.includes(needed), needed);
	assert.ok(files.some(path => path.startsWith('prompts/')));
	for (const needed of [
		'bin/tracers/python/sitecustomize.py',
		'bin/doors/forward.mjs',
		'bin/tracers/node/trace.cjs',
		'bin/callers/call.py',
		'bin/callers/call.mjs',
		'bin/callers/probe.go',
		'bin/callers/probe.rs',
		'bin/callers/probe.java',
	])
		assert.ok(files.includes(needed), needed);
});

test('the packed program says its version', () => {
	const { status, stdout, stderr } = qwill(join(packed, 'bin', 'qwill.js'), '--version');
	assert.deepEqual([status, stdout, stderr], [0, `${version}\n`, '']);
});

test('the packed program refuses a wrong flag with its code, before anything is loaded', () => {
	const { status, stderr } = qwill(join(packed, 'bin', 'qwill.js'), '--modle', 'x');
	assert.equal(status, 42);
	assert.match(stderr, /did you mean -m, --model/);
});

test('without dist the program says what to type', () => {
	cpSync(join(root, 'bin'), join(folder, 'unbuilt', 'bin'), { recursive: true });
	const { status, stdout, stderr } = qwill(join(folder, 'unbuilt', 'bin', 'qwill.js'));
	assert.deepEqual([status, stdout], [1, '']);
	assert.match(stderr, /not built yet.*npm start/);
});
