import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { starter } from '../../src/models/catalogue.js';
import { findModels } from '../../src/models/find.js';
import { freshHome } from './place.js';

const home = freshHome();

/** A file of this size that takes no room on the disk. */
function put(path: string, bytes = 2 ** 20): string {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, '');
	truncateSync(path, bytes);
	return path;
}
const found = async () => (await findModels()).map(({ from, name, path }) => `${from}: ${name} ${path.slice(home.path().length + 1)}`);

it('places that do not exist have no models', async () => assert.deepEqual(await findModels(), []));

it('models of our own cache come first and are known by name and size', async () => {
	const path = put(home.path('cache/qwill/models', starter.hub.file), starter.bytes);
	const [model] = await findModels();
	assert.deepEqual([model?.entry, model?.path, model?.from], [starter, path, 'qwill']);
});
it('a file with a known name and another size is not the known model', async () => {
	put(home.path('cache/qwill/models', starter.hub.file), starter.bytes - 1);
	assert.equal((await findModels())[0]?.entry, undefined);
});
it('models of LM Studio, the hub’s and llama.cpp’s caches are found where those keep them', async () => {
	put(home.path('.lmstudio/models/Qwen/Coder-GGUF/one.gguf'));
	const blob = put(home.path('hf/hub/models--Qwen--X/blobs/abc'));
	mkdirSync(home.path('hf/hub/models--Qwen--X/snapshots/rev'), { recursive: true });
	symlinkSync(blob, home.path('hf/hub/models--Qwen--X/snapshots/rev/two.gguf'));
	put(home.path('llama/Qwen_Qwen2.5-Coder-7B-Instruct-GGUF_qwen2.5-coder-7b-instruct-q4_k_m.gguf'));
	Object.assign(process.env, { HF_HOME: home.path('hf'), LLAMA_CACHE: home.path('llama') });
	assert.deepEqual(await found(), [
		'LM Studio: one .lmstudio/models/Qwen/Coder-GGUF/one.gguf',
		'Hugging Face: two hf/hub/models--Qwen--X/snapshots/rev/two.gguf',
		'llama.cpp: Qwen2.5-Coder 7B llama/Qwen_Qwen2.5-Coder-7B-Instruct-GGUF_qwen2.5-coder-7b-instruct-q4_k_m.gguf',
	]);
});
it('Ollama’s files are named by its manifests, and known by their digest', async () => {
	const manifest = (name: string, layers: object[]) => {
		const path = home.path('.ollama/models/manifests/registry.ollama.ai/library', name);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, JSON.stringify({ schemaVersion: 2, config: { digest: `sha256:${'9'.repeat(64)}` }, layers }));
	};
	const layer = (digest: string, kind = 'model') => ({
		mediaType: `application/vnd.ollama.image.${kind}`,
		digest: `sha256:${digest}`,
		size: 5,
	});
	const strange = 'c'.repeat(64);
	manifest('qwen2.5-coder/0.5b', [layer('d'.repeat(64), 'license'), layer(starter.sha256 ?? '')]);
	manifest('strange/latest', [layer(strange), layer('e'.repeat(64), 'template')]);
	manifest('gone/latest', [layer('f'.repeat(64))]);
	writeFileSync(home.path('.ollama/models/manifests/rubbish'), '{"layers":');
	put(home.path('.ollama/models/blobs', `sha256-${starter.sha256}`), starter.bytes);
	put(home.path('.ollama/models/blobs', `sha256-${strange}`));
	assert.deepEqual(
		(await findModels()).map(model => [model.from, model.name, model.entry?.id]),
		[
			['Ollama', 'Qwen2.5-Coder 0.5B', starter.id],
			['Ollama', 'strange:latest', undefined],
		],
	);
});
it('what is no language model is left out: image encoders, later pieces, scraps, other files, broken links', async () => {
	const folder = home.path('cache/qwill/models');
	for (const name of ['mmproj-x.gguf', 'big-00002-of-00003.gguf', 'notes.txt', 'x.gguf.part']) put(join(folder, name));
	put(join(folder, 'tiny.gguf'), 100);
	symlinkSync(join(folder, 'nowhere'), join(folder, 'broken.gguf'));
	put(join(folder, 'big-00001-of-00003.gguf'));
	assert.deepEqual(await found(), ['qwill: big-00001-of-00003 cache/qwill/models/big-00001-of-00003.gguf']);
});
it('a link to a folder is not followed, not even in a circle', async () => {
	mkdirSync(home.path('.lmstudio/models/a'), { recursive: true });
	symlinkSync(home.path('.lmstudio/models'), home.path('.lmstudio/models/a/loop'));
	put(home.path('.lmstudio/models/a/x.gguf'));
	assert.equal((await findModels()).length, 1);
});
