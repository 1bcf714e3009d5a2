import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine, Hole, Prompt } from '../../src/engine/engine.js';
import { masking } from '../../src/engine/masking.js';
import { greedy } from '../../src/engine/sampling.js';
import { scriptedEngine } from '../../src/engine/scripted.js';
import { maskedName } from '../../src/secrets.js';
import { ask, followedBy, never, plainDialect, run } from './asking.js';

const secret = ['AKIA', 'Q3EGXY7ZLMNP2RTV'].join('');

/** An engine that answers with what it was asked, in pieces of `size` letters, and keeps what it was given. */
function echo(size: number): Engine & { seen: string[] } {
	const seen: string[] = [];
	const keep = (given: Prompt | Hole) => void seen.push(JSON.stringify(given));
	return {
		...scriptedEngine({ replies: [] }, { dialect: plainDialect }),
		seen,
		// biome-ignore lint/correctness/useYield: nothing to tell
		async *warm(prompt) {
			if (prompt) keep(prompt);
			return undefined;
		},
		async *reply(prompt) {
			keep(prompt);
			const text = prompt.messages.at(-1)!.text;
			for (let i = 0; i < text.length; i += size) yield { type: 'text', text: text.slice(i, i + size) };
			const calls = [{ id: '1', tool: 'write', args: { path: 'a', lines: [text] } }];
			const usage = { prompt: 1, reused: 0, output: 1, readMs: 0, writeMs: 0 };
			return { message: { role: 'assistant', text, raw: text, calls, stop: 'end' }, usage };
		},
		async fill(hole, _signal, see) {
			keep(hole);
			for (let i = 0; i < hole.before.length; i += size) see?.(hole.before.slice(i, i + size));
			return hole.before;
		},
	} as Engine & { seen: string[] };
}

for (const size of [1, 5, 1000])
	test(`no secret reaches the model, and what it writes holds the secret again, in pieces of ${size}`, async () => {
		const inner = echo(size);
		const engine = masking(inner);
		const text = `const key = '${secret}'; MASKED_ no name, M`;
		const { events, reply } = await run(engine, ask(text, { begin: secret, until: [secret], instructions: secret, system: secret }));
		assert.equal(reply.message.text, text);
		assert.deepEqual(reply.message.calls[0]?.args, { path: 'a', lines: [text] });
		assert.equal(events.flatMap(event => (event.type === 'text' ? [event.text] : [])).join(''), text);
		assert.match(reply.message.raw, maskedName);
		for await (const _ of engine.warm(followedBy(ask(text), reply, `once more ${secret}`), never()));
		const pieces: string[] = [];
		const hole = { head: secret, before: text, after: secret, maxTokens: 9, sampling: greedy };
		assert.equal(await engine.fill(hole, never(), piece => pieces.push(piece)), text);
		assert.equal(pieces.join(''), text);
		assert.equal(inner.seen.length, 3);
		for (const given of inner.seen) assert.ok(!given.includes(secret), given);
	});

test('the person is told once of each secret', async () => {
	const engine = masking(echo(10));
	const notes = async (text: string) => (await run(engine, ask(text))).events.flatMap(event => (event.type === 'note' ? [event.text] : []));
	const [note, ...others] = await notes(`a ${secret} b ${secret}`);
	assert.match(note!, /^The model sees MASKED_SECRET_[0-9a-f]{8} in the place of a secret \(AWS key\)\.$/);
	assert.deepEqual(others, []);
	assert.deepEqual(await notes(`again ${secret}`), []);
});

test('the same prompt is masked in the same way each time, so that what was read stays read', async () => {
	const inner = echo(10);
	const engine = masking(inner);
	const first = ask(`a ${secret}`);
	const { reply } = await run(engine, first);
	await run(engine, followedBy(first, reply, 'and?'));
	const [before, after] = inner.seen.map(text => (JSON.parse(text) as Prompt).messages);
	assert.deepEqual(after!.slice(0, 1), before);
	const second = after?.[1];
	assert.equal(second?.role === 'assistant' && second.raw, reply.message.raw);
});
