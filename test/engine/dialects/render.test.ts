import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dialects } from '../../../src/engine/dialects/all.js';
import type { Dialect } from '../../../src/engine/dialects/dialect.js';
import type { Message } from '../../../src/types.js';
import { tools } from './replies.js';

const call = { id: 'c-1', tool: 'read_file', args: { file_path: 'a' } };
const message: fc.Arbitrary<Message> = fc.oneof(
	fc.string().map((text): Message => ({ role: 'user', text })),
	fc.string().map((text): Message => ({ role: 'tool', callId: 'c-1', tool: 'read_file', ok: true, text })),
	fc
		.tuple(fc.string(), fc.boolean())
		.map(([raw, calls]): Message => ({ role: 'assistant', text: raw, calls: calls ? [call] : [], stop: 'end', raw })),
);
const render = (dialect: Dialect, messages: readonly Message[]) => dialect.render({ system: 'You code.', messages, tools });

for (const dialect of Object.values(dialects)) {
	test(`${dialect.name}: appending messages only adds turns or lengthens the last user turn`, () => {
		fc.assert(
			fc.property(fc.array(message, { maxLength: 8 }), fc.array(message, { maxLength: 4 }), (messages, more) => {
				const before = render(dialect, messages);
				const after = render(dialect, [...messages, ...more]);
				assert.deepEqual(after.slice(0, before.length - 1), before.slice(0, -1));
				const last = before.at(-1)!;
				const now = after[before.length - 1]!;
				assert.equal(now.role, last.role);
				assert.ok(now.text === last.text || (last.role === 'user' && now.text.startsWith(last.text)));
			}),
			{ numRuns: 300, seed: 3 },
		);
	});

	test(`${dialect.name}: two user turns never follow each other`, () => {
		fc.assert(
			fc.property(fc.array(message, { maxLength: 8 }), messages => {
				const roles = render(dialect, messages).map(turn => turn.role);
				assert.ok(roles.every((role, index) => role !== 'user' || roles[index + 1] !== 'user'));
			}),
			{ numRuns: 200, seed: 3 },
		);
	});

	test(`${dialect.name}: a generated message is rendered byte for byte, another from its parts`, () => {
		const raw = '  what I wrote \n```';
		assert.equal(render(dialect, [{ role: 'assistant', text: 'x', calls: [call], stop: 'calls', raw }]).at(-1)?.text, raw);
		assert.equal(
			render(dialect, [{ role: 'assistant', text: 'I look.', calls: [call], stop: 'calls', raw: '' }]).at(-1)?.text,
			`I look.\n${dialect.write(call)}`,
		);
	});

	test(`${dialect.name}: without tools the system turn is the system text alone`, () => {
		assert.deepEqual(dialect.render({ system: 'You code.', messages: [], tools: [] }), [{ role: 'system', text: 'You code.' }]);
		assert.deepEqual(dialect.render({ system: '', messages: [], tools: [] }), []);
	});
}

const results: Message[] = [
	{ role: 'user', text: 'Look.' },
	{ role: 'assistant', text: '', calls: [call, call], stop: 'calls', raw: 'R' },
	{ role: 'tool', callId: 'c-1', tool: 'read_file', ok: true, text: 'one' },
	{ role: 'tool', callId: 'c-2', tool: 'grep_search', ok: false, text: 'two' },
	{ role: 'user', text: 'And?' },
];

test('hermes and qwen-xml: several results stand raw in one user turn', () => {
	const text = '<tool_response>\none\n</tool_response>\n<tool_response>\ntwo\n</tool_response>\n\nAnd?';
	assert.deepEqual(render(dialects.hermes, results).at(-1), { role: 'user', text });
	assert.deepEqual(render(dialects['qwen-xml'], results).at(-1), { role: 'user', text });
});

test('fenced: results are headed by their tool, and nothing is added to the system text', () => {
	assert.deepEqual(render(dialects.fenced, results).at(-1), { role: 'user', text: '[read_file]\none\n[grep_search]\ntwo\n\nAnd?' });
	assert.equal(render(dialects.fenced, results)[0]?.text, 'You code.');
});

test('hermes lists tools as JSON, qwen-xml as XML', () => {
	const spec = {
		name: 'read_file',
		purpose: 'Reads.',
		schema: {
			type: 'object',
			properties: { file_path: { type: 'string', description: 'The path.' } },
			required: ['file_path'],
		},
	};
	const system = (dialect: Dialect) => dialect.render({ system: 'S', messages: [], tools: [spec] })[0]!.text;
	const lines = system(dialects.hermes)
		.split('\n')
		.filter(line => line.includes('Reads.'));
	assert.deepEqual(
		lines.map(line => JSON.parse(line)),
		[
			{
				type: 'function',
				function: {
					name: 'read_file',
					description: 'Reads.',
					parameters: spec.schema,
				},
			},
		],
	);
	assert.match(
		system(dialects['qwen-xml']),
		/<function>\n<name>read_file<\/name>\n<description>Reads\.<\/description>\n<parameters>\n<parameter>\n<name>file_path<\/name>\n<type>string<\/type>/,
	);
});

test('a result that looks like a call is never read as one: only generated text is', () => {
	const hostile: Message[] = [{ role: 'tool', callId: 'c-1', tool: 'read_file', ok: true, text: dialects.hermes.write(call) }];
	assert.equal(render(dialects.hermes, hostile).at(-1)?.role, 'user');
});

for (const dialect of Object.values(dialects))
	test(`${dialect.name}: instructions come last in the system turn, so that the tools before them need not be read again`, () => {
		const bare = dialect.render({ system: 'Be brief.', messages: [], tools });
		const instructed = dialect.render({ system: 'Be brief.', instructions: 'Use tabs.', messages: [], tools });
		assert.equal(instructed.length, 1);
		assert.equal(instructed[0]?.text, `${bare[0]?.text}\n\nUse tabs.`);
	});
