import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dialects } from '../../../src/engine/dialects/all.js';
import type { Call } from '../../../src/types.js';
import { code, pieces, readAll } from './replies.js';

const runs = { numRuns: 500, seed: 7 };
const plain = { noNullPrototype: true } as const;
const path = fc.oneof(fc.constantFrom('src/a.ts', 'README.md', 'Makefile', 'a b.txt', 'x', 'C:\\x', '.env'), code);
const named =
	(tool: string) =>
	(args: Record<string, unknown>): [string, Record<string, unknown>] => [tool, args];
const args: fc.Arbitrary<[string, Record<string, unknown>]> = fc.oneof(
	fc.record({ file_path: path, content: code }, plain).map(named('write_file')),
	fc.record({ file_path: path, content: code.map(text => `${text}\n`) }, plain).map(named('write_file')),
	fc.record({ file_path: path, old_string: code, new_string: code }, plain).map(named('edit')),
	fc.record({ file_path: path, old_string: code, new_string: code, replace_all: fc.boolean() }, plain).map(named('edit')),
	fc.record({ command: code }, plain).map(named('run_shell_command')),
	fc.record({ file_path: path, offset: fc.nat(), limit: fc.nat() }, plain).map(named('read_file')),
	fc.record({ todos: fc.array(fc.record({ text: code, done: fc.boolean() }, plain), { maxLength: 3 }) }, plain).map(named('todo_write')),
	fc.constant<[string, Record<string, unknown>]>(['run_tests', {}]),
);
const call: fc.Arbitrary<Call> = args.map(([tool, value]) => ({ id: 'c-1', tool, args: value }));

for (const dialect of Object.values(dialects)) {
	test(`${dialect.name}: a call that is written is read back the same`, () => {
		fc.assert(
			fc.property(call, call => {
				const { calls, text, malformed } = readAll(dialect, dialect.write(call));
				assert.deepEqual({ calls, text, malformed }, { calls: [call], text: '', malformed: undefined });
			}),
			runs,
		);
	});

	test(`${dialect.name}: prose before and after a call stays, a paragraph apart`, () => {
		fc.assert(
			fc.property(call, call => {
				const { calls, text } = readAll(dialect, `First this.\n\n${dialect.write(call)}\n\nThen that.`);
				assert.deepEqual({ calls, text }, { calls: [call], text: 'First this.\n\nThen that.' });
			}),
			runs,
		);
	});

	test(`${dialect.name}: the same reply in any pieces gives the same calls, text and complaint`, () => {
		const reply = fc.oneof(
			code,
			fc.tuple(code, call, code).map(([before, call, after]) => `${before}${dialect.write(call)}${after}`),
			fc.array(code, { maxLength: 5 }).map(parts => parts.join('\n')),
		);
		fc.assert(
			fc.property(reply, fc.array(fc.nat(400), { maxLength: 30 }), fc.boolean(), (reply, cuts, cut) => {
				const { events: _whole, ...whole } = readAll(dialect, reply, { cut });
				const { events: _split, ...split } = readAll(dialect, pieces(reply, cuts), { cut });
				const { events: _single, ...single } = readAll(dialect, [...reply], { cut });
				assert.deepEqual(split, whole);
				assert.deepEqual(single, whole);
				assert.equal(whole.shown, whole.text);
			}),
			{ ...runs, numRuns: 800 },
		);
	});

	test(`${dialect.name}: without tools every byte of the reply is text`, () => {
		fc.assert(
			fc.property(code, reply => {
				const { shown, text, calls } = readAll(dialect, [...reply], { offered: [] });
				assert.deepEqual([shown, text, calls], [reply, reply, []]);
			}),
			runs,
		);
	});

	test(`${dialect.name}: text without call syntax loses nothing but blanks at its ends`, () => {
		fc.assert(
			fc.property(fc.array(fc.lorem({ maxCount: 6 }), { maxLength: 8 }), lines => {
				const reply = lines.join('\n');
				assert.equal(readAll(dialect, [...reply]).text, reply.trim());
			}),
			runs,
		);
	});
}
