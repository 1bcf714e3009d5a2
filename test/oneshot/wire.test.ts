import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finishOf } from '../../src/oneshot/exit.js';
import { refuse } from '../../src/oneshot/oneshot.js';
import type { Line } from '../../src/oneshot/schema.js';
import { type AgentEvent, type Call, type Ending, Refusal } from '../../src/types.js';
import { collector, linesOf, onlyResult, play, readCall, recite, reply, type Script, sessionId, twoTurns } from './scene.js';

const kinds = (lines: readonly Line[]): string[] =>
	lines.map(line => ('subtype' in line && line.type === 'system' ? `${line.type}/${line.subtype}` : line.type));
const stream = { output: 'stream-json' } as const;
const json = { output: 'json' } as const;

test('stream-json: init, an assistant line per block, a user line per tool result, one result last', async () => {
	const { code, lines, stderr } = await play({ wanted: stream });
	assert.equal(code, 0);
	assert.deepEqual(kinds(lines), ['system/init', 'assistant', 'assistant', 'user', 'assistant', 'result']);
	assert.equal(new Set(lines.map(line => line.uuid)).size, lines.length);
	assert.ok(lines.every(line => line.session_id === sessionId));
	assert.match(stderr, /^read sum\.js$/m);
});

test('init names folder, model, mode in both spellings, tools and version', async () => {
	const [init] = (await play({ wanted: stream })).lines;
	assert.ok(init?.type === 'system' && init.subtype === 'init');
	const { uuid: _uuid, ...rest } = init;
	assert.deepEqual(rest, {
		type: 'system',
		subtype: 'init',
		session_id: sessionId,
		cwd: '/w/app',
		model: 'tiny',
		permissionMode: 'default',
		permission_mode: 'default',
		tools: ['read_file'],
		mcp_servers: [],
		slash_commands: ['commit'],
		agents: [],
		skills: [],
		qwill_version: '0.1.0',
	});
});

test('the blocks of one reply share message id and usage; another reply has another id', async () => {
	const replies = (await play({ wanted: stream })).lines.flatMap(line => (line.type === 'assistant' ? [line.message] : []));
	const [text, use, last] = replies;
	assert.ok(text && use && last);
	assert.equal(text.id, use.id);
	assert.notEqual(text.id, last.id);
	assert.deepEqual(text.usage, { input_tokens: 40, cache_read_input_tokens: 60, output_tokens: 10, total_tokens: 110 });
	assert.deepEqual(text.content, [{ type: 'text', text: 'I read it.' }]);
	assert.deepEqual(use.content, [{ type: 'tool_use', id: 'c1', name: 'read_file', input: { file_path: 'sum.js' } }]);
	assert.deepEqual([text.stop_reason, last.stop_reason], ['tool_use', 'end_turn']);
});

test('the result of success: last reply, sums, what was local', async () => {
	const result = onlyResult((await play({ wanted: json })).lines);
	assert.deepEqual(
		[result.subtype, result.is_error, result.result, result.num_turns, result.stop_reason, result.terminal_reason],
		['success', false, 'No: it throws.\n', 2, 'end_turn', 'completed'],
	);
	assert.deepEqual(result.usage, { input_tokens: 80, cache_read_input_tokens: 120, output_tokens: 20, total_tokens: 220 });
	assert.deepEqual(result.local, { model_sha256: 'cc32', seed: 42, prefill_ms: 40, decode_tps: 20, context_used: 110, context_size: 8192 });
	assert.equal(result.duration_api_ms, 1040);
	assert.equal(typeof result.ttft_ms, 'number');
	assert.equal(result.errors, undefined);
});

test('json is the result alone, on one line', async () => {
	const { stdout, lines } = await play({ wanted: json });
	assert.deepEqual(kinds(lines), ['result']);
	assert.match(stdout, /^[^\n]+\n$/);
});

const endings: readonly (readonly [ending: Ending, code: number, subtype: string, reason: string])[] = [
	[{ reason: 'answered' }, 0, 'success', 'completed'],
	[{ reason: 'interrupted' }, 130, 'error_during_execution', 'interrupted'],
	[{ reason: 'denied', tool: 'edit' }, 1, 'error_during_execution', 'denied'],
	[{ reason: 'turn-limit', limit: 3 }, 53, 'error_max_turns', 'max_turns'],
	[{ reason: 'call-limit', limit: 3 }, 55, 'error_max_budget', 'max_tool_calls'],
	[{ reason: 'time-limit', seconds: 3 }, 55, 'error_max_budget', 'max_wall_time'],
	[{ reason: 'context-full', needed: 9, available: 3 }, 1, 'error_during_execution', 'context_full'],
	[{ reason: 'stuck', detail: 'x' }, 1, 'error_during_execution', 'stuck'],
	[{ reason: 'checks-failed', detail: 'x' }, 1, 'error_during_execution', 'checks_failed'],
	[{ reason: 'engine-lost', detail: 'x' }, 1, 'error_during_execution', 'engine_lost'],
	[{ reason: 'no-model', detail: 'x' }, 41, 'error_during_execution', 'no_model'],
];
for (const [ending, code, subtype, reason] of endings) {
	for (const output of ['json', 'stream-json'] as const) {
		test(`${output}: ${ending.reason} gives exit code ${code} and one result that says ${reason}`, async () => {
			const played = await play({ wanted: { output }, script: recite(twoTurns, ending) });
			const result = onlyResult(played.lines);
			assert.deepEqual([played.code, result.subtype, result.terminal_reason, result.is_error], [code, subtype, reason, code !== 0]);
			assert.equal(played.closed, 1);
			if (code === 0) return;
			const { sentence } = finishOf(ending);
			assert.equal(result.result, undefined);
			assert.deepEqual([result.errors, result.error], [[sentence], { message: sentence }]);
			assert.ok(played.stderr.includes(sentence));
		});
	}
}

for (const [exitCode, reason] of [
	[1, 'engine_lost'],
	[41, 'no_model'],
	[42, 'bad_input'],
	[44, 'bad_input'],
	[52, 'bad_input'],
] as const) {
	test(`a refusal with ${exitCode} before the conversation is open: one result, no init`, async () => {
		const played = await play({ wanted: stream, open: () => Promise.reject(new Refusal('Not so.', exitCode)) });
		assert.deepEqual(kinds(played.lines), ['result']);
		const result = onlyResult(played.lines);
		assert.deepEqual([played.code, result.terminal_reason, result.errors, result.local], [exitCode, reason, ['Not so.'], undefined]);
		assert.equal(played.stderr, 'Not so.\n');
	});
}

test('a wrong command line gives a result too, once its format is known', async () => {
	const [stdout, stderr, silent] = [collector(), collector(), collector()];
	const refusal = new Refusal('--modle is not a flag.', 42);
	assert.equal(await refuse(refusal, { stdout: stdout.stream, stderr: stderr.stream }, 'stream-json'), 42);
	assert.equal(onlyResult(linesOf(stdout.text())).terminal_reason, 'bad_input');
	assert.equal(stderr.text(), '--modle is not a flag.\n');
	assert.equal(await refuse(refusal, { stdout: silent.stream, stderr: stderr.stream }, 'text'), 42);
	assert.equal(silent.text(), '');
});

test('a bug is thrown on, after the result is written', async () => {
	const out = collector();
	const broken: Script = async function* () {
		yield* twoTurns.slice(0, 3);
		throw new TypeError('x is undefined');
	};
	await assert.rejects(play({ wanted: stream, script: broken, stdout: out.stream }), /x is undefined/);
	assert.equal(onlyResult(linesOf(out.text())).terminal_reason, 'bug');
});

/** Writes until it is stopped, as the loop does. */
const endless: Script = async function* (_task, signal) {
	yield { type: 'turn', number: 1 };
	yield { type: 'text', text: 'begun' };
	if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }));
	yield reply('begun', [], 'aborted');
	yield { type: 'done', ending: { reason: 'interrupted' } };
	return { reason: 'interrupted' };
};
/** Hangs, whatever is asked of it. */
const deaf: Script = async function* () {
	yield { type: 'text', text: 'begun' };
	await new Promise<never>(() => {});
	return { reason: 'answered' };
};

for (const [signal, code] of [
	['SIGINT', 130],
	['SIGTERM', 143],
] as const) {
	for (const [name, script] of [
		['stops in good order', endless],
		['does not stop at all', deaf],
	] as const) {
		test(`${signal} while the model writes and ${name}: ${code}, and the result is valid and last`, async () => {
			const played = await play({
				wanted: { output: 'stream-json', partialMessages: true },
				script,
				when: { text: 'begun', run: signals => signals.emit(signal) },
			});
			const result = onlyResult(played.lines);
			assert.deepEqual([played.code, result.terminal_reason, result.is_error, result.stop_reason], [code, 'interrupted', true, null]);
			assert.equal(played.closed, 1);
		});
	}
}

test('an answer that was complete when the signal came stays a success', async () => {
	const played = await play({ wanted: stream, when: { text: 'No: it throws', run: signals => signals.emit('SIGINT') } });
	assert.deepEqual([played.code, onlyResult(played.lines).subtype], [0, 'success']);
});

test('partial messages: the deltas of a reply, framed, add up to its lines', async () => {
	const { lines } = await play({ wanted: { output: 'stream-json', partialMessages: true } });
	const partial = lines.flatMap(line => (line.type === 'stream_event' ? [line.event] : []));
	assert.deepEqual(
		partial.map(event => event.type),
		[
			'message_start',
			'content_block_start',
			'content_block_delta',
			'content_block_delta',
			'content_block_stop',
			'content_block_start',
			'content_block_delta',
			'content_block_stop',
			'message_delta',
			'message_stop',
			'message_start',
			'content_block_start',
			'content_block_delta',
			'content_block_stop',
			'message_delta',
			'message_stop',
		],
	);
	const texts = partial.flatMap(event =>
		event.type === 'content_block_delta' && event.delta.type === 'text_delta' ? [event.delta.text] : [],
	);
	assert.equal(texts.join(''), 'I read it.No: it throws.\n');
	const input = partial.flatMap(event =>
		event.type === 'content_block_delta' && event.delta.type === 'input_json_delta' ? [event.delta.partial_json] : [],
	);
	assert.deepEqual(JSON.parse(input.join('')), readCall.args);
	const starts = partial.flatMap(event => (event.type === 'message_start' ? [event.message.id] : []));
	const ids = [...new Set(lines.flatMap(line => (line.type === 'assistant' ? [line.message.id] : [])))];
	assert.deepEqual(starts, ids);
	assert.ok(kinds(lines).includes('system/status'));
});

test('without partial messages there are no deltas and no reading progress', async () => {
	const { lines } = await play({ wanted: stream });
	assert.ok(lines.every(line => line.type !== 'stream_event' && !(line.type === 'system' && line.subtype === 'status')));
});

test("a result of the program's own call answers a call that was shown, at no tokens", async () => {
	const own: Call = { id: 'check-1', tool: 'run_tests', args: {} };
	const events: AgentEvent[] = [
		reply('Done.'),
		{ type: 'call', call: own, title: 'tests' },
		{ type: 'result', callId: 'check-1', outcome: { ok: false, text: '1 failed' } },
	];
	const { lines } = await play({ wanted: stream, script: recite(events, { reason: 'answered' }) });
	const uses = lines.flatMap(line => (line.type === 'assistant' && line.message.content[0].type === 'tool_use' ? [line.message] : []));
	assert.equal(uses.length, 1);
	assert.equal(uses[0]?.usage.total_tokens, 0);
	const answer = lines.find(line => line.type === 'user');
	assert.deepEqual(answer?.message.content, [{ type: 'tool_result', tool_use_id: 'check-1', is_error: true, content: '1 failed' }]);
});

test('permission_denials lists what was refused, not what an ending left undone', async () => {
	const [first, second] = [readCall, { ...readCall, id: 'c2' }];
	const events: AgentEvent[] = [
		reply('', [first, second]),
		{ type: 'call', call: first, title: 'a' },
		{ type: 'result', callId: 'c1', outcome: { ok: false, text: 'No.', refused: 'denied' } },
		{ type: 'call', call: second, title: 'b' },
		{ type: 'result', callId: 'c2', outcome: { ok: false, text: 'No.', refused: 'not-run' } },
	];
	const { lines } = await play({ wanted: json, script: recite(events, { reason: 'denied', tool: 'read_file' }) });
	assert.deepEqual(onlyResult(lines).permission_denials, [{ tool_name: 'read_file', tool_use_id: 'c1', tool_input: readCall.args }]);
});

test('a compaction is one line', async () => {
	const { lines, stderr } = await play({
		wanted: stream,
		script: recite([{ type: 'compacted', before: 7400, after: 900, messages: [] }, reply('ok')], { reason: 'answered' }),
	});
	const line = lines.find(one => one.type === 'system' && one.subtype === 'compact_boundary');
	assert.deepEqual(line && 'compact_metadata' in line && line.compact_metadata, { trigger: 'auto', pre_tokens: 7400 });
	assert.match(stderr, /shortened from 7,400 to 900 tokens/);
});

test('nothing in a line of JSON can act on a terminal, and it parses back the same', async () => {
	const nasty = 'a\u001b[31m\u009b31m\u202eb\u2028\ud83d\ude00\ud800';
	const { stdout, lines } = await play({ wanted: json, script: recite([reply(nasty)], { reason: 'answered' }) });
	assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
	assert.equal(onlyResult(lines).result, nasty);
});

test('--logprobs: the result tells how likely each token was, or null where nobody can tell', async () => {
	const scores = [{ text: 'No', logprob: -0.25, instead: [{ text: 'Yes', logprob: -1.5 }] }];
	for (const output of ['json', 'stream-json'] as const) {
		const told = onlyResult((await play({ wanted: { output, logprobs: true }, scores })).lines);
		assert.deepEqual(told.logprobs, [{ token: 'No', logprob: -0.25, top_logprobs: [{ token: 'Yes', logprob: -1.5 }] }]);
		assert.equal(onlyResult((await play({ wanted: { output, logprobs: true } })).lines).logprobs, null);
		assert.equal('logprobs' in onlyResult((await play({ wanted: { output }, scores })).lines), false);
	}
});

test('the result lists what was checked of the last reply, and nothing where nothing was', async () => {
	const claims = [
		{ kind: 'path', text: 'a.js', ok: true },
		{ kind: 'line', text: 'a.js:40', ok: false, truth: 'a.js has 12 lines' },
	] as const;
	const events: AgentEvent[] = [reply('See a.js:40.'), ...claims.map(claim => ({ type: 'claim', ...claim }) as const)];
	for (const wanted of [json, stream]) {
		const { lines, stderr } = await play({ wanted, script: recite(events, { reason: 'answered' }) });
		assert.deepEqual(onlyResult(lines).claims, claims);
		assert.match(stderr, /^`a\.js:40`: a\.js has 12 lines$/m);
	}
	assert.ok(!('claims' in onlyResult((await play({ wanted: json })).lines)));
});
