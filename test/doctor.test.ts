import assert from 'node:assert/strict';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { it } from 'node:test';
import { doctor, renderReport } from '../src/doctor.js';
import { starter } from '../src/models/catalogue.js';
import { pathOf } from '../src/models/fetch.js';
import { rememberDigest } from '../src/models/verify.js';
import { able, type Wish } from '../src/workspace/sandbox/box.js';
import { freshHome } from './models/place.js';
import { gguf, sized } from './models/sample-gguf.js';

const home = freshHome();
const line = async (what: string, modelWanted?: string) => {
	const report = await doctor({ root: home.path(), modelWanted });
	return { exitCode: report.exitCode, ...(report.lines.find(one => one.what === what) ?? assert.fail(what)) };
};

it('has a finding for each thing that qwill needs, in one order', async () => {
	const { lines } = await doctor({ root: home.path(), modelWanted: undefined });
	assert.deepEqual(
		lines.map(one => one.what),
		['Machine', 'Node', 'Engine', 'Model', 'Sandbox', 'git', 'pip', 'Disk', 'Project', 'State', 'Terminal'],
	);
});
it('a model that is not here yet is no fault, and says what fetches it', async () => {
	const { ok, fix, exitCode } = await line('Model');
	assert.deepEqual([ok, fix], ['warn', `qwill models pull ${starter.id}`]);
	assert.notEqual(exitCode, 41);
});
it('a chosen model is named, with why and how it was checked', async () => {
	writeFileSync(pathOf(starter), gguf(sized(630e6)));
	truncateSync(pathOf(starter), starter.bytes);
	await rememberDigest(pathOf(starter), starter.sha256 ?? '');
	const { ok, detail } = await line('Model');
	assert.equal(ok, true);
	assert.match(detail, /^Qwen2\.5-Coder 0\.5B: .*SHA-256 1d9614638d18…, checked against the known digest$/);
});
it('a wanted model that is damaged ends with code 41 and its sentence', async () => {
	writeFileSync(home.path('m.gguf'), 'rubbish');
	const { ok, detail, exitCode } = await line('Model', home.path('m.gguf'));
	assert.deepEqual([ok, exitCode], [false, 41]);
	assert.match(detail, /m\.gguf is not usable: it is not a GGUF file\./);
});
it('says of the sandbox whether it works, and why not', async () => {
	mkdirSync(home.path('project'));
	const { lines } = await doctor({ root: home.path('project'), modelWanted: undefined });
	const { ok, detail } = lines.find(one => one.what === 'Sandbox') ?? assert.fail();
	const { works } = await able();
	assert.equal(ok, works || 'warn');
	assert.match(
		detail,
		works
			? /^(?:bubblewrap|sandbox-exec) works: commands write in this folder only and reach no network/
			: /: every command asks, and runs as you$/,
	);
});
it('a sandbox that is switched off is said, and one that has to be and is not is a fault', async () => {
	const finding = async (box: Wish, root = home.path()) =>
		(await doctor({ root, modelWanted: undefined, box })).lines.find(one => one.what === 'Sandbox');
	assert.deepEqual(await finding('never'), {
		ok: 'warn',
		what: 'Sandbox',
		detail: 'it is switched off: every command asks, and runs as you',
	});
	const wide = await finding('always', '/usr');
	assert.deepEqual([wide?.ok, wide?.detail.split(';')[0]], [false, '/usr is too wide a folder to open to programs']);
});
it('finds the engine’s binary that npm installed, without loading it', async () => assert.equal((await line('Engine')).ok, true));
it('the text has a mark and a line for each finding, and what to do below it', async () => {
	const text = renderReport({
		exitCode: 1,
		lines: [
			{ ok: true, what: 'Node', detail: '24' },
			{ ok: 'warn', what: 'git', detail: 'missing', fix: 'install git' },
			{ ok: false, what: 'Engine', detail: 'none' },
		],
	});
	assert.equal(text, '✓ Node    24\n! git     missing\n          → install git\n✗ Engine  none\n');
});
it('a folder whose name would act on a terminal is shown, and does not act', () => {
	const text = renderReport({
		exitCode: 0,
		lines: [{ ok: false, what: 'Project', detail: '/w/\x1b]0;owned\x07', fix: 'make /w/\x9b2J writable' }],
	});
	assert.equal(text, '✗ Project  /w/<U+001B>]0;owned<U+0007>\n           → make /w/<U+009B>2J writable\n');
});
