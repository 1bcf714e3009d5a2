import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { showFile } from '../../src/agent/material.js';
import { dialects } from '../../src/engine/dialects/all.js';
import { localEngine } from '../../src/engine/local/local.js';
import { samplingFor } from '../../src/engine/sampling.js';
import { chooseModel } from '../../src/models/choose.js';
import { lookAtMachine } from '../../src/models/machine.js';
import { say } from '../../src/prompts.js';
import { allTools } from '../../src/tools/all.js';
import { run } from '../engine/asking.js';
import { editTasks, shop, toolTasks } from './tasks.js';

// Records what the real models reply when they are asked to call a tool or to change a file: node --import tsx test/replies/record.ts.
// A reply that is there already is not asked for again. What each is read as is kept by corpus.test.ts, and was looked at by a person.

const file = join(import.meta.dirname, 'replies.jsonl');
const models = ['qwen2.5-coder-0.5b', 'qwen2.5-coder-1.5b'];
const seeds = [1, 2];
const mostTokens = 300;
const specs = allTools.map(tool => tool.spec(say(`tools/${tool.name}`)));
const known = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
const have = new Set(known.map(line => (JSON.parse(line) as { id: string }).id));

for (const id of models) {
	const chosen = await chooseModel(id, await lookAtMachine(), new AbortController().signal);
	if ('missing' in chosen) throw new Error(`${id} is not installed: qwill models pull ${id}`);
	const { path: modelPath, name, tier, plan } = chosen;
	const { threads, batchSize, useMmap } = plan;
	for (const dialect of ['fenced', 'hermes'] as const) {
		const opening = { modelPath, name, tier, threads, batchSize, useMmap, contextSize: 4096, gpu: false } as const;
		const engine = localEngine({ ...opening, dialect: dialects[dialect] });
		const wanted = [
			...toolTasks.map(text => ({ kind: 'tool', path: undefined, text })),
			...editTasks.map(({ path, ask }) => ({ kind: 'edit', path, text: `${showFile(path, shop[path]!)}\n\n${ask}` })),
		];
		for (const [nth, { kind, path, text }] of wanted.entries())
			for (const seed of seeds) {
				const about = { id: `${id} ${dialect} ${nth} ${seed}`, dialect, kind, path };
				if (have.has(about.id)) continue;
				// The first is the model's best guess, the second one of its other ideas.
				const sampling = { ...samplingFor(name, seed), ...(seed === 1 ? { temperature: 0 } : {}) };
				const system = say(`system/${dialect === 'fenced' ? 'T0' : 'T1'}`);
				const asked = kind === 'edit' && dialect === 'fenced' ? `${text}\n\n${say('jobs/change', { path: path! })}` : text;
				const messages = [{ role: 'user', text: asked } as const];
				const { reply } = await run(engine, { system, messages, tools: specs, sampling, maxTokens: mostTokens });
				if (reply.failure) throw new Error(JSON.stringify(reply.failure));
				const { raw, stop } = reply.message;
				appendFileSync(file, `${JSON.stringify({ ...about, cut: stop === 'length', raw })}\n`);
			}
		await engine.close();
	}
}
