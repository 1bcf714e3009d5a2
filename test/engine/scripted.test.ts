import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fenced } from '../../src/engine/dialects/fenced.js';
import { scriptedEngine } from '../../src/engine/scripted.js';

test('a very long recited reply leaves the event loop its turns, so that it can be stopped', async () => {
	const engine = scriptedEngine({ replies: ['word '.repeat(100_000)] }, { dialect: fenced });
	const stop = new AbortController();
	setImmediate(() => stop.abort());
	const running = engine.reply({ system: '', messages: [{ role: 'user', text: 'go' }], tools: [] }, stop.signal);
	for (;;) {
		const step = await running.next();
		if (!step.done) continue;
		assert.equal(step.value.message.stop, 'aborted');
		assert.ok(step.value.message.text.length < 5000);
		return;
	}
});
