import assert from 'node:assert/strict';
import { link, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fit } from '../../src/agent/fit.js';
import { createGuard } from '../../src/agent/guard.js';
import { createJudge } from '../../src/agent/judge.js';
import { type Agent, type Ask, pursue, type Work } from '../../src/agent/loop.js';
import { hermes } from '../../src/engine/dialects/hermes.js';
import { greedy } from '../../src/engine/sampling.js';
import { scriptedEngine } from '../../src/engine/scripted.js';
import { allTools } from '../../src/tools/all.js';
import type { AgentEvent, Ending, Message } from '../../src/types.js';
import { openWorkspace } from '../../src/workspace/open.js';

const call = (name: string, args: object) => hermes.write({ id: '', tool: name, args });

type Setting = {
	replies: string[];
	approve?: Agent['approve'];
	limits?: Partial<Agent['limits']>;
	verifyAtOnce?: boolean;
	testable?: boolean;
	contextSize?: number;
};

async function setting({ replies, approve, limits, verifyAtOnce = false, testable = false, contextSize = 8192 }: Setting) {
	const root = await mkdtemp(join(tmpdir(), 'qwill-loop-'));
	const state = await mkdtemp(join(tmpdir(), 'qwill-loop-state-'));
	await writeFile(join(root, 'a.txt'), 'x\ny\nz\n');
	const workspace = await openWorkspace({ root, state, conversation: 'c' });
	await workspace.files.mark('test');
	const engine = scriptedEngine({ replies }, { dialect: hermes, tier: 'T1', contextSize });
	const agent: Agent = {
		engine,
		head: { system: 'sys' },
		workspace,
		sampling: greedy,
		tools: allTools,
		specs: allTools.map(tool => tool.spec('')),
		limits: { turns: 10, calls: 100, seconds: undefined, ...limits },
		outputTokens: 500,
		testCommand: undefined,
		approve: approve ?? (async () => ({ yes: true })),
		fit: (prompt, messages) => fit(prompt, messages, engine),
	};
	const messages: Message[] = [];
	const work: Work = { messages, agent, guard: createGuard(), judge: createJudge({ verifyAtOnce, testable: async () => testable }) };
	return { root, engine, messages, work };
}

/** What a conversation does around the loop. */
async function* whole(text: string, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending> {
	work.messages.push({ role: 'user', text });
	yield { type: 'asked', text, material: '' };
	const ending = yield* pursue(work, signal);
	yield { type: 'done', ending };
	return ending;
}

async function run(work: Work, stop = new AbortController(), watch: (event: AgentEvent) => void = () => {}) {
	const events: AgentEvent[] = [];
	const running = whole('do it', work, stop.signal);
	for (;;) {
		const step = await running.next();
		if (step.done) return { events, ending: step.value as Ending };
		events.push(step.value);
		watch(step.value);
	}
}

/** The promises of design.md that hold for every stream. */
function keepsItsPromises(events: AgentEvent[], ending: Ending) {
	for (const event of events) assert.deepEqual(JSON.parse(JSON.stringify(event)), event, 'events are plain data');
	const last = events.at(-1);
	assert.ok(last?.type === 'done');
	assert.deepEqual(last.ending, ending);
	assert.equal(events.filter(event => event.type === 'done').length, 1);
	const calls = events.flatMap(event => (event.type === 'call' ? [event.call.id] : []));
	const results = events.flatMap(event => (event.type === 'result' ? [event.callId] : []));
	assert.deepEqual(results, calls, 'each call has exactly one result');
	assert.equal(new Set(calls).size, calls.length, 'ids are unique');
	let text = '';
	for (const event of events) {
		if (event.type === 'turn') text = '';
		if (event.type === 'text') text += event.text;
		if (event.type === 'replied') assert.equal(text, event.message.text);
	}
}

test('a task runs to its answer and the model sees every result', async () => {
	const { work, engine, messages } = await setting({
		replies: [`Looking.\n${call('read_file', { file_path: 'a.txt' })}`, 'It has three lines.'],
	});
	const { events, ending } = await run(work);
	keepsItsPromises(events, ending);
	assert.deepEqual(ending, { reason: 'answered' });
	assert.equal(engine.prompts.length, 2);
	const result = messages.find(message => message.role === 'tool');
	assert.match(result?.text ?? '', /x[\s\S]*y[\s\S]*z/);
});

test('two calls in one reply run in order', async () => {
	const { work } = await setting({
		replies: [`${call('read_file', { file_path: 'a.txt' })}\n${call('list_directory', { path: '.' })}`, 'done'],
	});
	const { events, ending } = await run(work);
	keepsItsPromises(events, ending);
	assert.deepEqual(
		events.flatMap(event => (event.type === 'call' ? [event.call.tool] : [])),
		['read_file', 'list_directory'],
	);
});

test('a refused call is told to the model and the task goes on; when all were refused it ends as denied', async () => {
	const approve = async ({ risk }: Ask) =>
		risk === 'reads' ? ({ yes: true } as const) : ({ yes: false, text: 'The user said no.' } as const);
	const { work, messages } = await setting({
		replies: [call('run_shell_command', { command: 'echo hi > b.txt' }), 'I could not.'],
		approve,
	});
	const { events, ending } = await run(work);
	keepsItsPromises(events, ending);
	assert.deepEqual(ending, { reason: 'denied', tool: 'run_shell_command' });
	assert.ok(messages.some(message => message.role === 'tool' && !message.ok && message.text.includes('said no')));
});

test('an unknown tool and bad arguments get a result that teaches', async () => {
	const { work, messages } = await setting({
		replies: [`${call('fly', {})}\n${call('read_file', { file_path: 'a.txt', offset: 'far' })}`, 'ok'],
	});
	const { events, ending } = await run(work);
	keepsItsPromises(events, ending);
	const results = messages.filter(message => message.role === 'tool');
	assert.equal(
		results.every(result => !result.ok),
		true,
	);
	if (results.length === 2) assert.match(results[1]!.text, /offset/);
});

test('the same call three times ends as stuck', async () => {
	const again = call('read_file', { file_path: 'a.txt' });
	const { work, messages } = await setting({ replies: [again, again, again, again] });
	const { events, ending } = await run(work);
	keepsItsPromises(events, ending);
	assert.equal(ending.reason, 'stuck');
	assert.ok(
		messages.some(message => message.role === 'user' && message.text.includes('read_file')),
		'it was mentioned first',
	);
});

test('an unreadable call is another turn, twice in a row is the end', async () => {
	const bad = '<tool_call>\n{"name": "read_file", "arguments": {"file_path": \n</tool_call>';
	const good = await setting({ replies: [bad, 'Sorry: three lines.'] });
	const first = await run(good.work);
	keepsItsPromises(first.events, first.ending);
	assert.deepEqual(first.ending, { reason: 'answered' });
	const hopeless = await setting({ replies: [bad, bad, bad] });
	const second = await run(hopeless.work);
	keepsItsPromises(second.events, second.ending);
	assert.equal(second.ending.reason, 'stuck');
});

test('turn limit, call limit', async () => {
	const reads = ['a.txt', 'b.txt', 'c.txt', 'd.txt'].map(path => call('read_file', { file_path: path }));
	const turns = await setting({ replies: reads, limits: { turns: 2 } });
	assert.deepEqual((await run(turns.work)).ending, { reason: 'turn-limit', limit: 2 });
	const calls = await setting({ replies: reads, limits: { calls: 3 } });
	assert.deepEqual((await run(calls.work)).ending, { reason: 'call-limit', limit: 3 });
});

test('interrupting while a reply is written keeps its text and ends as interrupted', async () => {
	const stop = new AbortController();
	const { work, messages } = await setting({ replies: ['one two three four five'] });
	const { events, ending } = await run(work, stop, event => event.type === 'text' && stop.abort());
	keepsItsPromises(events, ending);
	assert.deepEqual(ending, { reason: 'interrupted' });
	assert.equal(messages.at(-1)?.role, 'assistant');
	assert.match(messages.at(-1)!.text, /^one/);
});

test('an interrupted command still gets a result, and the next calls of the reply are not run', async () => {
	const stop = new AbortController();
	const { work, root } = await setting({
		replies: [
			`${call('run_shell_command', { command: 'echo go; sleep 30' })}\n${call('write_file', { file_path: 'new.txt', content: 'x' })}`,
		],
	});
	const { events, ending } = await run(work, stop, event => event.type === 'output' && stop.abort());
	keepsItsPromises(events, ending);
	assert.deepEqual(ending, { reason: 'interrupted' });
	await assert.rejects(readFile(join(root, 'new.txt')));
});

test('what a prompt cannot hold ends as context-full and says how much', async () => {
	const { work } = await setting({ replies: [], contextSize: 256 });
	const running = whole('x'.repeat(9000), work, new AbortController().signal);
	let ending: Ending | undefined;
	for (let step = await running.next(); ; step = await running.next()) {
		if (!step.done) continue;
		ending = step.value;
		break;
	}
	assert.equal(ending?.reason, 'context-full');
});

test('a lost engine ends the task with its sentence', async () => {
	const { work } = await setting({ replies: [] });
	const lost: Ending = { reason: 'engine-lost', detail: 'gone' };
	work.agent = {
		...work.agent,
		engine: {
			...work.agent.engine,
			async *reply() {
				yield { type: 'text', text: 'half' };
				return {
					message: { role: 'assistant', text: 'half', calls: [], stop: 'lost', raw: 'half' },
					usage: { prompt: 0, reused: 0, output: 1, readMs: 0, writeMs: 0 },
					failure: lost,
				};
			},
		},
	};
	const { events, ending } = await run(work);
	keepsItsPromises(events, ending);
	assert.deepEqual(ending, lost);
});

for (const [tool, args] of [
	['edit', { file_path: 'a.txt', old_string: 'y', new_string: 'Y' }],
	['write_file', { file_path: 'a.txt', content: 'x\nY\nz\n' }],
] as const) {
	test(`${tool}: what is special about a change is a note for the person when it happens, and costs the model nothing`, async () => {
		const { root, work, messages } = await setting({ replies: [call('read_file', { file_path: 'a.txt' }), call(tool, args), 'Done.'] });
		await link(join(root, 'a.txt'), join(root, 'twin.txt'));
		const { events } = await run(work);
		const at = events.findLastIndex(event => event.type === 'result');
		assert.deepEqual(events[at + 1], {
			type: 'note',
			text: 'a.txt had 2 names (hard links); the other one keeps the old content.',
		});
		assert.doesNotMatch(JSON.stringify(messages), /hard links/);
		assert.doesNotMatch(JSON.stringify(events[at]), /hard links/, 'it is said once');
	});
}
