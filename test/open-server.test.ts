import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { it } from 'node:test';
import { doctor } from '../src/doctor.js';
import { accessTo } from '../src/engine/remote/server.js';
import { tierFor } from '../src/open-server.js';
import { done, event, finish, inTurn, json, says, serve, stream } from './engine/remote/server.js';
import { serverOf } from './engine/remote/talker.js';
import { freshHome } from './models/place.js';

const home = freshHome();

/** The program as a person starts it, in a folder of its own. */
async function qwill(words: readonly string[], env: Record<string, string> = {}) {
	const cwd = home.path('project');
	mkdirSync(cwd, { recursive: true });
	const main = join(import.meta.dirname, '..', 'src', 'main.ts');
	const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main, ...words], {
		cwd,
		env: { ...process.env, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const [out, err, code] = await Promise.all([
		text(child.stdout),
		text(child.stderr),
		new Promise(resolve => child.once('close', resolve)),
	]);
	return { out, err, code };
}

for (const [id, tier] of [
	['qwen2.5-coder:0.5b', 'T0'],
	['Qwen/Qwen2.5-Coder-3B-Instruct', 'T0'],
	['qwen2.5-coder-7b-instruct-q4_k_m.gguf', 'T1'],
	['Qwen/Qwen3-Coder-30B-A3B-Instruct', 'T2'],
	['qwen3-coder-next', 'T2'],
	['gpt-4b1', 'T2'],
] as const)
	it(`a served model works by the size in its name, a large one where there is none: ${id}`, () =>
		assert.equal(tierFor({ id, parameters: undefined }), tier));

it('the size that the server tells counts more than a name', () => assert.equal(tierFor({ id: 'big-70b', parameters: 5e8 }), 'T0'));

it('the same agent works on a server: it calls a tool, sees the result and answers', async () => {
	const call = { tool_calls: [{ index: 0, id: 'x', function: { name: 'read_file', arguments: '{"file_path": "a.txt"}' } }] };
	const server = await serverOf('vllm', inTurn(stream(event(call), finish('tool_calls'), done), says('It says 42.')));
	mkdirSync(home.path('project'));
	writeFileSync(home.path('project', 'a.txt'), 'forty-two: 42\n');
	const { out, code } = await qwill(['-p', 'what is in a.txt?', '--base-url', server.baseUrl, '--offline'], { QWILL_API_KEY: 'k1' });
	assert.deepEqual([out, code], ['It says 42.\n', 0]);
	const last = server.asked.at(-1);
	assert.match(last?.body.messages.at(-1)?.content ?? '', /forty-two: 42/);
	assert.equal(last?.headers.authorization, 'Bearer k1');
});

it('the models of a server are listed, also where the environment names it', async () => {
	const server = await serve({ '/v1/models': json({ data: [{ id: 'one', owned_by: 'vllm', max_model_len: 40_960 }, { id: 'two' }] }) });
	const { out, code } = await qwill(['models'], { QWILL_BASE_URL: server.baseUrl });
	assert.deepEqual([out, code], ['one  40,960 tokens\ntwo\n', 0]);
});

it('an address that is none is bad input, said before anything is opened', async () => {
	const { out, err, code } = await qwill(['-p', 'hi', '--base-url', 'localhost:8000']);
	assert.deepEqual([out, code], ['', 42]);
	assert.match(err, /such as http:\/\/localhost:8000\/v1/);
});

it('the doctor says which model would be used on the server, or why none', async () => {
	const look = async (baseUrl: string, modelWanted?: string) => {
		const access = accessTo({ baseUrl, keyName: undefined, offline: false, env: {} });
		const report = await doctor({ root: home.path(), modelWanted, server: access });
		const line = report.lines.find(one => one.what === 'Model');
		return { exitCode: report.exitCode, ok: line?.ok, detail: line?.detail ?? '' };
	};
	const server = await serve({ '/v1/models': json({ data: [{ id: 'one', owned_by: 'vllm', max_model_len: 40_960 }, { id: 'two' }] }) });
	const found = await look(server.baseUrl);
	assert.equal(found.ok, true);
	assert.match(found.detail, /^one, 40,960 tokens, on vLLM at .*; 2 models there$/);
	const missing = await look(server.baseUrl, 'three');
	assert.deepEqual([missing.ok, missing.exitCode], [false, 41]);
	assert.match(missing.detail, /It has: one, two/);
});
