import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { ephemeralJournal } from '../../src/agent/journal.js';
import { openConversation } from '../../src/agent/open.js';
import type { Engine } from '../../src/engine/engine.js';
import { formOf } from '../../src/jobs/form.js';
import { structured } from '../../src/jobs/structured.js';
import type { Ending } from '../../src/types.js';
import { openWorkspace } from '../../src/workspace/open.js';
import { never } from '../engine/asking.js';
import { documents } from '../engine/grammar/schemas.js';
import { realEngine, realModel, tinyEngine } from './engines.js';
import { tinyModel } from './tiny.js';

// SCHEMAS=200 node --import tsx --test test/model/json-schema.test.ts
const count = Number(process.env.SCHEMAS ?? 20);
const ajv = new Ajv2020({ strict: false, validateFormats: false, addUsedSchema: false });

type Answer = { ending: Ending; json: string | undefined; notes: string[] };

/** What `qwill -p --json-schema` does with one question, in a conversation of its own. */
async function answer(engine: Engine, schema: unknown, seed: number): Promise<Answer> {
	const form = formOf(schema);
	const root = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-form-')));
	const conversation = openConversation({
		workspace: await openWorkspace({ root, state: join(root, '.state'), conversation: 'c' }),
		journal: ephemeralJournal(),
		past: [],
		messages: [],
		mode: 'default',
		engine,
		tools: [],
		seed,
		system: { replace: undefined, append: undefined },
		instructions: [],
		limits: { turns: 30, calls: 3, seconds: undefined },
		testCommand: undefined,
		testable: async () => false,
		approve: () => async () => ({ yes: true }),
		approach: (_task, work, stop) => structured(form, work, stop),
		ahead: async () => undefined,
		about: async () => ({ paths: [], facts: [] }),
	});
	let json: string | undefined;
	const notes: string[] = [];
	const running = conversation.ask({ text: 'Make up an example.', material: '' }, never());
	for (;;) {
		const step = await running.next();
		if (step.done) return { ending: step.value, json, notes };
		if (step.value.type === 'replied') json = step.value.message.text;
		if (step.value.type === 'note') notes.push(step.value.text);
	}
}

function validIn(name: string, open: () => Engine, schemas: number): void {
	describe(`--json-schema with ${name}`, () => {
		const engine = open();
		after(() => engine.close());
		test(`is valid in ${schemas} of ${schemas} random schemas`, async t => {
			const all = fc.sample(documents, { numRuns: schemas, seed: 2026 });
			const tries: string[] = [];
			let valid = 0;
			for (const [i, { schema }] of all.entries()) {
				const { ending, json, notes } = await answer(engine, schema, i + 1);
				const fits = json !== undefined && ending.reason === 'answered' && ajv.validate(schema, JSON.parse(json)) === true;
				if (fits) valid++;
				else t.diagnostic(`${i}: ${JSON.stringify([ending, schema, json])}`);
				tries.push(...notes);
				if (process.env.SCHEMAS !== undefined) t.diagnostic(`${valid} of ${i + 1}${notes.map(note => `; ${note}`).join('')} ${json}`);
			}
			t.diagnostic(`${valid} of ${schemas} valid, ${tries.length} replies asked for again`);
			assert.equal(valid, schemas);
		});
	});
}

validIn('the tiny random model', () => tinyEngine(), count);
if (realModel()) validIn('the real 0.5B', () => realEngine(realModel()!, { contextSize: 8192 }), count);
else test('--json-schema with the real 0.5B', { skip: 'the model file is not here' }, () => {});

test('an answer that is interrupted while it is written leaves nothing on stdout, and the exit code is 130', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'qwill-schema-'));
	const root = join(import.meta.dirname, '..', '..');
	const schema = '{"type":"string","minLength":2000}';
	const words = ['-m', tinyModel(), '-p', 'a long text', '--json-schema', schema, '-o', 'stream-json', '--include-partial-messages'];
	const env = {
		...process.env,
		XDG_STATE_HOME: join(folder, 'state'),
		XDG_CACHE_HOME: join(folder, 'cache'),
		XDG_CONFIG_HOME: join(folder, 'config'),
	};
	const program = [join(root, 'node_modules', 'tsx', 'dist', 'esm', 'index.mjs'), join(root, 'src', 'main.ts')];
	const child = spawn(process.execPath, ['--import', ...program, ...words], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
	let stdout = '';
	child.stdout.on('data', data => {
		stdout += String(data);
		// The last thing before writing begins.
		if (/"status":"reading","done":(\d+),"total":\1\}/.test(stdout)) child.kill('SIGINT');
	});
	const code = await new Promise(resolve => child.on('close', resolve));
	const result = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Record<string, unknown>;
	assert.deepEqual([code, result.type, result.terminal_reason], [130, 'result', 'interrupted']);
	assert.ok(!('structured_output' in result) && !('result' in result) && !stdout.includes('"assistant"'));
});
