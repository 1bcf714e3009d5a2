import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { linesOf, onlyResult, play, recite, reply, type Script } from './scene.js';

const json = '{"a":[1,"é"]}';
const answered = recite([{ type: 'text', text: json }, reply(json)], { reason: 'answered' });
const broken = recite([{ type: 'note', text: 'too long' }], { reason: 'stuck', detail: 'no end' });
const wanted = { structured: true } as const;

describe('an answer in a form', () => {
	for (const terminal of [false, true])
		test(`as text is the JSON and nothing else, ${terminal ? 'on a terminal too' : 'into a pipe'}`, async () => {
			const { code, stdout } = await play({ script: answered, terminal, wanted });
			assert.deepEqual([code, stdout], [0, `${json}\n`]);
		});

	test('as text holds no control character, and means the same', async () => {
		const raw = '{"a":"\x9b2J\x7f"}';
		const script = recite([{ type: 'text', text: raw }, reply(raw)], { reason: 'answered' });
		const { stdout } = await play({ script, terminal: true, wanted });
		assert.doesNotMatch(stdout, /[\x7f-\x9f]/);
		assert.deepEqual(JSON.parse(stdout), JSON.parse(raw));
	});

	for (const output of ['json', 'stream-json'] as const)
		test(`as ${output} is text in the result, and data under both names`, async () => {
			const result = onlyResult((await play({ script: answered, wanted: { ...wanted, output } })).lines);
			assert.equal(result.result, json);
			assert.deepEqual([result.structured_output, result.structured_result], [JSON.parse(json), JSON.parse(json)]);
		});

	for (const output of ['text', 'json', 'stream-json'] as const)
		test(`that did not come about is nowhere, as ${output}`, async () => {
			const { code, stdout, stderr, lines } = await play({ script: broken, wanted: { ...wanted, output } });
			assert.equal(code, 1);
			assert.match(stderr, /Stopped, because there was no more progress: no end\./);
			if (output === 'text') return assert.equal(stdout, '');
			const result = onlyResult(lines);
			assert.deepEqual(
				[result.is_error, 'result' in result, 'structured_output' in result, 'structured_result' in result],
				[true, false, false, false],
			);
		});

	test('that is interrupted is none, and the code is 130', async () => {
		const waiting: Script = async function* (_task, signal) {
			yield { type: 'note', text: 'begun' };
			await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }));
			return { reason: 'interrupted' };
		};
		const when = { text: 'init', run: (signals: { emit(name: string): unknown }) => void setTimeout(() => signals.emit('SIGINT'), 5) };
		const { code, lines } = await play({ script: waiting, wanted: { ...wanted, output: 'stream-json' }, when });
		const result = onlyResult(lines);
		assert.deepEqual([code, result.terminal_reason, 'structured_output' in result], [130, 'interrupted', false]);
	});

	test('has no data where none was asked for', async () => {
		const result = onlyResult((await play({ script: answered, wanted: { output: 'json' } })).lines);
		assert.ok(!('structured_output' in result));
	});
});

type Ran = { code: number | null; stdout: string; stderr: string };

/** The whole program, on a model that recites these replies, or on one that is not there. */
function program(replies: string | undefined, words: readonly string[]): Promise<Ran> {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-schema-')));
	const script = join(folder, 'replies.md');
	if (replies !== undefined) writeFileSync(script, replies);
	const env = { ...process.env, XDG_STATE_HOME: join(folder, 'state'), XDG_CONFIG_HOME: join(folder, 'config'), QWILL_MODEL: '' };
	const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
	const tsx = join(import.meta.dirname, '..', '..', 'node_modules', 'tsx', 'dist', 'esm', 'index.mjs');
	const child = spawn(process.execPath, ['--import', tsx, main, '-m', `replies:${script}`, ...words], {
		cwd: folder,
		env,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let [stdout, stderr] = ['', ''];
	child.stdout.on('data', data => (stdout += String(data)));
	child.stderr.on('data', data => (stderr += String(data)));
	return new Promise(resolve => child.on('close', code => resolve({ code, stdout, stderr })));
}
const schema = '{"type":"object","properties":{"ok":{"type":"boolean"}},"required":["ok"]}';

describe('qwill --json-schema', () => {
	test('gives the first reply that is valid, without tools', async () => {
		const replies = 'No.\n---\n```json\n{"ok": true}\n```\n';
		const { code, stdout, stderr } = await program(replies, ['-p', 'Is it?', '--json-schema', schema, '-o', 'stream-json']);
		const lines = linesOf(stdout);
		const [init] = lines;
		assert.ok(init?.type === 'system' && init.subtype === 'init');
		assert.deepEqual(init.tools, []);
		assert.deepEqual([code, onlyResult(lines).structured_output], [0, { ok: true }]);
		assert.match(stderr, /does not keep to the schema \(it is no JSON\); asking again/);
	});

	test('says when there is none, and prints nothing', async () => {
		const { code, stdout, stderr } = await program('{"ok": 1}\n---\n'.repeat(5), ['Is it?', '--json-schema', schema]);
		assert.deepEqual([code, stdout], [1, '']);
		assert.match(stderr, /no answer kept to the schema \(the last one: \/ok must be boolean\)/);
	});

	test('names what is wrong with the schema before it looks for the model', async () => {
		const { code, stdout, stderr } = await program(undefined, ['-p', 'x', '--json-schema', '{"type":"strin"}']);
		assert.deepEqual([code, stdout], [42, '']);
		assert.match(stderr, /^The schema is no JSON Schema: #\/type must be equal to one of the allowed values/);
	});
});
