import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialects } from '../../src/engine/dialects/all.js';
import { lateEngine } from '../../src/engine/late.js';
import { scriptedEngine } from '../../src/engine/scripted.js';
import { returned } from '../../src/returned.js';

const never = () => new AbortController().signal;

test('who waits for a model that is being chosen for somebody else can stop at once; the choosing goes on', async () => {
	const chosen = Promise.withResolvers<void>();
	let choices = 0;
	const engine = lateEngine(async function* () {
		choices++;
		yield { type: 'loading', fraction: 0, what: 'choosing a model' };
		await chosen.promise;
		return scriptedEngine({ replies: [] }, { dialect: dialects.fenced });
	});
	const first = engine.warm(undefined, never());
	await first.next();
	const stop = new AbortController();
	const second = engine.warm(undefined, stop.signal).next();
	stop.abort();
	const patience = new Promise(resolve => setImmediate(() => setImmediate(resolve, 'still waiting')));
	assert.deepEqual(await Promise.race([second, patience]), { done: true, value: { reason: 'interrupted' } });
	const third = returned(engine.warm(undefined, never()));
	chosen.resolve();
	assert.deepEqual((await first.next()).value, { type: 'loading', fraction: 0 });
	assert.equal(engine.model.name, 'scripted', 'it is known which model that is');
	assert.deepEqual([(await first.next()).value, await third], [undefined, undefined]);
	assert.deepEqual([choices, engine.model.name], [1, 'scripted']);
});
