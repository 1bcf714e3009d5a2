import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../../../src/engine/engine.js';
import { addressOf } from '../../../src/engine/remote/address.js';
import { accessTo } from '../../../src/engine/remote/server.js';
import { type Pause, pauseFor } from '../../../src/engine/remote/tries.js';
import { unanswered } from '../../../src/engine/remote/trouble.js';
import type { EngineEvent } from '../../../src/types.js';
import { ask, never, run, textIn } from '../asking.js';
import { type Answering, begin, done, event, finish, inTurn, json, refuse, says, serve, stream } from './server.js';
import { engineOn, serverOf } from './talker.js';

const notesIn = (events: readonly EngineEvent[]) => events.flatMap(one => (one.type === 'note' ? [one.text] : []));
const detailOf = (ending: object | undefined) => (ending && 'detail' in ending ? String(ending.detail) : '');

/** Keeps what was waited for, and waits for nothing. */
function noting(): { pause: Pause; waits: number[] } {
	const waits: number[] = [];
	return { waits, pause: async ms => void waits.push(ms) };
}

/** Says something, then nothing any more. */
const hangs: Answering = response => {
	begin(response);
	response.write(event({ content: 'I ' }) + event({ content: 'think' }));
};

/** How an engine fares when it is only opened. */
async function opening(engine: Engine): Promise<string> {
	const warming = engine.warm(undefined, never());
	for (;;) {
		const step = await warming.next();
		if (step.done) return `${step.value?.reason}: ${detailOf(step.value)}`;
	}
}

test('stopping ends the request itself: the server sees the connection close', { timeout: 10_000 }, async () => {
	const server = await serverOf('vllm', hangs);
	const { reply } = await run(engineOn(server), ask('go'), (one, stop) => {
		if (one.type === 'text' && one.text === 'think') stop();
	});
	assert.equal(reply.message.stop, 'aborted');
	assert.equal(reply.message.raw, 'I think');
	assert.equal(reply.failure, undefined);
	await server.asked.at(-1)?.left;
});

test('a reply that nobody reads on, and one whose engine is closed, end their requests', { timeout: 10_000 }, async () => {
	const server = await serverOf('vllm', hangs);
	const engine = engineOn(server);
	for await (const one of engine.reply(ask('go'), never())) if (one.type === 'text') break;
	await server.asked.at(-1)?.left;
	const { reply } = await run(engine, ask('go'), one => {
		if (one.type === 'text' && one.text === 'think') void engine.close();
	});
	assert.equal(reply.message.stop, 'aborted');
	await server.asked.at(-1)?.left;
	assert.equal((await run(engine, ask('more'))).reply.failure?.reason, 'engine-lost');
});

test('stopping before the first byte, and while waiting for the next try, ends at once', { timeout: 10_000 }, async () => {
	let arrived = () => {};
	const silent = await serverOf('vllm', () => arrived());
	const early = await run(engineOn(silent), ask('go'), (_one, stop) => {
		arrived = stop;
	});
	assert.equal(early.reply.message.stop, 'aborted');
	await silent.asked.at(-1)?.left;
	const busy = await serverOf('vllm', refuse(503, 'busy', { 'retry-after': '25' }));
	const late = await run(engineOn({ ...busy, pause: pauseFor }), ask('go'), (one, stop) => {
		if (one.type === 'note') setImmediate(stop);
	});
	assert.equal(late.reply.message.stop, 'aborted');
	assert.equal(late.reply.failure, undefined);
});

test('a server that is busy is asked again, twice as late each time or when it says, and each try is told', async () => {
	const { pause, waits } = noting();
	const chat = inTurn(refuse(503, 'Loading model'), refuse(429, 'slow down', { 'retry-after': '7' }), refuse(500, ''), says('At last.'));
	const server = await serverOf('vllm', chat);
	const { reply, events } = await run(engineOn({ ...server, pause }), ask('go'));
	assert.equal(reply.message.text, 'At last.');
	assert.deepEqual(waits, [500, 7000, 2000]);
	assert.equal(notesIn(events).length, 3);
	assert.match(notesIn(events)[0] ?? '', /answers 503 \(Loading model\)\. Trying again in 0\.5 s \(2 of 4\)/);
});

test('after four tries, or told to wait too long, it says what is wrong', async () => {
	const { pause, waits } = noting();
	const down = await serverOf('vllm', refuse(504, 'upstream'));
	const failed = await run(engineOn({ ...down, pause }), ask('go'));
	assert.equal(failed.reply.failure?.reason, 'engine-lost');
	assert.match(detailOf(failed.reply.failure), /has trouble of its own \(504: upstream\)/);
	assert.equal(failed.reply.message.stop, 'lost');
	assert.equal(waits.length, 3);
	const closed = await serverOf('vllm', refuse(429, 'quota', { 'retry-after': '3600' }));
	const { reply } = await run(engineOn({ ...closed, pause }), ask('go'));
	assert.match(detailOf(reply.failure), /is busy \(429: quota\)/);
	assert.equal(waits.length, 3);
});

test('a request that the server does not take is not sent again', async () => {
	for (const status of [400, 422, 501]) {
		const server = await serverOf('vllm', refuse(status, 'no such thing'));
		const { reply, events } = await run(engineOn(server), ask('go'));
		assert.match(detailOf(reply.failure), new RegExp(`${status}: no such thing`));
		assert.deepEqual(notesIn(events), []);
	}
});

test('a server that is not there is waited for a little, then named with what to do', async () => {
	const { pause, waits } = noting();
	const gone = await serve({});
	gone.close();
	const told = await opening(engineOn({ ...gone, pause }));
	assert.match(told, /^no-model: The server at .*model\.sock cannot be reached \((ECONNREFUSED|ENOENT)\)\. Start it, or check the address/);
	assert.deepEqual(waits, [500, 1000, 2000]);
});

test('a server that dies in the middle of a reply leaves what it said, and is not asked again', async () => {
	const { pause, waits } = noting();
	const dies: Answering = async response => {
		hangs(response, {} as never);
		await new Promise(resolve => setImmediate(resolve));
		response.destroy();
	};
	const server = await serverOf('vllm', inTurn(dies, says('Again.')));
	const { reply, events } = await run(engineOn({ ...server, pause }), ask('go'));
	assert.equal(reply.message.stop, 'lost');
	assert.equal(reply.message.raw, 'I think');
	assert.equal(textIn(events), 'I think');
	assert.equal(reply.failure?.reason, 'engine-lost');
	assert.match(detailOf(reply.failure), /broke off in the middle of the reply/);
	assert.deepEqual(waits, []);
});

test('a stream that ends too early, holds no JSON or reports an error is a lost reply', async () => {
	const cases: [events: string[], why: RegExp][] = [
		[[event({ content: 'So' })], /ended in the middle/],
		[[event({ content: 'So' }), 'data: <html>\n\n', event({ content: 'x' }), finish('stop'), done], /cannot be read/],
		[[event({ content: 'So' }), 'data: {"error": {"message": "CUDA out of memory"}}\n\n'], /CUDA out of memory/],
		[[event({ content: 'So' }), finish('abort'), done], /gave up/],
	];
	for (const [events, why] of cases) {
		const server = await serverOf('vllm', stream(...events));
		const { reply } = await run(engineOn(server), ask('go'));
		assert.equal(reply.message.raw, 'So');
		assert.equal(reply.message.stop, 'lost');
		assert.match(detailOf(reply.failure), why);
	}
});

test('a call in a reply that was lost is not carried out', async () => {
	const part = event({ tool_calls: [{ index: 0, function: { name: 'go', arguments: '{}' } }] });
	const server = await serverOf('vllm', stream(part));
	const tools = [{ name: 'go', purpose: 'goes', schema: { type: 'object' } }];
	const { reply } = await run(engineOn(server), ask('go', { tools }));
	assert.deepEqual(reply.message.calls, []);
	assert.equal(reply.malformed, undefined);
});

test('a reply whose last event is its end needs no [DONE]', async () => {
	const server = await serverOf('vllm', stream(event({ content: 'So.' }), finish('stop')));
	const { reply } = await run(engineOn(server), ask('go'));
	assert.equal(reply.message.stop, 'end');
	assert.equal(reply.failure, undefined);
});

test('a key goes to the server and nowhere else, also when the server repeats it', async () => {
	const key = 'sk-secret-0123456789';
	const echo = refuse(401, `Incorrect API key provided: ${key}`);
	const server = await serve({ '/v1/models': echo });
	const told = await opening(engineOn({ ...server, key }));
	assert.equal(server.asked[0]?.headers.authorization, `Bearer ${key}`);
	assert.match(told, /^no-model: .*refuses the key in QWILL_API_KEY \(401\)/);
	assert.doesNotMatch(told, /secret/);
	assert.match(await opening(engineOn(server)), /wants a key \(401\)\. Put it into the environment variable QWILL_API_KEY/);
	const named = (keyName: string) => () => accessTo({ baseUrl: server.baseUrl, keyName, offline: false, env: { MY_KEY: key } });
	assert.throws(named('OTHER_KEY'), { exitCode: 41, message: /The environment variable OTHER_KEY, .* is not set/ });
	assert.throws(named(key), (error: Error) => /not the key itself/.test(error.message) && !error.message.includes('secret'));
	const later = await serverOf('vllm', inTurn(refuse(400, `bad ${key}`), refuse(429, key, { 'retry-after': '1' }), says('ok')));
	const engine = engineOn({ ...later, key });
	const all = JSON.stringify([await run(engine, ask('go')), await run(engine, ask('go'))]);
	assert.match(all, /400: bad …/);
	assert.doesNotMatch(all, /secret/);
});

test('a model that the server has not is answered with those it has', async () => {
	const server = await serve({ '/v1/models': json({ data: [{ id: 'qwen3-coder-30b' }, { id: 'llama-3' }] }) });
	assert.match(
		await opening(engineOn({ ...server, model: 'qwen3-coder' })),
		/^no-model: .*no model "qwen3-coder"\. It has: qwen3-coder-30b, llama-3; did you mean qwen3-coder-30b\?/,
	);
	assert.equal(await opening(engineOn({ ...server, model: 'llama-3' })), 'undefined: ');
	const engine = engineOn(server);
	await opening(engine);
	assert.equal(engine.model.name, 'qwen3-coder-30b');
});

test('a server that lists no models needs one to be named; what is no server at all is told apart', async () => {
	const bare = await serve({ '/chat/completions': says('ok') });
	assert.match(await opening(engineOn(bare)), /names no model; name one with -m/);
	const { reply } = await run(engineOn({ ...bare, model: 'mine' }), ask('go'));
	assert.equal(reply.message.text, 'ok');
	assert.equal(bare.asked.at(-1)?.body.model, 'mine');
	const page = await serve({ '/v1/models': response => void response.end('<html>hello</html>') });
	assert.match(await opening(engineOn(page)), /is no list of models/);
	const moved = await serve({ '/v1/models': refuse(301, '', { location: 'https://elsewhere.example/v1' }) });
	assert.match(await opening(engineOn({ ...moved, key: 'k' })), /leads elsewhere \(301\).*--base-url https:\/\/elsewhere\.example\/v1/);
});

test('a prompt that is too long is told with the numbers, whatever the server calls it', async () => {
	const words: [said: string, needed: number][] = [
		['request (5018 tokens) exceeds the available context size (4096 tokens), try increasing it', 5018],
		[
			"This model's maximum context length is 4096 tokens. However, you requested 5200 tokens (4200 in the messages, 1000 in the completion).",
			5200,
		],
		["The input (6000 tokens) is longer than the model's context length (4096 tokens).", 6000],
		['context_length_exceeded: context length exceeded', 4097],
	];
	for (const [said, needed] of words) {
		const server = await serverOf('vllm', refuse(400, said));
		const { reply } = await run(engineOn(server), ask('go'));
		assert.deepEqual(reply.failure, { reason: 'context-full', needed, available: 4096 });
	}
});

test('a prompt that has room is answered, also when the longest reply would have none', async () => {
	const said = "This model's maximum context length is 4096 tokens and your request has 3000 input tokens (1200 > 4096 - 3000).";
	const server = await serverOf('vllm', inTurn(refuse(400, said), says('Short.')));
	const { reply } = await run(engineOn(server), ask('go', { maxTokens: 1200 }));
	assert.equal(reply.message.text, 'Short.');
	assert.deepEqual(
		server.asked.slice(-2).map(({ body }) => body.max_tokens),
		[1200, undefined],
	);
});

test('what a server says is one short line without control characters', async () => {
	const server = await serverOf('vllm', refuse(501, `\u001b[31mred\u0007\nline ${'x'.repeat(5000)}`));
	const detail = detailOf((await run(engineOn(server), ask('go'))).reply.failure);
	assert.match(detail, /501: red line x+/);
	assert.ok(detail.length < 500);
});

test('a certificate that nobody signed is told apart from a server that is not there', () => {
	const access = accessTo({ baseUrl: 'https://gpu.example', keyName: undefined, offline: false, env: {} });
	const error = Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
	const { sentence, again } = unanswered(access, error);
	assert.match(sentence, /not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)\. NODE_EXTRA_CA_CERTS/);
	assert.equal(again, false);
});

test('an address is read as a person types it', () => {
	const base = (text: string) => {
		const { origin, base, root, here } = addressOf(text);
		return `${origin.origin} ${base} ${root} ${here}`;
	};
	assert.equal(base('http://localhost:8000'), 'http://localhost:8000 /v1  true');
	assert.equal(base('http://127.0.0.1:8000/v1/'), 'http://127.0.0.1:8000 /v1  true');
	assert.equal(base('http://[::1]:8000/v1/chat/completions'), 'http://[::1]:8000 /v1  true');
	assert.equal(base('https://gpu.example/team/v1'), 'https://gpu.example /team/v1 /team false');
	assert.equal(base('https://gpu.example/api'), 'https://gpu.example /api /api false');
	assert.equal(addressOf('unix:/run/model.sock').socketPath, '/run/model.sock');
	assert.throws(() => addressOf('localhost:8000'), { exitCode: 42, message: /such as http:\/\/localhost:8000\/v1/ });
	assert.throws(() => addressOf('file:///etc/passwd'), { exitCode: 42 });
	assert.throws(
		() => addressOf('http://me:secret@host'),
		(error: Error) => !error.message.includes('secret') && /api-key-env/.test(error.message),
	);
});

test('offline, only this machine is asked', async () => {
	assert.match(
		await opening(engineOn({ baseUrl: 'http://gpu.example:8000', offline: true })),
		/^no-model: --offline keeps to this machine/,
	);
	const server = await serverOf('vllm', says('ok'));
	assert.equal(await opening(engineOn({ ...server, offline: true })), 'undefined: ');
});
