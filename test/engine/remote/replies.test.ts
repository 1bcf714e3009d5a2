import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Prompt } from '../../../src/engine/engine.js';
import type { Message, ToolSpec } from '../../../src/types.js';
import { ask, run, textIn } from '../asking.js';
import { type Answering, begin, done, event, finish, inTurn, json, refuse, says, stream, type TestServer, usage } from './server.js';
import { engineOn, type Opening, type Owner, serverOf } from './talker.js';

const tool = (name: string, ...fields: string[]): ToolSpec => ({
	name,
	purpose: `does ${name}`,
	schema: { $schema: 'x', type: 'object', properties: Object.fromEntries(fields.map(field => [field, { type: 'string' }])) },
});
const tools = [tool('read_file', 'file_path'), tool('write_file', 'file_path', 'content')];

/** The bodies of the requests for a reply. */
const wanted = ({ asked }: TestServer) => asked.filter(({ path }) => path.endsWith('/chat/completions')).map(({ body }) => body);

/** Asks a server of this kind once and gives what it was asked and what came of it. */
async function once(owner: Owner, chat: Answering, prompt: Prompt, more: Partial<Opening> = {}) {
	const server = await serverOf(owner, chat);
	const result = await run(engineOn({ baseUrl: server.baseUrl, ...more }), prompt);
	return { ...result, bodies: wanted(server) };
}

const sentCall = (index: number, name: string, args: string) =>
	event({ tool_calls: [{ index, id: `call_${index}`, type: 'function', function: { name, arguments: args } }] });
const twoCalls = stream(
	event({ content: 'Let me look.' }),
	sentCall(0, 'read_file', '{"file_path": "a.ts"}'),
	sentCall(1, 'read_file', '{"file_path": "b.ts"}'),
	finish('tool_calls'),
	usage(50, 40, 20),
	done,
);

test('calls and their results go to and fro as data, and each prompt begins with the one before', async () => {
	const server = await serverOf('vllm', inTurn(twoCalls, says('Both are empty.')));
	const engine = engineOn(server);
	const prompt = ask('what is in them?', { tools });
	const { reply } = await run(engine, prompt);
	assert.equal(reply.message.text, 'Let me look.');
	assert.equal(reply.message.stop, 'calls');
	assert.equal(reply.message.raw, '');
	const results = reply.message.calls.map(
		({ id, tool }): Message => ({ role: 'tool', callId: id, tool, ok: true, text: `${id} is empty` }),
	);
	await run(engine, { ...prompt, messages: [...prompt.messages, reply.message, ...results] });
	const [first, second] = wanted(server);
	assert.deepEqual(second?.messages.slice(0, first?.messages.length), first?.messages);
	const [spoken, one, other] = (second?.messages ?? []).slice(-3) as [{ tool_calls: { id: string; function: object }[] }, object, object];
	assert.deepEqual(
		spoken.tool_calls.map(call => call.function),
		[
			{ name: 'read_file', arguments: '{"file_path":"a.ts"}' },
			{ name: 'read_file', arguments: '{"file_path":"b.ts"}' },
		],
	);
	const [a, b] = reply.message.calls;
	assert.deepEqual(one, { role: 'tool', content: `${a?.id} is empty`, tool_call_id: spoken.tool_calls[0]?.id });
	assert.deepEqual(other, { role: 'tool', content: `${b?.id} is empty`, tool_call_id: spoken.tool_calls[1]?.id });
	assert.match(String(spoken.tool_calls[0]?.id), /^[a-z0-9]{9}$/);
});

test('a call without its result, and a result without its call, are no part of what a server would refuse', async () => {
	const messages: Message[] = [
		{ role: 'user', text: 'go' },
		{ role: 'tool', callId: 'own', tool: 'run_tests', ok: false, text: '1 failed' },
		{ role: 'assistant', text: 'Hm.', calls: [{ id: 'lost', tool: 'read_file', args: {} }], stop: 'calls', raw: '' },
		{ role: 'assistant', text: '', calls: [], stop: 'aborted', raw: '' },
		{ role: 'user', text: 'and now?' },
	];
	const { bodies } = await once('vllm', says('ok'), ask('', { messages, tools }));
	assert.deepEqual(bodies[0]?.messages.slice(1), [
		{ role: 'user', content: 'go\n\n[run_tests]\n1 failed' },
		{ role: 'assistant', content: 'Hm.' },
		{ role: 'user', content: 'and now?' },
	]);
});

test('arguments that cannot be read are no call; the model sees them again as it wrote them', async () => {
	const chat = inTurn(stream(sentCall(0, 'read_file', '{"file_path": tru"e'), finish('tool_calls'), done), says('ok'));
	const server = await serverOf('vllm', chat);
	const engine = engineOn(server);
	const prompt = ask('read', { tools });
	const { reply } = await run(engine, prompt);
	assert.deepEqual(reply.message.calls, []);
	assert.match(reply.malformed ?? '', /file_path/);
	await run(engine, { ...prompt, messages: [...prompt.messages, reply.message, { role: 'user', text: 'again' }] });
	assert.match(wanted(server)[1]?.messages.at(-2)?.content ?? '', /"arguments": \{"file_path": tru"e\}/);
});

test('a call that the limit cut is not carried out', async () => {
	const { reply } = await once('vllm', stream(sentCall(0, 'write_file', '{"file_path": "a"'), finish('length'), done), ask('w', { tools }));
	assert.deepEqual(reply.message.calls, []);
	assert.equal(reply.message.stop, 'length');
	assert.match(reply.malformed ?? '', /cut off inside write_file/);
});

test('calls that a server hands on as text are found there', async () => {
	const text = 'Look.\n<tool_call>\n{"name": "read_file", "arguments": {"file_path": "a.ts"}}\n</tool_call>';
	const { reply, events } = await once('sglang', says(...text), ask('read', { tools }));
	assert.deepEqual(reply.message.calls[0]?.args, { file_path: 'a.ts' });
	assert.equal(reply.message.text, 'Look.');
	assert.equal(textIn(events), 'Look.');
	assert.equal(reply.message.raw, text);
});

test('small models get no tools as data: they write fenced blocks', async () => {
	const text = 'Here:\n\nsum.js\n```js\nexport const sum = 1;\n```\n';
	const { reply, bodies } = await once('llamacpp', says(...text), ask('write', { tools }), { tier: 'T0' });
	assert.equal(bodies[0]?.tools, undefined);
	assert.deepEqual(reply.message.calls[0]?.args, { file_path: 'sum.js', content: 'export const sum = 1;\n' });
	assert.equal(reply.message.raw, text);
});

test('a server that takes no tools is told of them in words from then on, with one note', async () => {
	const refusal = '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set';
	const server = await serverOf(
		'vllm',
		inTurn(refuse(400, refusal), says('<tool_call>{"name": "read_file", "arguments": {}}</tool_call>')),
	);
	const engine = engineOn(server);
	const { reply, events } = await run(engine, ask('read', { tools }));
	const later = await run(engine, ask('read', { tools }));
	const bodies = wanted(server);
	assert.deepEqual(
		bodies.map(body => body.tools !== undefined),
		[true, false, false],
	);
	assert.match(bodies[1]?.messages[0]?.content ?? '', /read_file/);
	assert.equal(reply.message.calls[0]?.tool, 'read_file');
	assert.equal(events.filter(one => one.type === 'note').length, 1);
	assert.equal(later.events.filter(one => one.type === 'note').length, 0);
});

test('llama-server says itself when its template knows no tools', async () => {
	const props = json({ default_generation_settings: { n_ctx: 1234 }, chat_template_caps: { supports_tools: false } });
	const server = await serverOf('llamacpp', says('ok'), { '/props': props });
	const engine = engineOn(server);
	await run(engine, ask('read', { tools }));
	assert.equal(engine.model.contextSize, 1234);
	assert.equal(wanted(server)[0]?.tools, undefined);
});

test('a reply is begun only where the server can; elsewhere nothing false is said of it', async () => {
	const begun = await once('vllm', says(' three'), ask('count', { begin: 'One, two,', until: ['four'] }));
	assert.equal(begun.reply.message.raw, 'One, two, three');
	assert.deepEqual(begun.bodies[0]?.messages.at(-1), { role: 'assistant', content: 'One, two,' });
	assert.equal(begun.bodies[0]?.continue_final_message, true);
	assert.deepEqual(begun.bodies[0]?.stop, ['four']);
	const unbegun = await once('somebody', says('1, 2, four'), ask('count', { begin: 'One, two,', until: ['four'] }));
	assert.equal(unbegun.reply.message.raw, '1, 2, four');
	assert.equal(unbegun.bodies[0]?.messages.at(-1)?.role, 'user');
});

test('writing ends before a stop, also where the server does not keep to it', async () => {
	const chat = says('one\n`', '`', '`\nand more', ' and more');
	const { reply } = await once('vllm', chat, ask('go', { begin: 'a.js\n', until: ['\n```'] }));
	assert.equal(reply.message.raw, 'a.js\none');
	assert.equal(reply.message.stop, 'end');
});

test('a model that goes round in circles is stopped, and the server with it', async () => {
	const endless: Answering = async response => {
		begin(response);
		while (!response.destroyed) {
			response.write(event({ content: 'the same sixty characters again and again and again and again ' }));
			await new Promise(resolve => setImmediate(resolve));
		}
	};
	const server = await serverOf('vllm', endless);
	const { reply } = await run(engineOn(server), ask('go'));
	assert.equal(reply.message.stop, 'length');
	await server.asked.at(-1)?.left;
});

test('what a model thinks is no part of what it says, and shows that it is at work', async () => {
	const chat = stream(
		event({ reasoning_content: 'Hm, ' }),
		event({ reasoning: 'well.' }),
		event({ content: 'Yes.' }),
		finish('stop'),
		done,
	);
	const { reply, events } = await once('vllm', chat, ask('is it?'));
	assert.equal(reply.message.raw, 'Yes.');
	assert.deepEqual(
		events.map(one => one.type),
		['loading', 'reading', 'reading', 'text'],
	);
});

test('a server that does not stream is understood too', async () => {
	const message = {
		role: 'assistant',
		content: 'Whole.',
		tool_calls: [{ id: 'x', function: { name: 'read_file', arguments: { file_path: 'a' } } }],
	};
	const chat = json({ choices: [{ message, finish_reason: 'tool_calls' }], usage: { prompt_tokens: 7, completion_tokens: 3 } });
	const { reply } = await once('somebody', chat, ask('go', { tools }));
	assert.equal(reply.message.text, 'Whole.');
	assert.deepEqual(reply.message.calls[0]?.args, { file_path: 'a' });
	assert.equal(reply.usage.prompt, 7);
});

test('a server that is not known gets only what the common interface has', async () => {
	const sampling = { temperature: 0.5, topP: 0.9, topK: 20, minP: 0, repeatPenalty: 1.05, seed: 3 };
	const known = ['max_tokens', 'messages', 'model', 'seed', 'stream', 'stream_options', 'temperature', 'top_p'];
	const unknown = await once('somebody', says('ok'), ask('go', { sampling }));
	assert.deepEqual(Object.keys(unknown.bodies[0] ?? {}).sort(), known);
	const vllm = await once('vllm', says('ok'), ask('go', { sampling }));
	assert.equal(vllm.bodies[0]?.repetition_penalty, 1.05);
	const llama = await once('llamacpp', says('ok'), ask('go', { sampling }));
	assert.equal(llama.bodies[0]?.repeat_penalty, 1.05);
	assert.equal(llama.bodies[0]?.return_progress, true);
});

test('what llama-server tells of its reading is shown', async () => {
	const progress = (processed: number) =>
		`data: ${JSON.stringify({ choices: [{ index: 0, delta: {} }], prompt_progress: { total: 90, cache: 30, processed } })}\n\n`;
	const { events, reply } = await once(
		'llamacpp',
		stream(progress(30), progress(60), event({ content: 'Ok' }), finish('stop'), done),
		ask('go'),
	);
	assert.deepEqual(events.filter(one => one.type === 'reading').slice(1), [
		{ type: 'reading', done: 30, total: 90, reused: 30 },
		{ type: 'reading', done: 60, total: 90, reused: 30 },
		{ type: 'reading', done: 90, total: 90, reused: 30 },
	]);
	assert.equal(reply.usage.prompt, 90);
	assert.equal(reply.usage.reused, 30);
});

test('llama-server reads ahead what is sure to come, and the others are left alone', async () => {
	for (const [owner, count] of [
		['llamacpp', 1],
		['vllm', 0],
	] as const) {
		const server = await serverOf(owner, stream(finish('length'), done));
		const warming = engineOn(server).warm(ask('fixed', { tools }), new AbortController().signal);
		let step = await warming.next();
		while (!step.done) step = await warming.next();
		assert.equal(step.value, undefined);
		assert.equal(wanted(server).length, count);
		if (count > 0) assert.equal(wanted(server)[0]?.max_tokens, 0);
	}
});

test('a hole is filled by llama-server itself, by the marks of Qwen Coder elsewhere, else not at all', async () => {
	const hole = { before: 'a = ', after: '\n', until: ['\n'], maxTokens: 9, sampling: ask('').sampling! };
	const fill = async (owner: Owner, id: string, answers: Record<string, Answering>) => {
		const server = await serverOf(owner, says(''), { ...answers, '/v1/models': json({ data: [{ id, owned_by: owner }] }) });
		const text = await engineOn(server).fill(hole, new AbortController().signal);
		return { text, body: server.asked.at(-1)?.body };
	};
	const own = await fill('llamacpp', 'any', { '/infill': json({ content: '1 + 2\nb' }) });
	assert.equal(own.text, '1 + 2');
	assert.equal(own.body?.input_prefix, 'a = ');
	const marked = await fill('vllm', 'Qwen/Qwen2.5-Coder-7B', { '/v1/completions': json({ choices: [{ text: '3<|fim_pad|>' }] }) });
	assert.equal(marked.text, '3');
	assert.equal(marked.body?.prompt, '<|fim_prefix|>a = <|fim_suffix|>\n<|fim_middle|>');
	assert.equal((await fill('vllm', 'llama-3', {})).text, undefined);
	assert.equal((await fill('llamacpp', 'llama-3', { '/infill': refuse(501, 'Infill is not supported by this model') })).text, undefined);
});

test('a prompt is counted by the server where it can count; else it is reckoned too long rather than too short', async () => {
	const prompt = ask('words '.repeat(30), { tools });
	const measure = async (owner: Owner, more: Record<string, Answering>) => {
		const server = await serverOf(owner, says(''), more);
		return { tokens: await engineOn(server).measure(prompt), asked: server.asked };
	};
	const counted = await measure('vllm', { '/tokenize': json({ count: 77 }) });
	assert.equal(counted.tokens, 77);
	assert.ok(Array.isArray(counted.asked.at(-1)?.body.tools));
	const template = await measure('llamacpp', { '/apply-template': json({ prompt: 'p' }), '/tokenize': json({ tokens: [1, 2, 3] }) });
	assert.equal(template.tokens, 3);
	assert.ok((await measure('sglang', { '/tokenize': json({ count: 77 }) })).tokens > 77);
	for (const owner of ['somebody', 'vllm', 'llamacpp', 'sglang'] as const) assert.ok((await measure(owner, {})).tokens > 90);
});
