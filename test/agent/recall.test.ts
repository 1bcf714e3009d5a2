import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Agent, pursue, type Work } from '../../src/agent/loop.js';
import { userText } from '../../src/agent/material.js';
import { recall } from '../../src/agent/recall.js';
import { eventRecord, toLine } from '../../src/agent/records.js';
import type { Engine, Reply } from '../../src/engine/engine.js';
import { greedy } from '../../src/engine/sampling.js';
import { say } from '../../src/prompts.js';
import type { AgentEvent, AssistantMessage, Call, Message, Stop } from '../../src/types.js';

const usage = { prompt: 0, reused: 0, output: 0, readMs: 0, writeMs: 0 };
const assistant = (text: string, calls: Call[] = [], stop: Stop = 'end'): AssistantMessage => ({
	role: 'assistant',
	text,
	calls,
	stop,
	raw: `${text}${calls.length}`,
});

/** One turn of a made-up task: what the model writes, what becomes of its calls, what is said after it. */
type Turn = { pieces: string[]; calls: ('ok' | 'refused' | 'unknown')[]; stop: Stop; told: string | undefined; compactFirst: boolean };
const turn: fc.Arbitrary<Turn> = fc.record({
	pieces: fc.array(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 4 }),
	calls: fc.array(fc.constantFrom('ok', 'refused', 'unknown'), { maxLength: 3 }),
	stop: fc.constantFrom<Stop>('end', 'calls', 'length', 'aborted', 'lost'),
	told: fc.option(fc.string({ maxLength: 8 }), { nil: undefined }),
	compactFirst: fc.boolean(),
});
const tasks = fc.array(
	fc.record({
		text: fc.string({ maxLength: 8 }),
		material: fc.string({ maxLength: 8 }),
		turns: fc.array(turn, { minLength: 1, maxLength: 4 }),
	}),
	{
		minLength: 1,
		maxLength: 3,
	},
);
type Tasks = typeof tasks extends fc.Arbitrary<infer Value> ? Value : never;

/** Lets the real loop carry the tasks out; each event comes with the messages as they were just then. */
async function live(all: Tasks): Promise<{ event: AgentEvent; messages: Message[] }[]> {
	const messages: Message[] = [];
	const seen: { event: AgentEvent; messages: Message[] }[] = [];
	const see = (event: AgentEvent): void => void seen.push({ event: structuredClone(event), messages: structuredClone(messages) });
	for (const task of all) {
		messages.push({ role: 'user', text: userText(task) });
		see({ type: 'asked', text: task.text, material: task.material });
		const running = pursue(workOn(task.turns, messages), new AbortController().signal);
		for (let step = await running.next(); ; step = await running.next()) {
			if (step.done) {
				see({ type: 'done', ending: step.value });
				break;
			}
			see(step.value);
		}
	}
	return seen;
}

function workOn(turns: readonly Turn[], messages: Message[]): Work {
	const waiting = [...turns];
	let current: Turn | undefined;
	let replies = 0;
	const engine: Engine = {
		model: { name: 'fake', tier: 'T1', contextSize: 1000, device: '' },
		async *warm() {
			yield* [];
			return undefined;
		},
		async *reply(): AsyncGenerator<AgentEvent & { type: 'text' }, Reply> {
			current = waiting.shift();
			const { pieces, calls, stop } = current ?? { pieces: ['end'], calls: [], stop: 'end' as const };
			for (const text of pieces) yield { type: 'text', text };
			replies += 1;
			const message = assistant(
				pieces.join(''),
				calls.map((kind, index) => ({
					id: `r${messages.length}-${replies}-${index}`,
					tool: kind === 'unknown' ? 'nosuch' : 'echo',
					args: { kind },
				})),
				stop,
			);
			return { message, usage, ...(stop === 'lost' ? { failure: { reason: 'engine-lost' as const, detail: 'x' } } : {}) };
		},
		score: async () => undefined,
		fill: async () => undefined,
		measure: async () => 1,
		close: async () => {},
	};
	const echo: Agent['tools'][number] = {
		name: 'echo',
		readsOnly: true,
		spec: () => ({ name: 'echo', purpose: '', schema: {} }),
		prepare: args => ({
			tool: 'echo',
			risk: 'reads',
			title: 'echo',
			args,
			preview: async () => undefined,
			async *run() {
				yield 'line';
				return { ok: true, text: 'said' };
			},
		}),
	};
	const agent = {
		engine,
		head: { system: '' },
		sampling: greedy,
		tools: [echo],
		specs: [],
		limits: { turns: turns.length, calls: 100, seconds: undefined },
		outputTokens: 100,
		testCommand: undefined,
		approve: async ({ call }: { call: Call }) =>
			JSON.stringify(call.args).includes('refused') ? { yes: false as const, text: 'no' } : { yes: true as const },
		async *fit(prompt: Parameters<Agent['fit']>[0], all: Message[]): ReturnType<Agent['fit']> {
			if (waiting[0]?.compactFirst) {
				all.splice(0, all.length, { role: 'user', text: 'shorter' });
				yield { type: 'compacted', before: 9, after: 1, messages: structuredClone(all) };
			}
			return prompt;
		},
		// The tools above ask nothing of a workspace.
		workspace: undefined as unknown as Agent['workspace'],
	} satisfies Agent;
	return {
		messages,
		agent,
		guard: { after: () => undefined, nudge: () => undefined, allRefused: () => undefined },
		judge: {
			async *afterTurn() {
				yield* [];
				return waiting.length === 0 ? { reason: 'answered' } : current?.told === undefined ? {} : { say: current.told };
			},
		},
	};
}

const throughDisk = (events: readonly AgentEvent[]): AgentEvent[] => events.map(event => eventRecord.parse(JSON.parse(toLine(event))));

test('whatever the loop does, the journal gives back exactly the messages it had pushed', async () => {
	await fc.assert(
		fc.asyncProperty(tasks, async all => {
			const seen = await live(all);
			const recalled = recall(throughDisk(seen.map(({ event }) => event)));
			assert.deepEqual(recalled.messages, seen.at(-1)?.messages);
			assert.equal(recalled.interrupted, false);
		}),
		{ seed: 11, numRuns: 300 },
	);
});

test('killed after any event, a conversation loses nothing that was pushed, and every call has its one result', async () => {
	await fc.assert(
		fc.asyncProperty(tasks, fc.nat(), async (all, at) => {
			const seen = (await live(all)).slice(0, 1 + (at % 40));
			const { messages, interrupted } = recall(throughDisk(seen.map(({ event }) => event)));
			const pushed = seen.at(-1)!.messages;
			assert.deepEqual(messages.slice(0, pushed.length), pushed);
			assert.equal(interrupted, seen.at(-1)!.event.type !== 'done');
			const calls = messages.flatMap(message => (message.role === 'assistant' ? message.calls.map(call => call.id) : []));
			const results = messages.flatMap(message => (message.role === 'tool' ? [message.callId] : []));
			assert.deepEqual(results, calls);
		}),
		{ seed: 12, numRuns: 300 },
	);
});

const call = (id: string): Call => ({ id, tool: 'edit', args: {} });

test('the text of a reply that a kill cut off stays, as an aborted reply', () => {
	const { messages, interrupted } = recall([
		{ type: 'asked', text: 'why?', material: 'a file' },
		{ type: 'turn', number: 1 },
		{ type: 'text', text: 'Because ' },
		{ type: 'text', text: 'of' },
	]);
	assert.deepEqual(messages, [
		{ role: 'user', text: 'a file\n\nwhy?' },
		{ role: 'assistant', text: 'Because of', calls: [], stop: 'aborted', raw: 'Because of' },
	]);
	assert.equal(interrupted, true);
});

test('a call that a kill left without a result gets a failed one, before the next message', () => {
	const { messages } = recall([
		{ type: 'asked', text: 'do', material: '' },
		{ type: 'replied', message: assistant('', [call('a'), call('b')], 'calls'), usage },
		{ type: 'call', call: call('a'), title: 'edit' },
		{ type: 'result', callId: 'a', outcome: { ok: true, text: 'done' } },
		{ type: 'call', call: call('b'), title: 'edit' },
		{ type: 'output', callId: 'b', text: 'half' },
		{ type: 'asked', text: 'go on', material: '' },
	]);
	assert.deepEqual(messages.slice(2), [
		{ role: 'tool', callId: 'a', tool: 'edit', ok: true, text: 'done' },
		{ role: 'tool', callId: 'b', tool: 'edit', ok: false, text: say('repair/not-run') },
		{ role: 'user', text: 'go on' },
	]);
});

test("the program's own calls, which no reply asked for, are recalled with their tool's name", () => {
	const { messages } = recall([
		{ type: 'asked', text: 'do', material: '' },
		{ type: 'call', call: { id: 'check-1', tool: 'run_tests', args: {} }, title: 'tests' },
		{ type: 'result', callId: 'check-1', outcome: { ok: false, text: '1 failed' } },
	]);
	assert.deepEqual(messages[1], { role: 'tool', callId: 'check-1', tool: 'run_tests', ok: false, text: '1 failed' });
});

test('with a line of its journal twice, elsewhere or lost, every call has its one result', () => {
	const call: Call = { id: 'c', tool: 'echo', args: {} };
	const whole: AgentEvent[] = [
		{ type: 'asked', text: 'do it', material: '' },
		{ type: 'replied', message: assistant('', [call], 'calls'), usage },
		{ type: 'call', call, title: 'echo' },
		{ type: 'result', callId: 'c', outcome: { ok: true, text: 'said' } },
		{ type: 'done', ending: { reason: 'answered' } },
		{ type: 'asked', text: 'again', material: '' },
	];
	const damaged = whole.slice(1, 5).flatMap((event, index) => {
		const without = whole.toSpliced(index + 1, 1);
		return [without, whole.toSpliced(index + 1, 0, event), [...without, event]];
	});
	for (const events of damaged) {
		const { messages } = recall(events);
		const called = messages.flatMap(message => (message.role === 'assistant' ? message.calls : []));
		const results = messages.filter(message => message.role === 'tool');
		assert.equal(called.length <= 1 && results.length, 1, JSON.stringify(messages));
	}
});
