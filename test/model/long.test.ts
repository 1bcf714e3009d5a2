import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ephemeralJournal } from '../../src/agent/journal.js';
import { openConversation } from '../../src/agent/open.js';
import { dialects } from '../../src/engine/dialects/all.js';
import { ahead, approach } from '../../src/jobs/route.js';
import { openWorkspace } from '../../src/workspace/open.js';
import { tinyEngine } from './engines.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-long-')));
after(() => rmSync(folder, { recursive: true, force: true }));

test('a conversation of five times the context goes on, and its fixed prompt is never read again', async () => {
	const contextSize = 6144;
	const replace = 'You are brief, and you never guess what you do not know. '.repeat(6);
	const engine = tinyEngine({ contextSize, dialect: dialects.fenced });
	const conversation = openConversation({
		workspace: await openWorkspace({ root: folder, state: join(folder, '.state'), conversation: 'c' }),
		journal: ephemeralJournal(),
		engine,
		past: [],
		messages: [],
		mode: 'default',
		tools: [],
		seed: 1,
		system: { replace, append: undefined },
		instructions: [],
		limits: { turns: 1, calls: 1, seconds: undefined },
		testCommand: undefined,
		testable: async () => false,
		approve: () => async () => ({ yes: true }),
		approach,
		ahead,
		about: async () => ({ paths: [], facts: [] }),
	});
	after(() => conversation.close());
	let asked = 0;
	for (let turn = 0; asked < 5 * contextSize; turn++) {
		const stop = new AbortController();
		const words = `Message ${turn}: ${'and so it went on, '.repeat(20)}`;
		asked += await engine.measure({ system: '', messages: [{ role: 'user', text: words }], tools: [] });
		let said = '';
		for (const running = conversation.ask({ text: words, material: '' }, stop.signal); ; ) {
			const step = await running.next();
			if (step.done) {
				assert.match(step.value.reason, /^(answered|interrupted)$/, `turn ${turn}`);
				break;
			}
			if (step.value.type === 'text') said += step.value.text;
			if (said.length > 40) stop.abort();
		}
	}
	const fixed = await engine.measure({ system: replace, messages: [], tools: [] });
	const replies = conversation.events.flatMap(event => (event.type === 'replied' ? [event.usage] : []));
	const cuts = conversation.events.filter(event => event.type === 'compacted').length;
	assert.ok(cuts >= 3 && cuts < replies.length / 2, `${cuts} cuts in ${replies.length} replies`);
	for (const { reused, prompt } of replies.slice(1)) assert.ok(reused >= 0.9 * fixed && prompt <= contextSize, `${reused} of ${fixed}`);
});
