import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dialects } from '../../src/engine/dialects/all.js';
import { approach } from '../../src/jobs/route.js';
import { run, setting } from '../jobs/scene.js';
import { realEngine, realModel } from '../model/engines.js';

// Writes down what happens, and what the person is asked, while the real 0.5B fixes a failing test:
// node --import tsx test/smart/record-fix.ts. test/chat/recorded.test.ts plays it to the chat.

const model = realModel();
if (model === undefined) throw new Error('The 0.5B is not installed: qwill models pull qwen2.5-coder-0.5b');
const text = 'The test fails. Fix it.';
const lines: object[] = [{ type: 'asked', text, material: '' }];
const { work } = await setting({
	fixture: 'broken-py',
	engine: realEngine(model, { dialect: dialects.fenced, contextSize: 8192 }),
	approve: async question => {
		lines.push({ type: 'question', question });
		return { yes: true };
	},
});
const { ending } = await run(approach({ text, material: '' }, work, new AbortController().signal), event => lines.push(event));
lines.push({ type: 'done', ending });
await work.agent.engine.close();
const recorded = lines.map(line => JSON.stringify(line)).join('\n');
// Of the machine that it was recorded on, the picture needs nothing.
writeFileSync(
	join(import.meta.dirname, '..', 'golden', 'chat', 'fix.jsonl'),
	`${recorded.replaceAll(/\d+\.\d+(?=m?s\b)/g, '0.1').replaceAll(work.agent.workspace.root, '/w/app')}\n`,
);
