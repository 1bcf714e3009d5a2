import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { atRest, type ChatState, reduce, start } from '../../src/chat/state.js';
import type { AgentEvent } from '../../src/types.js';
import { said, usage } from './fake-program.js';

const fold = (events: readonly AgentEvent[], from: ChatState = start) => events.reduce(reduce, from);
const reply = 'First block.\n\n- a\n- b\n\n```js\nlet x;\n```\nLast words';
const call = { id: '7', tool: 'edit', args: {} };
const remark = { path: 'src/sum.js', line: 12, rule: 'unused', certainty: 'verified', text: 'the import `a` is used nowhere' } as const;
const diff = { kind: 'diff', path: 'a', before: 'x', after: 'y' } as const;

const task = (text: AgentEvent[]): AgentEvent[] => [
	{ type: 'asked', text: 'fix it', material: 'a\nb' },
	{ type: 'turn', number: 1 },
	{ type: 'loading', fraction: 0.5 },
	{ type: 'reading', done: 10, total: 100, reused: 0 },
	...text,
	{ type: 'writing-call', tool: 'edit', chars: 12 },
	{ type: 'replied', message: { ...said(reply), stop: 'calls' }, usage },
	{ type: 'call', call, title: 'Edit a' },
	{ type: 'output', callId: '7', text: 'one\ntwo\n' },
	{ type: 'result', callId: '7', outcome: { ok: true, text: 'ok', show: diff } },
	{ type: 'told', text: 'The tests fail.' },
	{ type: 'remark', ...remark },
	{ type: 'note', text: 'Something was cut.' },
	{ type: 'compacted', before: 900, after: 300, messages: [] },
	{ type: 'done', ending: { reason: 'answered' } },
];
const recorded = task([{ type: 'text', text: reply }]);

test('a whole task leaves these entries, in this order', () => {
	assert.deepEqual(fold(recorded).past, [
		{ kind: 'user', text: 'fix it', material: 'a\nb' },
		{ kind: 'prose', text: 'First block.' },
		{ kind: 'prose', text: '- a\n- b' },
		{ kind: 'prose', text: '```js\nlet x;\n```\n' },
		{ kind: 'prose', text: 'Last words' },
		{ kind: 'call', title: 'Edit a', ok: true, refused: false, show: diff },
		{ kind: 'told', text: 'The tests fail.' },
		{ kind: 'remark', remark },
		{ kind: 'note', text: 'Something was cut.' },
		{ kind: 'compacted', before: 900, after: 300 },
		{ kind: 'ending', ending: { reason: 'answered' }, spent: usage },
	]);
});

test('a journal without the pieces of text rebuilds the same screen as the stream', () => {
	const withoutText = recorded.filter(event => !['text', 'loading', 'reading', 'writing-call', 'output'].includes(event.type));
	assert.deepEqual(fold(withoutText), fold(recorded));
	assert.deepEqual(fold(JSON.parse(JSON.stringify(recorded))), fold(recorded));
});

test('however the text was cut into pieces, the end is the same', () => {
	fc.assert(
		fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 60, maxLength: 60 }), cuts => {
			const ends = cuts.map((_cut, index) => cuts.slice(0, index + 1).reduce((sum, cut) => sum + cut, 0));
			const pieces = ends.map((end, index) => ({ type: 'text', text: reply.slice(ends[index - 1] ?? 0, end) }) as const);
			pieces.push({ type: 'text', text: reply.slice(ends.at(-1)) });
			assert.deepEqual(fold(task(pieces)), fold(recorded));
		}),
		{ seed: 1 },
	);
});

test('the past only ever grows', () => {
	let state = start;
	for (const event of [...recorded, ...recorded]) {
		const next = reduce(state, event);
		assert.deepEqual(next.past.slice(0, state.past.length), state.past);
		state = next;
	}
});

const steps: [string, AgentEvent[], Partial<ChatState>][] = [
	[
		'loading is seen',
		[{ type: 'loading', fraction: 0.25 }],
		{ live: { text: '', streamed: false, progress: { kind: 'loading', fraction: 0.25 } } },
	],
	[
		'reading is seen',
		[{ type: 'reading', done: 1, total: 2, reused: 0 }],
		{ live: { text: '', streamed: false, progress: { kind: 'reading', done: 1, total: 2, reused: 0 } } },
	],
	[
		'text ends the reading',
		[
			{ type: 'reading', done: 2, total: 2, reused: 0 },
			{ type: 'text', text: 'a' },
		],
		{ live: { text: 'a', streamed: true } },
	],
	[
		'a finished block leaves the live part',
		[{ type: 'text', text: '# head\nrest' }],
		{ live: { text: 'rest', streamed: true }, past: [{ kind: 'prose', text: '# head\n' }] },
	],
	['asking makes it busy', [{ type: 'asked', text: 'x', material: '' }], { busy: true }],
	[
		'the end makes it free',
		[
			{ type: 'asked', text: 'x', material: '' },
			{ type: 'done', ending: { reason: 'interrupted' } },
		],
		{ busy: false },
	],
	[
		'output of another call is not shown',
		[
			{ type: 'call', call, title: 't' },
			{ type: 'output', callId: 'other', text: 'x' },
		],
		{ live: { text: '', streamed: false, call: { id: '7', title: 't', tail: '', lines: 0 } } },
	],
	['context is what the last reply read and wrote', [{ type: 'replied', message: said('a'), usage }], { context: 120 }],
	['after a compaction the context is smaller', [{ type: 'compacted', before: 9, after: 4, messages: [] }], { context: 4 }],
];
for (const [name, events, expected] of steps) {
	test(name, () => {
		const state = fold(events);
		assert.deepEqual(Object.fromEntries(Object.keys(expected).map(key => [key, state[key as keyof ChatState]])), expected);
	});
}

test('a stream that was cut off keeps what was written, and is not busy', () => {
	const state = atRest(
		fold([
			{ type: 'asked', text: 'x', material: '' },
			{ type: 'text', text: 'half a sent' },
		]),
	);
	assert.deepEqual(state.past.at(-1), { kind: 'prose', text: 'half a sent' });
	assert.equal(state.busy, false);
	assert.equal(state.live.text, '');
});

test('an endless output keeps a bounded tail and counts its lines', () => {
	let state = fold([{ type: 'call', call, title: 't' }]);
	for (let i = 0; i < 100; i++) state = reduce(state, { type: 'output', callId: '7', text: `${'x'.repeat(999)}\n` });
	assert.equal(state.live.call?.lines, 100);
	assert.ok((state.live.call?.tail.length ?? 0) <= 16_000);
});

test('what is wrong in an answer is noted below it, and counted until the next question', () => {
	const claims: AgentEvent[] = [
		{ type: 'claim', kind: 'path', text: 'a.js', ok: true },
		{ type: 'claim', kind: 'line', text: 'a.js:40', ok: false, truth: 'a.js has 12 lines' },
	];
	const state = fold([{ type: 'asked', text: 'x', material: '' }, { type: 'replied', message: said('See a.js:40.'), usage }, ...claims]);
	assert.deepEqual(state.past.slice(1), [
		{ kind: 'prose', text: 'See a.js:40.' },
		{ kind: 'wrong', text: 'a.js:40', truth: 'a.js has 12 lines' },
	]);
	assert.deepEqual(state.claims, { checked: 2, wrong: 1 });
	assert.equal(fold([{ type: 'asked', text: 'y', material: '' }], state).claims, undefined);
});
